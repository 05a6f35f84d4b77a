"""The main phase, extension terms, and sites."""

from __future__ import annotations

from django import forms

from cohorts.forms.cohort import THREE_MONTHS
from cohorts.forms.fields import ReasonField, ZoneField
from cohorts.forms.staff import StaffForm
from mats.forms.fields import DayField
from mats.text import NameField

TOTALS = [(6, "6 months in total"), (12, "12 months in total")]


class MainPhaseForm(StaffForm):
    """The dates of the main phase."""

    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", help_text=THREE_MONTHS)
    is_record = forms.BooleanField(label="This is a record of a cohort that is over", required=False)
    reason = ReasonField(required=False)


class NewTermForm(StaffForm):
    """An extension term, by default from the end of the main phase until its total is reached."""

    total_months = forms.TypedChoiceField(label="Brings people to", choices=TOTALS, coerce=int)
    starts_on = DayField(label="First day", required=False, help_text="Blank: the day after the main phase.")
    ends_on = DayField(
        label="Last day", required=False, help_text="Blank: so many months after the first day of the main phase."
    )


class TermForm(StaffForm):
    """A term's total and dates."""

    total_months = forms.TypedChoiceField(label="Brings people to", choices=TOTALS, coerce=int)
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")
    reason = ReasonField(required=False)


class SiteForm(StaffForm):
    """A place where some of the cohort work."""

    name = NameField(max_length=80)
    time_zone = ZoneField()
