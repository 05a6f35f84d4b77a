"""Reading a weekly log, and what was changed in it. Writing one lives under the roof."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from mats import clock
from mats.identity.requests import Request
from mentorship.models import Action, Tick, WeeklyLog
from mentorship.revisions import read_revisions
from mentorship.rules.log import next_lines


def find_log(request: Request, pk: uuid.UUID, act: str = "read") -> WeeklyLog:
    logs = WeeklyLog.objects.filter(archived_at=None).select_related("scholar__person", "scholar__cohort")
    return find("log", request.user, request.now, act=act, queryset=logs.with_state(request.now).with_edits(), pk=pk)


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
    }
    return render(request, "mentorship/log.html", context)


def log_changes(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Every version that was submitted, with what was changed in it; drafts are never among them."""
    log = find_log(request, pk)
    context = {"log": log, "cohort": log.scholar.cohort, "revisions": read_revisions(log)}
    return render(request, "mentorship/log_changes.html", context)


def _ticks(log: WeeklyLog) -> list[dict[str, Any]]:
    """What it says of earlier actions: what, outcome, why."""
    ticks = Tick.objects.filter(log=log.pk, archived_at=None).order_by("created_at", "pk")
    words = dict(Tick.Outcome.choices)
    return [
        {"what": what, "outcome": words[outcome], "why": why}
        for what, outcome, why in ticks.values_list("action__what", "outcome", "why")
    ]


def _actions(log: WeeklyLog) -> list[dict[str, Any]]:
    """The lines of "next" as actions, in the order they were written, as they stand now."""
    columns = ("what", "done_at", "dropped_at", "dropped_why")
    rows = Action.objects.filter(log=log.pk, archived_at=None).order_by("created_at").values(*columns)
    order = {line: place for place, line in enumerate(next_lines(log.next_up))}
    return sorted(rows, key=lambda row: order.get(row["what"], len(order)))


def _weeks_begun(log: WeeklyLog, request: Request) -> list[tuple[uuid.UUID, int]]:
    """The scholar's logs so far, as key and number: whoever reads one of them may read them all."""
    today = clock.local_date(request.now, log.scholar.cohort.time_zone)
    begun = WeeklyLog.objects.filter(scholar=log.scholar_id, archived_at=None, week_starts_on__lte=today)
    return list(begun.order_by("week_starts_on").values_list("pk", "number"))
