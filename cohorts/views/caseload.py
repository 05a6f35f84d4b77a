"""Who coaches whom, for staff. That somebody is coached by somebody is open within the cohort."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from cohorts.access import find
from cohorts.actions.caseload import assign, correct_caseload, end_caseload, hand_over_caseload, remove_caseload
from cohorts.forms.caseload import AssignForm, CaseloadForm, EndForm, HandOverCaseloadForm
from cohorts.forms.staff import RemoveForm
from cohorts.models import Caseload
from cohorts.views.pages import cohort_to_change, form_page, person_url
from mats.identity.requests import Request


def _caseloads(at: dt.datetime) -> QuerySet[Caseload]:
    return Caseload.objects.filter(archived_at=None).select_related("cohort", "scholar__person", "coach__person")


def caseload_to_change(request: Request, pk: uuid.UUID) -> Caseload:
    return find("caseload", request.user, request.now, act="change", rows=_caseloads, pk=pk)


def pair_title(caseload: Caseload) -> str:
    return f"{caseload.scholar.person.name} and {caseload.coach.person.name}, {caseload.cohort.coach_label}"


def caseload_new(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    form = AssignForm(request, cohort=cohort, initial={"scholar": request.GET.get("scholar")})
    if answer := form.hand_to(
        assign, then=lambda caseload: person_url(caseload.scholar), saved=f"The {cohort.coach_label} is assigned."
    ):
        return answer
    title, back = f"Assign a {cohort.coach_label}", reverse("people", args=[cohort.slug])
    return form_page(request, form, cohort=cohort, title=title, back=back, save="Assign")


def caseload_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    caseload = caseload_to_change(request, pk)
    form = CaseloadForm(request, cohort=caseload.cohort, about=caseload)
    if answer := form.hand_to(
        correct_caseload, caseload=caseload, then=person_url(caseload.scholar), saved="The dates are saved."
    ):
        return answer
    others = [
        (f"Hand over to another {caseload.cohort.coach_label}", reverse("caseload_hand_over", args=[caseload.pk])),
        ("End it early", reverse("caseload_end", args=[caseload.pk])),
        ("Remove it", reverse("caseload_remove", args=[caseload.pk])),
    ]
    back = person_url(caseload.scholar)
    return form_page(request, form, cohort=caseload.cohort, title=pair_title(caseload), back=back, others=others)


def caseload_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    caseload = caseload_to_change(request, pk)
    form = EndForm(request, cohort=caseload.cohort, about=caseload)
    if answer := form.hand_to(
        end_caseload, caseload=caseload, then=person_url(caseload.scholar), saved="The last day is set."
    ):
        return answer
    back = reverse("caseload_change", args=[caseload.pk])
    return form_page(request, form, cohort=caseload.cohort, title=f"End: {pair_title(caseload)}", back=back, save="End")


def caseload_hand_over(request: Request, pk: uuid.UUID) -> HttpResponse:
    caseload = caseload_to_change(request, pk)
    blank = {"coach": None, "starts_on": None}
    form = HandOverCaseloadForm(request, cohort=caseload.cohort, about=caseload, initial=blank)
    if answer := form.hand_to(
        hand_over_caseload,
        caseload=caseload,
        then=lambda new: person_url(new.scholar),
        saved="The change is saved; both periods are on record.",
    ):
        return answer
    title, back = f"Hand over: {pair_title(caseload)}", reverse("caseload_change", args=[caseload.pk])
    return form_page(request, form, cohort=caseload.cohort, title=title, back=back, save="Hand over")


def caseload_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    caseload = caseload_to_change(request, pk)
    form = RemoveForm(request, cohort=caseload.cohort, about=caseload)
    if answer := form.hand_to(
        remove_caseload, caseload=caseload, then=person_url(caseload.scholar), saved="It is removed."
    ):
        return answer
    title, back = f"Remove: {pair_title(caseload)}", reverse("caseload_change", args=[caseload.pk])
    return form_page(request, form, cohort=caseload.cohort, title=title, back=back, save="Remove")
