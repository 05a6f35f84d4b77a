"""Who sees what: the whole table for everybody, and for staff what each kind of visitor sees of one place."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.access.words import in_words
from cohorts.models import Membership
from mats.identity.requests import Request
from mats.pages.who_sees.page import read_page


def who_sees_what(request: Request) -> HttpResponse:
    return render(request, "pages/who_sees_what.html", {"entries": in_words()})


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.select_related("cohort", "person")


def who_sees_here(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What a kind of visitor (`?as=`) may see and do here, from the access table alone: no content is asked for."""
    place = find("membership", request.user, request.now, act="see_who_sees", rows=_places, pk=pk)
    page = read_page(place, request.now, wish=request.GET.get("as", ""))
    return render(request, "pages/who_sees_here.html", {"page": page, "place": place, "cohort": place.cohort})
