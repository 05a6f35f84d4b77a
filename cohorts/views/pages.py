"""What pages of staff have in common: finding a row through its cohort, and a page that is one form."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find
from cohorts.models import Cohort, Membership
from mats.forms.base import KeptForm
from mats.identity.requests import Request


def cohort_to_change(request: Request, slug: str) -> Cohort:
    return find("cohort", request.user, request.now, act="change", slug=slug)


def _live_places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def place_to_change(request: Request, pk: uuid.UUID) -> Membership:
    return find("membership", request.user, request.now, act="change", rows=_live_places, pk=pk)


def part_of_cohort(request: Request, rows: Any, pk: uuid.UUID) -> Any:
    """A phase or site, for staff of its cohort."""
    row = rows.filter(archived_at=None).select_related("cohort").filter(pk=pk).first()
    if row is None:
        raise Http404
    row.cohort = cohort_to_change(request, row.cohort.slug)
    return row


def part_of_place(request: Request, rows: Any, pk: uuid.UUID) -> Any:
    """A part of somebody's place, for staff of its cohort."""
    row = rows.filter(archived_at=None, pk=pk).first()
    if row is None:
        raise Http404
    row.membership = place_to_change(request, row.membership_id)
    return row


def cohort_url(cohort: Cohort) -> str:
    return reverse("cohort", args=[cohort.slug])


def person_url(place: Membership) -> str:
    return reverse("person", args=[place.pk])


def form_page(
    request: Request,
    form: KeptForm,
    *,
    cohort: Cohort | None,
    title: str,
    back: str,
    save: str = "Save",
    template: str = "cohorts/form_page.html",
    **more: Any,
) -> HttpResponse:
    """A page that is one form. `intro` says what it does; `others` are (words, address) of what else there is to do."""
    context = {"form": form, "cohort": cohort, "title": title, "back": back, "save": save, **more}
    return render(request, template, context)


def then_say(request: Request, there: str, *, before: int, saved: str) -> Callable[[Any], str]:
    """Where a version that was sent goes on to; saying that it is published, or that the same words are no version."""

    def go_on(row: Any) -> str:
        unchanged = f"Nothing was changed: these are the words of version {row.number}."
        messages.success(request, saved if row.number > before else unchanged)
        return there

    return go_on
