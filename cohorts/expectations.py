"""What somebody owes: one reading over every kind of it.

A weekly log, a pairing's week, the next 1-1: each is owed by somebody, on one scholar's line, by a
moment that never drifts. The apps register the kinds they know when they are ready; Home, cohort
health, a person's timeline, the messages and the extension evidence read the same rows here.

    rows(cohort=cohort.pk, at=at, reader=person)     everything of a cohort that this person may read
    rows(scholar=place.pk, at=at, reader=person)     what stands on one scholar's line
    of_person(person, at)                            what a person owes and is owed, in all their cohorts

One statement each, whatever the size. Each row is an `Expectation`:

    kind      log, meeting or one_on_one
    owner     the place that owes it: the scholar's, the mentor's, the coach's
    scholar   the scholar's place, on whose line it stands
    cohort    its cohort
    number    the week's number in its phase; None for a 1-1, which belongs to a day
    day       the first day of the week; of a 1-1 the day it took place, or is due
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
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from cohorts.models import Person
from mats.statements import Statement

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
    owner: UUID
    scholar: UUID
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


Build = Callable[..., QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """`build(reader=…, at=…, until=…)` gives the columns above, as far as the reader may see them;
    `scholar` and `owner` are the paths to those places."""

    name: str
    build: Build
    scholar: str
    owner: str

    def of(self, scope: str, key: Any, **moment: Any) -> QuerySet[Any]:
        """Those of a cohort, of one scholar's line, or of a person (as owner or as scholar)."""
        rows = self.build(**moment)
        if scope == "cohort":
            return rows.filter(**{f"{self.scholar}__cohort": key})
        if scope == "scholar":
            return rows.filter(**{self.scholar: key})
        return rows.filter(Q(**{f"{self.owner}__person": key}) | Q(**{f"{self.scholar}__person": key}))


_kinds: list[Kind] = []


def register(name: str, build: Build, *, scholar: str, owner: str) -> None:
    """Add a kind, or another source of one; called when an app is ready."""
    _kinds.append(Kind(name, build, scholar, owner))
    _statement.cache_clear()


def rows(
    *,
    at: dt.datetime,
    reader: Person,
    cohort: UUID | None = None,
    scholar: UUID | None = None,
    until: dt.datetime | None = None,
    kinds: Iterable[str] = (),
) -> list[Expectation]:
    """What is owed in a cohort or on a scholar's line, as far as `reader` may see it; one statement.

    In no particular order. `kinds` narrows them.
    """
    scope, key = ("cohort", cohort) if cohort else ("scholar", scholar)
    moment = {"at": at, "until": until or at}
    return _ask(_statement(scope, tuple(kinds)), key=key, reader=reader, **moment)


def of_person(
    person: Person, at: dt.datetime, *, until: dt.datetime | None = None, kinds: Iterable[str] = ()
) -> list[Expectation]:
    """What a person owes or is owed in every cohort of theirs, as they may see it; one statement."""
    moment = {"at": at, "until": until or at}
    return _ask(_statement("person", tuple(kinds)), key=person.pk, reader=person, **moment)


def _ask(statement: Statement, *, reader: Person, **values: Any) -> list[Expectation]:
    if not reader.is_active:  # The one thing about the reader that the compiled table does not ask.
        return []
    return [Expectation._make(row) for row in statement.ask(reader=reader, **values)]


@cache
def _statement(scope: str, kinds: tuple[str, ...]) -> Statement:
    wanted = [kind for kind in _kinds if not kinds or kind.name in kinds]

    def build(key: Any, **moment: Any) -> list[QuerySet[Any]]:
        return [kind.of(scope, key, **moment) for kind in wanted]

    return Statement(build, key=UUID, reader=Person, at=dt.datetime, until=dt.datetime)
