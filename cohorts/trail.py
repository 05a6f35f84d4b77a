"""History in the words of people: who changed what, when, from where, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from cohorts.models import Membership, Person
from cohorts.rules.days import in_words
from mats import clock
from mats.history.trail import Change, Part, trail
from mats.prepared import prepared

NOBODY = "the product itself"
WHENCE = ("page", "command")
BOTH = ("scholar_id", "mentor_id", "coach_id")
PLACE_OF = {"duty": "membership_id"}  # whose it is, where that says more than the name of the row
OTHERS = ("person_id", "reader_id", "owner_id", "done_by_id", "opened_by_id", "reviewed_by_id", "state_by_id")
# The words of the screen, where they are not those of the code.
SUBJECTS = {"membership": "Place", "caseload": "Assignment", "leave": "Days away", "midpoint line": "Mid-point line"}


@dataclass(frozen=True)
class Line:
    """One line of a history as it is shown; `facts` are pairs of a field and "from → to"."""

    what: str
    facts: list[tuple[str, str]]
    who: str
    at: dt.datetime
    whence: str
    why: str


def history(parts: Iterable[Part], *, names: dict[str, str] | None = None, limit: int = 20) -> list[Line]:
    """The latest changes in words; `names` are those of rows that the changes point to, by key."""
    return in_lines(trail(parts, limit=limit), names=names)


def in_lines(changes: list[Change], *, names: dict[str, str] | None = None) -> list[Line]:
    """These changes in words, a line each."""
    known = names_in(changes) | (names or {})
    return [_line(change, known) for change in changes]


def names_in(changes: list[Change]) -> dict[str, str]:
    """Names of the people and places that the changes speak of; one query."""
    keys = {change.context.get("person") for change in changes}
    rows = [row for change in changes for row in (change.now, change.before or {})]
    keys |= {row.get(column) for row in rows for column in (*OTHERS, *BOTH, *PLACE_OF.values())}
    wanted = [key for key in keys if key]
    return {str(key): name for key, name in _named(keys=wanted)} if wanted else {}


@prepared
def _named(keys: list[str]) -> QuerySet[Any]:
    people = Person.objects.filter(pk__any=keys).order_by().values_list("pk", "name")
    return people.union(Membership.objects.filter(pk__any=keys).order_by().values_list("pk", "person__name"))


def _line(change: Change, names: dict[str, str]) -> Line:
    context = change.context
    return Line(
        what=f"{_subject(change, names)} {_verb(change)}",
        facts=_facts(change, names),
        who=names.get(str(context.get("person")), NOBODY),
        at=change.at,
        whence=next((str(context[name]) for name in WHENCE if context.get(name)), ""),
        why=str(context.get("why") or ""),
    )


def _subject(change: Change, names: dict[str, str]) -> str:
    """`Pairing of Sana Scholar and Mira Mentor`, `Site London`, `Stay`."""
    name = str(change.model._meta.verbose_name)
    title = SUBJECTS.get(name, name.capitalize())
    columns = [*BOTH, *filter(None, [PLACE_OF.get(name)])]
    people = [names[change.now[column]] for column in columns if change.now.get(column) in names]
    if people:
        return f"{title} of {' and '.join(people)}"
    return f"{title} {change.now['name']}" if change.now.get("name") else title


def _verb(change: Change) -> str:
    moved = {field.name for field in change.fields}
    if change.what == "insert":
        return "added"
    if change.what == "delete" or ("archived_at" in moved and change.now["archived_at"]):
        return "removed"
    if "archived_at" in moved:
        return "brought back"
    return "launched" if "launched_at" in moved else "changed"


def _facts(change: Change, names: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_title(field), " → ".join(_value(field, value, names) for value in change.values(field)))
        for field in change.fields
        if field.name not in {"archived_at", "launched_at"}
    ]


TITLES = {"starts_on": "first day", "ends_on": "last day", "end_reason": "reason for the end", "local_time": "time"}


def _title(field: Any) -> str:
    return TITLES.get(field.name, str(field.verbose_name))


def _value(field: Any, value: Any, names: dict[str, str]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.ForeignKey):
        return names.get(str(value), "another one")
    if isinstance(field, models.DateField):
        return _day_or_moment(field, value)
    if isinstance(field, models.TimeField):
        return str(value)[:5]
    return str(dict(field.flatchoices).get(value, value))


def _day_or_moment(field: models.DateField, value: str) -> str:
    """A history has many readers, so its moments are in UTC, and say so."""
    if isinstance(field, models.DateTimeField):
        return f"{clock.format_moment(dt.datetime.fromisoformat(value), 'UTC', date=True)} UTC"
    return in_words(dt.date.fromisoformat(value))
