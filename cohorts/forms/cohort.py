"""Starting a cohort, and what it says about itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cohorts.forms.fields import ClockField, SlugField, WeekdayField, ZoneField
from cohorts.forms.staff import StaffForm
from cohorts.models import Cohort
from cohorts.rules.cohort import FIXED_AT_LAUNCH
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.identity.requests import Request
from mats.text import NameField

THREE_MONTHS = "First and last day included; at least three calendar months."


class StartForm(KeptForm):
    """A new cohort with its main phase."""

    name = NameField(max_length=120, help_text="For example: Winter 2027.")
    slug = SlugField(label="Address", help_text="What stands behind /c/ in its links, for example winter-2027.")
    time_zone = ZoneField(help_text="Weeks and deadlines are told by this zone's clock. Fixed at launch.")
    week_start = WeekdayField(label="Week begins on", initial=0, help_text="Fixed at launch.")
    starts_on = DayField(label="First day of the main phase")
    ends_on = DayField(label="Last day of the main phase", help_text=THREE_MONTHS)
    is_record = forms.BooleanField(
        label="This is a record of a cohort that is over", required=False, help_text="It may have been shorter."
    )
    log_weekday = WeekdayField(label="Weekly log due on", initial=2)
    log_time = ClockField(label="Weekly log due at", initial=dt.time(18))


class CohortForm(StaffForm):
    """Name, deadline and the cohort's own words; before launch its address and clock too."""

    name = NameField(max_length=120)
    slug = SlugField(label="Address", help_text="What stands behind /c/ in its links.")
    time_zone = ZoneField(help_text="Fixed at launch.")
    week_start = WeekdayField(label="Week begins on", help_text="Fixed at launch.")
    log_weekday = WeekdayField(label="Weekly log due on", help_text="Logs that are not due yet move with it.")
    log_time = ClockField(label="Weekly log due at")
    scholar_label = NameField(max_length=40, label="Your word for a scholar")
    scholar_label_plural = NameField(max_length=40, label="… and for several")
    coach_label = NameField(max_length=40, label="Your word for a coach")
    coach_label_plural = NameField(max_length=40, label="… and for several")
    staff_label = NameField(max_length=40, label="Your word for a member of staff")
    staff_label_plural = NameField(max_length=40, label="… and for staff")

    def __init__(self, request: Request, *, cohort: Cohort, **options: Any) -> None:
        super().__init__(request, cohort=cohort, **options)
        if cohort.is_launched:
            for name in FIXED_AT_LAUNCH:
                del self.fields[name]
