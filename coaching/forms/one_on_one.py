"""The 1-1 took place; or it did not after all."""

from __future__ import annotations

from mats.forms.base import KeptForm
from mats.forms.fields import DayField


class OneOnOneForm(KeptForm):
    """The day of a 1-1, nothing of what was said."""

    form_name = "one-on-one"

    took_place_on = DayField(label="The 1-1 took place on")


class TakeBackForm(KeptForm):
    """A button: this 1-1 did not take place."""

    form_name = "one-on-one-back"
