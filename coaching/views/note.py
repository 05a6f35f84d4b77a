"""Changing an entry; for its author alone."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coaching.actions.note import edit_note
from coaching.forms.note import NoteChangeForm
from coaching.views.access import find_note
from mats.identity.requests import Request


def note_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    note = find_note(request, pk)
    page = reverse("coached", args=[note.about_id])
    form = NoteChangeForm(request, about=note, place=note.about)
    if answer := form.hand_to(edit_note, note=note, then=page, saved="The entry is saved."):
        return answer
    context = {"form": form, "note": note, "scholar": note.about, "cohort": note.about.cohort, "page": page}
    return render(request, "coaching/note_change.html", context)
