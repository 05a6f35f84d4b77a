"""Duties of staff."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Duty, Membership, Role
from mats.forms.fields import DayField

READERS = "Read by staff, in the history."


class DutyForm(StaffForm):
    """Who, which duty, and from when to when."""

    membership = PlaceField(label="Who")
    kind = forms.ChoiceField(label="Duty", choices=Duty.Kind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label="First day", required=False, help_text="Blank: today.")
    ends_on = DayField(label="Last day", required=False, help_text="Blank: until further notice.")
    reason = ReasonField(help_text=READERS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = Membership.objects.filter(cohort=self.cohort, role=Role.STAFF, archived_at=None, person__is_active=True)
        self.offer("membership", staff.select_related("person"))


class EndDutyForm(StaffForm):
    """The last day, and why."""

    last_day = DayField(help_text="The last day on which they have it. Yesterday: it ends at once.")
    reason = ReasonField(help_text=READERS)
