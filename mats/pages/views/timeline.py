"""A person's timeline, for staff."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.models import Membership
from cohorts.places import staffed
from mats.identity.requests import Request
from mats.pages.timeline.reading import read_timeline


def timeline(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Week by week, newest first; `?show=` narrows it to one kind, `?phase=` chooses an earlier phase."""
    place = _place(request, pk)
    show, phase = request.GET.get("show", ""), request.GET.get("phase", "")
    found = read_timeline(place, request.user, request.now, show=show, phase=phase)
    return render(request, "pages/timeline.html", {"cohort": place.cohort, "place": place, "timeline": found})


def _place(request: Request, pk: uuid.UUID) -> Membership:
    """The place, if the reader is staff of its cohort; what anybody else gets, the access table says."""
    rows = Membership.objects.select_related("person")
    mine = staffed(request, "see_timeline", "membership")
    if mine and (place := rows.filter(pk=pk, cohort__in=mine).first()):
        place.cohort = mine[place.cohort_id]
        return place
    return find("membership", request.user, request.now, act="see_timeline", queryset=rows, pk=pk)
