"""Cohorts: mine, a new one, what one says about itself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may
from cohorts.actions.cohort import change_cohort, create_cohort
from cohorts.counts import cohort_counts, missing_before_launch
from cohorts.forms.cohort import CohortForm, StartForm
from cohorts.models import Cohort, Phase, Role, Site
from cohorts.places import places
from cohorts.rules.cohort import MAY_NOT_START, may_start_cohorts
from cohorts.trail import Manner, history
from cohorts.views.pages import cohort_to_change, cohort_url, form_page
from mats.history.trail import Part
from mats.identity.requests import Request


def cohort_list(request: Request) -> HttpResponse:
    """The person's cohorts with their roles in each, newest first."""
    mine: dict[Cohort, list[str]] = {}
    for place in places(request):
        mine.setdefault(place.cohort, []).append(place.label)
    context = {"mine": list(mine.items()), "may_start": may_start_cohorts(request.user)}
    return render(request, "cohorts/cohort_list.html", context)


def cohort_new(request: Request) -> HttpResponse:
    if not may_start_cohorts(request.user):
        raise PermissionDenied(MAY_NOT_START)
    form = StartForm(request, initial={"time_zone": request.user.time_zone})
    if answer := form.hand_to(
        create_cohort,
        then=lambda made: reverse("set_up", args=[made.slug]),
        saved="The cohort is there, and you are its first member of staff. Nobody else sees it before its launch.",
    ):
        return answer
    intro = (
        "Dates and a name are enough to begin. Everything can be changed until launch; nobody gets a message before."
    )
    return form_page(request, form, cohort=None, title="A new cohort", back="/cohorts/", save="Create", intro=intro)


def cohort(request: Request, slug: str) -> HttpResponse:
    """What a cohort is; for its staff also what is missing before launch, and what was changed."""
    row = find("cohort", request.user, request.now, slug=slug)
    is_staff = may(request.user, "see_history", "cohort", row, request.now)
    phases = list(row.phases.filter(archived_at=None))
    sites = list(row.sites.filter(archived_at=None))
    counts = cohort_counts(row)
    context = {
        "cohort": row,
        "phases": phases,
        "sites": sites,
        "counts": [(row.label(role, plural=counts[role] != 1), counts[role]) for role in Role.values],
        "words": [(word, row.label(role), row.label(role, plural=True)) for word, role in WORDS],
        "is_staff": is_staff,
    }
    if is_staff:
        context["missing"] = missing_before_launch(row, counts)
        names = {str(one.pk): str(one) for one in [*phases, *sites]}
        context["history"] = history(_parts(row), names=names, manner=Manner.of(request.user, row))
    return render(request, "cohorts/cohort.html", context)


WORDS = [("scholar", Role.SCHOLAR), ("coach", Role.COACH), ("member of staff", Role.STAFF)]


def _parts(row: Cohort) -> list[Part]:
    return [Part(Cohort, ("id",), row.pk), Part(Phase, ("cohort_id",), row.pk), Part(Site, ("cohort_id",), row.pk)]


def cohort_change(request: Request, slug: str) -> HttpResponse:
    row = cohort_to_change(request, slug)
    form = CohortForm(request, cohort=row, about=row)
    if answer := form.hand_to(change_cohort, cohort=row, then=cohort_url, saved="The cohort is saved."):
        return answer
    return form_page(request, form, cohort=row, title=f"Change {row.name}", back=cohort_url(row))
