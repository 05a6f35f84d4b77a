"""The coach's list, and one scholar's page with its running entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from coaching.actions.note import write_note
from coaching.actions.one_on_one import record_one_on_one
from coaching.deadlines import NextOneOnOne, next_one_on_one
from coaching.forms.note import NoteForm
from coaching.forms.one_on_one import OneOnOneForm, TakeBackForm
from coaching.news import read_news
from coaching.querysets import caseloads_of_coach, last_one_on_ones, notes_for, one_on_ones_for, recent_log_marks
from coaching.readers import one_on_one_readers, readers_by_name
from coaching.views.access import find_coached
from cohorts.models import Caseload, Membership, Role
from cohorts.places import places
from mats.clock import local_date
from mats.identity.requests import Request

SHOWN_ONE_ON_ONES = 6


@dataclass(frozen=True)
class Row:
    """A scholar on the coach's list; `logs` are (number, state) of the last six weeks."""

    caseload: Caseload
    next: NextOneOnOne
    logs: list[tuple[int, str]]


def coaching(request: Request) -> HttpResponse:
    """One row a scholar, the one who waited longest first; for people who are coaches somewhere."""
    if not any(place.role == Role.COACH and place.cohort.is_launched for place in places(request)):
        raise Http404
    person, at = request.user, request.now
    caseloads = list(caseloads_of_coach(person, at))
    scholars = [caseload.scholar_id for caseload in caseloads]
    last, marks = last_one_on_ones(person, at, scholars), recent_log_marks(person, at, scholars)
    rows = [
        Row(caseload, next_one_on_one(caseload, last.get(caseload.scholar_id), at), marks.get(caseload.scholar_id, []))
        for caseload in caseloads
    ]
    rows.sort(key=lambda row: (row.next.due_on, row.caseload.scholar.person.name.casefold()))
    return render(request, "coaching/scholars.html", {"rows": rows})


def coached(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A scholar as their coach sees them; writing an entry is a POST to the same address."""
    scholar = find_coached(request, pk, act="write" if request.method == "POST" else "read")
    form = NoteForm(request, place=scholar, initial={"dated": local_date(request.now, scholar.cohort.time_zone)})
    if answer := form.hand_to(
        write_note, about=scholar, then=reverse("coached", args=[scholar.pk]), saved="The entry is saved."
    ):
        return answer
    return _page(request, scholar, note_form=form)


def one_on_one_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    """ "The 1-1 took place", from the scholar's page."""
    scholar = find_coached(request, pk, act="write" if request.method == "POST" else "read")
    form = OneOnOneForm(request, place=scholar)
    if answer := form.hand_to(
        record_one_on_one, about=scholar, then=reverse("coached", args=[scholar.pk]), saved="The 1-1 is recorded."
    ):
        return answer
    if not form.is_sent:
        return redirect("coached", scholar.pk)
    return _page(request, scholar, one_on_one_form=form)


def _page(
    request: Request,
    scholar: Membership,
    *,
    note_form: NoteForm | None = None,
    one_on_one_form: OneOnOneForm | None = None,
) -> HttpResponse:
    person, at = request.user, request.now
    today = local_date(at, scholar.cohort.time_zone)
    held = list(one_on_ones_for(person, at, [scholar.pk]).select_related("coach__person")[:SHOWN_ONE_ON_ONES])
    caseload = get_object_or_404(caseloads_of_coach(person, at), scholar=scholar)
    context = {
        "scholar": scholar,
        "cohort": scholar.cohort,
        "caseload": caseload,
        "next": next_one_on_one(caseload, held[0].took_place_on if held else None, at),
        "held": [{"one_on_one": one, "back": _take_back(request, one, scholar)} for one in held],
        "entries": [_entry(note, scholar) for note in notes_for(person, at, [scholar.pk])],
        "held_readers": one_on_one_readers(coach="you", scholar=scholar.person.name),
        "news": read_news(scholar, person, at),
        "note_form": note_form or NoteForm(request, place=scholar, initial={"dated": today}),
        "one_on_one_form": one_on_one_form or OneOnOneForm(request, place=scholar, initial={"took_place_on": today}),
    }
    return render(request, "coaching/coached.html", context)


def _entry(note, scholar: Membership) -> dict[str, object]:
    return {"note": note, "readers": readers_by_name(note.audience, author="you", scholar=scholar.person.name)}


def _take_back(request: Request, one_on_one, scholar: Membership) -> TakeBackForm | None:
    """The button, for a 1-1 of one's own only."""
    is_own = one_on_one.coach.person_id == request.user.pk
    return TakeBackForm(request, about=one_on_one, place=scholar) if is_own else None
