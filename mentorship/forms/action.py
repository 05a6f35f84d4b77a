"""Actions: what, who, by when; then done, dropped or open again."""

from __future__ import annotations

from typing import Any

from django import forms

from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.text import NameField
from mentorship.models import Meeting


class ActionForm(KeptForm):
    """A new action; `owners` are the names of those who can own it, by the keys of their places."""

    form_name = "action"

    what = NameField(label="What", max_length=300)
    owner = forms.ChoiceField(label="Who")
    due_on = DayField(label="By when", required=False)

    def __init__(self, request: Any, *, place: Meeting, owners: dict[str, str], **options: Any) -> None:
        super().__init__(request, place=place, **options)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(owners.items())


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
