"""Sentences about many rows of coaching. All go through the access table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max, QuerySet

from coaching.models import Note, OneOnOne
from coaching.relations import people_mentored_by
from cohorts.access import condition, visible
from cohorts.models import Caseload, Membership, Person
from cohorts.querysets import LAUNCHED, LocalDay, running
from mentorship.models import WeeklyLog

MARKS = 6


def open_caseloads(at: dt.datetime) -> QuerySet[Caseload]:
    """Caseloads that run now, with their people and cohort."""
    running_now = Caseload.objects.filter(LAUNCHED).filter(running(at, "cohort__time_zone"))
    return running_now.select_related("cohort", "scholar__person", "coach__person")


def caseloads_of_coach(person: Person, at: dt.datetime) -> QuerySet[Caseload]:
    """A coach's caseloads now; never one of somebody they mentor."""
    return open_caseloads(at).filter(coach__person=person, scholar__in=visible(Membership, "coached", person, at))


def coached_before(person: Person, scholar: UUID, at: dt.datetime) -> bool:
    """Whether this person once coached the scholar, and does not mentor them now."""
    begun = Caseload.objects.filter(LAUNCHED, coach__person=person, scholar=scholar)
    begun = begun.filter(starts_on__lte=LocalDay(at, "cohort__time_zone"))
    return begun.exclude(scholar__person__in=people_mentored_by(person, at)).exists()


def notes_for(person: Person, at: dt.datetime, about: Iterable[UUID]) -> QuerySet[Note]:
    """Entries about some scholars that this person may read, newest first."""
    entries = visible(Note, "note", person, at).filter(about__in=about, archived_at=None)
    return entries.select_related("author__person")


def one_on_ones_for(person: Person, at: dt.datetime, about: Iterable[UUID]) -> QuerySet[OneOnOne]:
    return visible(OneOnOne, "one_on_one", person, at).filter(about__in=about, archived_at=None)


def last_one_on_ones(person: Person, at: dt.datetime, about: Iterable[UUID]) -> dict[UUID, dt.date]:
    """The day of the last 1-1 by scholar's place; one query."""
    held = one_on_ones_for(person, at, about).order_by().values("about").annotate(last=Max("took_place_on"))
    return {row["about"]: row["last"] for row in held}


def recent_log_marks(person: Person, at: dt.datetime, scholars: Iterable[UUID]) -> dict[UUID, list[tuple[int, str]]]:
    """The last six weeks' logs by scholar's place, as (number, state); one query."""
    logs = WeeklyLog.objects.with_state(at).filter(condition(person, "read", "log", at), scholar__in=scholars)
    begun = logs.filter(archived_at=None, week_starts_on__lte=LocalDay(at, "scholar__cohort__time_zone"))
    marks: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    rows = begun.order_by("week_starts_on").values_list("scholar", "number", "state")  # type: ignore[misc]  # annotated
    for scholar, number, state in rows:
        marks[scholar].append((number, state))
    return {scholar: found[-MARKS:] for scholar, found in marks.items()}
