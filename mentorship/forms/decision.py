"""Deciding on extension cases: opinions, proposals, the agreed list, outside members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from cohorts.access import visible
from cohorts.forms.fields import ReasonField
from cohorts.models import Person, Phase
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import EmailField, LongTextField, NameField
from mentorship.cases import in_total
from mentorship.models import Decision, ExtensionCase, Opinion

ONE_OF_THREE = dict.fromkeys(("required", "invalid_choice"), "Choose one of the three.")
ONE_OF_FOUR = dict.fromkeys(("required", "invalid_choice"), "Choose one of the four.")
FOR_SCHOLAR = "The scholar and their mentors read it once the letter is released; the committee reads it now."
IN_HISTORY = "Read by staff and the committee."


def _may_judge(person: Person, about: str, at: dt.datetime) -> bool:
    pk = as_uuid(about)
    theirs = visible(ExtensionCase, "case", person, at, "judge")
    return pk is not None and theirs.filter(pk=pk, archived_at=None).exists()


class OpinionForm(KeptForm):
    """A band, and why."""

    form_name = "opinion"
    autosaves = True

    band = forms.ChoiceField(
        label="Where you place it", choices=Opinion.Band.choices, widget=forms.RadioSelect, error_messages=ONE_OF_THREE
    )
    reasons = LongTextField(label="Why", max_length=5000)

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _may_judge(person, about, at)


class DecisionForm(KeptForm):
    """What is proposed; `terms` are those that may be granted, by their totals."""

    form_name = "decision"
    autosaves = True

    outcome = forms.ChoiceField(
        label="Decision", choices=Decision.Outcome.choices, widget=forms.RadioSelect, error_messages=ONE_OF_FOUR
    )
    total_months = forms.TypedChoiceField(label="Granted: how long", required=False, coerce=int, empty_value=None)
    conditions = NameField(
        label="Granted: on condition of",
        required=False,
        max_length=500,
        help_text="Funding, a visa, a mentor: blank if there is none. Met later, by a press of staff.",
    )
    conditions_by = DayField(
        label="Granted: to be met by",
        required=False,
        help_text="Not after the term begins. Once it has passed a person may let the grant lapse.",
    )
    reason = LongTextField(label="Why", max_length=5000, help_text=f"{FOR_SCHOLAR} If you ask for more: your question.")
    would_change = LongTextField(
        label="Refused: what would change it", required=False, max_length=5000, help_text=FOR_SCHOLAR
    )

    def __init__(self, request: Any, *, terms: Mapping[int, Phase], **options: Any) -> None:
        super().__init__(request, **options)
        total = self.fields["total_months"]
        assert isinstance(total, forms.TypedChoiceField)
        total.choices = [("", "—"), *((months, in_total(term)) for months, term in terms.items())]
        for name in ("reason", "would_change"):
            self.fields[name].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        """The total stands there from the start, and belongs to a grant alone."""
        found = super().clean() or {}
        if found.get("outcome") != Decision.Outcome.GRANT:
            found["total_months"] = None
        return found

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _may_judge(person, about, at)


class ConfirmForm(KeptForm):
    """Yes: it holds."""

    form_name = "decision-confirm"


class PullForm(KeptForm):
    """Out of the list, and why."""

    form_name = "decision-pull"

    reason = ReasonField(help_text="Read by the committee beside the proposal.")


class InviteForm(KeptForm):
    """Who decides this one case too, and why."""

    form_name = "invite"

    email = EmailField(label="E-mail address")
    name = NameField(label="Name", required=False, help_text="For somebody who has no account here yet.")
    reason = ReasonField(help_text=IN_HISTORY)


class EndInvitationForm(KeptForm):
    """They decide it no longer."""

    form_name = "invitation-end"

    reason = ReasonField(help_text="Stands in the history, for staff.")


# --- the agreed list ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pick:
    """A line that can be ticked; `row` is what the tick is about."""

    row: Any
    name: str
    is_ticked: bool
    why_name: str = ""
    why: str = ""


class _PickForm(KeptForm):
    """One tick for each of `rows`, a field `pick-<key>`; other keys are not read."""

    def __init__(self, request: Any, *, rows: Sequence[Any], **options: Any) -> None:
        self.rows = rows
        super().__init__(request, **options)

    def further_fields(self) -> dict[str, forms.Field]:
        return {f"pick-{row.pk}": forms.BooleanField(required=False) for row in self.rows}

    def _picked(self, found: dict[str, Any]) -> list[Any]:
        return [row for row in self.rows if found.pop(f"pick-{row.pk}", False)]

    @property
    def picks(self) -> list[Pick]:
        return [self._pick(row) for row in self.rows]

    def _pick(self, row: Any) -> Pick:
        name = f"pick-{row.pk}"
        return Pick(row, name, bool(self.is_sent and self.data.get(name)))


class AgreedForm(_PickForm):
    """Cases to propose, with one reason for all or one each: `why-<key>`."""

    form_name = "agreed"

    reason = LongTextField(
        label="Why, for all that are ticked",
        required=False,
        max_length=5000,
        help_text=f"A line of its own beside a case replaces it there. {FOR_SCHOLAR}",
    )

    def further_fields(self) -> dict[str, forms.Field]:
        whys = {f"why-{row.pk}": NameField(label="Why", required=False, max_length=500) for row in self.rows}
        return super().further_fields() | whys

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        picked = self._picked(found)
        whys = {row.pk: found.pop(f"why-{row.pk}", "") for row in self.rows}
        return found | {"cases": picked, "reasons": {row.pk: whys[row.pk] for row in picked if whys[row.pk]}}

    def _pick(self, row: Any) -> Pick:
        name = f"why-{row.pk}"
        pick = super()._pick(row)
        return Pick(row, pick.name, pick.is_ticked, name, self.data.get(name, "") if self.is_sent else "")


class ConfirmManyForm(_PickForm):
    """Proposals to confirm."""

    form_name = "agreed-confirm"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        return found | {"decisions": self._picked(found)}
