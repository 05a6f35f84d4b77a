"""The five lines and their rows in words. Figures stand as "9 of 11": never a share, never a sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cohorts.models import Cohort, Milestone
from mats.clock import format_day, local_date
from mentorship.evidence.leave import Noted
from mentorship.evidence.reading import Count, Row
from mentorship.evidence.sql import AHEAD
from mentorship.models import Output
from mentorship.standard import WhatWeLookFor

NOTHING_YET = "nothing to count yet"
NO_MILESTONES = "this cohort has no milestones"
UNITS = {"rhythm": "week{s}", "meetings": "week{s} met", "milestones": "passed", "actions": "kept"}
AHEAD_WORDS = {
    "rhythm": "not due yet",
    "meetings": "not over yet",
    "milestones": "not due yet",
    "actions": "still open",
}
ANOTHER_MENTORS = "An action agreed with another mentor"

# How a row stands, by what SQL calls it; {scholar} is the cohort's own word.
WORDS = {
    "rhythm": {
        "on_time": "sent in time",
        "late": "sent late, which counts as kept",
        "missing": "no log",
        "away": "away",
        "said_away": "away or ill, as the log says",
        "unpaired": "without a mentor in this week",
        "not_here": "before it could be written here",
        "due": "not due yet",
    },
    "meetings": {
        "met": "met",
        "running": "meeting now",
        "did_not_meet": "did not meet",
        "not_planned": "did not meet: nothing was planned",
        "scholar": "did not meet: the {scholar} was missing",
        "called_off_by_scholar": "called off by the {scholar}",
        "called_off_by_mentor": "called off by the mentor",
        "called_off": "called off by somebody else",
        "mentor": "missed by the mentor",
        "both": "both were missing",
        "not_here": "before they were paired here",
        "differ": "did not meet, and their accounts differ",
        "away": "away",
        "said_away": "away or ill, as the {scholar}’s log says",
        "mentor_away": "the mentor was away",
        "due": "not over yet",
        "unknown": "not known whether they met",
    },
    "milestones": {
        "passed": "passed",
        "revise": "submitted; a next version is asked for",
        "submitted": "submitted, and waits for its reader",
        "missing": "not submitted",
    },
}


class Figure(NamedTuple):
    """A line in words: what counts, and the rest."""

    said: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.said}; {self.rest}" if self.rest else self.said


def figure(line: str, count: Count, standard: WhatWeLookFor, *, has_milestones: bool = True) -> Figure:
    """`yes: 9 of 11 weeks` and `2 do not count`."""
    if line == "outputs":
        return Figure(f"{count.counted} output{'s' * (count.counted != 1)}" if count.counted else "none yet")
    return Figure(_said(line, count, standard, has_milestones), _rest(line, count))


def _said(line: str, count: Count, standard: WhatWeLookFor, has_milestones: bool) -> str:
    if not count.counted:
        return NO_MILESTONES if line == "milestones" and not has_milestones else NOTHING_YET
    of = f"{count.kept} of {count.counted} {UNITS[line].format(s='s' * (count.counted != 1))}"
    return f"{rhythm(count, standard)}: {of}" if line == "rhythm" else of


def rhythm(count: Count, standard: WhatWeLookFor) -> str:
    """Whether the weekly rhythm was kept: yes, partly or no, by the percentages of what we look for."""
    if count.kept * 100 >= standard.rhythm_yes * count.counted:
        return "yes"
    return "partly" if count.kept * 100 >= standard.rhythm_partly * count.counted else "no"


def _rest(line: str, count: Count) -> str:
    parts = []
    if count.not_counted:
        parts.append(f"{count.not_counted} do{'es' * (count.not_counted == 1)} not count")
    if count.unknown:
        parts.append(f"{count.unknown} not known")
    if count.ahead:
        parts.append(f"{count.ahead} {AHEAD_WORDS[line]}")
    return "; ".join(parts)


class Said(NamedTuple):
    """A row in words: what it is, how it stands, where it is read (empty: nowhere for this reader)."""

    what: str
    words: str
    url: str


def said(row: Row, cohort: Cohort, noted: Noted | None) -> Said:
    what, words = TELL[row.line](row, cohort)
    if noted:
        day = format_day(local_date(noted.at, cohort.time_zone))
        words += f" (noted afterwards, on {day}{f': {noted.why}' if noted.why else ''})"
    if not row.counts and row.why not in AHEAD:
        words = f"does not count: {words}"
    return Said(what, words, row.path or "")


def _words(row: Row, cohort: Cohort) -> str:
    words = WORDS[row.line]
    return words.get(row.why, words.get(row.word, "")).format(scholar=cohort.scholar_label)


def _rhythm(row: Row, cohort: Cohort) -> tuple[str, str]:
    return f"Week {row.number}, from {format_day(row.day)}", _words(row, cohort)


def _meeting(row: Row, cohort: Cohort) -> tuple[str, str]:
    return f"Week {row.number}, with {row.what}", _words(row, cohort)


def _milestone(row: Row, cohort: Cohort) -> tuple[str, str]:
    what = str(dict(Milestone.Kind.choices)[row.what or ""]).capitalize()
    day = format_day(row.day)
    if row.word == "due":
        return what, f"due on {day}"
    return what, f"{WORDS['milestones'][row.word]}; due on {day}"


def _action(row: Row, cohort: Cohort) -> tuple[str, str]:
    by = f"by {format_day(row.day)}" if row.more else ""
    words = {
        "done": "done",
        "dropped": f"dropped: {row.more}" if row.more else "dropped, with a reason",
        "late": f"open past its day, {format_day(row.day)}",
        "open": f"still open, {by}" if by else "still open",
    }[row.word]
    return row.what or ANOTHER_MENTORS, words


def _output(row: Row, cohort: Cohort) -> tuple[str, str]:
    return row.what or "", f"{dict(Output.Kind.choices)[row.more or '']}, {dict(Output.State.choices)[row.word]}"


TELL: dict[str, Callable[[Row, Cohort], tuple[str, str]]] = {
    "rhythm": _rhythm,
    "meetings": _meeting,
    "milestones": _milestone,
    "actions": _action,
    "outputs": _output,
}
