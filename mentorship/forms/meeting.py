"""What is sent from a meeting's page, and the form that plans one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cohorts.access import visible
from cohorts.models import Person
from mats.forms.base import KeptForm
from mats.forms.sent import as_uuid
from mats.forms.times import TimeField, WallTimesForm
from mats.text import LongTextField, NameField
from mentorship.models import Absence, Meeting, OwnNote, PairingWeek
from mentorship.rules.meeting import check_length

WHERE_WHY_STANDS = "The others find it in their letter."


class StartForm(KeptForm):
    """A button."""

    form_name = "meeting-start"


class EndForm(KeptForm):
    """A button."""

    form_name = "meeting-end"


class OutcomeForm(KeptForm):
    """Three buttons: whether they met, not when exactly."""

    form_name = "meeting-outcome"

    outcome = forms.ChoiceField(
        choices=[
            (Meeting.Outcome.MET, "We met"),
            (Meeting.Outcome.ANOTHER_DAY, "We met on another day"),
            (Meeting.Outcome.DID_NOT_MEET, "We did not meet"),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the three answers."),
    )


class AbsenceForm(KeptForm):
    """Three buttons: who was missing."""

    form_name = "meeting-absence"

    who = forms.ChoiceField(
        choices=Absence.Who.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the three answers."),
    )


class MeetingText(KeptForm):
    """A text that is written at a meeting's page; `found` holds its writer's drafts there by form."""

    form_name = "meeting-text"

    def __init__(self, request: Any, *, found: dict[str, Any] | None = None, **options: Any) -> None:
        self.found = found
        super().__init__(request, **options)

    def _restored(self) -> Any:
        return super()._restored() if self.found is None else self.found.get(self.form_name)

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        return pk is not None and visible(Meeting, "meeting", person, at, "write").filter(pk=pk).exists()


class NotesForm(MeetingText):
    """The one text of a meeting, written by both."""

    form_name = "meeting-notes"
    autosaves = True

    notes = LongTextField(label="Notes", required=False, help_text="One text for everybody in the meeting.")


class OwnNoteForm(MeetingText):
    """What one of them writes for themselves alone; `place` is the meeting, so a draft is there
    before the first saving."""

    form_name = "own-note"
    autosaves = True

    body = LongTextField(label="Yours alone", required=False)

    @property
    def draft_about(self) -> str:
        return str(self.place.pk)

    def current(self, about: OwnNote) -> dict[str, Any]:
        return {"body": about.body if about.sealed_body else ""}


class AgendaForm(KeptForm):
    """One thing to speak about."""

    form_name = "agenda-item"

    text = NameField(label="Something to speak about", max_length=300)


class CallOffForm(KeptForm):
    """Calling a meeting off; its own people need no reason."""

    form_name = "meeting-call-off"

    why = NameField(label="Why", max_length=300, required=False, help_text=WHERE_WHY_STANDS)


class TimesForm(WallTimesForm):
    """When a meeting is to be, on the wall of whoever fills it in; `week` is the week it counts for."""

    form_name = "meeting-times"
    far_words = "This day is far from the week that the meeting is for."

    ends = TimeField(label="Until", help_text="At most thirty minutes later.")

    def __init__(self, request: Any, *, week: PairingWeek, **options: Any) -> None:
        self.week = week
        super().__init__(request, **options)

    def around(self) -> dt.date:
        return self.week.week_starts_on

    def check_length(self, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        check_length(starts_at, ends_at)


class PlanForm(TimesForm):
    """The meeting of `place`, a pairing's week."""

    form_name = "meeting-plan"


class MoveForm(TimesForm):
    """Another time for the meeting `place`; its own people need no reason."""

    form_name = "meeting-move"

    # Left empty at first, so that another hour is two clicks and not a refusal.
    ends = TimeField(label="Until", required=False, help_text="Left empty: as long as it is now.")
    why = NameField(label="Why", max_length=300, required=False, help_text=WHERE_WHY_STANDS)

    def usual_end(self, starts_at: dt.datetime) -> dt.datetime:
        return starts_at + (self.place.ends_at - self.place.starts_at)
