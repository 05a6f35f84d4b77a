"""Writing a weekly log: the log, and what is for the coach only, sent as one."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mats import clock
from mats.identity.requests import Request
from mats.pages.actions.log import send_log
from mats.pages.forms.log import LogForm
from mentorship.models import PairingWeek, WeeklyLog
from mentorship.rules.log import has_begun
from mentorship.views.log import find_log


def write_log(request: Request, pk: uuid.UUID) -> HttpResponse:
    log = find_log(request, pk, act="write")
    form = LogForm(request, about=log)
    if answer := form.hand_to(
        send_log,
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
        "meetings": _meetings_ahead(log, request),
    }
    return render(request, "pages/log_write.html", context)


def _meetings_ahead(log: WeeklyLog, request: Request) -> list[dict[str, Any]]:
    """The meetings of its week that are still planned, with whom and when."""
    weeks = PairingWeek.objects.filter(
        pairing__scholar=log.scholar_id,
        week_starts_on=log.week_starts_on,
        archived_at=None,
        meeting__is_live=True,
        meeting__held=None,
        meeting__planned__startswith__gt=request.now,
    )
    rows = weeks.order_by("meeting__planned").values_list(
        "meeting", "meeting__planned", "pairing__mentor__person__name"
    )
    return [{"pk": pk, "starts_at": planned.lower, "mentor": mentor} for pk, planned, mentor in rows]
