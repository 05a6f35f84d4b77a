"""What the forms of staff have in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from cohorts.forms.fields import ReasonField
from cohorts.models import Cohort, Membership
from mats.forms.base import KeptForm
from mats.identity.requests import Request


class StaffForm(KeptForm):
    """A form about something of one cohort: whatever it offers to choose is of that cohort.

    A reason is asked only once the cohort is launched; before, nobody is touched yet.
    """

    def __init__(self, request: Request, *, cohort: Cohort, **options: Any) -> None:
        self.cohort = cohort
        super().__init__(request, **options)
        if "reason" in self.fields and not cohort.is_launched:
            del self.fields["reason"]

    def offer(self, field: str, rows: QuerySet[Any]) -> None:
        """Let a field choose among these rows, in the words of the cohort for its label."""
        choice = self.fields[field]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows

    def offer_people(self, role: str) -> None:
        """Let the field named like a role choose among the people of that role."""
        places = Membership.objects.filter(cohort=self.cohort, role=role, archived_at=None)
        self.offer(role, places.select_related("person"))
        self.fields[role].label = self.cohort.label(role).capitalize()

    def offer_sites(self) -> None:
        self.offer("site", self.cohort.sites.filter(archived_at=None))


class ConfirmForm(StaffForm):
    """Yes, do it."""


class RemoveForm(StaffForm):
    """Yes, and why."""

    reason = ReasonField()
