"""What is asked in the first hour, and the agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cohorts.forms.fields import PlaceField, ReasonField, ZoneField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Role
from mats.forms.base import KeptForm
from mats.identity.requests import Request
from mats.text import LongTextField, NameField

CONTACT = ("phone", "emergency_name", "emergency_phone", "is_nobody")
LONGEST_AGREEMENT = 20_000


class DelegateField(PlaceField):
    """Somebody by name and role; nobody is an answer."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}, {obj.label}"


class FirstHourForm(KeptForm):
    """One page, once; later it is where the same things are changed. Each role is asked what concerns it."""

    form_name = "first-hour"

    name = NameField(label="Your name", max_length=120, help_text="As others in your cohorts read it.")
    time_zone = ZoneField(label="Your time zone", help_text="Every time is shown to you in this zone.")
    phone = NameField(label="Your phone number", required=False, max_length=40)
    emergency_name = NameField(label="Whom to call in an emergency", required=False, max_length=120)
    emergency_phone = NameField(label="Their phone number", required=False, max_length=40)
    is_nobody = forms.BooleanField(label="There is nobody to call", required=False)
    delegate = DelegateField(
        label="Delegate for times",
        required=False,
        empty_label="Nobody",
        help_text="They plan and move your meetings, and read nothing of them. Your own to give, and to take back.",
    )
    agreed_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32_000)
    agrees = forms.BooleanField(
        label="I have read this and agree",
        error_messages={"required": "Nothing begins without it; ask if you doubt it."},
    )

    def __init__(self, request: Request, *, about: Any, delegates: Any, **options: Any) -> None:
        """`delegates` are the places that may have the duty."""
        super().__init__(request, about=about, **options)
        place: Membership = about.place
        if place.role != Role.SCHOLAR:
            for name in CONTACT:
                del self.fields[name]
        if place.role == Role.MENTOR:
            choice = self.fields["delegate"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = delegates
        else:
            del self.fields["delegate"]
        if about.has_agreed:
            del self.fields["agrees"]
        # What was read is what is ticked: a later version is read first.
        if self.is_sent:
            self.data.setdefault("agreed_to", "")
        else:
            self.initial["agreed_to"] = about.agreement.number


class TickForm(KeptForm):
    """A tick under a version of the agreement."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)


class AgreementForm(StaffForm):
    """The next version of the agreement; its version is the number of the one it was drawn from."""

    text = LongTextField(
        label="What everybody ticks",
        max_length=LONGEST_AGREEMENT,
        help_text="Markdown works: **bold**, lists. Everybody in the cohort reads it, and ticks each new version.",
    )
    reason = ReasonField(help_text="Stands in the history beside the new version.")

    def clean_text(self) -> str:
        if not self.cleaned_data["text"]:
            raise ValidationError("Write something.")
        return self.cleaned_data["text"]
