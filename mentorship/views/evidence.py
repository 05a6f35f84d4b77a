"""Where a scholar stands on what we look for, with the rows behind it; and a cohort's figures, for staff."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find, find_related
from cohorts.models import Membership
from cohorts.querysets import HERE_OR_ENDED
from mats.identity.requests import Request
from mentorship.evidence.page import bands, table
from mentorship.standard import titled, what_we_look_for


def _scholars(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(HERE_OR_ENDED).select_related("person", "cohort")


def standing(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One scholar, line by line: what we look for, what the software shows, and each row; `?open=` unfolds a line."""
    place = find_related("evidence", request.user, request.now, rows=_scholars, pk=pk)
    standard = what_we_look_for(place.cohort)
    context = {
        "cohort": place.cohort,
        "place": place,
        "standard": standard,
        "is_mine": place.person_id == request.user.pk,
        "is_staff": "staff" in place.relations,
        "is_outside": place.relations == {"invited"},  # reads nothing else of the cohort
        "open": request.GET.get("open", ""),
        "bands": bands(place, standard, request.user, request.now),
    }
    return render(request, "mentorship/standing.html", context)


def evidence(request: Request, slug: str) -> HttpResponse:
    """Every scholar by name, a column a line: read side by side, in no other order."""
    cohort = find("cohort", request.user, request.now, act="see_evidence", slug=slug)
    standard = what_we_look_for(cohort)
    body, has_milestones = table(cohort, standard, request.user, request.now)
    context = {
        "cohort": cohort,
        "standard": standard,
        "columns": [titled(source) for source, _, _ in standard.shown],
        "body": body,
        "has_milestones": has_milestones,
    }
    return render(request, "mentorship/evidence.html", context)
