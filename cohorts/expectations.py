"""What somebody owes: one reading over every kind of it.

A weekly log, a pairing's week, the next 1-1: each is owed by somebody, on one scholar's line, by a
moment that never drifts. The apps register the kinds they know when they are ready; Home, cohort
health, a person's timeline, the messages and the extension evidence read the same rows here.

    rows(cohort=cohort.pk, at=at, reader=person)     everything of a cohort that this person may read
    rows(place=place.pk, at=at, reader=person)       what one place owes and is owed
    of_person(person, at)                            what a person owes and is owed, in all their cohorts

One statement each, whatever the size (and `lines` for a page that shows a whole cohort). Each row is an `Expectation`:

    kind      log, meeting, one_on_one; milestone, revision, review, midpoint_line, talk, support_plan,
              answers and letters (each app says what its kinds are)
    owner     the place that owes it: the scholar's, the mentor's, the coach's, a reader's; None for what
              staff owe together
    scholar   the scholar's place, on whose line it stands; None for what is owed to a whole cohort
    cohort    its cohort
    number    the week's number in its phase; None for what belongs to a day
    day       the first day of the week; else the day it is due, of a 1-1 the day it took place
    due_at    the moment; None for a 1-1 that took place: nobody had to say when
    met_at    when it was done; None if it was not, or nobody said
    word      the kind's own word for how it stands (see `STATES`)
    about     the log, the pairing's week, the 1-1; of a 1-1 still to come the caseload

and `row.state` is one of KEPT (done in time), LATE (done after its moment), MISSED (past its moment
and not done), EXCUSED (away: it leaves every denominator), OPEN (its moment lies ahead) and UNKNOWN
(past, and nobody said). Only `due_at` decides what is late, so the current week is not late before
its moment. Weeks that have not begun are left out, unless `until` names a later moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from cohorts.access import visible
from cohorts.models import Cohort, Membership, Person, Role
from cohorts.querysets import here
from mats.statements import Source, Statement

KEPT, LATE, MISSED, EXCUSED, OPEN, UNKNOWN = "kept", "late", "missed", "excused", "open", "unknown"

# The kinds' own words, which the marks of a page show, and what they mean.
STATES = {
    "on_time": KEPT,
    "late": LATE,
    "missing": MISSED,
    "met": KEPT,
    "running": OPEN,
    "did_not_meet": MISSED,
    "took_place": KEPT,
    "overdue": MISSED,
    "away": EXCUSED,
    "due": OPEN,
    "unknown": UNKNOWN,
}
# What counts where kept is asked for: done, though perhaps late.
DONE = frozenset({KEPT, LATE})


class Expectation(NamedTuple):
    """One thing that somebody owes; the columns are told at the top of this file."""

    kind: str
    owner: UUID | None
    scholar: UUID | None
    cohort: UUID
    number: int | None
    day: dt.date
    due_at: dt.datetime | None
    met_at: dt.datetime | None
    word: str
    about: UUID

    @property
    def state(self) -> str:
        return STATES[self.word]


# `build(places, reader=…, at=…, until=…)`: the columns above of what these places owe and are owed,
# as far as the reader may see it.
Build = Callable[..., Source]

_kinds: dict[str, Build] = {}


def register(kind: str, build: Build) -> None:
    """Add a kind; called when an app is ready."""
    _kinds[kind] = build
    _statement.cache_clear()


def rows(
    *,
    at: dt.datetime,
    reader: Person,
    cohort: UUID | None = None,
    place: UUID | None = None,
    until: dt.datetime | None = None,
    kinds: Iterable[str] = (),
) -> list[Expectation]:
    """What is owed in a cohort, or by and to one place, as far as `reader` may see it; in no order."""
    scope, key = ("cohort", cohort) if cohort else ("place", place)
    statement = _statement(scope, tuple(kinds))
    return [Expectation._make(row) for row in statement.ask(key=key, reader=reader, at=at, until=until or at)]


def of_person(
    person: Person, at: dt.datetime, *, until: dt.datetime | None = None, kinds: Iterable[str] = ()
) -> list[Expectation]:
    """What a person owes or is owed in every cohort of theirs, as they may see it; in no order."""
    statement = _statement("person", tuple(kinds))
    found = statement.ask(key=person.pk, reader=person, at=at, until=until or at)
    return [Expectation._make(row) for row in found]


@cache
def _statement(scope: str, kinds: tuple[str, ...]) -> Statement:
    wanted = [build for kind, build in _kinds.items() if not kinds or kind in kinds]

    def build(key: Any, **moment: Any) -> list[Source]:
        return [of_kind(_places(scope, key), **moment) for of_kind in wanted]

    return Statement(build)


def _places(scope: str, key: Any) -> QuerySet[Any]:
    """The places that a reading is about: those of a cohort, one, or those of a person."""
    path = {"cohort": "cohort", "place": "pk", "person": "person"}[scope]
    return Membership.objects.filter(**{path: key}).values("pk")


# --- a whole cohort at once -----------------------------------------------------------------------


class Line(NamedTuple):
    """All rows of one kind on one scholar's line.

    `weeks` are texts, the oldest first: day, word and key of the log or meeting ("-" without one);
    of a meeting also why they did not meet, and the mentor. `met_on` is the day on which one of
    them was met last.
    """

    scholar: str
    kind: str
    weeks: list[list[str]]
    met_on: dt.date | None


_folds: list[Build] = []


def fold(*builds: Build) -> None:
    """Add how kinds fold to lines; called when an app is ready. A line is scholar, kind, its weeks
    in one text, and the day of the last that was met."""
    _folds.extend(builds)
    _line_statement.cache_clear()


def lines(*, cohort: Cohort, at: dt.datetime, reader: Person, weeks: list[dt.date]) -> list[Line]:
    """The logs, meetings and 1-1s of a whole cohort that its staff may read, a line per scholar and kind.

    The same states as `rows` gives, of the weeks that begin on these days. A page of staff's shows
    some thousand of them: reading their keys and moments one by one would cost more than finding
    them. The 1-1s are those held so far; a scholar whose 1-1s the reader may not read has no line of
    that kind, and one who has had none an empty one.
    """
    values = {"weeks": weeks, "zone": cohort.time_zone, "week_start": cohort.week_start}
    asked = _line_statement().ask(cohort=cohort.pk, reader=reader, at=at, **values)
    found = [
        Line(scholar, kind, [week.split(" ") for week in folded.split(",")] if folded else [], met_on)
        for scholar, kind, folded, met_on in asked
    ]
    away = {(line.scholar, day) for line in found if line.kind == "away" for day, *_ in line.weeks}
    return excuse([line for line in found if line.kind != "away"], away)


@cache
def _line_statement() -> Statement:
    def build(cohort: Any, reader: Person, at: dt.datetime, **moment: Any) -> list[Source]:
        scholars = visible(Membership, "membership", reader, at, "see_timeline")
        scholars = scholars.filter(here(), cohort=cohort, role=Role.SCHOLAR)
        return [folded(scholars, reader=reader, at=at, cohort=cohort, **moment) for folded in _folds]

    return Statement(build)


# What was done stays done, away or not.
STANDS = frozenset({"on_time", "met", "running", "took_place"})


def excuse(lines: list[Line], away: set[tuple[str, str]]) -> list[Line]:
    """Nothing is owed for a week away: of the scholar, and for a meeting of its mentor too.

    `away` holds places and first days of weeks; a log that says "away or ill" excuses its week's
    meeting as well.
    """
    ill = {
        (line.scholar, day) for line in lines if line.kind == "log" for day, word, *_ in line.weeks if word == "away"
    }
    gone = away | ill
    if gone:
        for line in lines:
            for week in line.weeks:
                if week[1] in STANDS or line.kind == "one_on_one":
                    continue
                if line.kind == "meeting" and (week[4], week[0]) in away:
                    week[1], week[3] = "away", "mentor_away"
                elif (line.scholar, week[0]) in gone:
                    week[1] = "away"
    return lines
