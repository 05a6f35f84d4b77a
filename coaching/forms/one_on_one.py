"""Planning a 1-1, and saying whether it took place."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from coaching.models import OneOnOne
from coaching.rules import check_length
from mats.clock import DAY, format_time, local_date
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.times import TimeField, WallTimesForm

USUAL = dt.timedelta(minutes=45)


class PlanForm(WallTimesForm):
    """When the 1-1 is to be, on the wall of the coach who plans it."""

    form_name = "one-on-one-plan"
    far = 400 * DAY

    ends = TimeField(
        label="Until", required=False, help_text="Left empty: 45 minutes later. Two hours later at the most."
    )

    def around(self) -> dt.date:
        return local_date(self.request.now, self.request.user.time_zone)

    def check_length(self, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        check_length(starts_at, ends_at)

    def usual_end(self, starts_at: dt.datetime) -> dt.datetime:
        return starts_at + USUAL


class MoveForm(PlanForm):
    """Another time for a 1-1 that is planned."""

    form_name = "one-on-one-move"

    ends = TimeField(
        label="Until", required=False, help_text="Left empty: as long as it is now. Two hours later at the most."
    )

    def current(self, about: OneOnOne) -> dict[str, Any]:
        """When it begins, on the wall of whoever moves it."""
        if not about.starts_at:
            return {}
        zone = self.request.user.time_zone
        return {"day": local_date(about.starts_at, zone), "starts": format_time(about.starts_at, zone)}

    def usual_end(self, starts_at: dt.datetime) -> dt.datetime:
        one = self.about
        return starts_at + (one.ends_at - one.starts_at if one.starts_at and one.ends_at else USUAL)


class CallOffForm(KeptForm):
    """A button."""

    form_name = "one-on-one-call-off"


class SaidForm(KeptForm):
    """Two buttons: whether a planned 1-1 took place."""

    form_name = "one-on-one-said"

    said = forms.ChoiceField(
        choices=[("took_place", "It took place"), ("missed", "It did not take place")],
        error_messages={
            "required": "Choose one of the two answers.",
            "invalid_choice": "Choose one of the two answers.",
        },
    )


class OneOnOneForm(KeptForm):
    """The day of a 1-1 that was never planned, nothing of what was said."""

    form_name = "one-on-one"

    took_place_on = DayField(label="The 1-1 took place on")


class TakeBackForm(KeptForm):
    """A button: what was said of this 1-1 does not hold."""

    form_name = "one-on-one-back"
