"""What is sent from a meeting's page, and the form that plans one."""

from __future__ import annotations

import datetime as dt

from django import forms

from cohorts.access import visible
from cohorts.models import Person
from mats.forms.base import KeptForm
from mats.forms.sent import as_uuid
from mats.forms.times import TimeField, WallTimesForm
from mats.text import LongTextField, NameField
from mentorship.models import Meeting
from mentorship.rules.meeting import check_length


class StartForm(KeptForm):
    """A button."""

    form_name = "meeting-start"


class EndForm(KeptForm):
    """A button."""

    form_name = "meeting-end"


class OutcomeForm(KeptForm):
    """Two buttons: whether they met."""

    form_name = "meeting-outcome"

    outcome = forms.ChoiceField(
        choices=[(Meeting.Outcome.MET, "We met"), (Meeting.Outcome.DID_NOT_MEET, "We did not meet")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose one of the two answers.",
            "invalid_choice": "Choose one of the two answers.",
        },
    )


class NotesForm(KeptForm):
    """The one text of a meeting, written by both."""

    form_name = "meeting-notes"
    autosaves = True

    notes = LongTextField(label="Notes", required=False, help_text="One text for everybody in the meeting.")

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        return pk is not None and visible(Meeting, "meeting", person, at, "write").filter(pk=pk).exists()


class AgendaForm(KeptForm):
    """One thing to speak about."""

    form_name = "agenda-item"

    text = NameField(label="Something to speak about", max_length=300)


class CallOffForm(KeptForm):
    """Calling a meeting off; its own people need no reason."""

    form_name = "meeting-call-off"

    why = NameField(label="Why", max_length=300, required=False, help_text="Kept with the meeting's history.")


class PlanForm(WallTimesForm):
    """When the meeting of `place`, a pairing's week, is to be: on the wall of whoever plans it."""

    form_name = "meeting-plan"
    far_words = "This day is far from the week that the meeting is for."

    ends = TimeField(label="Until", help_text="At most thirty minutes later.")

    def around(self) -> dt.date:
        return self.place.week_starts_on

    def check_length(self, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        check_length(starts_at, ends_at)
