"""What Home asks of the database: flat rows, by person and not by place.

Each question is compiled once a process (`mats.statements`). A person with five places asks as much
as a person with one, and a cohort of any size the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Left

from cohorts.access import condition
from cohorts.models import Leave, Person, Phase
from cohorts.querysets import LocalDay, not_over
from mats.forms.models import Draft
from mats.statements import Statement
from mentorship.models import Action, AgendaItem, PairingWeek, WeeklyLog
from mentorship.querysets import AWAY
from mentorship.relations import scholars_mentored_by

ENOUGH_FOR_TWO_LINES = 600  # characters
PHASE, DAYS_AWAY = "phase", "away"
SCHOLAR, MENTOR = "scholar", "mentor"


def _word(word: str) -> Value:
    return Value(word, output_field=CharField())


# --- days ---------------------------------------------------------------------------------------


class DaysRow(NamedTuple):
    """The main phase of a cohort (`of` is the cohort), or own days away (`of` is the place)."""

    kind: str
    key: UUID
    of: UUID
    starts_on: dt.date
    ends_on: dt.date


def _days(*, reader: Person, at: dt.datetime, until: dt.datetime) -> list[QuerySet[Any]]:
    phases = Phase.objects.filter(
        kind=Phase.Kind.MAIN,
        archived_at=None,
        cohort__memberships__person=reader,
        cohort__memberships__archived_at=None,
    )
    leaves = Leave.objects.filter(
        membership__person=reader,
        membership__archived_at=None,
        archived_at=None,
        ends_on__gte=LocalDay(at, "membership__cohort__time_zone"),
        starts_on__lte=LocalDay(until, "membership__cohort__time_zone"),
    )
    return [
        phases.values_list(_word(PHASE), "pk", "cohort_id", "starts_on", "ends_on").distinct(),
        leaves.values_list(_word(DAYS_AWAY), "pk", "membership_id", "starts_on", "ends_on"),
    ]


_DAYS = Statement(_days, reader=Person, at=dt.datetime, until=dt.datetime)


def days_of(person: Person, at: dt.datetime, until: dt.datetime) -> list[DaysRow]:
    """Main phases of the person's cohorts, and their own days away until a moment."""
    rows = [DaysRow._make(row) for row in _DAYS.ask(reader=person, at=at, until=until)]
    return sorted(rows, key=lambda row: row.starts_on)


# --- logs ---------------------------------------------------------------------------------------


class LogRow(NamedTuple):
    """A log of one's own, or one that somebody whom one mentors has sent."""

    pk: UUID
    scholar: UUID
    person: UUID
    cohort: UUID
    number: int
    day: dt.date
    due_at: dt.datetime
    submitted_at: dt.datetime | None
    said_away: bool
    on_leave: bool
    done: str
    links: str
    draft_saved_at: dt.datetime | None

    @property
    def in_short(self) -> str:
        """What was done, else the first link, else away."""
        return self.done or next(iter(self.links.split()), "Away or ill this week." if self.said_away else "")


def _logs(
    *, reader: Person, at: dt.datetime, until: dt.datetime, since: dt.datetime, lately: dt.datetime
) -> list[QuerySet[Any]]:
    drafts = Draft.objects.filter(person=reader, about=Cast(OuterRef("pk"), CharField())).order_by("-saved_at")
    logs = WeeklyLog.objects.filter(archived_at=None).annotate(
        on_leave=AWAY,
        begins=Left("done", ENOUGH_FOR_TWO_LINES),
        saved_at=Subquery(drafts.values("saved_at")[:1]),
    )
    own = logs.filter(
        condition(reader, "write", "log", at), week_starts_on__lte=LocalDay(until, "scholar__cohort__time_zone")
    ).filter(Q(submitted_at=None) | Q(submitted_at__gte=since))
    mentored = logs.filter(scholar__in=scholars_mentored_by(reader, at), submitted_at__isnull=False, due_at__gte=lately)
    columns: tuple[str, ...] = (
        "pk",
        "scholar_id",
        "scholar__person_id",
        "scholar__cohort_id",
        "number",
        "week_starts_on",
        "due_at",
    )
    columns += ("submitted_at", "is_away", "on_leave", "begins", "links", "saved_at")
    return [own.values_list(*columns), mentored.values_list(*columns)]


_LOGS = Statement(_logs, reader=Person, at=dt.datetime, until=dt.datetime, since=dt.datetime, lately=dt.datetime)


def logs_of(person: Person, **moments: dt.datetime) -> list[LogRow]:
    """Own logs that are open or were sent since a moment, and those lately sent by whom one mentors."""
    if not person.is_active:
        return []
    return [LogRow._make(row) for row in _LOGS.ask(reader=person, **moments)]


# --- meetings -----------------------------------------------------------------------------------


class MeetingRow(NamedTuple):
    """A pairing's week as its scholar or mentor (`side`) reads it, with its meeting; `other` is the other one."""

    side: str
    week: UUID
    number: int
    day: dt.date
    closes_at: dt.datetime
    pairing: UUID
    scholar: UUID
    cohort: UUID
    other: str
    other_zone: str
    meeting: UUID | None
    planned: Any
    moved_from: dt.datetime | None
    held: Any
    is_live: bool | None
    outcome: str | None
    outcome_at: dt.datetime | None
    agenda: int

    @property
    def is_planned(self) -> bool:
        """There is a meeting, and it was not called off."""
        return bool(self.meeting and self.is_live)

    def is_unanswered(self, at: dt.datetime) -> bool:
        """Its time is over, nobody started it, and nobody said whether they met."""
        return self.is_planned and not self.outcome and self.held is None and self.planned.upper <= at


def _meetings(*, reader: Person, at: dt.datetime, until: dt.datetime, lately: dt.datetime) -> list[QuerySet[Any]]:
    zone = "pairing__cohort__time_zone"
    items = AgendaItem.objects.filter(meeting=OuterRef("meeting"), archived_at=None).order_by()
    this_week_or_next = Q(closes_at__gt=at) | Q(meeting__planned__endswith__gt=at)
    nobody_said = Q(meeting__is_live=True, meeting__outcome="", meeting__held=None)
    weeks = (
        PairingWeek.objects.filter(
            pairing__cohort__launched_at__isnull=False,
            pairing__archived_at=None,
            archived_at=None,
            week_starts_on__lte=LocalDay(until, zone),
        )
        .filter(this_week_or_next | (nobody_said & Q(meeting__planned__endswith__gt=lately)))
        .annotate(items=Coalesce(Subquery(items.values("meeting").annotate(n=Count("pk")).values("n")), 0))
    )

    def side(rows: QuerySet[Any], mine: str, other: str) -> QuerySet[Any]:
        return rows.values_list(
            _word(mine), "pk", "number", "week_starts_on", "closes_at", "pairing_id", "pairing__scholar_id",
            "pairing__cohort_id", f"pairing__{other}__person__name", f"pairing__{other}__person__time_zone",
            "meeting_id", "meeting__planned", "meeting__moved_from", "meeting__held", "meeting__is_live",
            "meeting__outcome", "meeting__outcome_at", "items",
        )  # fmt: skip

    # A mentor reads a pairing until it has ended, as the access table has it.
    as_mentor = weeks.filter(not_over(at, zone, "pairing__"), pairing__mentor__person=reader)
    return [
        side(weeks.filter(pairing__scholar__person=reader), SCHOLAR, MENTOR),
        side(as_mentor, MENTOR, SCHOLAR),
    ]


_MEETINGS = Statement(_meetings, reader=Person, at=dt.datetime, until=dt.datetime, lately=dt.datetime)


def meetings_of(person: Person, **moments: dt.datetime) -> list[MeetingRow]:
    """The pairings' weeks of a person on both sides, from those that nobody has answered for on."""
    rows = [MeetingRow._make(row) for row in _MEETINGS.ask(reader=person, **moments)]
    return sorted(rows, key=lambda row: (row.planned.lower if row.is_planned else row.closes_at, row.other))


# --- actions ------------------------------------------------------------------------------------


class ActionRow(NamedTuple):
    """An action that the person owes, or has lately done, and where it comes from."""

    pk: UUID
    cohort: UUID
    what: str
    due_on: dt.date | None
    done_at: dt.datetime | None
    created_at: dt.datetime
    meeting: UUID | None
    planned: Any
    held: Any
    log: UUID | None
    log_number: int | None

    @property
    def met_at(self) -> dt.datetime | None:
        """When the meeting was in which it was agreed."""
        span = self.held or self.planned
        return span.lower if span else None


def _actions(*, reader: Person, since: dt.datetime) -> list[QuerySet[Any]]:
    mine = Action.objects.filter(
        owner__person=reader,
        owner__cohort__launched_at__isnull=False,
        archived_at=None,
        dropped_at=None,
    )
    columns: tuple[str, ...] = ("pk", "owner__cohort_id", "what", "due_on", "done_at", "created_at")
    columns += ("meeting_id", "meeting__planned", "meeting__held", "log_id", "log__number")
    return [mine.filter(Q(done_at=None) | Q(done_at__gte=since)).values_list(*columns)]


_ACTIONS = Statement(_actions, reader=Person, since=dt.datetime)


def actions_of(person: Person, since: dt.datetime) -> list[ActionRow]:
    """Open actions and those done since a moment; the earliest by-when first, without one last."""
    rows = [ActionRow._make(row) for row in _ACTIONS.ask(reader=person, since=since)]
    return sorted(rows, key=lambda row: (row.due_on or dt.date.max, row.created_at))
