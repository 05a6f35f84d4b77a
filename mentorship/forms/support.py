"""The talk that staff owe a scholar, and the support plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohorts.access import visible
from cohorts.forms.fields import PlaceField, ReasonField
from cohorts.forms.staff import StaffForm
from cohorts.models import Membership, Person, Role
from mats.forms.base import KeptForm
from mats.forms.fields import DayField
from mats.forms.sent import as_uuid
from mats.text import LongTextField
from mentorship.models import SupportPlan, Talk

WHY_A_PLAN = "One thing or a few, so that everybody knows when it is done."
HELP = "Who gives which help: time, people, compute, another task."
AGAIN = "Together, on this day; before the end of the phase."


class TakeTalkForm(StaffForm):
    """Who has the talk, and why where that is about somebody else."""

    owner = PlaceField(label="Who has this talk")
    reason = ReasonField(
        required=False,
        help_text="Needed where it is not you, or somebody has it already. Staff read it in the history.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = Membership.objects.filter(
            cohort=self.cohort, role=Role.STAFF, archived_at=None, person__is_active=True
        ).exclude(person=self.about.scholar.person_id)
        self.offer("owner", staff.select_related("person"))


class TalkForm(StaffForm):
    """The record of a talk; where one of the four fields of a support plan is filled, a plan is made too."""

    form_name = "talk"
    autosaves = True

    talked_on = DayField(label="Day of the talk")
    words = LongTextField(label="What was agreed")
    what = LongTextField(label="What", required=False, help_text=WHY_A_PLAN)
    by_when = DayField(label="By when", required=False)
    help_given = LongTextField(label="Help given", required=False, help_text=HELP)
    review_on = DayField(label="Looked at again on", required=False, help_text=AGAIN)

    PLAN = ("what", "by_when", "help_given", "review_on")

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        theirs = visible(Talk, "talk", person, at, "write")
        return pk is not None and theirs.filter(pk=pk, done_at=None, archived_at=None).exists()

    @property
    def holds_a_plan(self) -> bool:
        """Whether anything of a plan was written, or is to be corrected: then its fold is open."""
        return any(self[name].value() or self[name].errors for name in self.PLAN)


class PlanForm(StaffForm):
    """A support plan for `place`, a scholar."""

    form_name = "support-plan"
    autosaves = True

    what = LongTextField(label="What", help_text=WHY_A_PLAN)
    by_when = DayField(label="By when")
    help_given = LongTextField(label="Help given", help_text=HELP)
    review_on = DayField(label="Looked at again on", help_text=AGAIN)

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        scholars = visible(Membership, "evidence", person, at, "support")
        return pk is not None and scholars.filter(pk=pk, archived_at=None).exists()


def _may_write_plan(person: Person, about: str, at: dt.datetime) -> bool:
    pk = as_uuid(about)
    theirs = visible(SupportPlan, "support_plan", person, at, "write")
    return pk is not None and theirs.filter(pk=pk, reviewed_at=None, archived_at=None).exists()


class PlanChangeForm(PlanForm):
    """An open plan, changed with a reason."""

    form_name = "support-plan-change"
    autosaves = True

    reason = ReasonField(
        help_text="Stands in the history beside the change, for staff. Whom it touches reads the plan as it is then."
    )

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _may_write_plan(person, about, at)


class PlanReviewForm(KeptForm):
    """How it went; that closes the plan."""

    form_name = "support-plan-review"
    autosaves = True

    review_words = LongTextField(label="How it went")

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        return _may_write_plan(person, about, at)
