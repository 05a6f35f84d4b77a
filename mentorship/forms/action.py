"""Actions: what, who, by when; then done, dropped or open again."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.models import Membership
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.text import NameField
from mentorship.models import Meeting


class ActionForm(KeptForm):
    """A new action; `owners` are the memberships of the people in the meeting."""

    form_name = "action"

    what = NameField(label="What", max_length=300)
    owner = forms.ChoiceField(label="Who")
    due_on = DayField(label="By when", required=False)

    def __init__(self, request: Any, *, place: Meeting, owners: list[Membership], **options: Any) -> None:
        super().__init__(request, place=place, **options)
        self.owners = {str(owner.pk): owner for owner in owners}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, owner.person.name) for key, owner in self.owners.items()]

    def clean_owner(self) -> Membership:
        return self.owners[self.cleaned_data["owner"]]


class FinishForm(KeptForm):
    """A button."""

    form_name = "action-done"


class DropForm(KeptForm):
    """Giving an action up, with a reason."""

    form_name = "action-drop"

    why = NameField(label="Why", max_length=300, help_text="Dropped with a reason counts as kept.")


class ReopenForm(KeptForm):
    """A button."""

    form_name = "action-reopen"
