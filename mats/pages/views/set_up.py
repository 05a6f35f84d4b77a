"""Setting up a cohort in one sitting, and taking it back before its launch."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find
from cohorts.rules.cohort import LAUNCHED_STAYS
from cohorts.views.pages import form_page
from mats.identity.requests import Request
from mats.pages.actions.removal import remove_cohort
from mats.pages.forms.removal import RemoveCohortForm
from mats.pages.set_up.page import read_set_up


def set_up(request: Request, slug: str) -> HttpResponse:
    """Step by step until launch; afterwards it says so, and leads to cohort health."""
    cohort = find("cohort", request.user, request.now, act="launch", slug=slug)
    page = None if cohort.is_launched else read_set_up(cohort, request.user, request.now)
    return render(request, "pages/set_up.html", {"cohort": cohort, "page": page})


def cohort_remove(request: Request, slug: str) -> HttpResponse:
    """Everything of a cohort is deleted, as long as it is not launched."""
    cohort = find("cohort", request.user, request.now, act="launch", slug=slug)
    if cohort.is_launched:
        raise PermissionDenied(LAUNCHED_STAYS)
    form = RemoveCohortForm(request, cohort=cohort, about=cohort)
    saved = f"{cohort.name} is deleted, with everything that was of it."
    if answer := form.hand_to(remove_cohort, cohort=cohort, then=reverse("cohort_list"), saved=saved):
        return answer
    intro = (
        "Its dates, places, pairings and assignments are really deleted, and so are accounts that were made for it "
        "and never used. Nobody was told of it. What stays is the history of who did what."
    )
    back = reverse("set_up", args=[cohort.slug])
    title = f"Remove {cohort.name}"
    return form_page(request, form, cohort=cohort, title=title, back=back, save="Delete all of it", intro=intro)
