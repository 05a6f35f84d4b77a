"""A scholar's own side of coaching."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from coaching.deadlines import next_one_on_one
from coaching.models import Note
from coaching.querysets import last_one_on_ones, notes_for, open_caseloads
from coaching.readers import one_on_one_readers, readers_by_name
from cohorts.models import Caseload, Membership, Role
from cohorts.places import places
from mats.identity.requests import Request


def my_coaching(request: Request) -> HttpResponse:
    """Who coaches me, when we spoke, what is shared with me and who can read what; one part a place."""
    mine = [place for place in places(request) if place.role == Role.SCHOLAR and place.cohort.is_launched]
    if not mine:
        raise Http404
    person, at, keys = request.user, request.now, [place.pk for place in mine]
    caseloads = {caseload.scholar_id: caseload for caseload in open_caseloads(at).filter(scholar__in=keys)}
    last = last_one_on_ones(person, at, keys)
    notes = list(notes_for(person, at, keys))
    parts = [
        {
            "place": place,
            "caseload": caseloads.get(place.pk),
            "last": last.get(place.pk),
            "next": next_one_on_one(caseloads[place.pk], last.get(place.pk), at) if place.pk in caseloads else None,
            "readers": _readers(caseloads.get(place.pk), place),
            "entries": [_entry(note, place) for note in notes if note.about_id == place.pk],
        }
        for place in mine
    ]
    return render(request, "coaching/my_coaching.html", {"parts": parts})


def _readers(caseload: Caseload | None, place: Membership) -> dict[str, object]:
    """Who can read what is written from now on, by name; by office while nobody coaches."""
    coach = caseload.coach.person.name if caseload else f"your {place.cohort.coach_label}"
    readers = {audience: readers_by_name(audience, author=coach, scholar="you") for audience in Note.Audience.values}
    return {**readers, "one_on_one": one_on_one_readers(coach=coach, scholar="you")}


def _entry(note, place: Membership) -> dict[str, object]:
    readers = readers_by_name(note.audience, author=note.author.person.name, scholar="you")
    return {"note": note, "readers": readers}
