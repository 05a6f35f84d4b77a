"""Who works with whom, and at what time of the week they meet."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.caseload import AS_LONG, EndForm
from cohorts.forms.fields import ClockField, PlaceField, ReasonField, WeekdayField, ZoneField
from cohorts.forms.staff import StaffForm
from cohorts.models import Role
from mats.forms.fields import DayField

READERS = "Everybody in the cohort reads it on the pairing’s page."
LEAD = "There is one lead mentor at a time."
SAME_TIME = "Pairings of one mentor at exactly the same time meet together, as a team."


class TimeForm(StaffForm):
    """The weekly meeting: on the wall of the zone it is made in, or not agreed yet."""

    weekday = WeekdayField(label="They meet on", required=False, help_text=SAME_TIME)
    local_time = ClockField(label="at", required=False)
    time_zone = ZoneField(required=False, help_text="The meeting stays at this time on this zone's clock.")


class PairForm(TimeForm):
    """A new pairing."""

    field_order = ["scholar", "mentor", "is_lead", "starts_on", "ends_on"]

    scholar = PlaceField()
    mentor = PlaceField()
    is_lead = forms.BooleanField(label="Lead mentor", required=False, initial=True, help_text=LEAD)
    starts_on = DayField(label="First day", required=False, help_text=AS_LONG)
    ends_on = DayField(label="Last day", required=False, help_text=AS_LONG)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_people(Role.SCHOLAR)
        self.offer_people(Role.MENTOR)


class PairingForm(TimeForm):
    """Dates, lead and weekly time. Another mentor is a change of hands."""

    field_order = ["is_lead", "starts_on", "ends_on"]

    is_lead = forms.BooleanField(label="Lead mentor", required=False, help_text=LEAD)
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")
    reason = ReasonField(required=False)


class HandOverForm(TimeForm):
    """Who takes over, from when, why, and when they meet."""

    field_order = ["mentor", "starts_on", "reason"]

    mentor = PlaceField()
    starts_on = DayField(label="From", help_text="Their first day; the day before is the last one of the other.")
    reason = ReasonField(help_text=READERS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_people(Role.MENTOR)


class EndPairingForm(EndForm):
    """The last day, and why."""

    reason = ReasonField(help_text=READERS)
