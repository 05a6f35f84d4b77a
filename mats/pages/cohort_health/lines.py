"""One scholar's line, and what it says in words: when somebody should look, and why.

Reasons in words, never a score. A line comes to staff after three missed weeks in a row, or after
fourteen days without any contact; one miss makes no case, and two neither. Weeks and days away
neither count nor break a row, and the current week is not missed before its moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mats.clock import format_weeks

MISSED_WEEKS = 3
QUIET_DAYS = 14
DAY = dt.timedelta(days=1)


class Week(NamedTuple):
    """How a week of one kind stands: its number, the kind's own word, the key it leads to ("-": to
    nothing), and more about the word ("-": nothing)."""

    number: int
    word: str
    key: str = "-"
    why: str = "-"


class Reason(NamedTuple):
    """Words, and which rows of the person's timeline they lead to."""

    words: str
    show: str = ""


NOT_COUNTED = frozenset({"away", "due", "running"})
NO_MEETING = frozenset({"did_not_meet", "unknown", "not_paired"})
# Why there was no meeting, as far as staff may know.
WHY = {
    "scholar": "the scholar was missing",
    "mentor": "the mentor was missing",
    "both": "both were missing",
    "mentor_away": "mentor away",
    "not_planned": "not planned",
    "called_off": "called off",
    "unknown": "not known",
    "not_paired": "not paired",
}
DIFFER = "their accounts differ"


@dataclass
class ScholarLine:
    """One scholar's weeks so far. `one_on_ones` is None where the reader may not know of them: then
    they are in no reason and no count."""

    key: str
    name: str
    logs: list[Week] = field(default_factory=list)
    meetings: list[Week] = field(default_factory=list)
    one_on_ones: list[Week] | None = None
    last_one_on_one: dt.date | None = None
    one_on_one_is_overdue: bool = False
    late_actions: int = 0
    open_actions: int = 0
    is_here: bool = True
    is_paired: bool = True
    quiet_days: int = 0
    site: str | None = None
    mentors: list[str] = field(default_factory=list)
    coach: str = ""

    @property
    def facts(self) -> list[Reason]:
        """Everything that was missed, for the table; a single miss stands here and makes no case."""
        found = []
        if not self.is_paired:
            found.append(Reason("not paired yet" if not self.meetings else "not paired now", "pairings"))
        if missing := [week.number for week in self.logs if week.word == "missing"]:
            found.append(Reason(f"no log for {format_weeks(missing)}", "logs"))
        if missed := [week.number for week in self.meetings if week.word == "did_not_meet"]:
            found.append(Reason(f"did not meet in {format_weeks(missed)}", "meetings"))
        return found + self._without_one_on_one

    @property
    def case(self) -> list[Reason]:
        """Why somebody should look now; empty as long as there is no case."""
        logs = [week.number for week in _row(self.logs, {"missing"}) if week.word == "missing"]
        meetings = _row(self._weeks_to_meet, NO_MEETING)
        unmet = sum(week.word in NO_MEETING for week in meetings)
        is_quiet = self.quiet_days >= QUIET_DAYS
        if not self.is_here or not (is_quiet or max(len(logs), unmet) >= MISSED_WEEKS):
            return []
        found = []
        if unmet >= MISSED_WEEKS:
            found.append(_not_met(meetings, unmet))
        elif not self.is_paired:
            found.append(Reason("not paired", "pairings"))
        if logs and (is_quiet or len(logs) >= MISSED_WEEKS):
            found.append(Reason(f"no log for {format_weeks(logs)}", "logs"))
        if is_quiet:
            found.append(Reason(f"no contact for {self.quiet_days} days"))
        return found + self._without_one_on_one

    @property
    def _weeks_to_meet(self) -> list[Week]:
        """The meetings' weeks, and those that are over in which the scholar was here and had no mentor."""
        paired = {week.number: week for week in self.meetings}
        latest = self.logs[-1].number if self.logs else 0
        return [
            paired.get(week.number) or Week(week.number, "away" if week.word == "away" else "not_paired")
            for week in self.logs
            if week.number in paired or week.number < latest
        ]

    @property
    def _without_one_on_one(self) -> list[Reason]:
        """Said once the promised day of the next one has gone by; never where the reader may not know."""
        if self.one_on_ones is None or not self.one_on_one_is_overdue:
            return []
        held = [week.number for week in self.one_on_ones if week.word == "took_place"]
        return [Reason(f"no 1-1 since week {max(held)}" if held else "no 1-1 yet", "one_on_ones")]


def _row(weeks: list[Week], missed: Iterable[str]) -> list[Week]:
    """The weeks missed in a row up to now, with those among them that do not count; the oldest first."""
    found: list[Week] = []
    for week in reversed(weeks):
        if week.word not in missed and week.word not in NOT_COUNTED:
            break
        found.append(week)
    while found and found[-1].word not in missed:
        found.pop()
    return found[::-1]


def _not_met(weeks: list[Week], number: int) -> Reason:
    """`did not meet for 3 weeks (mentor away, then the scholar was missing)`"""
    words = {week.word for week in weeks if week.word in NO_MEETING}
    if words == {"not_paired"}:
        return Reason(f"not paired for {number} weeks", "pairings")
    if words == {"unknown"}:
        return Reason(f"nobody said for {number} weeks whether they met", "meetings")
    whys = [_why(week) for week in weeks]
    told = [why for why, before in zip(whys, [None, *whys], strict=False) if why and why != before]
    return Reason(f"did not meet for {number} weeks" + (f" ({', then '.join(told)})" if told else ""), "meetings")


def _why(week: Week) -> str:
    if week.word in {"unknown", "not_paired"}:
        return WHY[week.word]
    return "" if week.why == "-" else WHY.get(week.why, DIFFER)


def days_without(last: dt.date, today: dt.date, away: Iterable[tuple[dt.date, dt.date]]) -> int:
    """Days since `last`, today included, without the days away."""
    gone = {first + DAY * n for first, end in away for n in range((min(end, today) - first).days + 1)}
    return (today - last).days - sum(last < day <= today for day in gone)


def first_day_here(day: dt.date, away: Iterable[tuple[dt.date, dt.date]]) -> dt.date:
    """This day, or the first day after it on which nobody is away."""
    for first, last in sorted(away):
        if first <= day <= last:
            day = last + DAY
    return day
