"""Planning the meeting of a week that has none, moving one, and calling one off."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find, may
from mats import clock
from mats.identity.requests import Request
from mentorship.actions.booking import move_meeting, plan_meeting
from mentorship.actions.meeting import call_off_meeting
from mentorship.forms.meeting import CallOffForm, MoveForm, PlanForm
from mentorship.models import Meeting, PairingWeek
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK
from mentorship.views.meeting_page import MeetingPage, find_meeting


def _weeks(at: dt.datetime) -> QuerySet[PairingWeek]:
    return PairingWeek.objects.select_related(
        "pairing__cohort", "pairing__scholar__person", "pairing__mentor__person", "meeting"
    )


def meeting_plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """`pk` is the pairing's week."""
    week = find("pairing_week", request.user, request.now, act="plan", rows=_weeks, pk=pk)
    there = _around(week, request)
    if week.meeting and week.meeting.is_live and request.method != "POST":
        return redirect(there or reverse("meeting", args=[week.meeting_id]))
    form = PlanForm(request, place=week, week=week)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: plan_meeting(week=week, by=request.user, at=request.now, **form.times),
            then=lambda meeting: there or reverse("meeting", args=[meeting.pk]),
            saved="The meeting is planned.",
        )
        if answer:
            return answer
    context = {"form": form, "week": week, "pairing": week.pairing, "cohort": week.pairing.cohort}
    back = there or reverse("pairing", args=[week.pairing_id])
    return render(request, "mentorship/meeting_plan.html", {**context, "last_day": last_day(week), "back": back})


def _around(week: PairingWeek, request: Request) -> str:
    """The list of times, for whoever keeps the mentor's and reads nothing else of the week; or nothing."""
    if may(request.user, "read", "pairing_week", week, request.now):
        return ""
    return reverse("times", args=[week.pairing.cohort.slug])


def last_day(week: PairingWeek) -> dt.date:
    """The last day on which the meeting of a week can be, on the cohort's wall."""
    pairing, last_moment = week.pairing, week.closes_at + HELD_INTO_NEXT_WEEK - dt.timedelta(minutes=1)
    return min(clock.local_date(last_moment, pairing.cohort.time_zone), pairing.ends_on)


def meeting_move(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = MeetingPage(find_meeting(request, pk, "plan"), request.user, request.now)
    week = PairingWeek.objects.select_related("pairing__cohort").filter(meeting=page.meeting, archived_at=None).first()
    if week is None:
        return redirect(page.back)
    form = MoveForm(request, place=page.meeting, week=week, initial=_start_of(page.meeting, request.user.time_zone))
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: move_meeting(
                meeting=page.meeting, by=request.user, at=request.now, why=form.cleaned_data["why"], **form.times
            ),
            then=page.back,
            saved="The meeting is moved. Everybody else of it gets a letter.",
        )
        if answer:
            return answer
    context = {"form": form, "page": page, "meeting": page.meeting, "cohort": page.meeting.cohort, "week": week}
    return render(request, "mentorship/meeting_move.html", {**context, "last_day": last_day(week)})


def _start_of(meeting: Meeting, zone: str) -> dict[str, Any]:
    """Day and start as the reader's clock shows them."""
    starts = meeting.starts_at.astimezone(ZoneInfo(zone))
    return {"day": starts.date(), "starts": starts.time()}


def meeting_call_off(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = MeetingPage(find_meeting(request, pk, "plan"), request.user, request.now)
    form = CallOffForm(request, place=page.meeting)
    if answer := form.hand_to(
        call_off_meeting, meeting=page.meeting, then=page.back, saved="The meeting is called off."
    ):
        return answer
    context = {"form": form, "page": page, "meeting": page.meeting, "cohort": page.meeting.cohort}
    return render(request, "mentorship/meeting_call_off.html", context)
