"""Wall-clock times: nights on which clocks change, weekly times, and when two of them clash."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mats.clock import Clash, Slot, WallMoment, at_wall_clock, clash, weekly_occurrences

LONDON, NEW_YORK, LORD_HOWE = "Europe/London", "America/New_York", "Australia/Lord_Howe"
KATHMANDU, APIA = "Asia/Kathmandu", "Pacific/Apia"
FIRST, LAST = dt.date(2027, 1, 4), dt.date(2027, 4, 11)
THURSDAY, SUNDAY = 3, 6


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def slot(time: str, zone: str, weekday: int = THURSDAY, first: dt.date = FIRST, last: dt.date = LAST) -> Slot:
    return Slot(weekday, dt.time.fromisoformat(time), zone, first, last)


@pytest.mark.parametrize(
    ("on", "time", "zone", "expected", "note"),
    [
        ("2027-02-11", "14:00", LONDON, "2027-02-11 14:00", ""),
        ("2027-07-08", "14:00", LONDON, "2027-07-08 13:00", ""),
        ("2027-02-11", "14:00", KATHMANDU, "2027-02-11 08:15", ""),
        ("2026-12-31", "20:00", NEW_YORK, "2027-01-01 01:00", ""),
        # The night in March, 01:00 to 02:00 in London.
        ("2027-03-28", "00:59", LONDON, "2027-03-28 00:59", ""),
        ("2027-03-28", "01:00", LONDON, "2027-03-28 01:00", "skipped"),
        ("2027-03-28", "01:59", LONDON, "2027-03-28 01:00", "skipped"),
        ("2027-03-28", "02:00", LONDON, "2027-03-28 01:00", ""),
        ("2027-03-14", "02:30:45", NEW_YORK, "2027-03-14 07:00", "skipped"),
        # The night in autumn.
        ("2027-10-31", "00:59", LONDON, "2027-10-30 23:59", ""),
        ("2027-10-31", "01:30", LONDON, "2027-10-31 00:30", "twice"),
        ("2027-10-31", "02:00", LONDON, "2027-10-31 02:00", ""),
        ("2027-11-07", "01:30", NEW_YORK, "2027-11-07 05:30", "twice"),
        # Half an hour on Lord Howe Island.
        ("2027-10-03", "02:15", LORD_HOWE, "2027-10-02 15:30", "skipped"),
        ("2027-10-03", "02:30", LORD_HOWE, "2027-10-02 15:30", ""),
        ("2027-04-04", "01:45", LORD_HOWE, "2027-04-03 14:45", "twice"),
        # Midnight itself is skipped in Cairo, and a whole day was in Apia.
        ("2027-04-30", "00:00", "Africa/Cairo", "2027-04-29 22:00", "skipped"),
        ("2011-12-30", "14:00", APIA, "2011-12-30 10:00", "skipped"),
    ],
)
def test_at_wall_clock(on, time, zone, expected, note):
    assert at_wall_clock(day(on), dt.time.fromisoformat(time), zone) == WallMoment(utc(expected), note)


@given(
    st.dates(dt.date(2005, 1, 1), dt.date(2037, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from([LONDON, NEW_YORK, LORD_HOWE, KATHMANDU, APIA, "Africa/Casablanca", "America/Santiago"]),
)
def test_wall_shows_the_time_asked_for_unless_it_was_skipped(on, minute, zone):
    time = dt.time(*divmod(minute, 60))
    moment = at_wall_clock(on, time, zone)
    shown = moment.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    asked = dt.datetime.combine(on, time)
    assert shown > asked if moment.note == "skipped" else shown == asked


def test_first_minute_after_a_gap_follows_the_last_one_before_it():
    end = at_wall_clock(day("2027-03-28"), dt.time(1, 30), LONDON).at.astimezone(ZoneInfo(LONDON))
    before = (end.astimezone(dt.UTC) - dt.timedelta(minutes=1)).astimezone(ZoneInfo(LONDON))
    assert (before.time(), end.time()) == (dt.time(0, 59), dt.time(2, 0))


def test_weekly_time_keeps_to_its_wall_over_both_nights():
    moments = weekly_occurrences(THURSDAY, dt.time(14), LONDON, day("2027-03-18"), day("2027-04-01"))
    assert moments == [WallMoment(utc(f"{on}:00")) for on in ("2027-03-18 14", "2027-03-25 14", "2027-04-01 13")]


def test_weekly_time_in_the_skipped_hour_says_so_once():
    moments = weekly_occurrences(SUNDAY, dt.time(1, 30), LONDON, FIRST, LAST)
    assert [moment.at for moment in moments if moment.note] == [utc("2027-03-28 01:00")]


def test_weekly_occurrences_include_first_and_last_day():
    moments = weekly_occurrences(THURSDAY, dt.time(9), "UTC", day("2026-12-24"), day("2027-01-07"))
    assert [moment.at.date() for moment in moments] == [day("2026-12-24"), day("2026-12-31"), day("2027-01-07")]


def test_weekly_occurrences_of_days_without_the_weekday_are_none():
    assert weekly_occurrences(THURSDAY, dt.time(9), "UTC", day("2027-01-08"), day("2027-01-13")) == []


# Clashes


def test_same_time_clashes_in_every_week():
    found = clash(slot("14:00", LONDON), slot("14:15", LONDON))
    assert found == Clash(tuple(slot("14:00", LONDON).starts()), only_by_clock_change=False)


@pytest.mark.parametrize("other", ["13:30", "14:30"])
def test_back_to_back_is_no_clash(other):
    assert clash(slot("14:00", LONDON), slot(other, LONDON)) is None


def test_slots_that_share_no_day_do_not_clash():
    assert clash(slot("14:00", LONDON, last=day("2027-02-01")), slot("14:00", LONDON, first=day("2027-02-02"))) is None


def test_slots_that_share_some_weeks_clash_in_these():
    found = clash(slot("14:00", LONDON, last=day("2027-01-20")), slot("14:00", LONDON, first=day("2027-01-12")))
    assert found == Clash((utc("2027-01-14 14:00"),), only_by_clock_change=False)


def test_two_zones_clash_only_between_their_clock_changes():
    found = clash(slot("14:00", LONDON), slot("10:00", NEW_YORK))
    assert found == Clash((utc("2027-03-18 14:00"), utc("2027-03-25 14:00")), only_by_clock_change=True)


def test_two_zones_that_always_clash_do_so_by_themselves():
    found = clash(slot("14:00", LONDON), slot("15:00", "Europe/Berlin"))
    assert (len(found.moments), found.only_by_clock_change) == (14, False)


def test_two_zones_part_only_between_their_clock_changes():
    found = clash(slot("14:00", LONDON), slot("09:00", NEW_YORK))
    assert (len(found.moments), found.only_by_clock_change) == (12, True)


def test_slots_on_two_days_of_the_week_can_be_one_moment():
    found = clash(slot("20:00", NEW_YORK), slot("06:45", KATHMANDU, weekday=THURSDAY + 1))
    assert found.moments[0] == utc("2027-01-08 01:00")


def test_slots_clash_over_midnight_on_sunday():
    found = clash(slot("23:45", "UTC", weekday=SUNDAY), slot("00:00", "UTC", weekday=0))
    assert found.moments[0] == utc("2027-01-10 23:45")


TIMES = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ZONES = st.sampled_from([LONDON, NEW_YORK, LORD_HOWE, KATHMANDU, "America/Santiago", "Africa/Casablanca", "Asia/Tokyo"])
SLOTS = st.builds(Slot, st.integers(0, 6), TIMES, ZONES, st.just(dt.date(2026, 9, 1)), st.just(dt.date(2027, 6, 30)))


@given(SLOTS, SLOTS)
def test_clash_agrees_with_looking_at_every_pair(one, other):
    half_hour = dt.timedelta(minutes=30)
    met = tuple(start for start in one.starts() if any(abs(start - their) < half_hour for their in other.starts()))
    found = clash(one, other)
    assert (found.moments if found else ()) == met
    assert bool(found) == bool(clash(other, one))
