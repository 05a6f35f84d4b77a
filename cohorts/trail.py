"""History in the words of people: who changed what, when, as what, from where, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db import models
from django.db.models import QuerySet

from cohorts.access.words import RELATIONS
from cohorts.models import Cohort, Membership, Person, Role
from cohorts.rules.days import in_words
from cohorts.whence import whence
from mats import clock
from mats.history.trail import Change, Part, trail
from mats.prepared import prepared

NOBODY = "the product itself"
BOTH = ("scholar_id", "mentor_id", "coach_id")
# Whose it is, where that says more than the name of the row.
PLACE_OF = {
    "duty": "membership_id",
    "stay": "membership_id",
    "leave": "membership_id",
    "membership": "person_id",
    "invitation": "membership_id",
    "ending": "membership_id",
}
# What it says of itself, where the name of the row would not tell it from others.
SAYS = {"action": "what", "agenda item": "text"}
NUMBERED = {"pairing week": "Week {number}", "weekly log": "{title}, week {number}"}
# The words of the screen, where they are not those of the code.
SUBJECTS = {
    "person": "Account",
    "membership": "Place",
    "caseload": "Assignment",
    "leave": "Days away",
    "midpoint line": "Mid-point line",
    "pairing week": "Week",
    "tick": "Answer about an action",
    "absence": "Who was missing",
}
PLURALS = {"days away": "days away", "answer about an action": "answers about actions", "duty": "duties"}
# What repeats in machine's words what the line says already, or (days between 1-1s) is between two people.
UNTOLD = {
    "archived_at", "moved_at", "moved_from", "moved_by", "planned_by", "outcome_at", "outcome_by", "edited_at",
    "closes_at", "cadence_days", "proposed_by", "confirmed_by", "dropped_by",
    "meeting",
}  # fmt: skip
# A moment that was set is an act with a verb of its own: the first that fits speaks.
VERBS = {
    "ended_how": "ended",
    "launched_at": "launched",
    "accepted_at": "accepted",
    "revoked_at": "revoked",
    "submitted_at": "sent",
    "confirmed_at": "confirmed",
    "dropped_at": "dropped",
    "done_at": "done",
    "erased_at": "erased",
}
# What a new row says of itself.
SAID_AT_FIRST = ("role", "kind", "how", "outcome", "who", "planned", "starts_on", "ends_on")
RANGE = re.compile(r'[\[(]"([^"]+)","([^"]+)"[\])]')


@dataclass(frozen=True)
class Line:
    """One line of a history as it is shown; `facts` are pairs of a field and "from → to", `texts` a field
    with a long text before and after. `acting` is the role or relation that allowed it; `each` are the rows
    of a line that stands for many."""

    what: str
    facts: list[tuple[str, str]]
    who: str
    at: dt.datetime
    whence: str
    why: str
    acting: str = ""
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    each: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manner:
    """How a history is told: moments on whose wall (without one in UTC, which then says so), roles in the
    words of which cohort; `names` of rows that changes point to, by key.

    `told` gives the fields of a change that may be told: without it all but those that never are.
    """

    zone: str = ""
    cohort: Cohort | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    told: Callable[[Change], Collection[str]] | None = None

    @classmethod
    def of(cls, reader: Person, cohort: Cohort) -> Manner:
        return cls(zone=reader.time_zone, cohort=cohort)

    def tells(self, change: Change, name: str) -> bool:
        return name not in UNTOLD and (self.told is None or name in self.told(change))


def history(
    parts: Iterable[Part], *, names: dict[str, str] | None = None, limit: int = 20, manner: Manner | None = None
) -> list[Line]:
    """The latest changes in words; `names` are those of rows that the changes point to, by key."""
    return in_lines(trail(parts, limit=limit), names=names, manner=manner)


def in_lines(changes: list[Change], *, names: dict[str, str] | None = None, manner: Manner | None = None) -> list[Line]:
    """These changes in words, a line each."""
    manner = manner or Manner()
    manner = replace(manner, names={**names_in(changes), **manner.names, **(names or {})})
    return [_line(change, manner) for change in changes]


def names_in(changes: list[Change]) -> dict[str, str]:
    """Names of the people and places that the changes speak of; one query."""
    keys = {change.context.get("person") for change in changes}
    rows = [(change.model, row) for change in changes for row in (change.now, change.before or {})]
    keys |= {row.get(column) for model, row in rows for column in _people_columns(model)}
    wanted = [key for key in keys if key]
    return {str(key): name for key, name in _named(keys=wanted)} if wanted else {}


@cache
def _people_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that hold a person or a place; of an account itself its key."""
    fields = (one for one in model._meta.concrete_fields if one.related_model in {Person, Membership})
    return tuple(one.column for one in fields if one.column)


@prepared
def _named(keys: list[str]) -> QuerySet[Any]:
    people = Person.objects.filter(pk__any=keys).order_by().values_list("pk", "name")
    return people.union(Membership.objects.filter(pk__any=keys).order_by().values_list("pk", "person__name"))


def _line(change: Change, manner: Manner) -> Line:
    context = change.context
    verb, spoken = _verb(change)
    fields = [one for one in change.fields if one.name not in spoken and manner.tells(change, one.name)]
    return Line(
        what=f"{_subject(change, manner)} {verb}",
        facts=[_fact(one, change, manner) for one in fields if not _is_long(one)] or _first_facts(change, manner),
        who=manner.names.get(str(context.get("person")), NOBODY),
        at=change.at,
        whence=whence(context),
        why=str(context.get("why") or ""),
        acting=acting(str(context.get("as") or ""), manner.cohort),
        texts=[_text(one, change) for one in fields if _is_long(one)],
    )


def acting(relation: str, cohort: Cohort | None) -> str:
    """As what somebody acted, in the words of the cohort; nothing where the history does not know."""
    if cohort and relation in Role.values:
        return cohort.label(relation)
    return RELATIONS.get(relation, "")


def title_of(change: Change) -> str:
    """What kind of row it is: `Place`, `Weekly log`."""
    name = str(change.model._meta.verbose_name)
    return SUBJECTS.get(name, name.capitalize())


def many(change: Change, number: int) -> str:
    """`14 weeks`"""
    title = title_of(change).lower()
    return f"{number} {PLURALS.get(title, f'{title}s')}"


def _subject(change: Change, manner: Manner) -> str:
    """`Pairing of Sana Scholar and Mira Mentor`, `Site London`, `Stay`."""
    name, title, names = str(change.model._meta.verbose_name), title_of(change), manner.names
    columns = [*BOTH, *filter(None, [PLACE_OF.get(name)])]
    people = [names[change.now[column]] for column in columns if change.now.get(column) in names]
    whose = f"{title} of {' and '.join(people)}" if people else ""
    if name in NUMBERED:
        return NUMBERED[name].format(title=whose or title, number=change.now["number"])
    if whose:
        return whose
    said = SAYS.get(name)
    if said and manner.tells(change, said):
        return f"{title} “{change.now[said]}”"
    return f"{title} {change.now['name']}" if change.now.get("name") else title


def _verb(change: Change) -> tuple[str, set[str]]:
    """What was done, and the fields that this word tells."""
    moved = {field.name for field in change.fields}
    if change.what == "insert":
        return "added", set()
    if change.what == "delete":
        return "removed", set()
    if "is_live" in moved:
        return ("planned again" if change.now["is_live"] else "called off"), {"is_live"}
    for name, verb in VERBS.items():
        if name in moved and change.now[name]:
            return verb, {name}
    if "archived_at" in moved:
        return ("removed" if change.now["archived_at"] else "brought back"), set()
    return "changed", set()


def _first_facts(change: Change, manner: Manner) -> list[tuple[str, str]]:
    """What a new row says of itself."""
    if change.what != "insert":
        return []
    fields = {one.name: one for one in change.model._meta.concrete_fields}
    said = (fields[name] for name in SAID_AT_FIRST if name in fields and manner.tells(change, name))
    values = ((one, change.values(one)[1]) for one in said)
    return [(_title(one), _value(one, value, manner)) for one, value in values if value]


def _fact(one: models.Field, change: Change, manner: Manner) -> tuple[str, str]:
    return _title(one), " → ".join(_value(one, value, manner) for value in change.values(one))


def _is_long(one: models.Field) -> bool:
    return isinstance(one, models.TextField)


def _text(one: models.Field, change: Change) -> tuple[str, str, str]:
    before, after = change.values(one)
    return _title(one), str(before or ""), str(after or "")


TITLES = {
    "starts_on": "first day", "ends_on": "last day", "end_reason": "reason for the end", "local_time": "time",
    "planned": "time", "is_active": "may sign in",
}  # fmt: skip


def _title(one: Any) -> str:
    return TITLES.get(one.name, str(one.verbose_name))


def _value(one: Any, value: Any, manner: Manner) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(one, models.ForeignKey):
        return manner.names.get(str(value), "another one")
    if one.name == "role" and manner.cohort:
        return manner.cohort.label(value)
    return _time(one, str(value), manner) or str(dict(one.flatchoices).get(value, value))


def _time(one: Any, value: str, manner: Manner) -> str:
    """A day, a moment, a time of day or a range of moments; empty for anything else. Without a reader's
    wall a moment is in UTC, and says so."""
    zone, utc = manner.zone or "UTC", "" if manner.zone else " UTC"
    if isinstance(one, models.DateTimeField):
        return f"{clock.format_moment(dt.datetime.fromisoformat(value), zone, date=True)}{utc}"
    if isinstance(one, models.DateField):
        return in_words(dt.date.fromisoformat(value))
    if isinstance(one, models.TimeField):
        return value[:5]
    if found := RANGE.fullmatch(value):
        start, end = (dt.datetime.fromisoformat(edge) for edge in found.groups())
        return f"{clock.format_range(start, end, zone)}{utc}"
    return ""
