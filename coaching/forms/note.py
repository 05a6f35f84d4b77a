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
COPY = "The person it is about may ask for a copy."


def _readers(audience: str, scholar: Membership) -> str:
    return f"Who can read this: {readers_by_name(audience, author='you', scholar=scholar.person.name)}. {COPY}"


class TopicsField(forms.MultipleChoiceField):
    """What it was about, as ticks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Topics", choices=Note.Topic.choices, required=False, widget=forms.CheckboxSelectMultiple, **options
        )

    def clean(self, value: Any) -> list[str]:
        """Each once, in their own order, so that the same ticks are the same value."""
        ticked = super().clean(value)
        return [topic for topic in Note.Topic.values if topic in ticked]


class EntryForm(KeptForm):
    """A new entry in two boxes, one for each group of readers; `place` is the scholar it is about."""

    form_name = "note"
    autosaves = True

    dated = DayField(label="Date")
    topics = TopicsField(help_text="Read with each box that you fill, by whoever reads the box.")
    working = LongTextField(label="Working notes", required=False)
    with_scholar = LongTextField(label="With the scholar", required=False)

    def __init__(self, request: Any, *, place: Membership, **options: Any) -> None:
        super().__init__(request, place=place, **options)
        for audience in Note.Audience.values:
            self.fields[audience].help_text = _readers(audience, place)
        self.fields["with_scholar"].label = f"With {place.person.name}"

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        key = as_uuid(about)
        return key is not None and visible(Membership, "coached", person, at, "write").filter(pk=key).exists()


class NoteChangeForm(KeptForm):
    """An entry changed by its author; `place` is the scholar it is about."""

    form_name = "note-change"
    autosaves = True

    dated = DayField(label="Date")
    topics = TopicsField()
    body = LongTextField(label="Entry", help_text="Markdown works: **bold**, lists, links.")
    audience = forms.ChoiceField(
        label="Who can read this", choices=Note.Audience.choices, widget=forms.RadioSelect, help_text=COPY
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
        mine = visible(Note, "note", person, at, "write")
        return key is not None and mine.filter(pk=key, archived_at=None).exists()
