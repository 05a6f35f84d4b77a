"""Last week's "next": the actions that a log says something of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

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
    listed = Action.objects.filter(owner=log.scholar_id, archived_at=None).annotate(
        ticked=FilteredRelation("ticks", condition=Q(ticks__log=log.pk))
    )
    fresh = ~Q(log=log.pk) & Q(created_at__lte=log.submitted_at or at) & (_open(log) | _closed_since_the_last(log))
    rows = listed.filter(Q(ticked__isnull=False) | Q(pk__in=list(drawn)) | fresh).order_by("due_on", "created_at")
    columns = ("pk", "what", "due_on", "done_at", "dropped_at", "dropped_why", "ticked__outcome", "ticked__why")
    return [_line(row) for row in rows.values_list(*columns)[:MANY]]


def _line(row: tuple[Any, ...]) -> Line:
    """As its tick says; without one, as the action stands."""
    pk, what, due_on, done_at, dropped_at, dropped_why, outcome, why = row
    if outcome:
        return Line(pk, what, due_on, outcome, why)
    stands = Tick.Outcome.DONE if done_at else Tick.Outcome.DROPPED if dropped_at else Tick.Outcome.CARRIED
    return Line(pk, what, due_on, stands, dropped_why)


def _open(log: WeeklyLog) -> Q:
    """A late log says nothing of what a later week's log planned."""
    later = Q(log__week_starts_on__gt=log.week_starts_on)
    return Q(done_at=None, dropped_at=None) & ~(Q(log__isnull=False) & later)


def _closed_since_the_last(log: WeeklyLog) -> Q:
    """And not told by another log already."""
    before = WeeklyLog.objects.filter(scholar=log.scholar_id, week_starts_on__lt=log.week_starts_on, archived_at=None)
    week = dt.datetime.combine(log.week_starts_on, dt.time(), tzinfo=dt.UTC)
    since = Coalesce(Subquery(_sent(before)), Value(week - A_WEEK))
    told = Tick.objects.filter(action=OuterRef("pk"), outcome__in=[Tick.Outcome.DONE, Tick.Outcome.DROPPED])
    return (Q(done_at__gt=since) | Q(dropped_at__gt=since)) & ~Q(Exists(told.exclude(log=log.pk)))


def _sent(logs: QuerySet[WeeklyLog]) -> QuerySet[WeeklyLog]:
    sent = logs.filter(submitted_at__isnull=False).order_by("-week_starts_on")
    return sent.values("submitted_at")[:1]  # type: ignore[return-value]  # one column of the same rows
