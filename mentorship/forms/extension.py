"""What a cohort looks for, and the calendar of its round: forms of staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

from cohorts.forms.fields import ReasonField
from cohorts.forms.staff import ConfirmForm, StaffForm
from mats.forms.fields import DayField
from mats.text import LongTextField, NameField
from mentorship.models import Round, Standard
from mentorship.rules.standard import LINE
from mentorship.standard import SHOWN, UNWRITTEN, WhatWeLookFor, titled, version_of

BLANK = "What you look for, in words. Blank: this line is not used."
PERCENT = "Percent of the weeks that count, from 1 to 100."


def _expectation(source: str) -> NameField:
    box = forms.Textarea(attrs={"rows": 2})
    return NameField(label=titled(source), max_length=LINE, required=False, help_text=BLANK, widget=box)


class StandardForm(StaffForm):
    """The next version of what a cohort looks for. Its version is the number of the one it was drawn from;
    `about` is that one, or a row that was never saved where there is none yet."""

    form_name = "standard"

    intro = LongTextField(label="What it says first", max_length=5000, help_text="Markdown works: **bold**, lists.")
    rhythm = _expectation("rhythm")
    rhythm_yes = forms.IntegerField(label="The rhythm reads “yes” from", min_value=1, max_value=100, help_text=PERCENT)
    rhythm_partly = forms.IntegerField(label="… and “partly” from", min_value=1, max_value=100, help_text=PERCENT)
    meetings = _expectation("meetings")
    milestones = _expectation("milestones")
    actions = _expectation("actions")
    outputs = _expectation("outputs")
    judged = LongTextField(
        label="What only people judge",
        required=False,
        max_length=11_000,
        help_text="One line each. The software shows nothing beside them.",
    )
    reason = ReasonField(required=False, help_text="Everybody in the cohort reads it beside the new version.")

    def __init__(self, request: Any, *, about: Standard, **options: Any) -> None:
        """The first version replaces nothing, so nobody asks why."""
        super().__init__(request, about=about, **options)
        if not about.number:
            self.fields.pop("reason", None)

    def current(self, about: Standard) -> dict[str, Any]:
        sheet = (version_of(self.cohort, about.number) if about.number else None) or UNWRITTEN
        return as_fields(sheet)

    def _drawn_version(self) -> int:
        return int(self.about.number)

    def conflict(self, row: Standard) -> HttpResponse:
        row.version = row.number  # what this form counts
        return super().conflict(row)


def as_fields(sheet: WhatWeLookFor) -> dict[str, Any]:
    """A version as the form shows it."""
    lines = {source: sheet.expectations.get(source, "") for source in SHOWN}
    figures = {"rhythm_yes": sheet.rhythm_yes, "rhythm_partly": sheet.rhythm_partly}
    return {"intro": sheet.intro, **lines, **figures, "judged": "\n".join(sheet.judged)}


class RoundForm(StaffForm):
    """The days and places of a round; `about` is the round, or one that was never saved where there is none yet."""

    form_name = "round"

    opens_on = DayField(label="Applications open on")
    closes_on = DayField(label="Last day to apply", help_text="At least two weeks after the mid-point.")
    answers_on = DayField(label="Answers promised by", help_text="Everybody in the cohort sees whether this is kept.")
    letters_on = DayField(label="Letters promised by", help_text="Not after the last day of the main phase.")
    places = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=1000, help_text="Blank: as many as apply."
    )
    reason = ReasonField(required=False, help_text="Everybody in the cohort reads it beside the moved dates.")

    def __init__(self, request: Any, *, about: Round, **options: Any) -> None:
        super().__init__(request, about=about, **options)
        if about._state.adding:
            self.fields.pop("reason", None)


class AnswersGivenForm(ConfirmForm):
    """Yes, the answers were given."""

    form_name = "answers-given"


class LettersSentForm(ConfirmForm):
    """Yes, the letters were sent."""

    form_name = "letters-sent"
