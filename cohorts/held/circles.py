"""Who stands in the relations of the access table to what is held about a person, now and by name.

The table says who reads a thing by their relation to it. For the page of one's own data this is asked
the other way round: each app registers who they are, as rows of relation, key and name. A relation
that nobody registers is told in the table's own words.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value

from cohorts.access import rows_of
from cohorts.held import Held, known_places
from cohorts.models import Caseload, Cohort, Duty, Membership, Person, Role
from cohorts.querysets import LAUNCHED, LocalDay, here, not_over_on, running
from mats.statements import Statement

Source = Callable[[Person, dt.datetime], QuerySet[Any]]

_sources: list[Source] = []

# Relations in which it is the person who asks.
MYSELF = frozenset({"self", "former", "author", "holder", "uploader", "concerned"})


@dataclass(frozen=True)
class Circle:
    """Everybody who stands to this person's things so or so: key → name, by relation."""

    me: UUID
    people: Mapping[str, Mapping[UUID, str]]

    def readers(self, kind: Held, cohort: Cohort | None, *, by_name: bool = True) -> list[str]:
        """Who can see a kind: "you", "Mira Mentor (mentor)"; whole groups by their words."""
        if not kind.thing:
            return [kind.seen_by]
        rows = [row for row in rows_of(kind.thing, "read") if not row.denies]
        if not by_name:
            return list(dict.fromkeys(row.who for row in rows))
        people: dict[UUID, list[str]] = {self.me: []} if kind.is_plain else {}
        groups: list[str] = []
        for row in rows:
            stands = kind.stands.get(row.relation, row.relation)
            if stands in MYSELF:
                people.setdefault(self.me, [])
            elif stands not in PEOPLE:
                groups.append(row.who)
            for key in self._standing(kind, stands):
                people.setdefault(key, []).append(_role_words(stands, cohort))
        return [*self._named(people), *dict.fromkeys(groups)]

    def _standing(self, kind: Held, relation: str) -> list[UUID]:
        """Whoever stands so, by name, without those to whom the thing is denied."""
        denials = [row.relation for row in rows_of(kind.thing, "read") if row.denies]
        denied = {key for name in denials for key in self.people.get(kind.stands.get(name, name), {})}
        found = self.people.get(relation, {})
        return sorted((key for key in found if key not in denied), key=lambda key: found[key])

    def _named(self, people: Mapping[UUID, list[str]]) -> list[str]:
        """Oneself first; somebody with several roles once."""
        names = {key: name for some in self.people.values() for key, name in some.items()}
        others = [
            f"{names[key]} ({', '.join(dict.fromkeys(roles))})" for key, roles in people.items() if key != self.me
        ]
        return ["you", *others] if self.me in people else others


# Relations that are always told by name: without anybody in them there is nobody to tell.
PEOPLE: dict[str, str] = {}


def register(source: Source, **words: str) -> None:
    """Add people by relation; `words` name the relations, where no role of a cohort does."""
    _sources.append(source)
    PEOPLE.update(words)


def _role_words(relation: str, cohort: Cohort | None) -> str:
    words = PEOPLE[relation]
    return cohort.label(words) if cohort and words in LABELLED else words


LABELLED = frozenset({Role.SCHOLAR, Role.COACH, Role.STAFF})


def circle_of(person: Person, at: dt.datetime) -> Circle:
    """One query, whatever the number of people."""
    people: dict[str, dict[UUID, str]] = defaultdict(dict)
    for relation, key, name in _asked.ask(person=person, at=at):
        people[relation][key] = name
    return Circle(person.pk, dict(people))


def _all(person: Person, at: dt.datetime) -> list[QuerySet[Any]]:
    return [source(person, at) for source in _sources]


_asked = Statement(_all)


def named(rows: QuerySet[Any], relation: str, path: str) -> QuerySet[Any]:
    """Rows as (relation, key, name) of the people at the end of a path; open accounts only."""
    found = rows.filter(**{f"{path}__is_active": True})
    return found.values_list(Value(relation, output_field=CharField()), f"{path}__pk", f"{path}__name")


# --- what this app knows --------------------------------------------------------------------------


def _staff(person: Person, at: dt.datetime) -> QuerySet[Any]:
    beside = Membership.objects.filter(cohort__in=known_places(person).values("cohort"))
    return named(beside.filter(here(), role=Role.STAFF), "staff", "person")


def _on_duty(person: Person, at: dt.datetime) -> QuerySet[Any]:
    """Whoever has a duty of the cohort now; the duty's kind is the relation."""
    today = LocalDay(at, "cohort__time_zone")
    held = Duty.objects.filter(archived_at=None, for_membership=None, starts_on__lte=today)
    held = held.filter(not_over_on(today), cohort__in=known_places(person).values("cohort"))
    held = held.filter(here("membership__"), membership__person__is_active=True)
    return held.values_list(F("kind"), "membership__person__pk", "membership__person__name")


def caseloads_now(at: dt.datetime) -> QuerySet[Caseload]:
    return Caseload.objects.filter(LAUNCHED, here("coach__")).filter(running(at, "cohort__time_zone"))


def _caseloads(person: Person, at: dt.datetime) -> QuerySet[Caseload]:
    return caseloads_now(at).filter(Q(scholar__person=person) | Q(coach__person=person))


def _coach(person: Person, at: dt.datetime) -> QuerySet[Any]:
    """The coaches of the person as a scholar, and the person as a coach."""
    return named(_caseloads(person, at), "coach", "coach__person")


def _coached(person: Person, at: dt.datetime) -> QuerySet[Any]:
    """The scholars whom the person coaches, and the person as a scholar."""
    return named(_caseloads(person, at), "coached", "scholar__person")


register(_staff, staff=Role.STAFF)
register(
    _on_duty,
    committee="committee",
    duty_lead="duty lead",
    head_coach="head coach",
    data_lead="data lead",
    outside_member="outside member",
    concern_recipient="recipient of concerns",
)
register(_coach, coach=Role.COACH)
register(_coached, coached=Role.SCHOLAR)
