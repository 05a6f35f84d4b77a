"""The letter of a committee's decision: its words, the talk before a no, the release, and what follows."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cohorts.access import visible
from cohorts.forms.fields import ReasonField
from cohorts.forms.staff import ConfirmForm, StaffForm
from cohorts.models import Cohort, Person
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.identity.requests import Request
from mats.text import LongTextField
from mentorship.models import Decision, DecisionLetter

READ_BY_THE_SCHOLAR = "The scholar reads it beside what is changed, and so do staff."
VERSION = re.compile("[0-9]{1,9}")
UNKNOWN = "One of these letters is not on this page. Choose again."


class LetterForm(StaffForm):
    """The words of a draft, and for a grant the day by which it is accepted."""

    form_name = "letter"
    autosaves = True

    body = LongTextField(label="Letter", help_text="Markdown works: **bold**, lists.")
    accept_by = DayField(
        label="To be accepted by",
        help_text="Until the end of this day on the cohort’s clock. It moves forward if it is less than three days "
        "away when the letter goes out; the scholar sees it below the letter.",
    )

    def __init__(self, request: Request, *, about: DecisionLetter, **options: Any) -> None:
        super().__init__(request, about=about, **options)
        self.fields["body"].widget.attrs["rows"] = 18
        if about.outcome != Decision.Outcome.GRANT:
            del self.fields["accept_by"]

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        theirs = visible(DecisionLetter, "letter", person, at, "release")
        return pk is not None and theirs.filter(pk=pk, released_at=None, archived_at=None).exists()


class TalkedForm(StaffForm):
    """We have talked: somebody has told the scholar before the letter does."""

    form_name = "letter-talked"

    has_talked = forms.BooleanField(
        label="We have talked",
        required=False,
        help_text="Somebody has told the scholar the answer and the reason, in person or by voice.",
    )

    def current(self, about: DecisionLetter) -> dict[str, Any]:
        return {"has_talked": about.talked_at is not None}


class AcceptDateForm(StaffForm):
    """A later day by which a grant is accepted, and why."""

    form_name = "letter-date"

    accept_by = DayField(label="To be accepted by", help_text="Until the end of this day on the cohort’s clock.")
    reason = ReasonField(help_text=READ_BY_THE_SCHOLAR)


class LapseForm(StaffForm):
    """Let a case lapse, and why."""

    form_name = "case-lapse"

    reason = ReasonField(help_text="The scholar reads it on the page of their case, and so does who may read the case.")


class ConditionMetForm(ConfirmForm):
    """Yes, it is met."""

    form_name = "condition-met"


class LettersField(forms.Field):
    """Letters as they stand on a preview: for each its key and version."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> dict[uuid.UUID, int]:
        found: dict[uuid.UUID, int] = {}
        for token in value or []:
            key, _, version = str(token).partition(".")
            pk = as_uuid(key)
            if pk is None or not VERSION.fullmatch(version):
                raise ValidationError(UNKNOWN)
            found[pk] = int(version)
        return found

    def validate(self, value: Any) -> None:
        if not value:
            raise ValidationError("Choose at least one letter.")


class ReleaseForm(StaffForm):
    """Release the letters that stand on the page, as they stand there."""

    form_name = "letters-release"

    letters = LettersField()

    def clean_letters(self) -> list[DecisionLetter]:
        """The rows, each with the version that was on the page: the action compares."""
        chosen = self.cleaned_data["letters"]
        allowed = visible(DecisionLetter, "letter", self.request.user, self.request.now, "release")
        rows = list(letters_of(self.cohort, chosen).filter(pk__in=allowed.values("pk")))
        if len(rows) != len(chosen):
            raise ValidationError(UNKNOWN)
        for row in rows:
            row.version = chosen[row.pk]
        return rows


def letters_of(cohort: Cohort, keys: Any) -> Any:
    """Letters of a cohort by their keys, with what a release names them by."""
    rows = DecisionLetter.objects.filter(cohort=cohort, pk__in=list(keys), archived_at=None)
    return rows.select_related("cohort", "decision", "case__cohort", "case__scholar__person").order_by(
        "case__scholar__person__name", "pk"
    )
