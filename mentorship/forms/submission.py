"""What a scholar sends for a milestone; and for staff, who reads it and by when it is due."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from cohorts.access import visible
from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Milestone, Person
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import LONG_TEXT, LongTextField
from mentorship.models import Submission, SubmittedText
from mentorship.rules.log import clean_links
from mentorship.rules.submission import check_form, check_says_something

HOW_LONG = f"At most {LONG_TEXT:,} characters, Markdown as a rule. What is longer stands elsewhere, with a link here."
READ_BY = "It is read by whoever writes it, and in the history by those who run the cohort."
ONE_A_LINE = "To a document, slides, code: one address a line, beginning with http:// or https://."


@dataclass(frozen=True)
class Standing:
    """What a version is written over: the latest that was sent, under the key of its submission.
    `version` is its number, 0 as long as there is none."""

    pk: UUID
    version: int
    text: str = ""
    links: str = ""
    form: str = ""

    @classmethod
    def of(cls, submission: Submission, latest: SubmittedText | None) -> Standing:
        if latest is None:
            return cls(submission.pk, 0)
        return cls(submission.pk, latest.number, latest.text, latest.links, latest.form)


class SubmissionForm(KeptForm):
    """One version: text, links, and for a symposium whether it is a talk or a poster."""

    form_name = "submission"
    autosaves = True
    field_order = ["form", "text", "links"]

    form = forms.ChoiceField(
        label="Talk or poster", choices=[("", "Choose one"), *SubmittedText.Form.choices], required=False
    )
    text = LongTextField(label="Text", required=False, help_text=HOW_LONG)
    links = LongTextField(label="Links", required=False, help_text=ONE_A_LINE)

    def __init__(self, request: Any, *, submission: Submission, latest: SubmittedText | None) -> None:
        self.submission = submission
        super().__init__(request, about=Standing.of(submission, latest))
        self.fields["text"].widget.attrs["rows"] = 16
        self.fields["links"].widget.attrs["rows"] = 3
        if submission.milestone.kind != Milestone.Kind.SYMPOSIUM:
            del self.fields["form"]

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        mine = visible(Submission, "submission", person, at, "write").filter(archived_at=None)
        return pk is not None and mine.filter(pk=pk).exists()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        self._check(clean_links, found.get("links", ""))
        self._check(check_form, self.submission.milestone, found.get("form", ""))
        if not self.errors:
            self._check(check_says_something, text=found["text"], links=found["links"])
        return found

    def _check(self, rule: Callable[..., Any], *facts: Any, **named: Any) -> None:
        try:
            rule(*facts, **named)
        except ValidationError as refusal:
            self.refuse(refusal)

    def conflict(self, row: Any) -> Any:
        """Another version was sent meanwhile: it stands beside this one."""
        latest = self.submission.texts.order_by("-number").first()
        return super().conflict(Standing.of(self.submission, latest))


def _in_words(place: Membership, number: int) -> str:
    """`Mira Mentor, mentor (reads 3 of these)`"""
    return f"{place.person.name}, {place.label}" + (f" (reads {number} of these)" if number else "")


class ReaderForm(StaffForm):
    """Who reads it. Offered are those who may, each with how many they read of this milestone; anybody
    else of the cohort is refused by the rule, in its words."""

    reader = PlaceField(label="Reader", required=False, empty_label="Nobody yet")
    reason = ReasonField(required=False, help_text="Needed where a reader is replaced or taken off. " + READ_BY)

    def offer_readers(self, places: Sequence[Membership], held: Counter[UUID]) -> None:
        self.offer("reader", Membership.objects.filter(cohort=self.cohort).select_related("person"))
        named = [(str(place.pk), _in_words(place, held[place.person_id])) for place in places]
        choice: Any = self.fields["reader"]
        choice.widget.choices = [("", choice.empty_label), *named]


class OwnDateForm(StaffForm):
    """A date for one scholar alone."""

    due_on = DayField(
        label="Due on", required=False, help_text="At the time of day of the weekly log. Blank: as for everybody."
    )
    reason = ReasonField(help_text=READ_BY)


class SpreadForm(StaffForm):
    """The people among whom what has no reader is spread."""

    form_name = "spread-readers"

    people = forms.MultipleChoiceField(
        label="Who reads",
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody gets the work of their own scholars, or one with a declared conflict.",
        error_messages={"required": "Choose at least one person."},
    )

    def offer_people_to_read(self, places: Sequence[Membership], held: Counter[UUID]) -> None:
        self.places = {str(place.pk): place for place in places}
        field: Any = self.fields["people"]
        field.choices = [(key, _in_words(place, held[place.person_id])) for key, place in self.places.items()]

    def clean_people(self) -> list[Membership]:
        return [self.places[key] for key in self.cleaned_data["people"]]
