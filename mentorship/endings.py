"""What of this app is open at a place that ends, what keeps it from being completed, and what is read afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cohorts import endings
from cohorts.access import visible
from cohorts.endings import Group, Item, Kept, Open
from cohorts.models import Membership, Person, Role
from cohorts.rules.days import LATEST
from mats.clock import format_day, local_date
from mats.prepared import prepared
from mats.statements import Statement, Written
from mentorship.actions.ending import call_off_meetings, close_cases, free_talks
from mentorship.models import (
    ExtensionCase,
    Meeting,
    MidpointLine,
    Output,
    PairingWeek,
    Submission,
    WeeklyLog,
)
from mentorship.models.case import OPEN
from mentorship.owed import OPEN_STATES, owed_in
from mentorship.ties import planned_meetings

FOREVER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
TALK = "talk"

# --- what is open -----------------------------------------------------------------------------------


def _open(place: Membership, reader: Person, at: dt.datetime) -> list[Group]:
    """Of a case never where it stands: not everybody who sees this page may know that already."""
    today = local_date(at, place.cohort.time_zone)
    planned = planned_meetings(place, today, LATEST, at) if place.role in (Role.SCHOLAR, Role.MENTOR) else []
    owed = [row for row in owed_in(place.cohort_id, until=FOREVER) if row.place == place.pk]
    rows = _logs_and_cases.ask(place=place.pk, at=at, today=today) if place.role == Role.SCHOLAR else []
    return [
        Group("Planned meetings", _by_time(Item(f"with {', '.join(one.others)}", one.starts_at) for one in planned)),
        Group(
            "Extension",
            [Item(f"case {number}, for {months} months in total") for number, months, due in rows if not due],
        ),
        Group("Weekly logs that are owed", _by_time(Item(f"of week {number}", due) for number, _, due in rows if due)),
        Group("What else is owed", [Item(row.words, row.due_at) for row in owed if row.kind != TALK]),
        Group("Talks that are anybody’s again", [Item(row.words, row.due_at) for row in owed if row.kind == TALK]),
    ]


def _by_time(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.at or FOREVER)


# Logs that are due later; cases that are open or whose term is not over, without a moment.
LOGS_AND_CASES = f"""
    SELECT number, 0, due_at FROM mentorship_weeklylog
     WHERE scholar_id = {{place}} AND archived_at IS NULL AND submitted_at IS NULL AND due_at > {{at}}
    UNION ALL
    SELECT c.number, c.total_months, NULL FROM mentorship_extensioncase c
     WHERE c.scholar_id = {{place}} AND c.archived_at IS NULL
       AND (c.state IN ({OPEN_STATES}) OR c.state = 'in_force' AND EXISTS (
           SELECT FROM mentorship_termsheet s
            WHERE s.case_id = c.id AND s.archived_at IS NULL AND s.ends_on >= {{today}}))"""  # noqa: S608 - constants only
_logs_and_cases = Statement(lambda place, at, today: [Written(LOGS_AND_CASES, place=place, at=at, today=today)])


def _close(place: Membership, by: Person, at: dt.datetime) -> None:
    call_off_meetings(place, by, at)
    close_cases(place, by, at)
    free_talks(place, by, at)


endings.register(Open("mentorship", _open, _close))


# --- what keeps it ----------------------------------------------------------------------------------


@prepared
def _scholars_with_a_case(places: list[UUID]) -> QuerySet[Any]:
    open_ones = ExtensionCase.objects.filter(scholar__any=places, state__in=OPEN, archived_at=None)
    return open_ones.order_by().values_list("scholar", flat=True)


def _kept(places: list[UUID], at: dt.datetime) -> dict[UUID, str]:
    return dict.fromkeys(_scholars_with_a_case(places=places), "an extension case is still open.")


endings.keep_open(_kept)

# --- what is read afterwards ------------------------------------------------------------------------


@prepared
def _sent_logs(person: Person, at: dt.datetime, place: UUID) -> QuerySet[WeeklyLog]:
    theirs = visible(WeeklyLog, "log", person, at).filter(scholar=place, archived_at=None, submitted_at__isnull=False)
    return theirs.order_by("week_starts_on")


def _kept_logs(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    logs = _sent_logs(person=person, at=at, place=place.pk)
    return [
        Kept(f"Week {log.number}", reverse("log", args=[log.pk]), f"from {format_day(log.week_starts_on)}")
        for log in logs
    ]


@prepared
def _weeks(person: Person, at: dt.datetime, place: UUID) -> QuerySet[PairingWeek]:
    mine = visible(Meeting, "meeting", person, at).values("pk")
    weeks = PairingWeek.objects.filter(pairing__scholar=place, archived_at=None, meeting__in=mine)
    return weeks.select_related("meeting", "pairing__mentor__person").order_by("meeting__planned", "pk")


def _kept_meetings(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    weeks = _weeks(person=person, at=at, place=place.pk)
    return [
        Kept(
            f"Week {week.number}, with {week.pairing.mentor.person.name}",
            reverse("meeting", args=[week.meeting_id]),
            format_day(local_date(week.meeting.starts_at, person.time_zone)),
        )
        for week in weeks
        if week.meeting
    ]


@prepared
def _sent(person: Person, at: dt.datetime, place: UUID) -> QuerySet[Submission]:
    theirs = visible(Submission, "submission", person, at).filter(scholar=place, submitted_at__isnull=False)
    return theirs.filter(archived_at=None).select_related("milestone").order_by("milestone__due_on")


@prepared
def _lines(person: Person, at: dt.datetime, place: UUID) -> QuerySet[MidpointLine]:
    theirs = visible(MidpointLine, "midpoint_line", person, at).filter(scholar=place, archived_at=None)
    return theirs.select_related("mentor__person").order_by("given_at")


def _kept_milestones(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    sent = _sent(person=person, at=at, place=place.pk)
    lines = _lines(person=person, at=at, place=place.pk)
    return [
        *(Kept(str(row.milestone).capitalize(), reverse("submission", args=[row.pk])) for row in sent),
        *(
            Kept(f"Mid-point line of {line.mentor.person.name}", reverse("midpoint_line", args=[line.pk]))
            for line in lines
        ),
    ]


@prepared
def _own_cases(person: Person, at: dt.datetime, place: UUID) -> QuerySet[ExtensionCase]:
    return visible(ExtensionCase, "case", person, at).filter(scholar=place, archived_at=None).order_by("number")


def _kept_cases(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    if place.role != Role.SCHOLAR:
        return []
    cases = _own_cases(person=person, at=at, place=place.pk)
    return [
        Kept("Where you stood on what we look for", reverse("standing", args=[place.pk])),
        *(Kept(f"Your extension case {case.number}", reverse("case", args=[case.pk])) for case in cases),
    ]


@prepared
def _outputs(person: Person, at: dt.datetime, place: UUID) -> QuerySet[Output]:
    return visible(Output, "output", person, at).filter(scholar=place, archived_at=None).order_by("created_at")


def _kept_outputs(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    rows = _outputs(person=person, at=at, place=place.pk)
    return [Kept(row.title, row.link, row.get_kind_display()) for row in rows]


def _kept_chances(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    return [Kept("What became of your chances", reverse("my_chances"))] if place.role == Role.SCHOLAR else []


for title, find in (
    ("Weekly logs", _kept_logs),
    ("Meetings", _kept_meetings),
    ("Milestones", _kept_milestones),
    ("Extension", _kept_cases),
    ("Outputs", _kept_outputs),
    ("Chances", _kept_chances),
):
    endings.keep_readable(title, find)
