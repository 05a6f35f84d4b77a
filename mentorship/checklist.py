"""Last week's "next": the actions that a log says something of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mats.prepared import prepared
from mentorship.models import Action, Tick, WeeklyLog

MANY = 100
A_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """An action, and what stands beside it before the scholar says anything."""

    pk: uuid.UUID
    what: str
    due_on: dt.date | None
    outcome: str
    why: str

    @property
    def tick_name(self) -> str:
        return f"tick-{self.pk}"

    @property
    def why_name(self) -> str:
        return f"why-{self.pk}"


def read_checklist(log: WeeklyLog, at: dt.datetime, drawn: Iterable[uuid.UUID] = ()) -> list[Line]:
    """What the log has spoken of already; and of what was there when it was written (now, for one
    not sent yet) whatever was open, or closed since the log before. One query.

    `drawn` were on the list when its form was drawn: what is said of them is heard, even if they
    are told elsewhere by now.
    """
    week = dt.datetime.combine(log.week_starts_on, dt.time(), tzinfo=dt.UTC)
    rows = _listed(
        log=log.pk,
        scholar=log.scholar_id,
        day=log.week_starts_on,
        until=log.submitted_at or at,
        at_first=week - A_WEEK,
        drawn=list(drawn),
    )
    return [_line(row) for row in rows]


@prepared
def _listed(
    *, log: uuid.UUID, scholar: uuid.UUID, day: dt.date, until: dt.datetime, at_first: dt.datetime, drawn: list
) -> QuerySet[Any]:
    listed = Action.objects.filter(owner=scholar, archived_at=None).annotate(
        ticked=FilteredRelation("ticks", condition=Q(ticks__log=log))
    )
    lately = _open(day) | _closed_since_the_last(log, scholar, day, at_first)
    fresh = ~Q(log=log) & Q(created_at__lte=until) & lately
    rows = listed.filter(Q(ticked__isnull=False) | Q(pk__any=drawn) | fresh).order_by("due_on", "created_at")
    columns = ("pk", "what", "due_on", "done_at", "dropped_at", "dropped_why", "ticked__outcome", "ticked__why")
    return rows.values_list(*columns)[:MANY]


def _line(row: tuple[Any, ...]) -> Line:
    """As its tick says; without one, as the action stands."""
    pk, what, due_on, done_at, dropped_at, dropped_why, outcome, why = row
    if outcome:
        return Line(pk, what, due_on, outcome, why)
    stands = Tick.Outcome.DONE if done_at else Tick.Outcome.DROPPED if dropped_at else Tick.Outcome.CARRIED
    return Line(pk, what, due_on, stands, dropped_why)


def _open(day: dt.date) -> Q:
    """A late log says nothing of what a later week's log planned."""
    later = Q(log__week_starts_on__gt=day)
    return Q(done_at=None, dropped_at=None) & ~(Q(log__isnull=False) & later)


def _closed_since_the_last(log: uuid.UUID, scholar: uuid.UUID, day: dt.date, at_first: dt.datetime) -> Q:
    """And not told by another log already."""
    before = WeeklyLog.objects.filter(scholar=scholar, week_starts_on__lt=day, archived_at=None)
    since = Coalesce(Subquery(_sent(before)), Value(at_first))
    told = Tick.objects.filter(action=OuterRef("pk"), outcome__in=[Tick.Outcome.DONE, Tick.Outcome.DROPPED])
    return (Q(done_at__gt=since) | Q(dropped_at__gt=since)) & ~Q(Exists(told.exclude(log=log)))


def _sent(logs: QuerySet[WeeklyLog]) -> QuerySet[WeeklyLog]:
    sent = logs.filter(submitted_at__isnull=False).order_by("-week_starts_on")
    return sent.values("submitted_at")[:1]  # type: ignore[return-value]  # one column of the same rows
