"""Months, zones, deadlines, durations, and the one formatter."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mats import clock

LONDON, NEW_YORK, KATHMANDU, SINGAPORE = "Europe/London", "America/New_York", "Asia/Kathmandu", "Asia/Singapore"
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == dt.timedelta(0)


# Months


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2027-01-04", 3, "2027-04-04"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-10-31", 6, "2028-04-30"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-03-31", -1, "2027-02-28"),
        ("9999-11-01", 3, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_add_months_clamps_to_the_end_of_the_month(start, months, expected):
    assert clock.add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-01-04", "2027-04-03"),
        ("2027-02-01", "2027-04-30"),
        ("2026-10-31", "2027-01-30"),
        ("2026-11-30", "2027-02-27"),
        ("2026-12-01", "2027-02-28"),
    ],
)
def test_first_long_enough_end_counts_first_and_last_day(start, expected):
    assert clock.first_long_enough_end(day(start)) == day(expected)


@pytest.mark.parametrize(("months", "expected"), [(6, "2027-07-03"), (12, "2028-01-03")])
def test_last_day_of_months_reaches_the_total(months, expected):
    assert clock.last_day_of_months(day("2027-01-04"), months) == day(expected)


@given(DAYS, st.integers(0, 24))
def test_later_start_never_ends_earlier(start, months):
    assert clock.last_day_of_months(start, months) <= clock.last_day_of_months(start + dt.timedelta(days=1), months)


# Zones


@pytest.mark.parametrize("name", [LONDON, NEW_YORK, "America/Argentina/Buenos_Aires", "Australia/Lord_Howe", "UTC"])
def test_parse_zone_knows_places(name):
    assert (clock.is_zone(name), clock.parse_zone(name)) == (True, ZoneInfo(name))


@pytest.mark.parametrize(
    "name",
    ["", " ", "../etc/passwd", "/etc/localtime", "localtime", "Mars/Olympus", "Europe", "Etc/GMT+5", "CET", "a\x00b"],
)
def test_parse_zone_refuses_what_is_no_place(name):
    assert not clock.is_zone(name)
    with pytest.raises(ValueError, match=r"is not a time zone\. Write it like Europe/London"):
        clock.parse_zone(name)


@pytest.mark.parametrize("name", ["europe/london", " Europe/London ", "EUROPE/LONDON"])
def test_parse_zone_names_the_zone_that_was_meant(name):
    with pytest.raises(ValueError, match=r"is not a time zone; Europe/London is\."):
        clock.parse_zone(name)


def test_parse_zone_quotes_only_what_can_be_seen():
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - its whole text is compared
        clock.parse_zone("a\x00\u202eb" + "c" * 100)
    assert str(refusal.value).split("”")[0] == "“ab" + "c" * 60


def test_zone_choices_read_as_people_write():
    choices = dict(clock.zone_choices())
    assert (choices[NEW_YORK], choices["UTC"]) == ("America/New York", "UTC")
    assert list(choices) == sorted(choices)


def test_local_date_is_the_day_on_the_wall():
    moment = utc("2026-12-31 23:30")
    assert [clock.local_date(moment, zone) for zone in (LONDON, KATHMANDU, NEW_YORK)] == [
        day("2026-12-31"),
        day("2027-01-01"),
        day("2026-12-31"),
    ]


# Durations


def test_minutes_between_are_real_minutes_on_the_october_night():
    london = ZoneInfo(LONDON)
    start = dt.datetime(2027, 10, 31, 0, 45, tzinfo=london)
    end = dt.datetime(2027, 10, 31, 1, 15, fold=1, tzinfo=london)
    assert clock.minutes_between(start, end) == 90


def test_minutes_between_across_zones_are_exact():
    start = dt.datetime(2027, 2, 11, 14, 0, tzinfo=ZoneInfo(LONDON))
    end = dt.datetime(2027, 2, 11, 9, 30, 0, 600_000, tzinfo=ZoneInfo(NEW_YORK))
    assert clock.minutes_between(start, end) == Decimal("30.01")


# Words

THURSDAY = utc("2027-02-11 14:00")


@pytest.mark.parametrize(
    ("zone", "other", "expected"),
    [
        (LONDON, None, "Thu 14:00"),
        (LONDON, LONDON, "Thu 14:00"),
        (LONDON, "Europe/Lisbon", "Thu 14:00"),
        (LONDON, SINGAPORE, "Thu 14:00 · 22:00 Singapore"),
        (SINGAPORE, LONDON, "Thu 22:00 · 14:00 London"),
        (LONDON, "Pacific/Auckland", "Thu 14:00 · Fri 03:00 Auckland"),
        (KATHMANDU, NEW_YORK, "Thu 19:45 · 09:00 New York"),
    ],
)
def test_format_moment_says_the_other_time_where_it_differs(zone, other, expected):
    assert clock.format_moment(THURSDAY, zone, other) == expected


def test_format_moment_takes_a_label_and_a_date():
    words = clock.format_moment(THURSDAY, LONDON, SINGAPORE, "for Ana", date=True)
    assert words == "Thu 11 Feb 14:00 · 22:00 for Ana"


def test_format_range_is_in_the_readers_zone():
    assert clock.format_range(THURSDAY, THURSDAY + dt.timedelta(minutes=30), LONDON) == "Thu 11 Feb 14:00–14:30"


def test_format_range_has_the_other_clock_beside_it_once():
    end = THURSDAY + dt.timedelta(minutes=30)
    assert clock.format_range(THURSDAY, end, LONDON, "Asia/Tokyo") == "Thu 11 Feb 14:00–14:30 · 23:00 Tokyo"
    assert clock.format_range(THURSDAY, end, LONDON, LONDON) == "Thu 11 Feb 14:00–14:30"


def test_format_days_with_and_without_year():
    monday, july = day("2027-02-08"), day("2027-07-08")
    assert (clock.format_day(monday), clock.format_day(monday, year=True)) == ("Mon 8 Feb", "Mon 8 Feb 2027")
    assert (clock.format_until(july), clock.format_until(july, year=True)) == ("8 July", "8 July 2027")


@pytest.mark.parametrize(
    ("zone", "city"), [(NEW_YORK, "New York"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")]
)
def test_city_is_the_last_part_of_a_zone(zone, city):
    assert clock.city(zone) == city


# Numbers


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (62.5, 0, "63"),
        (Decimal("62.49"), 0, "62"),
        (Fraction(125, 2), 0, "63"),
        (Fraction(2, 3), 1, "0.7"),
        (0.125, 2, "0.13"),
        (1.005, 2, "1.01"),
        (-12.5, 0, "-13"),
        (7, 0, "7"),
    ],
)
def test_round_half_up_rounds_as_print_does(value, places, expected):
    assert str(clock.round_half_up(value, places)) == expected
