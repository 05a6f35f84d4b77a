"""Writing a weekly log: the log, and what is for the coach only, sent as one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mats import clock
from mats.identity.requests import Request
from mats.pages.actions.log import send_log
from mats.pages.forms.log import LogForm
from mats.prepared import prepared
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
    rows = _meetings(scholar=log.scholar_id, day=log.week_starts_on, at=request.now)
    return [{"pk": pk, "starts_at": planned.lower, "mentor": mentor} for pk, planned, mentor in rows]


@prepared
def _meetings(scholar: uuid.UUID, day: dt.date, at: dt.datetime) -> QuerySet[Any]:
    weeks = PairingWeek.objects.filter(
        pairing__scholar=scholar,
        week_starts_on=day,
        archived_at=None,
        meeting__is_live=True,
        meeting__held=None,
        meeting__planned__startswith__gt=at,
    )
    return weeks.order_by("meeting__planned").values_list(
        "meeting", "meeting__planned", "pairing__mentor__person__name"
    )
