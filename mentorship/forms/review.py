"""What a reader says of a submission."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cohorts.access import visible
from cohorts.models import Person
from mats import clock
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import LongTextField
from mentorship.models import Review, SubmittedText
from mentorship.rules.review import check_revise_on, check_says_why, last_day_to_revise, usual_revise_on

OF_A_CRITERION = re.compile(r"(stands|said)-([0-9]{1,2})")


class ReviewForm(KeptForm):
    """Each criterion of the rubric with where it stands and a word on it, then feedback and outcome.

    Criteria have two fields, `stands-<n>` and `said-<n>`, counted from 0. `read` is the key of the
    version that stands on the page; the row itself needs no other version, since only its reader
    writes it and it is given once.
    """

    form_name = "review"
    autosaves = True

    read = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = LongTextField(label="Feedback", help_text="What you see in it. Markdown as a rule.")
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[("", "Choose one"), (Review.Outcome.PASS, "pass"), (Review.Outcome.REVISE, "revise: a next version")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one: pass or revise."),
    )
    reasons = LongTextField(label="Why", help_text="For either outcome; it is read with it.", max_length=5000)
    revise_on = DayField(
        label="Next version by", required=False, help_text="Only for “revise”; at the time of day of the weekly log."
    )

    def __init__(self, request: Any, *, review: Review) -> None:
        self.review, self.criteria = review, review.rubric.criteria if review.rubric else []
        self.today = clock.local_date(request.now, review.submission.cohort.time_zone)
        self.last = last_day_to_revise(review.submission.scholar, self.today)
        start = {"read": review.text_id, "revise_on": usual_revise_on(self.last, self.today)}
        super().__init__(request, place=review, initial=start)
        asked = [name for name in self.fields if OF_A_CRITERION.fullmatch(name)]
        self.order_fields(["read", *asked, "words", "outcome", "reasons", "revise_on"])
        self.fields["words"].widget.attrs["rows"] = 10

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        theirs = visible(Review, "review", person, at, "write").filter(given_at=None, archived_at=None)
        return pk is not None and theirs.filter(pk=pk).exists()

    @classmethod
    def drafts_also(cls, name: str) -> bool:
        return bool(OF_A_CRITERION.fullmatch(name))

    @classmethod
    def label_of(cls, name: str) -> str:
        found = OF_A_CRITERION.fullmatch(name)
        return f"Criterion {int(found[2]) + 1}" if found else super().label_of(name)

    def further_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        choices = [("", "Choose one"), *Review.Stands.choices]
        for number, criterion in enumerate(self.criteria):
            found[f"stands-{number}"] = forms.ChoiceField(label=criterion, choices=choices)
            found[f"said-{number}"] = LongTextField(label=f"On criterion {number + 1}", required=False, max_length=3000)
            found[f"said-{number}"].widget.attrs["rows"] = 2
        return found

    def clean(self) -> dict[str, Any]:
        """The criteria as one list, as a review keeps them."""
        found = super().clean() or {}
        found["answers"] = [
            {
                "criterion": criterion,
                "stands": found.pop(f"stands-{number}", ""),
                "words": found.pop(f"said-{number}", ""),
            }
            for number, criterion in enumerate(self.criteria)
        ]
        if not {"outcome", "reasons"} & set(self.errors):
            self._check(check_says_why, found.get("outcome", ""), found.get("reasons", ""))
        if found.get("outcome") != Review.Outcome.REVISE:
            found["revise_on"] = None
        elif found.get("revise_on"):
            self._check(check_revise_on, found["revise_on"], self.today, self.last)
        return found

    def _check(self, rule: Callable[..., Any], *facts: Any) -> None:
        try:
            rule(*facts)
        except ValidationError as refusal:
            self.refuse(refusal)

    def stand_beside(self, text: SubmittedText) -> bool:
        """Be about this version, which is the one on the page; whether it is a newer one than what was
        written here was about. What was sent is kept as a draft then, and stays in the form."""
        was = as_uuid(str((self.data if self.is_sent else self.initial).get("read") or ""))
        if self.is_sent:
            self._redraw(read=str(text.pk))
        self.initial["read"] = text.pk
        is_newer = was is not None and was != text.pk
        if is_newer and self.is_sent:
            self.keep_draft()
        return is_newer
