"""The clock: now, cohort weeks, deadlines, wall-clock recurrence, and the one formatter.

Moments are aware datetimes in UTC; days are plain dates on a cohort's or a person's wall. A
recurring time is a wall-clock time with its zone, turned into moments week by week, because zones
change their clocks on different nights.
"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MAIN_PHASE_MONTHS = 3
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
MICROSECONDS_A_MINUTE = 60_000_000
MINUTES_A_DAY = 1440


def now() -> dt.datetime:
    """This moment in UTC: read once at the edge and passed down."""
    return dt.datetime.now(dt.UTC)


# --- months -----------------------------------------------------------------------------------


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, clamped to the month's end.

    PostgreSQL's `+ interval '3 months'` clamps alike, so form and constraint agree. A typed year
    may be 9999: the calendar's last day is then the answer, not an error.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_months(starts_on: dt.date, months: int) -> dt.date:
    """The last day of a range of so many calendar months, first and last day included.

    Three months from 4 January end on 3 April; from 30 November on 27 February, since their
    fourth month would begin on the 28th.
    """
    return add_months(starts_on, months) - DAY


def first_long_enough_end(starts_on: dt.date) -> dt.date:
    """The first last day that makes a main phase long enough."""
    return last_day_of_months(starts_on, MAIN_PHASE_MONTHS)


# --- zones ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    """Places, and UTC; not the historical aliases without a place."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def is_zone(name: str) -> bool:
    """Whether this is the exact name of a place's zone: no path, no `localtime`, no empty name."""
    return name in _zone_names()


def parse_zone(name: str) -> ZoneInfo:
    """The zone of this name; raises ValueError in words."""
    if is_zone(name):
        return ZoneInfo(name)
    # The name is only quoted with what can be seen of it: the words may be stored and printed.
    quoted = "".join(letter for letter in name[:64] if letter.isprintable())
    if meant := _zone_names_by_plain_name().get(name.strip().replace(" ", "_").casefold()):
        raise ValueError(f"“{quoted}” is not a time zone; {meant} is.")
    raise ValueError(f"“{quoted}” is not a time zone. Write it like Europe/London or America/New_York.")


@lru_cache(maxsize=1)
def _zone_names_by_plain_name() -> dict[str, str]:
    return {name.casefold(): name for name in _zone_names()}


def zone_choices() -> list[tuple[str, str]]:
    """Names and how they read, for a select: `("America/New_York", "America/New York")`."""
    return [(name, name.replace("_", " ")) for name in sorted(_zone_names())]


def city(zone: str) -> str:
    """`London` for Europe/London, `New York` for America/New_York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """The day on the wall of this zone at a moment."""
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
        """UTC moment at which the first day begins; where a clock skips midnight, the first minute."""
        return at_wall_clock(self.starts_on, dt.time(0), zone).at

    def closes_at(self, zone: str) -> dt.datetime:
        """UTC moment at which the day after the last one begins: the week ends just before it."""
        return at_wall_clock(self.ends_on + DAY, dt.time(0), zone).at


def week_of(day: dt.date, first_day: dt.date, week_start: int) -> Week:
    """The week that holds `day`. Weeks begin on `week_start` (0 is Monday … 6 Sunday).

    Week 1 holds `first_day` and begins with it, even if it is short. Days before the first day lie
    in weeks 0, -1, …, so that every day has exactly one week; week 0 may be short in its turn.
    """
    boundary = _boundary(first_day, week_start)
    starts_on = _boundary(day, week_start)
    number, ends_on = (starts_on - boundary).days // 7 + 1, starts_on + 6 * DAY
    if first_day == boundary:
        return Week(number, starts_on, ends_on)
    if day < first_day:
        return Week(number - 1, starts_on, min(ends_on, first_day - DAY))
    return Week(number, max(starts_on, first_day), ends_on)


def _boundary(day: dt.date, week_start: int) -> dt.date:
    """The last day up to `day` on which a full week begins."""
    return day - dt.timedelta(days=(day.weekday() - week_start) % 7)


def weeks_between(first_day: dt.date, last_day: dt.date, week_start: int) -> list[Week]:
    """All weeks of a phase, first and last day included; the last week ends with the phase."""
    weeks = []
    day = first_day
    while day <= last_day:
        week = week_of(day, first_day, week_start)
        weeks.append(Week(week.number, week.starts_on, min(week.ends_on, last_day)))
        day = week.ends_on + DAY
    return weeks


# --- wall clocks ------------------------------------------------------------------------------


@dataclass(frozen=True)
class WallMoment:
    """A wall-clock time as a UTC moment. `note` is "skipped" where the clock jumped over it (then
    it is the first valid minute after), "twice" where it exists twice (then it is the first)."""

    at: dt.datetime
    note: str = ""


def at_wall_clock(day: dt.date, time: dt.time, zone: str) -> WallMoment:
    """The UTC moment at which the clock of a place shows this time on this day.

    Where a place skipped a whole day (Apia, 30 December 2011) it is the next day's first minute.
    """
    place = ZoneInfo(zone)
    local = dt.datetime.combine(day, time, tzinfo=place)
    first, second = (local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if first == second:
        return WallMoment(first)
    # A time that exists twice comes first with the old offset; in a gap the new offset comes out earlier.
    if first < second:
        return WallMoment(first, "twice")
    return WallMoment(_end_of_gap(second, first, place), "skipped")


def _end_of_gap(before: dt.datetime, after: dt.datetime, place: ZoneInfo) -> dt.datetime:
    """The whole minute at which the clock jumped, between two UTC moments around it."""
    start = before.replace(second=0, microsecond=0)
    old = start.astimezone(place).utcoffset()
    minutes = range((after - start) // dt.timedelta(minutes=1) + 1)
    jump = bisect_left(
        minutes, True, key=lambda n: (start + dt.timedelta(minutes=n)).astimezone(place).utcoffset() != old
    )
    return start + dt.timedelta(minutes=jump)


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
    minutes: int = 30  # how long each lasts, in real minutes

    def starts(self) -> Iterator[dt.datetime]:
        return (moment.at for moment in _starts(self))


@lru_cache(maxsize=4096)
def _starts(slot: Slot) -> tuple[WallMoment, ...]:
    return tuple(weekly_occurrences(slot.weekday, slot.time, slot.zone, slot.first_day, slot.last_day))


@dataclass(frozen=True)
class Clash:
    """Where two slots overlap.

    `moments` are the starts of the first slot (UTC) that run into the other one.
    `only_by_clock_change` says that other weeks which both slots share are free: the two zones'
    clocks differ in these weeks alone, as between the March nights of New York and of London.
    """

    moments: tuple[dt.datetime, ...]
    only_by_clock_change: bool


def clash(one: Slot, other: Slot) -> Clash | None:
    """The overlap of two weekly slots in real time, or None; one ending as the other begins is none."""
    if one.first_day > other.last_day + DAY or other.first_day > one.last_day + DAY or not _near(one, other):
        return None
    theirs = [moment.at for moment in _starts(other)]
    moments, shared = [], 0
    for start in one.starts():
        close = _within_a_day(start, theirs)
        shared += bool(close)
        if any(_overlap(start, one.minutes, their, other.minutes) for their in close):
            moments.append(start)
    if not moments:
        return None
    return Clash(tuple(moments), only_by_clock_change=one.zone != other.zone and len(moments) < shared)


def _within_a_day(start: dt.datetime, theirs: list[dt.datetime]) -> list[dt.datetime]:
    """Weekly moments less than a day from `start`: at most one or two of a sorted list."""
    return [their for their in theirs[bisect_left(theirs, start - DAY) :][:2] if abs(their - start) < DAY]


def _overlap(start: dt.datetime, minutes: int, other: dt.datetime, other_minutes: int) -> bool:
    return other < start + dt.timedelta(minutes=minutes) and start < other + dt.timedelta(minutes=other_minutes)


def _near(one: Slot, other: Slot) -> bool:
    """Cheap first look: within a day of each other in the UTC week, whatever the zones' clocks do."""
    gap = abs(_minute_of_week(one) - _minute_of_week(other))
    return min(gap, 7 * MINUTES_A_DAY - gap) <= MINUTES_A_DAY


@lru_cache(maxsize=4096)
def _minute_of_week(slot: Slot) -> int:
    """Minutes since Monday 00:00 UTC of the slot's first occurrence."""
    first = next(slot.starts(), None)
    start = first or at_wall_clock(slot.first_day, slot.time, slot.zone).at
    return start.weekday() * MINUTES_A_DAY + start.hour * 60 + start.minute


# --- durations -----------------------------------------------------------------------------------


def minutes_between(start: dt.datetime, end: dt.datetime) -> Decimal:
    """Real minutes, measured in UTC: subtracting two local times of one zone would trust the wall."""
    span = end.astimezone(dt.UTC) - start.astimezone(dt.UTC)
    return Decimal(span // dt.timedelta(microseconds=1)) / MICROSECONDS_A_MINUTE


# --- words --------------------------------------------------------------------------------------


def format_day(day: dt.date, *, year: bool = False) -> str:
    """`Mon 8 Feb`, or `Mon 8 Feb 2027`"""
    return f"{day:%a} {day.day} {day:%b %Y}" if year else f"{day:%a} {day.day} {day:%b}"


def format_until(day: dt.date, *, year: bool = False) -> str:
    """`8 July`, or `8 July 2027`"""
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"


def format_time(at: dt.datetime, zone: str) -> str:
    """`14:00`"""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def format_moment(
    at: dt.datetime, zone: str, other: str | None = None, other_label: str = "", *, date: bool = False
) -> str:
    """`Thu 14:00`; `date` makes it `Thu 11 Feb 14:00`.

    With another person's zone `Thu 14:00 · 22:00 London`, the day repeated where it differs; the
    label is the zone's city unless given. Where both clocks show the same, once is enough.
    """
    here = at.astimezone(ZoneInfo(zone))
    text = f"{format_day(here.date()) if date else f'{here:%a}'} {here:%H:%M}"
    return f"{text}{_elsewhere(at, zone, other, other_label)}" if other else text


def _elsewhere(at: dt.datetime, zone: str, other: str, label: str = "") -> str:
    """` · 22:00 London`; nothing where both clocks show the same."""
    here, there = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(other))
    if there.utcoffset() == here.utcoffset():
        return ""
    day = "" if there.date() == here.date() else f"{there:%a} "
    return f" · {day}{there:%H:%M} {label or city(other)}"


def format_weeks(numbers: Iterable[int]) -> str:
    """`week 4`, `weeks 4 and 5`, `weeks 1, 2 and 7`"""
    *most, last = [str(number) for number in sorted(numbers)]
    return f"weeks {', '.join(most)} and {last}" if most else f"week {last}"


def format_range(start: dt.datetime, end: dt.datetime, zone: str, other: str | None = None) -> str:
    """`Thu 11 Feb 14:00–14:30`; with another person's zone ` · 22:00 London` after it."""
    text = f"{format_moment(start, zone, date=True)}–{format_time(end, zone)}"
    return f"{text}{_elsewhere(start, zone, other)}" if other else text


def round_half_up(value: Decimal | float | Fraction, places: int = 0) -> Decimal:
    """62.5 becomes 63 and -62.5 becomes -63, as in print; Python's own `round` says 62."""
    parts = value.as_integer_ratio() if isinstance(value, Fraction) else (str(value), 1)
    return (Decimal(parts[0]) / Decimal(parts[1])).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
