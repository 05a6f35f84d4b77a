"""Who reads what, for staff: one submission at a time, or all of a milestone that have nobody yet."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.views.pages import form_page
from mats.identity.requests import Request
from mentorship.actions.reader import assign_reader, spread_readers
from mentorship.forms.submission import ReaderForm, SpreadForm
from mentorship.models import Submission
from mentorship.readers import Spread, loads, reading_places, spread, usual_readers, without_a_reader
from mentorship.rules.reader import bars
from mentorship.views.milestone import find_milestone, milestone_url
from mentorship.views.submission import find_submission, submission_url, title_of


def submission_reader(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find_submission(request, pk, act="change")
    form = ReaderForm(request, cohort=row.cohort, about=row)
    form.offer_readers(_who_may(request, row), loads(row.milestone))
    if answer := form.hand_to(assign_reader, submission=row, then=submission_url(row), saved="The reader is saved."):
        return answer
    intro = (
        f"Not offered: mentors and {row.cohort.coach_label_plural} of this {row.cohort.scholar_label} (now, before or "
        "to come), and whoever has declared a conflict. An earlier reader keeps what they have given."
    )
    title, back = f"Reader: {title_of(row, request.user)}", submission_url(row)
    return form_page(request, form, cohort=row.cohort, title=title, back=back, intro=intro)


def _who_may(request: Request, row: Submission) -> list[Any]:
    """Those who may read it; and who reads it now, whoever that is."""
    out = {row.scholar.person_id, *bars([row.scholar])[row.scholar.person_id]}
    places = reading_places(row.cohort, request.now)
    allowed = [place for place in places if place.person_id not in out and place.pk != row.reader_id]
    if row.reader:
        row.reader.cohort = row.cohort
        allowed.append(row.reader)
    return sorted(allowed, key=lambda place: place.person.name.casefold())


LOOK = "look"


def milestone_readers(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Tick the people, look at who would read whom, then do it. The sending judges all of it again."""
    milestone = find_milestone(request, pk, act="change")
    places, held = reading_places(milestone.cohort, request.now), loads(milestone)
    usual = usual_readers(places)
    form = SpreadForm(request, cohort=milestone.cohort, initial={"people": [str(place.pk) for place in usual]})
    form.offer_people_to_read(places, held)
    if LOOK not in request.POST and (
        answer := form.hand_to(spread_readers, milestone=milestone, then=lambda done: _told(request, milestone, done))
    ):
        return answer
    chosen = form.cleaned_data.get("people", []) if form.is_sent and form.is_valid() else usual
    context = {
        "milestone": milestone,
        "cohort": milestone.cohort,
        "form": form,
        "back": milestone_url(milestone),
        "look": LOOK,
        "spread": spread(list(without_a_reader(milestone)), chosen, held) if milestone.is_read else None,
    }
    return render(request, "mentorship/milestone_readers.html", context)


def _told(request: Request, milestone: Any, done: Spread) -> str:
    """What was done, in words; and where to look at it."""
    number = len(done.given)
    if number or not done.left:
        words = (
            f"{number} {'have their readers' if number != 1 else 'has a reader'}." if number else "Nobody needed one."
        )
        messages.success(request, words)
    if done.left:
        names = ", ".join(row.scholar.person.name for row in done.left)
        messages.warning(request, f"For these nobody of those you chose may read: {names}.")
    return reverse("milestone", args=[milestone.pk])
