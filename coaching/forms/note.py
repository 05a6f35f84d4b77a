"""The coach's entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from coaching.models import Note
from coaching.readers import readers_by_name
from cohorts.access import visible
from cohorts.models import Membership, Person
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import LongTextField

WORDS = {Note.Audience.WORKING: "Working note", Note.Audience.WITH_SCHOLAR: "Shared entry"}


class NoteForm(KeptForm):
    """A new entry; `place` is the scholar it is about. Who can read it is said by name."""

    form_name = "note"
    autosaves = True

    dated = DayField(label="Date")
    body = LongTextField(label="Entry", help_text="Markdown works: **bold**, lists, links.")
    audience = forms.ChoiceField(
        label="Who can read this",
        choices=Note.Audience.choices,
        initial=Note.Audience.WORKING,
        widget=forms.RadioSelect,
        help_text="The person it is about may ask for a copy.",
    )

    def __init__(self, request: Any, *, place: Membership, **options: Any) -> None:
        super().__init__(request, place=place, **options)
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (audience, f"{words}: {readers_by_name(audience, author='you', scholar=place.person.name)}")
            for audience, words in WORDS.items()
        ]

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        key = as_uuid(about)
        return key is not None and visible(Membership, "coached", person, at, "write").filter(pk=key).exists()


class NoteChangeForm(NoteForm):
    """An entry changed by its author."""

    form_name = "note-change"

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        key = as_uuid(about)
        mine = visible(Note, "note", person, at, "write")
        return key is not None and mine.filter(pk=key, archived_at=None).exists()
