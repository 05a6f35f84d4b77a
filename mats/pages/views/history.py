"""History: of one thing for its staff, of oneself for everybody."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cohorts.access import find
from mats.identity.requests import Request
from mats.pages.history.kinds import KINDS
from mats.pages.history.reading import page_number, read_history, read_my_history


def history(request: Request, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Who did what, when, as what, from where, and why where a reason was asked; `?page=` leads to older acts."""
    told = KINDS.get(kind)
    if told is None:
        raise Http404
    row = find(told.thing, request.user, request.now, act="see_history", rows=told.rows, pk=pk)
    found = read_history(told, row, request.user, request.now, page=page_number(request.GET.get("page", "")))
    context = {"history": found, "cohort": told.cohort(row), "title": told.title(row), "back": told.url(row)}
    return render(request, "pages/history.html", context)


def my_history(request: Request) -> HttpResponse:
    """What the person did here, and what others did to their places."""
    found = read_my_history(request.user, request.now, page=page_number(request.GET.get("page", "")))
    return render(request, "pages/my_history.html", {"history": found})
