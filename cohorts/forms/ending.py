"""How a place ends: ended by staff, left by its person, completed for many at once."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.completing import Candidate, with_last_day
from cohorts.forms.staff import StaffForm
from cohorts.models import How, Membership, Role
from cohorts.rules.days import in_words
from mats.forms.fields import DayField
from mats.identity.requests import Request
from mats.text import LongTextField

READERS = "Read by staff; and by the person themselves, once it is confirmed."
MOST = 4000
KINDS = [
    (How.LEFT, "They leave, and have said so: it takes effect at once"),
    (How.PROGRAMME, "The programme ends it: somebody else of staff confirms"),
]


class EndPlaceForm(StaffForm):
    """How, why, the talk that came first, and the letter."""

    how = forms.ChoiceField(label="How it ends", choices=KINDS, widget=forms.RadioSelect)
    reason = LongTextField(label="Why", max_length=MOST, help_text=READERS)
    talk_on = DayField(
        label="Day of the talk",
        required=False,
        help_text="Before the programme ends a place, one talks with them.",
    )
    talk_note = LongTextField(
        label="What was said in the talk, and who was there", required=False, max_length=MOST, help_text=READERS
    )
    letter = LongTextField(
        label="The letter that they get",
        required=False,
        max_length=MOST,
        help_text="Sent as you write it, with the day until which they read their own. Needed where the programme "
        "ends the place. Read by staff and by them.",
    )


class WithdrawForm(StaffForm):
    """Yes, I leave; why, if one likes."""

    reason = LongTextField(
        label="Why, if you like", required=False, max_length=MOST, help_text="Read by staff. You need give no reason."
    )
    is_sure = forms.BooleanField(label="I leave my place", error_messages={"required": "Tick this if you are sure."})

    def clean(self) -> dict[str, Any] | None:
        """The tick is for the form alone."""
        values = super().clean()
        if values:
            values.pop("is_sure", None)
        return values


class DropEndingForm(StaffForm):
    """No, the place goes on, and why."""

    reason = LongTextField(label="Why", max_length=500, help_text="Stands in the history beside it. Read by staff.")


class PlacesField(forms.ModelMultipleChoiceField):
    """People by their places, with the last day of each."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), widget=forms.CheckboxSelectMultiple, **options)

    def label_from_instance(self, obj: Any) -> str:
        until = f", until {in_words(obj.last_day)}" if obj.last_day else ""
        return f"{obj.person.name}, {obj.label}{until}"


class CompleteForm(StaffForm):
    """Whose place is completed; scholars are ticked already."""

    places = PlacesField(label="Completed", error_messages={"required": "Choose whose place is completed."})

    def __init__(self, request: Request, *, ready: list[Candidate], **options: Any) -> None:
        start = {"places": [one.place.pk for one in ready if one.place.role == Role.SCHOLAR]}
        super().__init__(request, initial=start, **options)
        rows = Membership.objects.filter(pk__in=[one.place.pk for one in ready])
        self.offer("places", with_last_day(rows))
