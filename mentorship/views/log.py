"""Reading and writing a weekly log."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find
from mats import clock
from mats.identity.requests import Request
from mentorship.actions.log import submit_log
from mentorship.forms.log import LogForm
from mentorship.models import WeeklyLog
from mentorship.rules.log import has_begun


def _find_log(request: Request, pk: uuid.UUID, act: str = "read") -> WeeklyLog:
    logs = WeeklyLog.objects.filter(archived_at=None).select_related("scholar__person", "scholar__cohort")
    return find("log", request.user, request.now, act=act, queryset=logs.with_state(request.now), pk=pk)


def read_log(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was submitted, and nothing of a draft."""
    log = _find_log(request, pk)
    context = {
        "log": log,
        "cohort": log.scholar.cohort,
        "is_mine": log.scholar.person_id == request.user.pk,
        "weeks": _weeks_begun(log, request),
    }
    return render(request, "mentorship/log.html", context)


def _weeks_begun(log: WeeklyLog, request: Request) -> list[tuple[uuid.UUID, int]]:
    """The scholar's logs so far, as key and number: whoever reads one of them may read them all."""
    today = clock.local_date(request.now, log.scholar.cohort.time_zone)
    begun = WeeklyLog.objects.filter(scholar=log.scholar_id, archived_at=None, week_starts_on__lte=today)
    return list(begun.order_by("week_starts_on").values_list("pk", "number"))


def write_log(request: Request, pk: uuid.UUID) -> HttpResponse:
    log = _find_log(request, pk, act="write")
    form = LogForm(request, about=log)
    if answer := form.hand_to(
        submit_log,
        log=log,
        then=reverse("log", args=[log.pk]),
        saved="The log is sent." if log.submitted_at is None else "Your change is saved.",
    ):
        return answer
    context = {
        "log": log,
        "form": form,
        "cohort": log.scholar.cohort,
        "has_begun": has_begun(log, request.now),
        "opens": clock.format_day(log.week_starts_on),
        "before": _log_before(log),
    }
    return render(request, "mentorship/log_write.html", context)


def _log_before(log: WeeklyLog) -> WeeklyLog | None:
    """The scholar's latest submitted log of an earlier week that says what was to come next."""
    earlier = WeeklyLog.objects.submitted().filter(scholar=log.scholar_id, week_starts_on__lt=log.week_starts_on)
    return earlier.exclude(next_up="").order_by("-week_starts_on").first()
