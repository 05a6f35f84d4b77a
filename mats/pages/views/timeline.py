"""A person's timeline, for staff."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
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
    mine = staffed(request, "see_timeline", "membership")
    if mine and (place := _places(request.now).filter(pk=pk, cohort__in=mine.keys()).first()):
        place.cohort = mine[place.cohort_id]
        return place
    return find("membership", request.user, request.now, act="see_timeline", rows=_places, pk=pk)


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.select_related("person")
