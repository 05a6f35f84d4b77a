"""Who works with whom: the list for everybody in the cohort, changes for its staff."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may
from cohorts.counts import untied
from cohorts.forms.staff import RemoveForm
from cohorts.models import Membership, Role
from cohorts.trail import Manner, history
from cohorts.views.pages import cohort_to_change, form_page
from mats.clock import local_date
from mats.history.trail import Part
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.actions.pairing import correct_pairing, end_pairing, hand_over, pair, remove_pairing
from mentorship.forms.pairing import EndPairingForm, HandOverForm, PairForm, PairingForm
from mentorship.models import Pairing
from mentorship.rules.pairing import time_in_words
from mentorship.wall_times import wall_times

PAGE = 50
NO_TIME = {"weekday": None, "local_time": None, "time_zone": ""}


@dataclass(frozen=True)
class Line:
    """A scholar with their pairings, the running ones first."""

    scholar: Membership
    pairings: list[tuple[Pairing, str]]


def _pairings(at: dt.datetime) -> QuerySet[Pairing]:
    return Pairing.objects.select_related("cohort", "scholar__person", "mentor__person")


def _live_pairings(at: dt.datetime) -> QuerySet[Pairing]:
    return _pairings(at).filter(archived_at=None)


def pairing_url(row: Pairing) -> str:
    return reverse("pairing", args=[row.pk])


def pairings(request: Request, slug: str) -> HttpResponse:
    """Every scholar by name with their mentors; `?show=unpaired` those whom nobody mentors yet."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    scholars = Membership.objects.filter(cohort=cohort, role=Role.SCHOLAR, archived_at=None)
    counts = scholars.aggregate(all=Count("pk"), unpaired=Count("pk", filter=untied(Role.MENTOR)))
    show = "unpaired" if request.GET.get("show") == "unpaired" else ""
    rows = scholars.filter(untied(Role.MENTOR)) if show else scholars
    pages = Paginator(rows.select_related("person").order_by("person__name", "pk"), PAGE)
    pages.count = counts[show or "all"]  # counted above: no second count
    page = pages.get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "page": page,
        "rows": _lines(list(page.object_list)),
        "show": show,
        "query": f"show={show}&" if show else "",
        "counts": counts,
        "is_staff": may(request.user, "change", "cohort", cohort, request.now),
    }
    return render(request, "mentorship/pairings.html", context)


@prepared
def _pairings_of(scholars: list[uuid.UUID]) -> QuerySet[Pairing]:
    found = Pairing.objects.filter(scholar__any=scholars, archived_at=None).select_related("mentor__person")
    return found.order_by("-ends_on", "-is_lead", "starts_on")


def _lines(scholars: list[Membership]) -> list[Line]:
    theirs: dict[uuid.UUID, list[tuple[Pairing, str]]] = {scholar.pk: [] for scholar in scholars}
    for row in _pairings_of(scholars=list(theirs)):
        theirs[row.scholar_id].append((row, time_in_words(row)))
    return [Line(scholar, theirs[scholar.pk]) for scholar in scholars]


def pairing(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One pairing: dates, the weekly time on both people's walls, who else mentors the scholar."""
    row = find("pairing", request.user, request.now, rows=_pairings, pk=pk)
    is_staff = may(request.user, "see_history", "pairing", row, request.now)
    if row.archived_at and not is_staff:
        raise Http404
    today = local_date(request.now, row.cohort.time_zone)
    others = Pairing.objects.filter(Q(scholar=row.scholar_id), archived_at=None).exclude(pk=row.pk)
    context = {
        "cohort": row.cohort,
        "pairing": row,
        "time": time_in_words(row),
        "walls": [(place, wall_times(row, place.person.time_zone, today)) for place in (row.mentor, row.scholar)],
        "is_over": row.ends_on < today,
        "others": others.select_related("mentor__person"),
        "may_change": is_staff and not row.archived_at,
        "is_staff": is_staff,
        "history": [],
    }
    if is_staff:
        manner = Manner.of(request.user, row.cohort)
        context["history"] = history([Part(Pairing, ("id",), row.pk)], manner=manner)
    return render(request, "mentorship/pairing.html", context)


def pairing_new(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    start = {"scholar": request.GET.get("scholar"), "mentor": request.GET.get("mentor")}
    form = PairForm(request, cohort=cohort, initial=start)
    if answer := form.hand_to(pair, then=pairing_url, saved="They are paired."):
        return answer
    back = reverse("pairings", args=[cohort.slug])
    return form_page(request, form, cohort=cohort, title="A new pairing", back=back, save="Pair")


def _pairing_to_change(request: Request, pk: uuid.UUID) -> Pairing:
    return find("pairing", request.user, request.now, act="change", rows=_live_pairings, pk=pk)


def _page(request: Request, form: Any, row: Pairing, title: str, **more: Any) -> HttpResponse:
    who = f"{row.mentor.person.name} and {row.scholar.person.name}"
    return form_page(request, form, cohort=row.cohort, title=f"{title}: {who}", back=pairing_url(row), **more)


def pairing_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _pairing_to_change(request, pk)
    form = PairingForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(correct_pairing, pairing=row, then=pairing_url, saved="The pairing is saved."):
        return answer
    return _page(request, form, row, "Change")


def pairing_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _pairing_to_change(request, pk)
    form = EndPairingForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(
        end_pairing,
        pairing=row,
        then=pairing_url,
        saved="The last day is set. Meetings planned after it are called off.",
    ):
        return answer
    return _page(request, form, row, "End early", save="End")


def pairing_hand_over(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _pairing_to_change(request, pk)
    form = HandOverForm(request, cohort=row.cohort, about=row, initial={"mentor": None, "starts_on": None, **NO_TIME})
    if answer := form.hand_to(
        hand_over, pairing=row, then=pairing_url, saved="The change is saved; both periods are on record."
    ):
        return answer
    intro = "The new pairing is lead if this one is, and lasts as long as this one would have."
    return _page(request, form, row, "Another mentor takes over", save="Hand over", intro=intro)


def pairing_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _pairing_to_change(request, pk)
    form = RemoveForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(
        remove_pairing, pairing=row, then=reverse("pairings", args=[row.cohort.slug]), saved="The pairing is removed."
    ):
        return answer
    return _page(request, form, row, "Remove", save="Remove")
