"""Cohort health, for staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.places import staffed
from mats.clock import local_date
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mats.pages.cohort_health import page, read_health
from mats.pages.cohort_health.export import as_csv
from mats.pages.cohort_health.reading import Health, people_in_words


def _read(request: Request, slug: str) -> Health:
    mine = staffed(request, "see_health", "cohort").values()
    cohort = next((cohort for cohort in mine if cohort.slug == slug), None)
    if cohort is None:
        cohort = find("cohort", request.user, request.now, act="see_health", slug=slug)
    return read_health(cohort, request.user, request.now, request.GET)


def cohort_health(request: Request, slug: str) -> HttpResponse:
    """Who needs someone, and scholars × weeks; `?site=`, `?mentor=` and `?coach=` narrow both."""
    health = _read(request, slug)
    context = {
        "cohort": health.cohort,
        "health": health,
        "people": people_in_words(health.cohort, health.counts),
        "needs_someone": page.needs_someone(health.cases),
        "rows": page.rows(health.lines),
    }
    return render(request, "pages/cohort_health.html", context)


@needs_fresh_sign_in
def cohort_health_csv(request: Request, slug: str) -> HttpResponse:
    """The same rows as a file, under the same rules and filters."""
    health = _read(request, slug)
    day = local_date(request.now, health.cohort.time_zone)
    response = HttpResponse(as_csv(health), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{health.cohort.slug}-health-{day}.csv"'
    return response
