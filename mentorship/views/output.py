"""Outputs: the list for everybody in the cohort, entering and changing for the scholar whose they are."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, visible
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Cohort, Membership, Role
from cohorts.places import places
from cohorts.views.pages import form_page
from mats.identity.requests import Request
from mentorship.actions.output import add_output, change_output, remove_output
from mentorship.forms.output import OutputForm
from mentorship.models import Output
from mentorship.rules.output import enters_their_own

PAGE = 100
FORM_PAGE = "mentorship/output_form.html"


def outputs(request: Request, slug: str) -> HttpResponse:
    """What the reader may see, scholar by scholar, the newest first."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    seen = visible(Output, "output", request.user, request.now).filter(cohort=cohort, archived_at=None)
    rows = seen.select_related("scholar__person").order_by("scholar__person__name", "scholar_id", "-created_at", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "page": page,
        "scholars": [(scholar, list(theirs)) for scholar, theirs in groupby(page, key=lambda row: row.scholar)],
        "mine": next((place for place in places(request) if _is_scholar_of(place, cohort)), None),
    }
    return render(request, "mentorship/outputs.html", context)


def _is_scholar_of(place: Membership, cohort: Cohort) -> bool:
    return place.cohort_id == cohort.pk and place.role == Role.SCHOLAR


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def _outputs(at: dt.datetime) -> QuerySet[Output]:
    return Output.objects.filter(archived_at=None).select_related("cohort", "scholar")


def _list_of(cohort: Cohort) -> str:
    return reverse("outputs", args=[cohort.slug])


def output_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    """`pk` is the scholar's own place."""
    place = find("membership", request.user, request.now, rows=_places, pk=pk)
    enters_their_own(place, request.user)
    form = OutputForm(request, place=place)
    back = _list_of(place.cohort)
    if answer := form.hand_to(add_output, scholar=place, then=back, saved="The output is entered."):
        return answer
    return form_page(request, form, cohort=place.cohort, title="A new output", back=back, template=FORM_PAGE)


def _output_to_write(request: Request, pk: uuid.UUID) -> Output:
    return find("output", request.user, request.now, act="write", rows=_outputs, pk=pk)


def output_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _output_to_write(request, pk)
    form = OutputForm(request, about=row)
    back = _list_of(row.cohort)
    if answer := form.hand_to(change_output, output=row, then=back, saved="The output is saved."):
        return answer
    others = [("Remove this output", reverse("output_remove", args=[row.pk]))]
    title = "Change an output"
    return form_page(request, form, cohort=row.cohort, title=title, back=back, others=others, template=FORM_PAGE)


def output_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _output_to_write(request, pk)
    form = ConfirmForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(remove_output, output=row, then=_list_of(row.cohort), saved="The output is removed."):
        return answer
    title, back = f"Remove “{row.title}”", reverse("output_change", args=[row.pk])
    intro = "Nobody sees it any more, and it counts no longer."
    return form_page(request, form, cohort=row.cohort, title=title, back=back, save="Remove", intro=intro)
