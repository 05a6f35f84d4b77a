"""Rules about days and zones that hold everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from mats.clock import format_until, parse_zone

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
DAY = dt.timedelta(days=1)

Days = tuple[dt.date, dt.date]  # a first and a last day, both included


def in_words(day: dt.date) -> str:
    """`8 July 2027`"""
    return format_until(day, year=True)


def dates_are_possible(starts_on: dt.date, ends_on: dt.date) -> None:
    """The last day does not come before the first, and both lie in this century."""
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if not EARLIEST <= day <= LATEST:
            raise ValidationError({field: f"This lies outside the years {EARLIEST.year} to {LATEST.year}."})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": f"The last day comes before the first, {in_words(starts_on)}."})


def zone_is_known(name: str) -> None:
    """A time zone is the name of a place in the world's table of zones, or UTC."""
    try:
        parse_zone(name)
    except ValueError as error:
        raise ValidationError({"time_zone": str(error)}) from None


def runs(spans: Iterable[Days]) -> list[Days]:
    """Days in runs without a gap, in order: neighbours and overlaps become one."""
    found: list[Days] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def share_a_day(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
