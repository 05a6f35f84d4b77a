"""The next-term sheet: its facts, sharing it, agreeing to it; ending a term early."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from cohorts.forms.fields import ClockField, PlaceField, ReasonField, WeekdayField, ZoneField
from cohorts.forms.membership import HoursField, LogRhythmField
from cohorts.forms.staff import ConfirmForm, StaffForm
from cohorts.models import Membership, Role, Site
from mats.forms.fields import DayField
from mats.text import NameField
from mentorship.actions.sheet import DAYS, TIME, TermMentor
from mentorship.models import TermSheet
from mentorship.rules.sheet import MOST_MENTORS
from mentorship.sheets import mentors_of

WHICH = ("Lead mentor", "Second mentor", "Third mentor")
READ = "Whoever reads the sheet reads it."
CHANGED = "It was changed while you were reading. It stands below as it is now: read it again, then agree."
PLACE = ("site", "time_zone", "hours_per_week", "weeks_per_log")
NUMBERS = range(1, MOST_MENTORS + 1)


class SheetForm(StaffForm):
    """All of a sheet at once. A mentor stands in `mentor_1`, with a weekly time in `weekday_1`, `local_time_1`
    and `time_zone_1`; the first one leads."""

    form_name = "sheet"

    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")
    own_end_reason = NameField(
        label="Why another last day than the term’s", max_length=500, required=False, help_text=READ
    )
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False, empty_label="Remote")
    time_zone = ZoneField()
    hours_per_week = HoursField()
    weeks_per_log = LogRhythmField()
    coach = PlaceField(required=False, empty_label="Nobody")
    money = NameField(
        label="Stipend and compute", max_length=500, required=False,
        help_text=f"One line. Nothing of it rolls over by itself. {READ}",
    )  # fmt: skip
    reason = ReasonField(required=False, help_text="Needed once the sheet is shared. Staff read it in the history.")

    def __init__(self, *args: Any, about: TermSheet, **options: Any) -> None:
        super().__init__(*args, about=about, **options)
        self.offer_sites()
        self.offer_people(Role.COACH)
        self.fields["ends_on"].help_text = f"The term ends on {about.phase.ends_on:%-d %B %Y}."
        if not about.shared_at:
            self.fields.pop("reason", None)
        mentors = [f"{field}_{number}" for number in NUMBERS for field in ("mentor", *TIME)]
        self.order_fields([*DAYS, *PLACE, *mentors, "coach", "money", "reason"])

    def current(self, about: TermSheet) -> dict[str, Any]:
        values = super().current(about)
        for number, one in enumerate(mentors_of(about), start=1):
            values |= {f"mentor_{number}": one.mentor} | {f"{field}_{number}": getattr(one, field) for field in TIME}
        return values

    def further_fields(self) -> dict[str, forms.Field]:
        places = Membership.objects.filter(cohort=self.cohort, role=Role.MENTOR, archived_at=None)
        found: dict[str, forms.Field] = {}
        for number, label in zip(NUMBERS, WHICH, strict=True):
            mentor = PlaceField(label=label, required=number == 1, empty_label="Nobody")
            mentor.queryset = places.select_related("person")
            found[f"mentor_{number}"] = mentor
            found[f"weekday_{number}"] = WeekdayField(label="They meet on", required=False)
            found[f"local_time_{number}"] = ClockField(label="at", required=False)
            found[f"time_zone_{number}"] = ZoneField(required=False)
        return found

    def clean(self) -> dict[str, Any]:
        """The mentors as one list, the lead first."""
        found = super().clean() or {}
        mentors = []
        for number in NUMBERS:
            mentor = found.pop(f"mentor_{number}", None)
            time = [found.pop(f"{field}_{number}", None) for field in TIME]
            if mentor:
                mentors.append(TermMentor(mentor, time[0], time[1], time[2] or ""))
            elif any(one is not None and one != "" for one in time) and not self.has_error(f"mentor_{number}"):
                self.add_error(f"mentor_{number}", "Choose whose time this is, or leave the time blank.")
        return {**found, "mentors": mentors}


class ShareForm(ConfirmForm):
    """Yes, share it."""

    form_name = "sheet-share"


class AgreeForm(ConfirmForm):
    """I agree to what I have read; a newer version is read first, and no press is for what was not read."""

    form_name = "sheet-agree"

    def conflict(self, row: Any) -> HttpResponse | None:  # type: ignore[override]  # words instead of a page
        self.refuse(ValidationError(CHANGED))
        return None


class TermEndForm(StaffForm):
    """The last day, and why."""

    form_name = "term-end"

    last_day = DayField(label="Last day", help_text="The last day on which they are here.")
    reason = ReasonField(help_text="Everybody in the cohort reads it on the pairings’ pages.")
