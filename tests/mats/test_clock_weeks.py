"""Cohort weeks: they cover a phase without gap or overlap, in every zone and over year ends."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mats.clock import Week, week_of, weeks_between

DAY = dt.timedelta(days=1)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
WEEK_STARTS = st.integers(0, 6)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("on", "first", "week_start", "expected"),
    [
        ("2027-01-04", "2027-01-04", MONDAY, (1, "2027-01-04", "2027-01-10")),
        ("2027-02-10", "2027-01-04", MONDAY, (6, "2027-02-08", "2027-02-14")),
        ("2027-01-07", "2027-01-07", MONDAY, (1, "2027-01-07", "2027-01-10")),
        ("2027-01-11", "2027-01-07", MONDAY, (2, "2027-01-11", "2027-01-17")),
        ("2027-01-10", "2027-01-10", MONDAY, (1, "2027-01-10", "2027-01-10")),
        ("2027-01-01", "2026-12-28", MONDAY, (1, "2026-12-28", "2027-01-03")),
        ("2027-01-09", "2027-01-04", SUNDAY, (1, "2027-01-04", "2027-01-09")),
        ("2027-01-10", "2027-01-04", SUNDAY, (2, "2027-01-10", "2027-01-16")),
        ("2028-02-29", "2028-02-22", SATURDAY, (2, "2028-02-26", "2028-03-03")),
        ("2027-01-05", "2027-01-07", MONDAY, (0, "2027-01-04", "2027-01-06")),
        ("2027-01-03", "2027-01-07", MONDAY, (-1, "2026-12-28", "2027-01-03")),
        ("2027-01-03", "2027-01-04", MONDAY, (0, "2026-12-28", "2027-01-03")),
    ],
)
def test_week_of_a_day(on, first, week_start, expected):
    number, starts_on, ends_on = expected
    assert week_of(day(on), day(first), week_start) == Week(number, day(starts_on), day(ends_on))


def test_weeks_between_end_with_the_phase():
    weeks = weeks_between(day("2027-01-07"), day("2027-01-19"), MONDAY)
    assert weeks == [
        Week(1, day("2027-01-07"), day("2027-01-10")),
        Week(2, day("2027-01-11"), day("2027-01-17")),
        Week(3, day("2027-01-18"), day("2027-01-19")),
    ]


def test_weeks_between_days_in_wrong_order_are_none():
    assert weeks_between(day("2027-01-07"), day("2027-01-06"), MONDAY) == []


@given(DAYS, st.integers(0, 400), WEEK_STARTS)
def test_weeks_cover_every_day_of_a_phase_once(first, length, week_start):
    last = first + length * DAY
    weeks = weeks_between(first, last, week_start)
    assert [week.number for week in weeks] == list(range(1, len(weeks) + 1))
    assert (weeks[0].starts_on, weeks[-1].ends_on) == (first, last)
    assert all(week.ends_on + DAY == after.starts_on for week, after in pairwise(weeks))
    assert all(week.starts_on.weekday() == week_start for week in weeks[1:])


@given(DAYS, st.integers(-400, 400), WEEK_STARTS)
def test_every_day_lies_in_its_own_week(first, distance, week_start):
    on = first + distance * DAY
    week = week_of(on, first, week_start)
    assert week.contains(on)
    assert week == week_of(week.starts_on, first, week_start) == week_of(week.ends_on, first, week_start)
    assert week_of(week.ends_on + DAY, first, week_start).number == week.number + 1


@pytest.mark.parametrize(
    ("zone", "opens", "closes"),
    [
        ("Europe/London", "2027-03-22 00:00", "2027-03-28 23:00"),
        ("America/New_York", "2027-03-22 04:00", "2027-03-29 04:00"),
        ("Asia/Kathmandu", "2027-03-21 18:15", "2027-03-28 18:15"),
        ("Australia/Lord_Howe", "2027-03-21 13:00", "2027-03-28 13:00"),
    ],
)
def test_week_opens_and_closes_at_local_midnight(zone, opens, closes):
    week = Week(12, day("2027-03-22"), day("2027-03-28"))
    assert (week.opens_at(zone), week.closes_at(zone)) == (utc(opens), utc(closes))


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Apia", "Africa/Cairo", "Asia/Beirut"])
def test_each_week_opens_where_the_last_one_closes(zone):
    weeks = weeks_between(day("2026-09-01"), day("2027-08-31"), MONDAY)
    assert [week.closes_at(zone) for week in weeks[:-1]] == [week.opens_at(zone) for week in weeks[1:]]
