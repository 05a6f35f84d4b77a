"""A person's place: coming, staying, being away."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import ReasonField, ZoneField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Phase, Role, Site
from cohorts.rules.stay import MOST_HOURS, MOST_WEEKS_PER_LOG
from mats.forms.fields import DayField
from mats.identity.requests import Request
from mats.text import EmailField, NameField


class HoursField(forms.DecimalField):
    """Hours a week."""

    def __init__(self, **options: Any) -> None:
        limits: dict[str, Any] = {"max_digits": 4, "decimal_places": 1, "min_value": 0, "max_value": MOST_HOURS}
        super().__init__(label="Hours a week", **limits, **options)


class LogRhythmField(forms.IntegerField):
    """How many weeks a weekly log covers; blank is 1. Of scholars only: others write none."""

    def __init__(self) -> None:
        words = "Blank: every week. In a slower term one log covers up to four."
        limits: dict[str, Any] = {"min_value": 1, "max_value": MOST_WEEKS_PER_LOG}
        super().__init__(label="A log every … weeks", required=False, initial=1, help_text=words, **limits)

    def clean(self, value: Any) -> int:
        return super().clean(value) or 1


class PersonForm(StaffForm):
    """Somebody comes into the cohort."""

    email = EmailField(label="E-mail", help_text="Their invitation goes here, once the cohort is launched.")
    name = NameField(max_length=120, help_text="If there is an account with this address, it keeps its name.")
    role = forms.ChoiceField(choices=Role.choices)
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False, empty_label="Remote")
    time_zone = ZoneField()
    starts_on = DayField(label="First day", required=False, help_text="Blank: the first day of the main phase.")
    ends_on = DayField(label="Last day", required=False, help_text="Blank: the last day of the main phase.")
    hours_per_week = HoursField(initial=40)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_sites()
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(value, self.cohort.label(value).capitalize()) for value in Role.values]


class StayForm(StaffForm):
    """When, where and for how many hours a week somebody is here."""

    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False, empty_label="Remote")
    time_zone = ZoneField()
    hours_per_week = HoursField()
    weeks_per_log = LogRhythmField()
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_sites()
        if self.about.membership.role != Role.SCHOLAR:
            del self.fields["weeks_per_log"]


class NewStayForm(StaffForm):
    """A stay in another phase."""

    phase = forms.ModelChoiceField(queryset=Phase.objects.none())
    starts_on = DayField(label="First day", required=False, help_text="Blank: the first day of the phase.")
    ends_on = DayField(label="Last day", required=False, help_text="Blank: the last day of the phase.")
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False, empty_label="Remote")
    time_zone = ZoneField()
    hours_per_week = HoursField(initial=40)
    weeks_per_log = LogRhythmField()

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_sites()
        if membership.role != Role.SCHOLAR:
            del self.fields["weeks_per_log"]
        taken = membership.stays.filter(archived_at=None).values("phase")
        self.offer("phase", self.cohort.phases.filter(archived_at=None).exclude(pk__in=taken))


WHY_AWAY = (
    "Needed for days that have gone by. It stands in the history; beside a week that no longer counts the person, "
    "their mentors and staff read it too, so nothing of their health belongs here."
)


class NotAwayForm(StaffForm):
    """Not away after all. Of one's own days no reason is asked."""

    reason = ReasonField(required=False, help_text=WHY_AWAY)

    def __init__(self, request: Request, *, of: Membership, **options: Any) -> None:
        super().__init__(request, cohort=of.cohort, **options)
        if of.person_id == request.user.pk:
            self.fields.pop("reason", None)


class LeaveForm(NotAwayForm):
    """Days away, first and last included."""

    field_order = ["starts_on", "ends_on", "reason"]

    starts_on = DayField(label="First day away")
    ends_on = DayField(label="Last day away")
