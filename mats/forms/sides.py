"""Two versions of a form side by side, in the words a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

NOTHING = "—"


@dataclass(frozen=True)
class Side:
    """One field: what stands now, and what this person sent."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.mine


def in_words(field: forms.Field, value: Any) -> str:
    """A value as a person reads it: a choice by its label, a tick as yes or no."""
    if isinstance(field, forms.BooleanField):
        return "yes" if value in {True, "on", "true", "True", "1"} else "no"
    if isinstance(value, list | tuple):
        return ", ".join(in_words(field, one) for one in value) or NOTHING
    if value is None or value == "":
        return NOTHING
    if isinstance(field, forms.ModelChoiceField):
        return _row_in_words(field, value)
    if isinstance(field, forms.ChoiceField):
        return _choice_in_words(field.choices, str(value))
    return str(field.prepare_value(value)).replace("\r\n", "\n").strip()


def _row_in_words(field: forms.ModelChoiceField, value: Any) -> str:
    try:
        row = value if isinstance(value, Model) else field.to_python(value)
    except forms.ValidationError:
        return NOTHING
    return field.label_from_instance(row) if row else NOTHING


def _choice_in_words(choices: Any, value: str) -> str:
    for key, label in choices:
        if isinstance(label, list | tuple):
            if (found := _choice_in_words(label, value)) != value:
                return found
        elif str(key) == value:
            return str(label)
    return value


def sides(form: forms.Form, current: dict[str, Any]) -> list[Side]:
    """Every visible field of a sent form beside what stands now."""
    return [
        Side(
            label=str(bound.label),
            theirs=in_words(bound.field, current.get(bound.name)),
            mine=in_words(bound.field, bound.data),
        )
        for bound in form.visible_fields()
    ]
