"""Inviting people, and what becomes of an invitation."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from cohorts.access import may
from cohorts.forms.fields import ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Cohort, Role
from mats.forms.base import KeptForm
from mats.forms.drafts import Content, save_draft
from mats.forms.sent import BASE, as_uuid
from mats.sealing import fingerprint
from mats.text import EmailField, LongTextField

READERS = "Read by staff, in the history."
LONGEST_LIST = 60_000
HOW = (
    "One a line: a@example.org, or with a name: Ana <a@example.org>, or Ana, a@example.org. A list pasted from a "
    "table works too. Up to 500 at once. Read by staff."
)


class AcceptForm(KeptForm):
    """A button: come in."""


class ResendForm(StaffForm):
    """A button: a new letter, whose link takes the place of the earlier one."""


class InviteRestForm(StaffForm):
    """A button: invite everybody who never was."""


class RevokeForm(StaffForm):
    """Take an invitation back, and say why."""

    reason = ReasonField(help_text=READERS)


class AddressForm(StaffForm):
    """The address that was meant."""

    email = EmailField(
        label="Address", help_text="The letter goes there; what was sent to the other one opens nothing."
    )
    reason = ReasonField(help_text=READERS)


class InviteForm(StaffForm):
    """Many addresses for one role. What could not be invited stays in the box, as a draft."""

    autosaves = True

    role = forms.ChoiceField(choices=Role.choices, label="As")
    lines = LongTextField(label="Whom", max_length=LONGEST_LIST, help_text=HOW)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        role, lines = self.fields["role"], self.fields["lines"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(value, self.cohort.label(value).capitalize()) for value in Role.values]
        lines.widget.attrs["rows"] = 10

    @property
    def fingerprint(self) -> str:
        """Of the role and the list as they were looked at: what is sent is what was seen."""
        return fingerprint(f"{self.data.get('role')}\n{self.data.get('lines')}")

    @property
    def was_seen(self) -> bool:
        return self.data.get("seen") == self.fingerprint

    @classmethod
    def may_draft(cls, person: Any, about: str, at: dt.datetime) -> bool:
        key = as_uuid(about)
        cohort = Cohort.objects.filter(pk=key).first() if key else None
        return cohort is not None and may(person, "change", "cohort", cohort, at)

    def keep_rest(self, lines: list[str]) -> None:
        """What is left goes into a draft of its own, so that the box holds it when the page is drawn again."""
        rest = Content(key=str(uuid.uuid4()), fields={"role": [self.cleaned_data["role"]], "lines": ["\n".join(lines)]})
        save_draft(
            by=self.request.user, form=self.form_name, about=self.draft_about, content=rest,
            base=self.data.get(BASE, ""), at=self.request.now,
        )  # fmt: skip
