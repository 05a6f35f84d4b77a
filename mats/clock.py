"""The clock: now, cohort weeks, deadlines, wall-clock recurrence, and the one formatter.

Moments are aware datetimes in UTC; days are plain dates on a cohort's or a person's wall. A
recurring time is a wall-clock time with its zone, turned into moments week by week, because zones
change their clocks on different nights.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MAIN_PHASE_MONTHS = 3
WEEK = dt.timedelta(weeks=1)


def now() -> dt.datetime:
    """This moment in UTC: read once at the edge and passed down."""
    return dt.datetime.now(dt.UTC)


# --- months -----------------------------------------------------------------------------------


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, clamped to the month's end."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def last_day_of_months(starts_on: dt.date, months: int) -> dt.date:
    """The last day of a range of so many calendar months, first and last day included."""
    return add_months(starts_on, months) - dt.timedelta(days=1)


def first_long_enough_end(starts_on: dt.date) -> dt.date:
    """The first last day that makes a main phase long enough."""
    return last_day_of_months(starts_on, MAIN_PHASE_MONTHS)


# --- zones ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    """Places, and UTC; not the historical aliases without a place."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def is_zone(name: str) -> bool:
    return name in _zone_names()


def parse_zone(name: str) -> ZoneInfo:
    """The zone of this name; raises ValueError in words."""
    if not is_zone(name):
        raise ValueError(f"“{name[:64]}” is not a time zone. Write it like Europe/London or America/New_York.")
    return ZoneInfo(name)


def zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(_zone_names())]


def city(zone: str) -> str:
    """`London` for Europe/London, `New York` for America/New_York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(ZoneInfo(zone)).date()


# --- cohort weeks -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """A cohort-local week, first and last day included; week 1 holds the phase's first day."""

    number: int
    starts_on: dt.date
    ends_on: dt.date

    def contains(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def opens_at(self, zone: str) -> dt.datetime:
        """UTC moment of the first minute of the first day."""
        return at_wall_clock(self.starts_on, dt.time(0), zone).at

    def closes_at(self, zone: str) -> dt.datetime:
        """UTC moment of the first minute after the last day."""
        return at_wall_clock(self.ends_on + dt.timedelta(days=1), dt.time(0), zone).at


def week_of(day: dt.date, first_day: dt.date, week_start: int) -> Week:
    """The week that holds `day`. Weeks begin on `week_start` (0 is Monday); week 1 may be short."""
    boundary = first_day - dt.timedelta(days=(first_day.weekday() - week_start) % 7)
    count = (day - boundary).days // 7
    starts_on = boundary + count * WEEK
    return Week(count + 1, max(starts_on, first_day) if count == 0 else starts_on, starts_on + dt.timedelta(days=6))


def weeks_between(first_day: dt.date, last_day: dt.date, week_start: int) -> list[Week]:
    """All weeks of a phase; the last one ends with the phase."""
    weeks = []
    day = first_day
    while day <= last_day:
        week = week_of(day, first_day, week_start)
        weeks.append(Week(week.number, week.starts_on, min(week.ends_on, last_day)))
        day = week.ends_on + dt.timedelta(days=1)
    return weeks


# --- wall clocks ------------------------------------------------------------------------------


@dataclass(frozen=True)
class WallMoment:
    """A wall-clock time as a UTC moment. `note` is "skipped" where the clock jumped over it (then
    it is the first valid minute after), "twice" where it exists twice (then it is the first)."""

    at: dt.datetime
    note: str = ""


def at_wall_clock(day: dt.date, time: dt.time, zone: str) -> WallMoment:
    place = ZoneInfo(zone)
    local = dt.datetime.combine(day, time, tzinfo=place)
    first, second = local.replace(fold=0), local.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return WallMoment(first.astimezone(dt.UTC))
    if before > after:
        return WallMoment(first.astimezone(dt.UTC), "twice")
    return WallMoment(_end_of_gap(first.astimezone(dt.UTC), second.astimezone(dt.UTC), place), "skipped")


def _end_of_gap(one: dt.datetime, other: dt.datetime, place: ZoneInfo) -> dt.datetime:
    """The UTC moment at which the clock jumped, found by halving between two moments around it."""
    low, high = min(one, other), max(one, other)
    before = low.astimezone(place).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def weekly_occurrences(
    weekday: int, time: dt.time, zone: str, first_day: dt.date, last_day: dt.date
) -> list[WallMoment]:
    """Every time this weekday and wall-clock time comes between two days, both included."""
    day = first_day + dt.timedelta(days=(weekday - first_day.weekday()) % 7)
    found = []
    while day <= last_day:
        found.append(at_wall_clock(day, time, zone))
        day += WEEK
    return found


@dataclass(frozen=True)
class Slot:
    """A weekly wall-clock time between two days, both included."""

    weekday: int
    time: dt.time
    zone: str
    first_day: dt.date
    last_day: dt.date
    minutes: int = 30

    def starts(self) -> Iterator[dt.datetime]:
        return (moment.at for moment in _starts(self))


@lru_cache(maxsize=4096)
def _starts(slot: Slot) -> tuple[WallMoment, ...]:
    return tuple(weekly_occurrences(slot.weekday, slot.time, slot.zone, slot.first_day, slot.last_day))


@dataclass(frozen=True)
class Clash:
    """Where two slots meet: the moments, and whether other shared weeks are free (then it is only
    two zones' clocks differing in these weeks)."""

    moments: tuple[dt.datetime, ...]
    only_by_clock_change: bool


def clash(one: Slot, other: Slot) -> Clash | None:
    """The overlap of two weekly slots, or None."""
    if one.first_day > other.last_day or other.first_day > one.last_day or not _near(one, other):
        return None
    length = {slot: dt.timedelta(minutes=slot.minutes) for slot in (one, other)}
    theirs = list(other.starts())
    moments, shared = [], 0
    for start in one.starts():
        close = [their for their in theirs if abs(their - start) < dt.timedelta(days=1)]
        shared += bool(close)
        if any(their < start + length[one] and start < their + length[other] for their in close):
            moments.append(start)
    if not moments:
        return None
    return Clash(tuple(moments), only_by_clock_change=one.zone != other.zone and len(moments) < shared)


def _near(one: Slot, other: Slot) -> bool:
    """Cheap first look: within half a day of each other in the week, whatever the zones do."""
    gap = abs(_minute_of_week(one) - _minute_of_week(other))
    return min(gap, 7 * 1440 - gap) <= 180


@lru_cache(maxsize=4096)
def _minute_of_week(slot: Slot) -> int:
    start = next(slot.starts(), None) or at_wall_clock(slot.first_day, slot.time, slot.zone).at
    return start.weekday() * 1440 + start.hour * 60 + start.minute


# --- deadlines and durations --------------------------------------------------------------------


@dataclass(frozen=True)
class Deadline:
    """A moment by which something is owed."""

    at: dt.datetime

    def has_passed(self, now: dt.datetime) -> bool:
        return now > self.at

    def is_within(self, now: dt.datetime, span: dt.timedelta) -> bool:
        return now <= self.at <= now + span


def minutes_between(start: dt.datetime, end: dt.datetime) -> Decimal:
    """Real minutes, measured in UTC: subtracting two local times of one zone would trust the wall."""
    return Decimal((end.astimezone(dt.UTC) - start.astimezone(dt.UTC)) / dt.timedelta(seconds=1)) / 60


# --- words --------------------------------------------------------------------------------------


def format_day(day: dt.date) -> str:
    """`Mon 8 Feb`"""
    return f"{day:%a} {day.day} {day:%b}"


def format_until(day: dt.date, *, year: bool = False) -> str:
    """`8 July`, or `8 July 2027`"""
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"


def format_time(at: dt.datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def format_moment(at: dt.datetime, zone: str, other: str | None = None, *, date: bool = False) -> str:
    """`Thu 14:00`, with another person's zone `Thu 14:00 · 22:00 London`; `date` adds `11 Feb`."""
    here = at.astimezone(ZoneInfo(zone))
    text = f"{format_day(here.date()) if date else f'{here:%a}'} {here:%H:%M}"
    if not other:
        return text
    there = at.astimezone(ZoneInfo(other))
    if there.utcoffset() == here.utcoffset():
        return text
    day = "" if there.date() == here.date() else f"{there:%a} "
    return f"{text} · {day}{there:%H:%M} {city(other)}"


def format_range(start: dt.datetime, end: dt.datetime, zone: str) -> str:
    """`Thu 11 Feb 14:00–14:30`"""
    return f"{format_moment(start, zone, date=True)}–{format_time(end, zone)}"


def round_half_up(value: Decimal | float | Fraction, places: int = 0) -> Decimal:
    """62.5 becomes 63, as in print; Python's own `round` says 62."""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
