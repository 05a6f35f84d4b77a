"""When something is owed: a log, and a pairing's meeting. From wall clocks, in UTC."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Cohort
from mats import clock
from mentorship.models import Pairing

DAY = dt.timedelta(days=1)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


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
