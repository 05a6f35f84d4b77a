"""Who decides extensions, and who leads on duty: read by everybody, given by staff."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may
from cohorts.actions.duty import end_duty, give_duty
from cohorts.duties import TWO, can_decide, duties_of, is_on
from cohorts.forms.duty import DutyForm, EndDutyForm
from cohorts.models import Cohort, Duty
from cohorts.trail import history
from cohorts.views.pages import cohort_to_change, form_page
from mats.clock import local_date
from mats.history.trail import Part
from mats.identity.requests import Request

WHAT = {
    Duty.Kind.COMMITTEE: "Decides who can stay on, two people a case; nobody decides on somebody they mentor or coach.",
    Duty.Kind.DUTY_LEAD: "Reads why another mentor was asked to approve.",
}


@dataclass(frozen=True)
class Post:
    """One duty as the page shows it, with those who have it today or will."""

    kind: str
    title: str
    what: str
    held: list[tuple[Duty, bool]]


def duties_url(cohort: Cohort) -> str:
    return reverse("duties", args=[cohort.slug])


def duties(request: Request, slug: str) -> HttpResponse:
    cohort = find("cohort", request.user, request.now, slug=slug)
    today = local_date(request.now, cohort.time_zone)
    found = duties_of(cohort, request.now)
    is_staff = may(request.user, "see_history", "cohort", cohort, request.now)
    context = {
        "cohort": cohort,
        "posts": [
            Post(kind, kind.label, WHAT[kind], [(duty, is_on(duty, today)) for duty in found if duty.kind == kind])
            for kind in Duty.Kind
        ],
        "are_too_few": can_decide(found, today) < TWO,
        "is_staff": is_staff,
        "history": history([Part(Duty, ("cohort_id",), cohort.pk)]) if is_staff else [],
    }
    return render(request, "cohorts/duties.html", context)


def duty_new(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    form = DutyForm(request, cohort=cohort, initial={"kind": request.GET.get("kind")})
    if answer := form.hand_to(give_duty, then=duties_url(cohort), saved="The duty is given."):
        return answer
    return form_page(request, form, cohort=cohort, title="Give a duty", back=duties_url(cohort), save="Give it")


def _duties(at: dt.datetime) -> QuerySet[Duty]:
    return Duty.objects.filter(archived_at=None).select_related("cohort", "membership__person")


def duty_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    duty = find("duty", request.user, request.now, act="change", rows=_duties, pk=pk)
    form, there = EndDutyForm(request, cohort=duty.cohort, about=duty), duties_url(duty.cohort)
    if answer := form.hand_to(end_duty, duty=duty, then=there, saved="The duty ends; it stays on record."):
        return answer
    title = f"End: {duty.membership.person.name}, {duty.get_kind_display()}"
    intro = "What they decided stays decided. A proposal of theirs that nobody has confirmed waits for somebody else."
    return form_page(request, form, cohort=duty.cohort, title=title, back=there, save="End it", intro=intro)
