"""The committee's table and the funnel, for the cohort's staff; what is the committee's, its members alone read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.models import Cohort
from cohorts.places import staffed
from mats.clock import local_date
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mentorship.committee import page
from mentorship.committee.export import as_csv
from mentorship.committee.reading import Table, read_table
from mentorship.funnel import read_funnel


def _cohort(request: Request, slug: str) -> Cohort:
    mine = staffed(request, "see_cases", "cohort").values()
    found = next((cohort for cohort in mine if cohort.slug == slug), None)
    return found or find("cohort", request.user, request.now, act="see_cases", slug=slug)


def _read(request: Request, slug: str) -> Table:
    return read_table(_cohort(request, slug), request.user, request.now, request.GET.dict())


def committee(request: Request, slug: str) -> HttpResponse:
    """The cases of a round by name; `?show=`, `?mentor=` and `?round=` narrow them."""
    table = _read(request, slug)
    context = {"cohort": table.cohort, "table": table, "columns": page.columns(table), "rows": page.rows(table)}
    return render(request, "mentorship/committee.html", context)


@needs_fresh_sign_in
def committee_csv(request: Request, slug: str) -> HttpResponse:
    """The same rows as a file, under the same rules and filters."""
    table = _read(request, slug)
    day = local_date(request.now, table.cohort.time_zone)
    response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.cohort.slug}-cases-{day}.csv"'
    return response


def funnel(request: Request, slug: str) -> HttpResponse:
    """From all scholars of a phase to those who stay; `?round=` for an earlier round."""
    cohort = _cohort(request, slug)
    found = read_funnel(cohort, request.user, request.now, request.GET.get("round", ""))
    return render(request, "mentorship/funnel.html", {"cohort": cohort, "funnel": found})
