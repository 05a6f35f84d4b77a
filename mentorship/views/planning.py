"""Planning the meeting of a week that has none, and calling one off."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find
from mats import clock
from mats.identity.requests import Request
from mentorship.actions.booking import plan_meeting
from mentorship.actions.meeting import call_off_meeting
from mentorship.forms.meeting import CallOffForm, PlanForm
from mentorship.models import PairingWeek
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK
from mentorship.views.meeting_page import MeetingPage, find_meeting


def meeting_plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """`pk` is the pairing's week."""
    weeks = PairingWeek.objects.select_related(
        "pairing__cohort", "pairing__scholar__person", "pairing__mentor__person", "meeting"
    )
    week = find("pairing_week", request.user, request.now, act="plan", queryset=weeks, pk=pk)
    if week.meeting and week.meeting.is_live and request.method != "POST":
        return redirect("meeting", pk=week.meeting_id)
    form = PlanForm(request, place=week)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: plan_meeting(week=week, by=request.user, at=request.now, **form.times),
            then=lambda meeting: reverse("meeting", args=[meeting.pk]),
            saved="The meeting is planned.",
        )
        if answer:
            return answer
    last = clock.local_date(
        week.closes_at + HELD_INTO_NEXT_WEEK - dt.timedelta(minutes=1), week.pairing.cohort.time_zone
    )
    context = {"form": form, "week": week, "pairing": week.pairing, "cohort": week.pairing.cohort, "last_day": last}
    return render(request, "mentorship/meeting_plan.html", context)


def meeting_call_off(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = MeetingPage(find_meeting(request, pk, "plan"), request.user, request.now)
    form = CallOffForm(request, place=page.meeting)
    if answer := form.hand_to(
        call_off_meeting, meeting=page.meeting, then=reverse("meeting", args=[pk]), saved="The meeting is called off."
    ):
        return answer
    context = {"form": form, "page": page, "meeting": page.meeting, "cohort": page.meeting.cohort}
    return render(request, "mentorship/meeting_call_off.html", context)
