"""A mentor's approval on one screen; and what staff do about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from cohorts.access import visible
from cohorts.forms.fields import PlaceField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Person, Role
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import LongTextField, NameField
from mentorship.approvers import HERE
from mentorship.models import Approval, ExtensionCase, State
from mentorship.rules.approval import ANSWERED_IN

THREE = dict.fromkeys(("required", "invalid_choice"), "Choose one of the three.")
FOUR = dict.fromkeys(("required", "invalid_choice"), "Choose one of the four.")
CAN = [
    (Approval.CanMentor.YES, "yes"),
    (Approval.CanMentor.CO_MENTOR, "with a co-mentor"),
    (Approval.CanMentor.UNTIL, "until a day"),
    (Approval.CanMentor.NO, "no: somebody else would have to"),
]


class ApprovalForm(KeptForm):
    """Two groups, told apart before anything is typed: shown to the scholar, and for the committee."""

    form_name = "approval"
    autosaves = True

    SHOWN = ("answer", "seen_done", "months_for", "can_mentor", "mentor_until")
    PRIVATE = ("for_committee", "has_conflict", "conflict_words")

    answer = forms.ChoiceField(
        label="Do you approve?", choices=Approval.Answer.choices, widget=forms.RadioSelect, error_messages=THREE
    )
    seen_done = LongTextField(label="What have you seen them do?", max_length=5000)
    months_for = LongTextField(label="What would the months be for?", required=False, max_length=5000)
    can_mentor = forms.ChoiceField(
        label="I can mentor them", choices=CAN, widget=forms.RadioSelect, error_messages=FOUR
    )
    mentor_until = DayField(label="Until", required=False, help_text="Only for “until a day”.")
    for_committee = LongTextField(label="What else should the committee know?", required=False, max_length=5000)
    has_conflict = forms.BooleanField(label="I have a conflict of interest here", required=False)
    conflict_words = NameField(label="What it is", required=False, max_length=500)

    def __init__(self, request: Any, *, about: Approval) -> None:
        super().__init__(request, about=about)
        name = about.case.scholar.person.name
        self.fields["seen_done"].help_text = f"A line or two. Shown to {name}."
        self.fields["months_for"].help_text = f"Needed with a yes. Shown to {name}."
        self.fields["for_committee"].help_text = f"Not shown to {name}, who may ask for a copy."
        self.fields["conflict_words"].help_text = f"Needed with the tick. Not shown to {name}, who may ask for a copy."
        for field in ("seen_done", "months_for", "for_committee"):
            self.fields[field].widget.attrs["rows"] = 3

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        mine = visible(Approval, "approval", person, at, "write").filter(archived_at=None, case__state__in=ANSWERED_IN)
        return pk is not None and mine.filter(pk=pk).exists()

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.SHOWN]

    @property
    def private(self) -> list[Any]:
        return [self[name] for name in self.PRIVATE]


class ApproverForm(StaffForm):
    """Whom to ask instead, and why."""

    mentor = PlaceField(label="Ask")
    why = NameField(
        label="Why", max_length=500, help_text="Read by the duty leads alone: no mentor, no other staff, no history."
    )

    def offer_mentors(self, places: QuerySet[Membership]) -> None:
        self.offer("mentor", places)
        self.fields["why"].help_text = (
            f"Read by the duty leads alone; not by the {self.cohort.scholar_label}, the mentors or other "
            f"{self.cohort.staff_label_plural}, and not in a history."
        )


class MentorTalkForm(StaffForm):
    """The record of the talk with a mentor who is not sure, for `place`, a case."""

    form_name = "mentor-talk"
    autosaves = True

    words = LongTextField(label="What was said", max_length=5000)

    def __init__(self, request: Any, *, case: ExtensionCase) -> None:
        super().__init__(request, cohort=case.cohort, place=case)
        name = case.scholar.person.name
        self.fields["words"].help_text = (
            f"Read by the mentor, the committee, and {self.cohort.staff_label_plural} who may act on this case. Not "
            f"shown to {name}, who may ask for a copy."
        )

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        cases = visible(ExtensionCase, "case", person, at, "administer").filter(archived_at=None, state=State.TALK)
        return pk is not None and cases.filter(pk=pk).exists()


class MentorSearchForm(StaffForm):
    """Who was found, or nobody; and how it ended."""

    found = PlaceField(label="Found", required=False, empty_label="Nobody")
    words = NameField(label="How it ended", max_length=500)

    def __init__(self, request: Any, *, case: ExtensionCase) -> None:
        super().__init__(request, cohort=case.cohort, place=case)
        mentors = Membership.objects.filter(cohort=case.cohort_id, role=Role.MENTOR, **HERE)
        others = mentors.exclude(person=case.scholar.person_id)
        self.offer("found", others.select_related("person").order_by("person__name", "pk"))
        self.fields["words"].help_text = f"Read by {self.cohort.staff_label_plural}."
