"""Reading a weekly log, and what was changed in it. Writing one lives under the roof."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.places import staffed
from mats import clock
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.chances import chances_of_logs
from mentorship.models import Action, Tick, WeeklyLog
from mentorship.revisions import read_revisions
from mentorship.rules.log import next_lines


def _logs(at: dt.datetime) -> QuerySet[WeeklyLog]:
    logs = WeeklyLog.objects.filter(archived_at=None).select_related("scholar__person", "scholar__cohort")
    return logs.with_state(at).with_edits()


def find_log(request: Request, pk: uuid.UUID, act: str = "read") -> WeeklyLog:
    return find("log", request.user, request.now, act=act, rows=_logs, pk=pk)


def read_log(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was submitted, and nothing of a draft."""
    log = find_log(request, pk)
    context = {
        "log": log,
        "cohort": log.scholar.cohort,
        "is_mine": log.scholar.person_id == request.user.pk,
        "ticks": _ticks(log) if log.submitted_at else [],
        "actions": _actions(log) if log.submitted_at else [],
        "weeks": _weeks_begun(log, request),
        "may_see_history": log.scholar.cohort_id in staffed(request, "see_history", "log"),
        "chance": chances_of_logs(request.user, request.now, [log]).get(log.pk) if log.submitted_at else None,
    }
    return render(request, "mentorship/log.html", context)


def log_changes(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Every version that was submitted, with what was changed in it; drafts are never among them."""
    log = find_log(request, pk)
    context = {"log": log, "cohort": log.scholar.cohort, "revisions": read_revisions(log)}
    return render(request, "mentorship/log_changes.html", context)


def _ticks(log: WeeklyLog) -> list[dict[str, Any]]:
    """What it says of earlier actions: what, outcome, why."""
    words = dict(Tick.Outcome.choices)
    return [{"what": what, "outcome": words[outcome], "why": why} for what, outcome, why in _told(log=log)]


@prepared
def _told(log: WeeklyLog) -> QuerySet[Any]:
    ticks = Tick.objects.filter(log=log, archived_at=None).order_by("created_at", "pk")
    return ticks.values_list("action__what", "outcome", "why")


def _actions(log: WeeklyLog) -> list[dict[str, Any]]:
    """The lines of "next" as actions, in the order they were written, as they stand now."""
    order = {line: place for place, line in enumerate(next_lines(log.next_up))}
    return sorted(_planned(log=log), key=lambda row: order.get(row["what"], len(order)))


@prepared
def _planned(log: WeeklyLog) -> QuerySet[Any]:
    actions = Action.objects.filter(log=log, archived_at=None).order_by("created_at")
    return actions.values("what", "done_at", "dropped_at", "dropped_why")


def _weeks_begun(log: WeeklyLog, request: Request) -> list[tuple[uuid.UUID, int]]:
    """The scholar's logs so far, as key and number: whoever reads one of them may read them all."""
    today = clock.local_date(request.now, log.scholar.cohort.time_zone)
    return _begun(scholar=log.scholar_id, today=today)


@prepared
def _begun(scholar: uuid.UUID, today: dt.date) -> QuerySet[Any]:
    begun = WeeklyLog.objects.filter(scholar=scholar, archived_at=None, week_starts_on__lte=today)
    return begun.order_by("week_starts_on").values_list("pk", "number")
