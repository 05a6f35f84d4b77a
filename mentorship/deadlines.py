"""When something is owed: a log, a pairing's meeting, a review. From wall clocks, in UTC."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from cohorts.models import Cohort, Milestone, Phase
from mats import clock
from mentorship.models import Pairing

DAY = dt.timedelta(days=1)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """The last second of a day on this zone's wall, so that it is read as that day and not as the next."""
    return clock.at_wall_clock(day, dt.time(23, 59, 59), zone).at


def log_due_at(cohort: Cohort, first: dt.date, last: dt.date) -> dt.datetime:
    """The cohort's weekday and time among these days of one week; where a short week lacks that
    weekday, its last day."""
    day = next((day for day in days_between(first, last) if day.weekday() == cohort.log_weekday), last)
    return clock.at_wall_clock(day, cohort.log_time, cohort.time_zone).at


def meeting_time(pairing: Pairing, cohort: Cohort, first: dt.date, last: dt.date) -> clock.WallMoment | None:
    """The pairing's weekly time within these cohort days of one week, None where there is none.

    Weekday and time are on the wall of the pairing's zone, the days on the cohort's, so the search
    looks a day to either side. Where two zones change their clocks on different dates a week can
    hold the time twice (the first counts) or never.
    """
    if pairing.weekday is None or pairing.local_time is None:
        return None
    times = clock.weekly_occurrences(pairing.weekday, pairing.local_time, pairing.time_zone, first - DAY, last + DAY)
    return next((time for time in times if first <= clock.local_date(time.at, cohort.time_zone) <= last), None)


def review_due_at(milestone: Milestone, since: dt.datetime) -> dt.datetime:
    """The last minute of the day, on the cohort's wall, that lies the milestone's reading days later."""
    zone = milestone.cohort.time_zone
    day = clock.local_date(since, zone) + milestone.reading_days * DAY
    return end_of_day(day, zone)


# --- the calendar of a round ----------------------------------------------------------------------

SIX_WEEKS, FROM_MIDPOINT = dt.timedelta(weeks=6), dt.timedelta(weeks=2)
TO_APPLY = FOR_ANSWERS = dt.timedelta(weeks=2)


class RoundDays(Protocol):
    """The four days of a round, on the cohort's wall: a `Round`, or `RoundDates`."""

    opens_on: dt.date
    closes_on: dt.date
    answers_on: dt.date
    letters_on: dt.date


@dataclass
class RoundDates:
    """The four days of a round before there is a row."""

    opens_on: dt.date
    closes_on: dt.date
    answers_on: dt.date
    letters_on: dt.date


def promised_by(phase: Phase) -> dt.date:
    """By when answers and letters are promised by default: six weeks before the phase ends, or a quarter
    of the phase (in whole days), the shorter."""
    quarter = ((phase.ends_on - phase.starts_on) + DAY) // 4
    return phase.ends_on - dt.timedelta(days=min(SIX_WEEKS, quarter).days)


def usual_round(phase: Phase, midpoint_on: dt.date) -> RoundDates:
    """The days by default: people apply from the day after the mid-point, for two weeks."""
    promised = promised_by(phase)
    return RoundDates(midpoint_on + DAY, midpoint_on + FROM_MIDPOINT, promised, promised)


def usual_round_of_term(term: Phase) -> RoundDates:
    """The days by default of a round within a term: two weeks to apply, which end two weeks before answers
    and letters are promised; nothing lies before the term."""
    promised = promised_by(term)
    closes_on = max(promised - FOR_ANSWERS, term.starts_on)
    return RoundDates(max(closes_on - TO_APPLY + DAY, term.starts_on), closes_on, promised, promised)


def what_to_move(usual: RoundDates, phase: Phase, midpoint_on: dt.date) -> str:
    """Where the default days do not fit: what to move, in words; else nothing."""
    if usual.closes_on <= usual.answers_on:
        return ""
    before = (phase.ends_on - usual.answers_on).days
    later = f", or promise answers and letters for a day from {_day(usual.closes_on)} to {_day(phase.ends_on)}"
    return (
        f"By default people apply until {_day(usual.closes_on)}, two weeks after the mid-point on {_day(midpoint_on)}. "
        f"That is later than {_day(usual.answers_on)}, by when answers are due by default ({before} days before the "
        f"main phase ends). Move the mid-point to {_day(usual.answers_on - FROM_MIDPOINT)} or earlier"
        f"{later if usual.closes_on <= phase.ends_on else ''}."
    )


def _day(day: dt.date) -> str:
    return clock.format_until(day, year=True)


def round_moments(days: RoundDays, zone: str) -> dict[str, dt.datetime]:
    """The moments of a round by their fields: the beginning of its first day on this zone's wall, and
    the ends of the other days."""
    ends = {"closes_at": days.closes_on, "answers_due_at": days.answers_on, "letters_due_at": days.letters_on}
    return {
        "opens_at": clock.at_wall_clock(days.opens_on, dt.time(0), zone).at,
        **{field: end_of_day(day, zone) for field, day in ends.items()},
    }


# --- an extension case ----------------------------------------------------------------------------

APPEAL_WITHIN = APPEAL_HEARD_WITHIN = dt.timedelta(days=14)


def appeal_until(released_at: dt.datetime, zone: str) -> dt.datetime:
    """The end of the last day on which a scholar appeals, counted from the letter's release."""
    return end_of_day(clock.local_date(released_at, zone) + APPEAL_WITHIN, zone)


def appeal_due_at(appealed_at: dt.datetime, zone: str) -> dt.datetime:
    """By when an appeal is answered."""
    return end_of_day(clock.local_date(appealed_at, zone) + APPEAL_HEARD_WITHIN, zone)


ACCEPT_WITHIN, ACCEPT_AT_LEAST = dt.timedelta(days=7), dt.timedelta(days=3)


def accept_by(at: dt.datetime, zone: str) -> dt.date:
    """The day by which a grant is accepted, by default."""
    return clock.local_date(at, zone) + ACCEPT_WITHIN


def accept_by_at_release(drafted: dt.date, at: dt.datetime, zone: str) -> dt.date:
    """The same once the letter goes out: where the drafted day has come too near, it moves forward."""
    is_near = drafted < clock.local_date(at, zone) + ACCEPT_AT_LEAST
    return accept_by(at, zone) if is_near else drafted


APPROVE_WITHIN = TALK_WITH_MENTOR_WITHIN = dt.timedelta(days=5)
FIND_A_MENTOR_WITHIN = dt.timedelta(days=14)


def approval_due_at(since: dt.datetime, answers_due_at: dt.datetime, zone: str) -> dt.datetime:
    """The end of the fifth day after the mentor is asked, but not after the moment by which answers are
    promised, unless that has gone by."""
    usual = end_of_day(clock.local_date(since, zone) + APPROVE_WITHIN, zone)
    return min(usual, answers_due_at) if since < answers_due_at else usual


def mentor_talk_due_at(since: dt.datetime, zone: str) -> dt.datetime:
    """By when staff talk with a mentor who is not sure."""
    return end_of_day(clock.local_date(since, zone) + TALK_WITH_MENTOR_WITHIN, zone)


def mentor_search_due_at(since: dt.datetime, zone: str) -> dt.datetime:
    """By when staff have found a mentor for the term, or say that there is none."""
    return end_of_day(clock.local_date(since, zone) + FIND_A_MENTOR_WITHIN, zone)


AGREED_LIST_WAITS, ANSWER_WITHIN = dt.timedelta(hours=48), dt.timedelta(days=7)


def answer_due_at(asked_at: dt.datetime, zone: str) -> dt.datetime:
    """By when a scholar answers what the committee asks: the end of the seventh day after it was asked."""
    return end_of_day(clock.local_date(asked_at, zone) + ANSWER_WITHIN, zone)
