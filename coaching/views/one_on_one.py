"""Planning a 1-1, moving it, calling it off; whether it took place, and taking that back."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coaching.actions.one_on_one import (
    answer_one_on_one,
    call_off_one_on_one,
    move_one_on_one,
    plan_one_on_one,
    record_one_on_one,
    take_back_one_on_one,
)
from coaching.forms.one_on_one import CallOffForm, MoveForm, OneOnOneForm, PlanForm, SaidForm, TakeBackForm
from coaching.readers import one_on_one_readers
from coaching.views.access import find_caseload, find_one_on_one
from coaching.views.coached import show_coached
from cohorts.models import Membership
from mats.clock import local_date
from mats.identity.requests import Request


def _page_of(scholar: Membership) -> str:
    return reverse("coached", args=[scholar.pk])


def _show(request: Request, template: str, scholar: Membership, **context: object) -> HttpResponse:
    context |= {"scholar": scholar, "cohort": scholar.cohort, "page": _page_of(scholar)}
    return render(request, template, context)


def one_on_one_plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """`pk` is the scholar's place; who plans is its coach, whatever else was sent."""
    scholar = find_caseload(request, pk).scholar
    form = PlanForm(request, place=scholar)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: plan_one_on_one(about=scholar, by=request.user, at=request.now, **form.times),
            then=_page_of(scholar),
            saved="The 1-1 is planned.",
        )
        if answer:
            return answer
    return _show(request, "coaching/one_on_one_plan.html", scholar, form=form)


def one_on_one_move(request: Request, pk: uuid.UUID) -> HttpResponse:
    one_on_one = find_one_on_one(request, pk)
    scholar = one_on_one.about
    form = MoveForm(request, about=one_on_one, place=scholar)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: move_one_on_one(
                one_on_one=one_on_one, by=request.user, at=request.now, version=form.version, **form.times
            ),
            then=_page_of(scholar),
            saved="The 1-1 is moved.",
        )
        if answer:
            return answer
    call_off = CallOffForm(request, about=one_on_one, place=scholar)
    return _show(request, "coaching/one_on_one_move.html", scholar, form=form, call_off=call_off, one_on_one=one_on_one)


def one_on_one_call_off(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A button on the page that moves it."""
    one_on_one = find_one_on_one(request, pk)
    form = CallOffForm(request, about=one_on_one, place=one_on_one.about)
    if answer := form.hand_to(
        call_off_one_on_one,
        one_on_one=one_on_one,
        then=_page_of(one_on_one.about),
        saved="The 1-1 is called off. Its time is free again.",
    ):
        return answer
    if not form.is_sent:
        return redirect("one_on_one_move", pk)
    return show_coached(request, find_caseload(request, one_on_one.about_id), refused=form)


def one_on_one_said(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Two buttons on the scholar's page: it took place, or it did not."""
    one_on_one = find_one_on_one(request, pk)
    form = SaidForm(request, about=one_on_one, place=one_on_one.about)
    if answer := form.hand_to(
        answer_one_on_one, one_on_one=one_on_one, then=_page_of(one_on_one.about), saved="Saved."
    ):
        return answer
    if not form.is_sent:
        return redirect(_page_of(one_on_one.about))
    return show_coached(request, find_caseload(request, one_on_one.about_id), refused=form)


def one_on_one_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A 1-1 that took place without a plan."""
    scholar = find_caseload(request, pk).scholar
    form = OneOnOneForm(
        request, place=scholar, initial={"took_place_on": local_date(request.now, scholar.cohort.time_zone)}
    )
    if answer := form.hand_to(record_one_on_one, about=scholar, then=_page_of(scholar), saved="The 1-1 is recorded."):
        return answer
    readers = one_on_one_readers(coach="you", scholar=scholar.person.name)
    return _show(request, "coaching/one_on_one_add.html", scholar, form=form, readers=readers)


def one_on_one_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was said of a 1-1 does not hold."""
    one_on_one = find_one_on_one(request, pk)
    scholar = one_on_one.about
    form = TakeBackForm(request, about=one_on_one, place=scholar)
    if answer := form.hand_to(take_back_one_on_one, one_on_one=one_on_one, then=_page_of(scholar), saved="Taken back."):
        return answer
    return _show(request, "coaching/one_on_one_back.html", scholar, form=form, one_on_one=one_on_one)
