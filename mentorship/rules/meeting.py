"""What holds for meetings: how long, when planned, when started, when answered for."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from mats import clock
from mentorship.models import Meeting, Pairing, PairingWeek
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK, MEETING_CAP

CAP_MINUTES = int(MEETING_CAP.total_seconds()) // 60


def check_length(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """A meeting lasts more than no time and at most thirty minutes.

    Measured in UTC: from 01:45 to 02:15 on the night in October is ninety minutes.
    """
    minutes = clock.minutes_between(starts_at, ends_at)
    if minutes <= 0:
        raise ValidationError("A meeting ends after it starts.")
    if minutes > CAP_MINUTES:
        raise ValidationError(
            f"A meeting lasts at most {CAP_MINUTES} minutes; this would be {clock.round_half_up(minutes)} minutes."
        )


def check_week_is_free(week: PairingWeek) -> None:
    """A pairing meets once a cohort week."""
    if week.archived_at or week.pairing.archived_at:
        raise ValidationError("This week is no longer part of the pairing.")
    if week.meeting and week.meeting.is_live:
        raise ValidationError("This week already has a meeting; a pairing meets once a week.")


def check_within_week(week: PairingWeek, starts_at: dt.datetime, ends_at: dt.datetime, at: dt.datetime) -> None:
    """A meeting lies ahead, in the cohort week it counts for or up to four days into the next."""
    cohort = week.pairing.cohort
    opens_at = clock.at_wall_clock(week.week_starts_on, dt.time(0), cohort.time_zone).at
    last_moment = week.closes_at + HELD_INTO_NEXT_WEEK
    if starts_at <= at:
        raise ValidationError("This time has gone by; plan a meeting that lies ahead.")
    if starts_at < opens_at or ends_at > last_moment:
        first, last = clock.format_day(week.week_starts_on), _last_day(last_moment, cohort.time_zone)
        raise ValidationError(f"A meeting of week {week.number} lies between {first} and {last}.")
    check_within_pairing(week.pairing, clock.local_date(starts_at, cohort.time_zone))


def check_within_pairing(pairing: Pairing, day: dt.date) -> None:
    """A meeting lies on a day on which its pairing still works together."""
    if day > pairing.ends_on:
        last = clock.format_day(pairing.ends_on)
        raise ValidationError(f"This pairing works together until {last}; choose a day until then.")


def check_may_move(meeting: Meeting) -> None:
    """A meeting is moved until it was started or answered for."""
    if not meeting.is_live:
        raise ValidationError("This meeting was called off. Plan another time for it.")
    if meeting.held or meeting.outcome:
        raise ValidationError("This meeting has taken place, or was answered for; it cannot be moved.")


def check_is_another_time(meeting: Meeting, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """A move is to another time than the one it has."""
    if (starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
        raise ValidationError("This is the time it has already. Choose another one.")


def _last_day(moment: dt.datetime, zone: str) -> str:
    return clock.format_day((moment.astimezone(ZoneInfo(zone)) - dt.timedelta(microseconds=1)).date())


def check_may_start(meeting: Meeting, closes_at: dt.datetime, zone: str, at: dt.datetime) -> None:
    """A meeting is started from fifteen minutes before its time until four days after its week.

    `zone` is the reader's, for the words.
    """
    if not meeting.is_live:
        raise ValidationError("This meeting was called off.")
    if meeting.is_over(at) and not may_go_on(meeting, at):
        raise ValidationError("This meeting has ended.")
    if at < meeting.opens_at:
        moment = clock.format_moment(meeting.opens_at, zone, date=True)
        raise ValidationError(f"It is too early: a meeting can be started from {moment}.")
    if at >= closes_at + HELD_INTO_NEXT_WEEK:
        raise ValidationError("This week is over. Say below whether you met.")


def may_go_on(meeting: Meeting, at: dt.datetime) -> bool:
    """A meeting that was ended too early goes on, until thirty minutes after its start."""
    return meeting.is_over(at) and meeting.began_at is not None and at < meeting.began_at + MEETING_CAP


def check_may_end(meeting: Meeting, at: dt.datetime) -> None:
    """Only a meeting that was started can be ended."""
    if meeting.began_at is None or at < meeting.began_at:
        raise ValidationError("This meeting has not been started.")


def check_may_answer(meeting: Meeting, zone: str, at: dt.datetime) -> None:
    """Whether they met is said from the planned time on, of a meeting that was not called off."""
    if not meeting.is_live:
        raise ValidationError("This meeting was called off.")
    if meeting.is_running(at):
        raise ValidationError("This meeting is going on; end it first.")
    if meeting.held is None and at < meeting.starts_at:
        moment = clock.format_moment(meeting.starts_at, zone, date=True)
        raise ValidationError(f"This can be said from {moment} on.")


def check_may_call_off(meeting: Meeting, at: dt.datetime) -> None:
    """A meeting can be called off until it has taken place or been answered for."""
    if not meeting.is_live:
        raise ValidationError("This meeting was called off before.")
    if meeting.held or meeting.outcome:
        raise ValidationError("This meeting has taken place, or was answered for; it cannot be called off.")


def check_did_not_meet(meeting: Meeting) -> None:
    """Who was missing is asked once somebody has said that they did not meet."""
    if meeting.outcome != Meeting.Outcome.DID_NOT_MEET:
        raise ValidationError("This is asked of a meeting that did not take place.")


def check_live(meeting: Meeting) -> None:
    """Nothing is added to a meeting that was called off."""
    if not meeting.is_live:
        raise ValidationError("This meeting was called off. Plan another time first.")
