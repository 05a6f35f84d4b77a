"""What happened to a scholar of late, as their coach reads it before a 1-1."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cohorts.access import visible
from cohorts.models import Membership, Person
from cohorts.querysets import LocalDay
from mentorship.models import Meeting, PairingWeek, WeeklyLog

WEEKS = 4


@dataclass(frozen=True)
class MeetingWeek:
    """A pairing's week: with whom, and whether they met, in words."""

    number: int
    mentor: str
    meeting: Meeting | None
    in_words: str


@dataclass(frozen=True)
class News:
    """The last weeks, newest first."""

    logs: list[WeeklyLog]
    meetings: list[MeetingWeek]


def read_news(scholar: Membership, reader: Person, at: dt.datetime) -> News:
    """Logs that were sent and the pairing weeks that have begun; two queries."""
    logs = visible(WeeklyLog, "log", reader, at).filter(scholar=scholar, submitted_at__isnull=False, archived_at=None)
    return News(logs=list(logs.order_by("-week_starts_on")[:WEEKS]), meetings=_meetings(scholar, reader, at))


def _meetings(scholar: Membership, reader: Person, at: dt.datetime) -> list[MeetingWeek]:
    begun = PairingWeek.objects.filter(
        pairing__scholar=scholar, archived_at=None, week_starts_on__lte=LocalDay(at, "pairing__cohort__time_zone")
    )
    weeks = begun.select_related("meeting", "pairing__mentor__person").order_by("-week_starts_on")[:WEEKS]
    return [
        MeetingWeek(week.number, week.pairing.mentor.person.name, week.meeting, _in_words(week, at)) for week in weeks
    ]


def _in_words(week: PairingWeek, at: dt.datetime) -> str:
    meeting = week.meeting if week.meeting and week.meeting.is_live else None
    if meeting and meeting.outcome:
        return {"met": "met", "another_day": "met another day", "did_not_meet": "did not meet"}[meeting.outcome]
    if meeting and meeting.held and not meeting.ended_at and (meeting.held.upper or at) > at:
        return "meeting now"
    if week.closes_at <= at:
        return "not known whether they met" if meeting else "did not meet"
    return "not met yet"
