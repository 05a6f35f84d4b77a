"""Fields that forms of people and programme share."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cohorts.models import Membership
from cohorts.models.cohort import WEEKDAYS
from mats.clock import zone_choices
from mats.forms.fields import ZoneSelect, zones_or_none
from mats.text import NameField

NO_TIME: list[tuple[Any, str]] = [("", "No weekly time yet")]


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **options)

    def to_python(self, value: Any) -> Any:
        time = super().to_python(value)
        return time and time.replace(second=0, microsecond=0)


class WeekdayField(forms.TypedChoiceField):
    """A day of the week, 0 for Monday; None where it may be left open and is."""

    def __init__(self, **options: Any) -> None:
        choices = WEEKDAYS if options.get("required", True) else [*NO_TIME, *WEEKDAYS]
        super().__init__(choices=choices, coerce=int, empty_value=None, **options)


class ZoneField(forms.ChoiceField):
    """A time zone by its name."""

    def __init__(self, **options: Any) -> None:
        required = options.get("required", True)
        choices = zone_choices if required else zones_or_none
        super().__init__(choices=choices, **{"widget": ZoneSelect, "label": "Time zone", **options})


class SlugField(NameField):
    """The part of an address that names a cohort: small letters, figures and hyphens."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def to_python(self, value: Any) -> str:
        slug = super().to_python(value).lower()
        if slug and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            raise ValidationError("Use small letters, figures and single hyphens, for example winter-2027.")
        return slug


class ReasonField(NameField):
    """Why; it goes into the history with the change."""

    def __init__(self, **options: Any) -> None:
        words = {"label": "Why", "help_text": "Stands in the history beside the change."}
        super().__init__(**{"max_length": 500, **words, **options})


class PlaceField(forms.ModelChoiceField):
    """A person by their place in the cohort."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        return obj.person.name
