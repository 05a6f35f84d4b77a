"""The mid-point line: read with those of the other mentors, given by its mentor, received by the scholar."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import acts_of, find, find_related, visible
from cohorts.models import Person
from cohorts.trail import history
from mats.forms.base import KeptForm
from mats.history.trail import Part
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.actions.midpoint import give_line, receive_line
from mentorship.forms.midpoint import MidpointForm, ReceiveForm
from mentorship.models import MidpointLine, SupportPlan, Talk, WeeklyLog
from mentorship.rules.midpoint import opens_at
from mentorship.views.midpoint_list import Midpoint


@dataclass(frozen=True)
class Said:
    """One mentor's line as it is shown, with what the reader can do about it."""

    line: MidpointLine
    may_write: bool
    press: KeptForm | None


def _lines(at: dt.datetime) -> QuerySet[MidpointLine]:
    live = MidpointLine.objects.filter(archived_at=None)
    return live.select_related("cohort", "milestone", "scholar__person", "mentor__person")


def _url(line: MidpointLine) -> str:
    return reverse("midpoint_line", args=[line.pk])


def midpoint_line(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What each mentor of the scholar says, one below the other, and what happens next.

    Mentors know that a talk is owed or took place, and read nothing of it.
    """
    line = find_related("midpoint_line", request.user, request.now, rows=_lines, pk=pk)
    reader = {"reader": request.user, "at": request.now, "scholar": line.scholar_id}
    is_staff = "staff" in line.relations
    lines = _beside(**reader, milestone=line.milestone_id)
    context = {
        "line": line,
        "cohort": line.cohort,
        "lines": [_said(request, one, line.relations) for one in lines],
        "is_mine": line.scholar.person_id == request.user.pk,
        "is_staff": is_staff,
        "says_not_now": any(one.view == MidpointLine.View.NOT_NOW for one in lines),
        "talks": _talks(**reader),
        "reads_talks": bool({"scholar", "staff"} & line.relations),
        "plans": _plans(**reader),
        "history": history([Part(MidpointLine, ("id",), one.pk) for one in lines]) if is_staff else [],
    }
    return render(request, "mentorship/midpoint_line.html", context)


def _said(request: Request, line: MidpointLine, relations: frozenset[str]) -> Said:
    """`relations` are the reader's to a line of the same scholar: whoever mentors them now writes their own."""
    mentors = bool({"author", "mentor"} & relations) and line.mentor.person_id == request.user.pk
    receives = "receive" in acts_of("midpoint_line", relations) and line.given_at and not line.read_at
    return Said(line, mentors, ReceiveForm(request, about=line) if receives else None)


@prepared
def _beside(reader: Person, at: dt.datetime, scholar: uuid.UUID, milestone: uuid.UUID) -> QuerySet[MidpointLine]:
    lines = visible(MidpointLine, "midpoint_line", reader, at).filter(
        scholar=scholar, milestone=milestone, archived_at=None
    )
    return lines.select_related("mentor__person").order_by("mentor__person__name", "pk")


@prepared
def _talks(reader: Person, at: dt.datetime, scholar: uuid.UUID) -> QuerySet[Talk]:
    talks = visible(Talk, "talk", reader, at, "know").filter(scholar=scholar, archived_at=None)
    return talks.select_related("owner__person", "line").order_by("-due_at")


@prepared
def _plans(reader: Person, at: dt.datetime, scholar: uuid.UUID) -> QuerySet[SupportPlan]:
    plans = visible(SupportPlan, "support_plan", reader, at).filter(scholar=scholar, archived_at=None)
    return plans.order_by("-created_at")


def midpoint_write(request: Request, pk: uuid.UUID) -> HttpResponse:
    line = find("midpoint_line", request.user, request.now, act="write", rows=_lines, pk=pk)
    form = MidpointForm(request, about=line)
    if answer := form.hand_to(give_line, line=line, then=_url, saved=_saved(line)):
        return answer
    context = {
        "form": form,
        "line": line,
        "cohort": line.cohort,
        "opens_at": opens_at(line),
        "is_open": request.now >= opens_at(line),
        "logs": _logs(reader=request.user, at=request.now, scholar=line.scholar_id),
    }
    return render(request, "mentorship/midpoint_write.html", context)


def _saved(line: MidpointLine) -> str:
    name = line.scholar.person.name
    return f"Your change is saved; {name} is asked to read it again." if line.given_at else f"Your line is with {name}."


@prepared
def _logs(reader: Person, at: dt.datetime, scholar: uuid.UUID) -> QuerySet[Any]:
    """What the scholar has sent so far, as key and number of the week."""
    logs = visible(WeeklyLog, "log", reader, at).filter(scholar=scholar, archived_at=None, submitted_at__isnull=False)
    return logs.order_by("week_starts_on").values_list("pk", "number")


def midpoint_read(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One button; opened as a page it asks first, so that a followed link changes nothing."""
    line = find("midpoint_line", request.user, request.now, act="receive", rows=_lines, pk=pk)
    form = ReceiveForm(request, about=line)
    if answer := form.hand_to(receive_line, line=line, then=_url(line), saved="It is noted that you have read it."):
        return answer
    return render(request, "mentorship/midpoint_read.html", {"form": form, "line": line, "cohort": line.cohort})


def midpoint(request: Request, slug: str) -> HttpResponse:
    """Lines, talks and plans of a cohort by scholar, as far as the reader may know of them."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    return render(request, "mentorship/midpoint.html", {"cohort": cohort, "page": Midpoint.of(cohort, request)})
