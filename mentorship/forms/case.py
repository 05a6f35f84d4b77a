"""A scholar's extension case: the application, and what the scholar says later; applying late, for staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from cohorts.access import visible
from cohorts.forms.fields import ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Person, Phase, Role
from cohorts.querysets import LAUNCHED
from cohorts.relations import my_memberships
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.identity.requests import Request
from mats.text import LongTextField, NameField
from mentorship.cases import in_total
from mentorship.models import ExtensionCase, State

CHOOSE = dict.fromkeys(("required", "invalid_choice"), "Choose one of these.")
IF_REFUSED = "What you would do then. It helps the committee to see what hangs on the answer; you can leave it blank."


class ApplicationForm(KeptForm):
    """What is asked for, and why; `place` is the scholar's, `terms` are those to choose from by their totals."""

    form_name = "extension-application"
    autosaves = True

    total_months = forms.TypedChoiceField(
        label="You ask for", coerce=int, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    plan = LongTextField(label="What the months are for", help_text="A few lines are enough. Markdown works.")
    if_refused = LongTextField(label="If the answer is no", required=False, help_text=IF_REFUSED)

    def __init__(self, request: Request, *, terms: Mapping[int, Phase], **options: Any) -> None:
        super().__init__(request, **options)
        self.fields["total_months"].choices = [(total, in_total(term)) for total, term in terms.items()]  # type: ignore[attr-defined]

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        return pk is not None and my_memberships(person, Role.SCHOLAR).filter(LAUNCHED, pk=pk).exists()


def _is_mine(person: Person, about: str, at: dt.datetime, *states: str) -> bool:
    pk = as_uuid(about)
    mine = visible(ExtensionCase, "case", person, at, "apply").filter(state__in=states, archived_at=None)
    return pk is not None and mine.filter(pk=pk).exists()


class ApplicationChangeForm(ApplicationForm):
    """The application again; `about` is the case."""

    form_name = "extension-application-change"
    autosaves = True

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _is_mine(person, about, at, State.MENTOR)


class WithdrawForm(KeptForm):
    """Yes, withdraw."""

    form_name = "extension-withdraw"


class AnswerForm(KeptForm):
    """The answer to what the committee asked."""

    form_name = "extension-answer"
    autosaves = True

    answer = LongTextField(label="Your answer")

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _is_mine(person, about, at, State.MORE)


class AcceptForm(KeptForm):
    """Yes, I accept."""

    form_name = "extension-accept"


class DeclineForm(KeptForm):
    """No, with a line if the scholar wants to."""

    form_name = "extension-decline"

    words = NameField(label="Why, if you like", required=False, max_length=500)


class AppealForm(KeptForm):
    """What is to be looked at again, and why."""

    form_name = "extension-appeal"
    autosaves = True

    appeal = LongTextField(label="What should be looked at again, and why")

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _is_mine(person, about, at, State.REFUSED)


class LateEntryForm(StaffForm):
    """Until when a scholar may still apply, and why."""

    form_name = "late-entry"

    until_on = DayField(label="May apply until", help_text="The day lasts until its end on the cohort’s clock.")
    reason = ReasonField(help_text="The scholar and staff can read it.")
