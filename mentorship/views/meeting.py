"""A meeting's page, and everything that is pressed or sent from it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mats.forms.base import KeptForm
from mats.identity.requests import Request
from mentorship.actions.action import add_action
from mentorship.actions.agenda import add_agenda_item
from mentorship.actions.meeting import (
    answer_meeting,
    end_meeting,
    say_who_was_missing,
    start_meeting,
    write_notes,
)
from mentorship.actions.own_note import write_own_note
from mentorship.forms.action import ActionForm
from mentorship.forms.meeting import (
    AbsenceForm,
    AgendaForm,
    EndForm,
    NotesForm,
    OutcomeForm,
    OwnNoteForm,
    StartForm,
)
from mentorship.views.meeting_page import MeetingPage, find_meeting


def _show(request: Request, page: MeetingPage, sent: KeptForm | None = None) -> HttpResponse:
    context = {"page": page, "meeting": page.meeting, "cohort": page.meeting.cohort, **page.forms(request, sent)}
    return render(request, "mentorship/meeting.html", context)


def _page(request: Request, pk: uuid.UUID, act: str = "read") -> MeetingPage:
    return MeetingPage(find_meeting(request, pk, act), request.user, request.now)


def _carry_out(
    request: Request, page: MeetingPage, form: KeptForm, act: Callable[..., Any], *, saved: str, part: str = ""
) -> HttpResponse:
    """Do what was sent and return to its part of the page; without a POST there is nothing to do.

    `act` takes the meeting, who, when, and the form's fields.
    """
    there = reverse("meeting", args=[page.meeting.pk])
    if request.method != "POST":
        return redirect(there)
    if answer := form.hand_to(act, meeting=page.meeting, then=f"{there}{part}", saved=saved):
        return answer
    return _show(request, page, sent=form)


def meeting(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _page(request, pk))


def meeting_now(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What changes while a meeting runs, for a page that asks every few seconds; 204 if nothing did."""
    page = _page(request, pk)
    if not request.htmx:
        return redirect("meeting", pk=pk)
    if request.GET.get("seen") == page.seen:
        return HttpResponse(status=204)
    context = {"page": page, "meeting": page.meeting, "cohort": page.meeting.cohort, **page.presses()}
    return render(request, "mentorship/meeting_changes.html", context)


def meeting_start(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "hold")
    form = StartForm(request, place=page.meeting)
    return _carry_out(request, page, form, start_meeting, saved="The meeting has started.")


def meeting_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "hold")
    form = EndForm(request, place=page.meeting)
    return _carry_out(request, page, form, end_meeting, saved="The meeting has ended.")


def meeting_outcome(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "hold")
    form = OutcomeForm(request, place=page.meeting)
    return _carry_out(request, page, form, answer_meeting, saved="Saved.")


def meeting_absence(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "hold")
    form = AbsenceForm(request, place=page.meeting)
    return _carry_out(request, page, form, say_who_was_missing, saved="Saved. The other does not see it.")


def meeting_notes(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "write")
    form = NotesForm(request, about=page.meeting)
    return _carry_out(request, page, form, write_notes, saved="The notes are saved.", part="#notes")


def own_note(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "write")
    form = OwnNoteForm(request, about=page.own_note, place=page.meeting)
    return _carry_out(request, page, form, write_own_note, saved="Saved, for you alone.", part="#own")


def agenda_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "write")
    form = AgendaForm(request, place=page.meeting)
    return _carry_out(request, page, form, add_agenda_item, saved="Added to the agenda.", part="#agenda")


def action_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = _page(request, pk, "write")
    form = ActionForm(request, place=page.meeting, owners=page.owners)

    def agree(*, owner: str, **fields: Any) -> Any:
        pairing = page.pairing_of(owner)
        place = pairing.scholar if owner == str(pairing.scholar_id) else pairing.mentor
        return add_action(pairing=pairing, owner=place, **fields)

    return _carry_out(request, page, form, agree, saved="The action is added.", part="#actions")
