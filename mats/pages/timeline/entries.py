"""The entries of a timeline in words, each with its day."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from cohorts.models import Membership, Milestone, Role
from mats import clock, text
from mats.pages.cohort_health.lines import DIFFER
from mats.pages.cohort_health.lines import WHY as WHY_NOT
from mats.pages.timeline.asking import Row
from mentorship.models import MidpointLine

# `show`: kinds of rows, and the words of the link.
SHOWS = {
    "logs": ({"log"}, "logs"),
    "meetings": ({"meeting"}, "meetings"),
    "actions": ({"action"}, "actions"),
    "milestones": ({"milestone", "review", "midpoint", "talk", "support_plan"}, "milestones"),
    "one_on_ones": ({"one_on_one"}, "1-1s"),
    "away": ({"away"}, "days away"),
    "pairings": ({"pairing", "caseload"}, "who works with whom"),
}
# Which of them there are for a role: a coach's timeline has no logs.
SHOWN: dict[str, tuple[str, ...]] = {
    Role.SCHOLAR: tuple(SHOWS),
    Role.MENTOR: ("meetings", "actions", "away", "pairings"),
    Role.COACH: ("one_on_ones", "away", "pairings"),
    Role.STAFF: ("away",),
}
SOURCES = {"away": "others", "pairings": "others"}
MEETING_WORDS = {
    "met": "met",
    "running": "meeting now",
    "due": "not met yet",
    "away": "away, so it does not count",
    "did_not_meet": "did not meet",
    "unknown": "not known whether they met",
}
LOG_WORDS = {"on_time": "on time", "late": "late", "missing": "no log", "away": "away or ill", "due": "not due yet"}


class Entry(NamedTuple):
    """A line of the timeline: what it is (a link where `url` says so), how it stands, and more. `order`
    keeps the entries of a week in one order, `mark` is a kind and a state of the marks."""

    day: dt.date
    order: int
    what: str
    words: str
    more: str = ""
    url: str = ""
    mark: tuple[str, str] | None = None


def entry(row: Row, place: Membership, zone: str) -> Entry:
    """A row in words; times are of the reader's zone."""
    return {
        "log": _log,
        "meeting": _meeting,
        "action": _action,
        "milestone": _milestone,
        "review": _review,
        "midpoint": _midpoint,
        "talk": _talk,
        "support_plan": _support_plan,
        "one_on_one": _one_on_one,
        "away": _away,
        "pairing": _tie,
        "caseload": _tie,
    }[row.kind](row, place, zone)


def _log(row: Row, place: Membership, zone: str) -> Entry:
    words = LOG_WORDS[row.word]
    if row.at:
        words += f", sent {clock.format_moment(row.at, zone, date=True)}"
    if row.before:
        words += f", edited {clock.format_moment(row.before, zone, date=True)}"
    more = text.first_lines(row.what or "", 1)
    return Entry(row.day, 0, "Weekly log", words, more, f"/logs/{row.key}/", ("log", row.word))


def _meeting(row: Row, place: Membership, zone: str) -> Entry:
    words = MEETING_WORDS[row.word]
    if why := "" if row.what == "-" else WHY_NOT.get(row.what or "", DIFFER):
        words += f" ({why})"
    if row.at and row.word in {"met", "running", "due", "unknown"}:
        words += f", {clock.format_moment(row.at, zone, date=True)}"
    if row.before:
        words += f", moved from {clock.format_moment(row.before, zone, date=True)}"
    url = f"/meetings/{row.key}/" if row.key else ""
    return Entry(row.day, 1, f"Meeting with {row.who}", words, "", url, ("meeting", row.word))


def _action(row: Row, place: Membership, zone: str) -> Entry:
    if row.word == "dropped":
        words = f"dropped {clock.format_moment(row.at, zone, date=True)}: {row.who}" if row.at else ""
    elif row.at:
        words = f"done {clock.format_moment(row.at, zone, date=True)}"
    else:
        due = f", by {clock.format_day(dt.date.fromisoformat(row.who))}" if row.who else ""
        words = f"{row.word}{due}"
    state = {"done": "done", "dropped": "excused", "late": "late", "open": "due"}[row.word]
    return Entry(row.day, 2, f"Action: {row.what}", words, "", row.key or "", ("action", state))


MILESTONE_WORDS = {"on_time": "on time", "late": "late", "missing": "not submitted", "due": "due"}


def _milestone(row: Row, place: Membership, zone: str) -> Entry:
    words = MILESTONE_WORDS[row.word]
    if row.at:
        words += f", submitted {clock.format_moment(row.at, zone, date=True)}"
    if row.before:
        words += f", passed {clock.format_moment(row.before, zone, date=True)}"
    what = str(Milestone.Kind(row.what or "").label).capitalize()
    return Entry(row.day, 3, what, words, "", row.key or "", ("milestone", row.word))


def _review(row: Row, place: Membership, zone: str) -> Entry:
    words = "pass" if row.word == "pass" else "a next version is asked for"
    if row.before and row.word != "pass":
        words += f", by {clock.format_moment(row.before, zone, date=True)}"
    what = f"{row.who}’s review of the {Milestone.Kind(row.what or '').label}"
    return Entry(row.day, 3, what, words, "", row.key or "")


def _midpoint(row: Row, place: Membership, zone: str) -> Entry:
    words = str(MidpointLine.View(row.word).label)
    if row.before:
        words += f", changed {clock.format_moment(row.before, zone, date=True)}"
    return Entry(row.day, 3, f"Mid-point line of {row.who}", words, text.first_lines(row.what or "", 1), row.key or "")


def _talk(row: Row, place: Membership, zone: str) -> Entry:
    return Entry(
        row.day, 3, "Talk after the mid-point", f"with {row.who}", text.first_lines(row.what or "", 1), row.key or ""
    )


def _support_plan(row: Row, place: Membership, zone: str) -> Entry:
    words = f"looked at again {clock.format_moment(row.before, zone, date=True)}" if row.before else "open"
    return Entry(row.day, 3, "Support plan", words, text.first_lines(row.what or "", 1), row.key or "")


def _one_on_one(row: Row, place: Membership, zone: str) -> Entry:
    with_whom = "" if place.role == Role.SCHOLAR else f" with {row.who}"
    return Entry(row.day, 4, "1-1", f"took place{with_whom}", mark=("one_on_one", "took_place"))


def _away(row: Row, place: Membership, zone: str) -> Entry:
    last = dt.date.fromisoformat(row.what or "")
    until = f" to {clock.format_day(last)}" if last != row.day else ""
    return Entry(row.day, 5, "Away", f"{clock.format_day(row.day)}{until}")


def _tie(row: Row, place: Membership, zone: str) -> Entry:
    role = Role.MENTOR if row.kind == "pairing" else Role.COACH
    other = place.cohort.label(role if place.role == Role.SCHOLAR else Role.SCHOLAR)
    words = f"{row.word} {clock.format_day(row.day)}"
    return Entry(row.day, 6, f"{row.who}, {other}", words, row.what or "", row.key or "")
