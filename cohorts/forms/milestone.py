"""Milestones of a cohort and the rubrics by which they are read."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.milestones import DEFAULT_GUIDES, DEFAULT_RUBRICS
from cohorts.models import Milestone
from cohorts.models.milestone import READING_DAYS
from cohorts.rules.milestone import NO_SUCH_KIND
from mats.forms.fields import DayField
from mats.text import LongTextField

READ = "Somebody who is not the mentor answers: feedback, and pass or revise."
GUIDE = "In words for those who write it. Markdown is shown as such."


class _Milestone(StaffForm):
    """What both forms of a milestone ask."""

    due_on = DayField(label="Due on", help_text="On the cohort’s clock, at the time of day of the weekly log.")
    is_read = forms.BooleanField(label="One reader reads each", required=False, help_text=READ)
    reading_days = forms.IntegerField(label="Days to read it", min_value=1, max_value=30, initial=READING_DAYS)
    guide = LongTextField(label="What it holds", required=False, help_text=GUIDE, max_length=5000)


class AddMilestoneForm(_Milestone):
    """A new milestone of one kind, with words to begin from. What is wrong with the kind stands above the form:
    nobody sees the field."""

    kind = forms.ChoiceField(
        choices=Milestone.Kind.choices,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), NO_SUCH_KIND),
    )
    rubric = LongTextField(
        label="What a reader looks for",
        required=False,
        max_length=7000,
        help_text="One line each. Can be changed later; a change is a new version.",
    )

    def __init__(self, request: Any, *, kind: str, **options: Any) -> None:
        """`kind` chooses the words to begin from."""
        start = {"kind": kind, "is_read": kind != Milestone.Kind.MIDPOINT}
        start |= {"guide": DEFAULT_GUIDES[kind], "rubric": DEFAULT_RUBRICS[kind]}
        super().__init__(request, initial={**start, **options.pop("initial", {})}, **options)

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None if field == "kind" else field, error)


class MilestoneForm(_Milestone):
    """A milestone that is there."""

    reason = ReasonField(
        required=False, help_text="Needed where the date is moved. Everybody in the cohort reads it there."
    )


class RubricForm(StaffForm):
    """The next version of a rubric."""

    lines = LongTextField(label="What a reader looks for", max_length=7000, help_text="One line each.")
    reason = ReasonField(required=False, help_text="Everybody in the cohort reads it beside the new version.")
    drawn_from = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: Any, *, is_first: bool, **options: Any) -> None:
        """The first version replaces nothing, so nobody asks why."""
        super().__init__(request, **options)
        if is_first:
            self.fields.pop("reason", None)
