"""Declaring a conflict."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Person, Role
from mats.text import NameField
from mentorship.rules.reader import READING_ROLES


class ConflictForm(StaffForm):
    """Over whose work, and why. Staff also say who of those who could ever judge it: by default
    themselves."""

    field_order = ["person", "scholar", "why"]

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label="Who", empty_label=None)
    scholar = PlaceField()
    why = NameField(label="Why", max_length=500)

    def __init__(self, request: Any, *, for_others: bool, **options: Any) -> None:
        super().__init__(request, **options)
        self.offer_people(Role.SCHOLAR)
        if not for_others:
            del self.fields["person"]
            others = Membership.objects.filter(cohort=self.cohort, role=Role.SCHOLAR, archived_at=None)
            self.offer("scholar", others.exclude(person=request.user).select_related("person"))
            return
        here = Person.objects.filter(
            memberships__cohort=self.cohort, memberships__archived_at=None, memberships__role__in=READING_ROLES
        )
        self.offer("person", here.distinct().order_by("name"))


class WithdrawForm(StaffForm):
    """It holds no longer."""

    reason = ReasonField(help_text="Read by the person it is about and staff, in the history.")
