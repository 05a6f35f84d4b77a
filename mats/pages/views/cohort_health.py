"""Cohort health, for staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from mats.identity.requests import Request
from mats.pages.cohort_health import read_health


def cohort_health(request: Request, slug: str) -> HttpResponse:
    """Scholars × weeks, in words and marks."""
    cohort = find("cohort", request.user, request.now, act="see_health", slug=slug)
    health = read_health(cohort, request.user, request.now)
    return render(request, "pages/cohort_health.html", {"cohort": cohort, "health": health})
