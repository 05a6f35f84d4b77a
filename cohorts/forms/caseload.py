"""Which coach looks after which scholar."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Role
from cohorts.models.caseload import DEFAULT_CADENCE_DAYS
from mats.forms.fields import DayField

AS_LONG = "Blank: as long as both are here."
READERS = "Read by the two of them and by staff, on their pages and in the history."


class CadenceField(forms.IntegerField):
    """Days between 1-1s."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label="Days between 1-1s", min_value=1, max_value=90, **options)


class AssignForm(StaffForm):
    """A coach for a scholar."""

    scholar = PlaceField()
    coach = PlaceField()
    starts_on = DayField(label="First day", required=False, help_text=AS_LONG)
    ends_on = DayField(label="Last day", required=False, help_text=AS_LONG)
    cadence_days = CadenceField(initial=DEFAULT_CADENCE_DAYS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_people(Role.SCHOLAR)
        self.offer_people(Role.COACH)


class CaseloadForm(StaffForm):
    """Dates and cadence. Another coach is a change of hands."""

    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")
    cadence_days = CadenceField()


class EndForm(StaffForm):
    """The last day, and why."""

    last_day = DayField(help_text="The last day on which it still holds.")
    reason = ReasonField(help_text=READERS)


class HandOverCaseloadForm(StaffForm):
    """Who takes over, from when, and why."""

    coach = PlaceField()
    starts_on = DayField(label="From", help_text="Their first day; the day before is the last one of the other.")
    reason = ReasonField(help_text=READERS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_people(Role.COACH)
