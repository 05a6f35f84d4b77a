"""A scholar's own side of coaching."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from coaching.days import Entry
from coaching.deadlines import NextOneOnOne, next_one_on_one
from coaching.models import ForMyCoach, Note, Opening
from coaching.openings import openings_of
from coaching.querysets import (
    Plan,
    caseloads_of_scholars,
    days_away,
    lines_for_coach,
    notes_for,
    one_on_ones,
    over_a_meeting,
)
from coaching.readers import for_my_coach_readers, one_on_one_readers, readers_by_name
from cohorts.models import Caseload, Membership, Role
from cohorts.places import readable
from mats.identity.requests import Request


@dataclass(frozen=True)
class Line:
    """What the scholar wrote for their coach only, and by name who can read it now."""

    line: ForMyCoach
    readers: list[str]


@dataclass(frozen=True)
class Part:
    """Coaching in one of the scholar's places."""

    place: Membership
    caseload: Caseload | None
    last: dt.date | None
    next: NextOneOnOne | None
    plans: list[Plan]
    clashing: set[UUID]
    readers: dict[str, object]
    entries: list[Entry]
    lines: list[Line]
    openings: list[Opening]


def my_coaching(request: Request) -> HttpResponse:
    """Who coaches me, when we speak, what is shared with me and who can read what; one part a place."""
    mine = readable(request, Role.SCHOLAR)
    if not mine:
        raise Http404
    return render(request, "coaching/my_coaching.html", {"parts": _parts(request, mine)})


def _parts(request: Request, mine: list[Membership]) -> list[Part]:
    person, at, keys = request.user, request.now, [place.pk for place in mine]
    caseloads = {caseload.scholar_id: caseload for caseload in caseloads_of_scholars(at=at, scholars=keys)}
    spoken, away = one_on_ones(person, at, keys), days_away(caseloads.values())
    ahead = {key: found.ahead(at) for key, found in spoken.items()}
    clashing = over_a_meeting(person, at, [plan for some in ahead.values() for plan in some])
    notes = notes_for(person=person, at=at, about=keys)
    lines = [line for line in lines_for_coach(person=person, at=at, about=keys) if line.body]
    openings = openings_of(person=person, at=at, about=keys)
    parts = []
    for place in mine:
        caseload, held = caseloads.get(place.pk), spoken[place.pk].last
        parts.append(
            Part(
                place=place,
                caseload=caseload,
                last=held,
                next=next_one_on_one(caseload, held, at, away[caseload.pk]) if caseload else None,
                plans=ahead.get(place.pk, []),
                clashing=clashing,
                readers=_readers(caseload, place),
                entries=[_entry(note, caseload) for note in notes if note.about_id == place.pk],
                lines=[_line(line, caseload) for line in lines if line.about_id == place.pk],
                openings=[one for one in openings if one.about_id == place.pk],
            )
        )
    return parts


def _readers(caseload: Caseload | None, place: Membership) -> dict[str, object]:
    """Who can read what is written from now on, by name; by office while nobody coaches."""
    coach = caseload.coach.person.name if caseload else f"your {place.cohort.coach_label}"
    readers = {audience: readers_by_name(audience, author=coach, scholar="you") for audience in Note.Audience.values}
    return {
        **readers,
        "one_on_one": one_on_one_readers(coach=coach, scholar="you"),
        "for_my_coach": for_my_coach_readers(coach=coach, scholar="you"),
    }


def _entry(note: Note, caseload: Caseload | None) -> Entry:
    """Whoever wrote it reads it as long as they coach."""
    reads = caseload is not None and caseload.coach_id == note.author_id
    return Entry(note, readers_by_name(note.audience, author=note.author.person.name if reads else "", scholar="you"))


def _line(line: ForMyCoach, caseload: Caseload | None) -> Line:
    """Another coach does not read what was written for the one before, who reads it no longer."""
    reads = caseload is not None and caseload.coach_id == line.coach_id
    return Line(line, for_my_coach_readers(coach=line.coach.person.name if reads else "", scholar="you"))
