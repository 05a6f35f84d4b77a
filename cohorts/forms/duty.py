"""Duties, by date."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import HELD_BY, Duty, Membership, Role
from mats.forms.fields import DayField

READERS = "Read by staff, in the history."
MAY_HOLD_ONE = sorted({role for roles in HELD_BY.values() for role in roles})


class HolderField(PlaceField):
    """A person by their place, with the role in the cohort's word: somebody may be here in two."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}, {obj.label}"


class DutyForm(StaffForm):
    """Who, which duty, for which mentor, and from when to when."""

    membership = HolderField(label="Who")
    kind = forms.ChoiceField(label="Duty", choices=Duty.Kind.choices, widget=forms.RadioSelect)
    for_membership = PlaceField(
        label="For which mentor", required=False, help_text="Of a delegate for times and a stand-in only."
    )
    starts_on = DayField(label="First day", required=False, help_text="Blank: today.")
    ends_on = DayField(label="Last day", required=False, help_text="Blank: until further notice.")
    reason = ReasonField(help_text=READERS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        here = Membership.objects.filter(cohort=self.cohort, archived_at=None, person__is_active=True)
        here = here.select_related("person", "cohort").order_by("person__name", "role")
        self.offer("membership", here.filter(role__in=MAY_HOLD_ONE))
        self.offer("for_membership", here.filter(role=Role.MENTOR))


class EndDutyForm(StaffForm):
    """The last day, and why."""

    last_day = DayField(help_text="The last day on which they have it. Yesterday: it ends at once.")
    reason = ReasonField(help_text=READERS)
