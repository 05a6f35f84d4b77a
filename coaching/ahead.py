"""1-1s as Home reads them: one row a caseload, for its coach and for its scholar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from coaching.querysets import OneOnOnes, caseloads_of_coach, days_away_of, one_on_ones, open_caseloads
from cohorts.models import Person
from cohorts.rules.days import Days
from mats.statements import Statement

COACH, SCHOLAR = "coach", "scholar"


class Ahead(NamedTuple):
    """A caseload as its coach or its scholar (`side`) reads it; `other` is the other one.

    `last` is the day of the last 1-1; `planned` when the next one is planned; `unsaid` when the oldest
    one was to be that is over, and of which its coach, who reads, has not said whether it took place.
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
    planned: dt.datetime | None = None
    unsaid: dt.datetime | None = None
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


def one_on_ones_ahead(person: Person, at: dt.datetime, sides: Iterable[str]) -> list[Ahead]:
    """The caseloads that run now, on some sides of a person; never one of somebody they mentor."""
    if not person.is_active:
        return []
    rows = [Ahead(*row) for side in sides for row in _CASELOADS[side].ask(reader=person, at=at)]
    if not rows:
        return []
    spoken = one_on_ones(person, at, [row.scholar for row in rows])
    away = days_away_of([place for row in rows for place in (row.scholar, row.coach)])
    return [
        _with_one_on_ones(row, spoken[row.scholar], person, at)._replace(away=(*away[row.scholar], *away[row.coach]))
        for row in rows
    ]


def _with_one_on_ones(row: Ahead, found: OneOnOnes, person: Person, at: dt.datetime) -> Ahead:
    mine_and_over = (plan.starts_at for plan in found.plans if plan.is_over(at) and plan.is_of(person))
    return row._replace(
        last=found.last,
        planned=next((plan.starts_at for plan in found.ahead(at)), None),
        unsaid=next(mine_and_over, None) if row.side == COACH else None,
    )
