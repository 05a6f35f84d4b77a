"""Home, the only inbox."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from cohorts.models import Role
from cohorts.places import places
from mats.identity.requests import Request
from mats.pages.home.reading import read_home


def home(request: Request) -> HttpResponse:
    """What is next for this person; somebody who is staff and nothing else lands on cohort health."""
    mine = places(request)
    if mine and all(place.role == Role.STAFF for place in mine):
        newest = mine[0].cohort
        return redirect("cohort_health" if newest.is_launched else "cohort", slug=newest.slug)
    if not mine and request.user.starts_cohorts:
        return redirect("cohort_list")
    return render(request, "pages/home.html", {"home": read_home(request.user, mine, request.now), "mine": mine})
