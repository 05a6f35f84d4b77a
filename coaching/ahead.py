"""1-1s as Home reads them: one row a caseload, for its coach and for its scholar; one statement."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import CharField, Max, OuterRef, QuerySet, Subquery, Value

from coaching.models import OneOnOne
from coaching.models.one_on_one import AHEAD
from coaching.querysets import caseloads_of_coach, open_caseloads
from cohorts.access import visible
from cohorts.models import Person
from mats.statements import Statement

COACH, SCHOLAR = "coach", "scholar"


class Ahead(NamedTuple):
    """A caseload as its coach or its scholar (`side`) reads it; `other` is the other one.

    `last` is the day of the last 1-1; `planned` the next one planned, a range; `unsaid` the oldest
    planned one that is over and of which its coach has not said whether it took place.
    """

    side: str
    caseload: UUID
    scholar: UUID
    cohort: UUID
    other: str
    other_zone: str
    starts_on: dt.date
    cadence_days: int
    last: dt.date | None
    planned: Any
    unsaid: Any


def _ahead(*, reader: Person, at: dt.datetime) -> list[QuerySet[Any]]:
    readable = visible(OneOnOne, "one_on_one", reader, at).filter(about=OuterRef("scholar"), archived_at=None)
    last = readable.order_by().values("about").annotate(last=Max("took_place_on")).values("last")
    plans = readable.filter(AHEAD, planned__isnull=False).order_by("planned").values("planned")
    unsaid = visible(OneOnOne, "one_on_one", reader, at, "write").filter(
        AHEAD, about=OuterRef("scholar"), planned__endswith__lte=at
    )
    mine = caseloads_of_coach(reader, at).annotate(unsaid=Subquery(unsaid.order_by("planned").values("planned")[:1]))
    nothing = Value(None, output_field=DateTimeRangeField())
    theirs = open_caseloads(at).filter(scholar__person=reader).annotate(unsaid=nothing)

    def side(caseloads: QuerySet[Any], word: str, other: str) -> QuerySet[Any]:
        return caseloads.annotate(
            last=Subquery(last), next=Subquery(plans.filter(planned__endswith__gt=at)[:1])
        ).values_list(
            Value(word, output_field=CharField()), "pk", "scholar_id", "cohort_id", f"{other}__person__name",
            f"{other}__person__time_zone", "starts_on", "cadence_days", "last", "next", "unsaid",
        )  # fmt: skip

    return [side(mine, COACH, SCHOLAR), side(theirs, SCHOLAR, COACH)]


_AHEAD = Statement(_ahead, reader=Person, at=dt.datetime)


def one_on_ones_ahead(person: Person, at: dt.datetime) -> list[Ahead]:
    """The caseloads that run now on both sides of a person; never one of somebody they mentor."""
    return [Ahead._make(row) for row in _AHEAD.ask(reader=person, at=at)] if person.is_active else []
