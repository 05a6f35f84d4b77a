"""1-1s as Home reads them: one row a caseload, for its coach and for its scholar."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import CharField, QuerySet, Value

from coaching.querysets import caseloads_of_coach, open_caseloads
from cohorts.models import Person
from cohorts.rules.days import Days
from mats.statements import Statement

COACH, SCHOLAR = "coach", "scholar"


class Ahead(NamedTuple):
    """A caseload as its coach or its scholar (`side`) reads it; `other` is the other one.

    `last` is the day of the last 1-1; `planned` the next one planned, a range; `unsaid` the oldest
    planned one that is over and of which its coach, who reads, has not said whether it took place.
    `away` are the days on which one of the two is away.
    """

    side: str
    scholar: UUID
    coach: UUID
    cohort: UUID
    other: str
    other_zone: str
    starts_on: dt.date
    cadence_days: int
    last: dt.date | None = None
    planned: Any = None
    unsaid: Any = None
    away: tuple[Days, ...] = ()


def _caseloads(side: str, other: str) -> Statement:
    def build(*, reader: Person, at: dt.datetime) -> list[QuerySet[Any]]:
        mine = caseloads_of_coach(reader, at) if side == COACH else open_caseloads(at).filter(scholar__person=reader)
        return [
            mine.values_list(
                Value(side, output_field=CharField()), "scholar_id", "coach_id", "cohort_id",
                f"{other}__person__name", f"{other}__person__time_zone", "starts_on", "cadence_days",
            )
        ]  # fmt: skip

    return Statement(build)


_CASELOADS = {COACH: _caseloads(COACH, SCHOLAR), SCHOLAR: _caseloads(SCHOLAR, COACH)}

# Of scholars found by the caseloads that the reader may see; row-level security asks once more.
ONE_ON_ONES = """
SELECT about_id, coach_id, took_place_on, planned FROM coaching_oneonone
 WHERE about_id = ANY(%s) AND archived_at IS NULL AND missed_at IS NULL ORDER BY planned
"""

DAYS_AWAY = """
SELECT membership_id, starts_on, ends_on FROM cohorts_leave WHERE membership_id = ANY(%s) AND archived_at IS NULL
"""


def one_on_ones_ahead(person: Person, at: dt.datetime, sides: Iterable[str]) -> list[Ahead]:
    """The caseloads that run now, on some sides of a person; never one of somebody they mentor."""
    if not person.is_active:
        return []
    rows = [Ahead(*row) for side in sides for row in _CASELOADS[side].ask(reader=person, at=at)]
    if not rows:
        return []
    found, away = _one_on_ones([row.scholar for row in rows]), _days_away(rows)
    return [_with_one_on_ones(row, found.get(row.scholar, []), at)._replace(away=away(row)) for row in rows]


def _days_away(rows: list[Ahead]) -> Callable[[Ahead], tuple[Days, ...]]:
    """What tells the days away of scholar and coach of a caseload; one query."""
    found: dict[UUID, list[Days]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(DAYS_AWAY, [[place for row in rows for place in (row.scholar, row.coach)]])
        for place, first, last in cursor.fetchall():
            found[place].append((first, last))
    return lambda row: (*found[row.scholar], *found[row.coach])


def _one_on_ones(scholars: list[UUID]) -> dict[UUID, list[tuple[Any, ...]]]:
    """Coach, day on which it took place and plan of the 1-1s by scholar, in the order of their plans."""
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(ONE_ON_ONES, [scholars])
        for scholar, *facts in cursor.fetchall():
            found[scholar].append(tuple(facts))
    return found


def _with_one_on_ones(row: Ahead, one_on_ones: list[tuple[Any, ...]], at: dt.datetime) -> Ahead:
    plans = [(coach, plan) for coach, day, plan in one_on_ones if day is None]
    mine_and_over = (plan for coach, plan in plans if plan.upper <= at and row.side == COACH and coach == row.coach)
    return row._replace(
        last=max((day for _, day, _ in one_on_ones if day), default=None),
        planned=next((plan for _, plan in plans if plan.upper > at), None),
        unsaid=next(mine_and_over, None),
    )
