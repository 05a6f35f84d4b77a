"""Fields that forms of every app use."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, in the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **options})
