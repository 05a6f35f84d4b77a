"""The mid-point line: giving it, and having read it."""

from __future__ import annotations

import datetime as dt
import uuid

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import visible
from cohorts.models import Person
from mats.forms.base import CONFLICT, KeptForm
from mats.forms.sent import KEY, VERSION, as_uuid
from mats.text import LongTextField
from mentorship.models import MidpointLine

CHOOSE = dict.fromkeys(("required", "invalid_choice"), "Choose one of the three.")


class MidpointForm(KeptForm):
    """One choice and two texts: two minutes."""

    form_name = "midpoint-line"
    autosaves = True

    view = forms.ChoiceField(
        label="Where you see them at mid-point",
        choices=MidpointLine.View.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    because = LongTextField(
        label="Because", required=False, help_text="A line or two. Needed for “not as things stand”, welcome for each."
    )
    would_change = LongTextField(
        label="What would change it",
        required=False,
        help_text="What they could do, or what could happen, until the end of the phase.",
    )

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        mine = visible(MidpointLine, "midpoint_line", person, at, "write")
        return pk is not None and mine.filter(pk=pk, archived_at=None).exists()


class ReceiveForm(KeptForm):
    """A button: "I have read it". It is about the line as it stood when it was drawn."""

    form_name = "midpoint-read"

    def conflict(self, row: MidpointLine) -> HttpResponse:
        """The mentor changed the line meanwhile: as it stands now, with the button once more."""
        self._redraw(**{KEY: str(uuid.uuid4()), VERSION: str(row.version)})
        context = {"form": self, "line": row, "cohort": row.cohort, "was_changed": True}
        return render(self.request, "mentorship/midpoint_read.html", context, status=CONFLICT)
