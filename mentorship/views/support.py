"""The talk that staff owe a scholar, and the support plan."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import acts_of, find, find_related
from cohorts.models import Membership, Role
from cohorts.trail import history
from mats.history.trail import Part
from mats.identity.requests import Request
from mentorship.actions.support import change_plan, open_plan, record_talk, review_plan, take_talk
from mentorship.forms.support import PlanChangeForm, PlanForm, PlanReviewForm, TakeTalkForm, TalkForm
from mentorship.models import SupportPlan, Talk

# The talk


def _talks(at: dt.datetime) -> QuerySet[Talk]:
    talks = Talk.objects.filter(archived_at=None)
    return talks.select_related("cohort", "scholar__person", "owner__person", "done_by", "line__mentor__person")


def _talk_url(talk: Talk) -> str:
    return reverse("talk", args=[talk.pk])


def talk(request: Request, pk: uuid.UUID) -> HttpResponse:
    """For the scholar to read; for staff to record, with a support plan if one is wanted."""
    act = "write" if request.method == "POST" else "read"
    row = find_related("talk", request.user, request.now, act=act, rows=_talks, pk=pk)
    is_staff, is_mine = "write" in acts_of("talk", row.relations), "scholar" in row.relations
    form = TalkForm(request, cohort=row.cohort, about=row) if is_staff else None
    if form and (answer := form.hand_to(record_talk, talk=row, then=_talk_url, saved="The talk is recorded.")):
        return answer
    plans = SupportPlan.objects.filter(scholar=row.scholar_id, archived_at=None)
    context = {
        "talk": row,
        "cohort": row.cohort,
        "form": form if form and (form.is_sent or not (row.done_at or is_mine)) else None,
        "is_staff": is_staff,
        "is_mine": is_mine,
        "own_place": _own_place(request, row) if is_staff and not row.done_at else None,
        "take": TakeTalkForm(request, cohort=row.cohort, about=row) if is_staff else None,
        "plans": list(plans.order_by("-created_at")),
        "history": history([Part(Talk, ("id",), row.pk)]) if is_staff else [],
    }
    context["has_open_plan"] = any(not plan.reviewed_at for plan in context["plans"])
    return render(request, "mentorship/talk.html", context)


def _own_place(request: Request, row: Talk) -> Membership | None:
    """The place as which the reader could take it; None if they have it already."""
    place = Membership.objects.filter(
        cohort=row.cohort_id, person=request.user, role=Role.STAFF, archived_at=None
    ).first()
    return None if place is None or place.pk == row.owner_id else place


def talk_take(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("talk", request.user, request.now, act="write", rows=_talks, pk=pk)
    form = TakeTalkForm(request, cohort=row.cohort, about=row, initial={"owner": _own_place(request, row)})
    if answer := form.hand_to(take_talk, talk=row, then=_talk_url, saved="It is noted who has this talk."):
        return answer
    title = f"Who talks with {row.scholar.person.name}"
    return _form_page(request, form, row.cohort, title, _talk_url(row))


# The plan


def _plans(at: dt.datetime) -> QuerySet[SupportPlan]:
    plans = SupportPlan.objects.filter(archived_at=None)
    return plans.select_related("cohort", "scholar__person", "opened_by", "reviewed_by", "talk")


def _scholars(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def _plan_url(plan: SupportPlan) -> str:
    return reverse("support_plan", args=[plan.pk])


def _plan_to_write(request: Request, pk: uuid.UUID) -> SupportPlan:
    return find("support_plan", request.user, request.now, act="write", rows=_plans, pk=pk)


def support_plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The scholar, their mentors and staff read the same; the talk before it is for two of them only."""
    plan = find_related("support_plan", request.user, request.now, rows=_plans, pk=pk)
    is_staff = "write" in acts_of("support_plan", plan.relations)
    is_mine = "scholar" in plan.relations
    context = {
        "plan": plan,
        "cohort": plan.cohort,
        "is_mine": is_mine,
        "is_staff": is_staff,
        "is_due": plan.reviewed_at is None and plan.review_due_at <= request.now,
        "talk": plan.talk if is_staff or is_mine else None,
        "history": history([Part(SupportPlan, ("id",), plan.pk)]) if is_staff else [],
    }
    return render(request, "mentorship/support_plan.html", context)


def support_plan_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    scholar = find("evidence", request.user, request.now, act="support", rows=_scholars, pk=pk)
    form = PlanForm(request, cohort=scholar.cohort, place=scholar)
    if answer := form.hand_to(open_plan, scholar=scholar, then=_plan_url, saved="The support plan is made."):
        return answer
    title, back = f"A support plan for {scholar.person.name}", reverse("person", args=[scholar.pk])
    return _form_page(request, form, scholar.cohort, title, back, thing="support_plan")


def support_plan_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    plan = _plan_to_write(request, pk)
    form = PlanChangeForm(request, cohort=plan.cohort, about=plan)
    if answer := form.hand_to(change_plan, plan=plan, then=_plan_url, saved="The support plan is saved."):
        return answer
    title = f"Change the support plan for {plan.scholar.person.name}"
    return _form_page(request, form, plan.cohort, title, _plan_url(plan), thing="support_plan")


def support_plan_review(request: Request, pk: uuid.UUID) -> HttpResponse:
    plan = _plan_to_write(request, pk)
    form = PlanReviewForm(request, about=plan)
    if answer := form.hand_to(review_plan, plan=plan, then=_plan_url, saved="It is noted how it went."):
        return answer
    title = f"How the support plan for {plan.scholar.person.name} went"
    return _form_page(request, form, plan.cohort, title, _plan_url(plan), thing="support_plan", plan=plan)


def _form_page(request: Request, form: Any, cohort: Any, title: str, back: str, **more: Any) -> HttpResponse:
    """A page that is one form; `thing` names whose readers stand below it, `plan` is shown above it."""
    context = {"form": form, "cohort": cohort, "title": title, "back": back, **more}
    return render(request, "mentorship/support_form.html", context)
