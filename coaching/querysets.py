"""Sentences about many rows of coaching. All go through the access table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from coaching.models import ForMyCoach, Note, OneOnOne
from coaching.relations import people_mentored_by
from cohorts.access import visible
from cohorts.models import Caseload, Leave, Membership, Person
from cohorts.querysets import LAUNCHED, LocalDay, running
from cohorts.rules.days import Days
from mats.clock import local_date
from mats.prepared import prepared
from mentorship.models import Attendance, Meeting


def open_caseloads(at: dt.datetime) -> QuerySet[Caseload]:
    """Caseloads that run now, with their people and cohort."""
    running_now = Caseload.objects.filter(LAUNCHED).filter(running(at, "cohort__time_zone"))
    return running_now.select_related("cohort", "scholar__person", "coach__person")


def caseloads_of_coach(person: Person, at: dt.datetime) -> QuerySet[Caseload]:
    """A coach's caseloads now; never one of somebody they mentor."""
    return open_caseloads(at).filter(coach__person=person, scholar__in=visible(Membership, "coached", person, at))


@prepared
def caseloads_coached_by(person: Person, at: dt.datetime) -> QuerySet[Caseload]:
    """The same as a list, compiled once."""
    return caseloads_of_coach(person, at)


@prepared
def caseloads_of_scholars(at: dt.datetime, scholars: list[UUID]) -> QuerySet[Caseload]:
    """The caseloads that these scholars are in now."""
    return open_caseloads(at).filter(scholar__any=scholars)


def coached_before(person: Person, scholar: UUID, at: dt.datetime) -> bool:
    """Whether this person once coached the scholar, and does not mentor them now."""
    begun = Caseload.objects.filter(LAUNCHED, coach__person=person, scholar=scholar)
    begun = begun.filter(starts_on__lte=LocalDay(at, "cohort__time_zone"))
    return begun.exclude(scholar__person__in=people_mentored_by(person, at)).exists()


@prepared
def notes_for(person: Person, at: dt.datetime, about: list[UUID]) -> QuerySet[Note]:
    """Entries about some scholars that this person may read, newest first."""
    entries = visible(Note, "note", person, at).filter(about__any=about, archived_at=None)
    return entries.select_related("author__person")


@dataclass(frozen=True)
class Plan:
    """A 1-1 that is planned, and of which nobody has said yet whether it took place."""

    pk: UUID
    version: int
    about: UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    scholar: str
    scholar_zone: str
    coach: str
    coach_zone: str
    people: tuple[UUID, UUID]  # the coach's, the scholar's

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    def is_of(self, person: Person) -> bool:
        """Whether this person is the coach who planned it."""
        return self.people[0] == person.pk

    def has_begun(self, at: dt.datetime) -> bool:
        return self.starts_at <= at

    def is_over(self, at: dt.datetime) -> bool:
        return self.ends_at <= at

    def overlaps(self, starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True)
class Said:
    """A 1-1 of which was said whether it took place; `date` is the cohort's day on which it did, or was to."""

    pk: UUID
    date: dt.date
    took_place: bool
    coach: str
    coach_person: UUID


@dataclass
class OneOnOnes:
    """A scholar's 1-1s: those ahead or waiting for a word, the earliest first, and those spoken of."""

    plans: list[Plan] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def last(self) -> dt.date | None:
        """The day of the last one that took place."""
        return max((one.date for one in self.said if one.took_place), default=None)

    def ahead(self, at: dt.datetime) -> list[Plan]:
        """What is planned and not over."""
        return [plan for plan in self.plans if not plan.is_over(at)]


# Nobody has said yet whether it took place.
UNSPOKEN: dict[str, Any] = {"took_place_on": None, "missed_at": None}

COLUMNS = (
    "about", "pk", "version", "planned", "took_place_on", "missed_at", "about__person__name",
    "about__person__time_zone", "coach__person__name", "coach__person__time_zone", "coach__person",
    "about__person", "about__cohort__time_zone",
)  # fmt: skip


def one_on_ones(
    person: Person, at: dt.datetime, about: list[UUID] | None = None, *, act: str = "read", unspoken: bool = False
) -> dict[UUID, OneOnOnes]:
    """1-1s by scholar's place, as far as this person may; one query. `unspoken` leaves out those of
    which was said whether they took place."""
    by_scholar: dict[UUID, OneOnOnes] = defaultdict(OneOnOnes)
    rows = _one_on_ones(act, unspoken)(person=person, at=at, about=about)
    for scholar, pk, version, planned, took_place_on, missed_at, name, zone, coach, coach_zone, *people, cohort in rows:
        if took_place_on or missed_at:
            day = took_place_on or local_date(planned.lower, cohort)
            by_scholar[scholar].said.append(Said(pk, day, took_place_on is not None, coach, people[0]))
        else:
            span = planned.lower, planned.upper
            plan = Plan(pk, version, scholar, *span, name, zone, coach, coach_zone, (people[0], people[1]))
            by_scholar[scholar].plans.append(plan)
    return by_scholar


@cache
def _one_on_ones(act: str, unspoken: bool) -> Callable[..., list[Any]]:
    def build(person: Person, at: dt.datetime, about: list[UUID] | None) -> QuerySet[Any]:
        found = visible(OneOnOne, "one_on_one", person, at, act).filter(archived_at=None)
        found = found.filter(**UNSPOKEN) if unspoken else found
        found = found if about is None else found.filter(about__any=about)
        return found.order_by("planned").values_list(*COLUMNS)

    return prepared(build)


def over_a_meeting(person: Person, at: dt.datetime, some: Iterable[Plan]) -> set[UUID]:
    """Keys of the plans at whose time scholar or coach have a meeting that this person may read; at
    most one query. The meeting came later: it is never refused because of a 1-1, as that would tell
    a mentor of it."""
    chosen = list(some)
    if not chosen:
        return set()
    span = (min(plan.starts_at for plan in chosen), max(plan.ends_at for plan in chosen))
    busy = meetings_of(person, at, {one for plan in chosen for one in plan.people}, span)
    return {
        plan.pk
        for plan in chosen
        for who, during in busy
        if who in plan.people and plan.overlaps(during.lower, during.upper)
    }


def meetings_of(
    person: Person, at: dt.datetime, people: Iterable[UUID], span: tuple[dt.datetime, dt.datetime]
) -> list[tuple[UUID, Any]]:
    """Who of these people is in a planned meeting when, as far as this person may read the meeting."""
    starts_at, ends_at = span
    return _meetings_of(person=person, at=at, people=list(people), starts_at=starts_at, ends_at=ends_at)


@prepared
def _meetings_of(
    person: Person, at: dt.datetime, people: list[UUID], starts_at: dt.datetime, ends_at: dt.datetime
) -> QuerySet[Any]:
    readable = visible(Meeting, "meeting", person, at).values("pk")
    then = {"during__startswith__lt": ends_at, "during__endswith__gt": starts_at}
    found = Attendance.objects.filter(is_live=True, person__any=people, meeting__in=readable, **then)
    return found.order_by("during").values_list("person", "during")


def with_days_away(caseloads: QuerySet[Caseload]) -> QuerySet[Caseload]:
    """Caseloads that bring the days away of scholar and coach along, for `away_of`."""
    of_both = Q(membership=OuterRef("scholar")) | Q(membership=OuterRef("coach"))
    leaves = Leave.objects.filter(of_both, archived_at=None).order_by("starts_on")
    return caseloads.annotate(away=ArraySubquery(leaves.values(days=JSONObject(first="starts_on", last="ends_on"))))


def away_of(caseload: Any) -> list[Days]:
    """The days away of scholar and coach, of a caseload that brought them along."""
    return [(dt.date.fromisoformat(days["first"]), dt.date.fromisoformat(days["last"])) for days in caseload.away]


def days_away(caseloads: Iterable[Caseload]) -> dict[UUID, list[Days]]:
    """The days away of scholar and coach by caseload; one query."""
    chosen = list(caseloads)
    found = days_away_of([key for one in chosen for key in (one.scholar_id, one.coach_id)])
    return {caseload.pk: found[caseload.scholar_id] + found[caseload.coach_id] for caseload in chosen}


def days_away_of(places: list[UUID]) -> dict[UUID, list[Days]]:
    """The days away by place; one query."""
    found: dict[UUID, list[Days]] = defaultdict(list)
    for place, first, last in _leaves(places=places):
        found[place].append((first, last))
    return found


@prepared
def _leaves(places: list[UUID]) -> QuerySet[Any]:
    leaves = Leave.objects.filter(membership__any=places, archived_at=None)
    return leaves.values_list("membership", "starts_on", "ends_on")


def _lines(person: Person, at: dt.datetime, about: list[UUID]) -> QuerySet[ForMyCoach]:
    return visible(ForMyCoach, "for_my_coach", person, at).filter(about__any=about, archived_at=None)


@prepared
def lines_for_coach(person: Person, at: dt.datetime, about: list[UUID]) -> QuerySet[ForMyCoach]:
    """What these scholars wrote for their coach only, the newest first, as far as this person may read it."""
    return _lines(person, at, about).select_related("log", "coach__person")


def latest_lines_for_coach(person: Person, at: dt.datetime, about: list[UUID]) -> dict[UUID, dt.datetime]:
    """When each scholar last wrote something for their coach only; one query."""
    return dict(_latest_lines(person=person, at=at, about=about))


@prepared
def _latest_lines(person: Person, at: dt.datetime, about: list[UUID]) -> QuerySet[Any]:
    lines = _lines(person, at, about).order_by().values("about")
    return lines.annotate(last=Max("created_at")).values_list("about", "last")
