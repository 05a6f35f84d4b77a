"""Fields that forms of every app use."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import mark_safe

from mats.clock import zone_choices
from mats.forms.renderer import select_options


class DayField(forms.DateField):
    """A day, in the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **options})


NO_ZONE = ("", "—")


def zones_or_none() -> list[tuple[str, str]]:
    """The zones, after none of them."""
    return [NO_ZONE, *zone_choices()]


@lru_cache(maxsize=2)
def _options(choices: Callable[[], list[tuple[str, str]]]) -> str:
    """All options, none selected. They are the same for everybody until the server starts anew."""
    return select_options(forms.Select(choices=choices()).optgroups("", []))


class ZoneSelect(forms.Select):
    """A select of time zones. Its six hundred options are written once, not once a form."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the options as `joined`, which the renderer takes as they are."""
        context = super().get_context(name, value, attrs)
        choices: Any = self.choices  # an iterator around the field's function
        joined = _options(choices.func)
        for one in dict.fromkeys(context["widget"]["value"] or [""]):
            plain = f'<option value="{escape(one)}"'
            joined = joined.replace(f"{plain}>", f"{plain} selected>", 1)
        context["widget"]["joined"] = mark_safe(joined)  # noqa: S308 - every part was escaped where it was made
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """As for every select whose first option is a choice: the browser has nothing to require."""
        return False
