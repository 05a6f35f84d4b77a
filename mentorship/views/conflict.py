"""Conflicts: everybody's own, and for staff all of the cohort."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may, visible
from cohorts.models import Cohort, Person
from cohorts.views.pages import form_page
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.actions.conflict import declare_conflict, withdraw_conflict
from mentorship.forms.conflict import ConflictForm, WithdrawForm
from mentorship.models import Conflict


def conflicts_url(cohort: Cohort) -> str:
    return reverse("conflicts", args=[cohort.slug])


def conflicts(request: Request, slug: str) -> HttpResponse:
    cohort = find("cohort", request.user, request.now, slug=slug)
    context = {
        "cohort": cohort,
        "rows": _standing(person=request.user, at=request.now, cohort=cohort),
        "is_staff": may(request.user, "change", "cohort", cohort, request.now),
    }
    return render(request, "mentorship/conflicts.html", context)


@prepared
def _standing(person: Person, at: dt.datetime, cohort: Cohort) -> QuerySet[Conflict]:
    rows = visible(Conflict, "conflict", person, at).filter(cohort=cohort, archived_at=None)
    return rows.select_related("person", "scholar__person", "declared_by").order_by("person__name", "created_at")


def conflict_new(request: Request, slug: str) -> HttpResponse:
    cohort = find("cohort", request.user, request.now, act="declare_conflict", slug=slug)
    is_staff = may(request.user, "change", "cohort", cohort, request.now)
    start = {"person": request.user.pk, "scholar": request.GET.get("scholar")}
    form = ConflictForm(request, cohort=cohort, for_others=is_staff, initial=start)
    facts = {} if is_staff else {"person": request.user}
    if answer := form.hand_to(
        declare_conflict, cohort=cohort, then=conflicts_url(cohort), saved="The conflict is declared.", **facts
    ):
        return answer
    return form_page(
        request,
        form,
        cohort=cohort,
        title="Declare a conflict",
        back=conflicts_url(cohort),
        save="Declare it",
        template="mentorship/conflict_new.html",
    )


def _conflicts(at: dt.datetime) -> QuerySet[Conflict]:
    return Conflict.objects.filter(archived_at=None).select_related("cohort", "person", "scholar__person")


def conflict_withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("conflict", request.user, request.now, act="change", rows=_conflicts, pk=pk)
    form = WithdrawForm(request, cohort=row.cohort, about=row)
    there = conflicts_url(row.cohort)
    if answer := form.hand_to(withdraw_conflict, conflict=row, then=there, saved="The conflict is withdrawn."):
        return answer
    title = f"Withdraw: {row.person.name} over the work of {row.scholar.person.name}"
    intro = "Nobody gets a submission back by this: staff assign readers."
    return form_page(request, form, cohort=row.cohort, title=title, back=there, save="Withdraw", intro=intro)
