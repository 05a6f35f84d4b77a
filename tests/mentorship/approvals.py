"""Giving approvals, for tests."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Membership
from mats.post.models import Message
from mentorship.actions.approval import give_approval
from mentorship.models import Approval, ExtensionCase
from tests.cast import WEEK_SIX
from tests.mentorship.cases import MONTHS_FOR, SEEN_DONE

WORDS = {"seen_done": SEEN_DONE, "months_for": MONTHS_FOR, "can_mentor": "yes"}


def given(approval: Approval, answer: str = "yes", at: dt.datetime = WEEK_SIX, **fields) -> Approval:
    """As its mentor gives it, with all that is asked."""
    version = fields.pop("version", None) or Approval.objects.get(pk=approval.pk).version
    words = {**WORDS, **fields}
    return give_approval(approval=approval, by=approval.mentor.person, at=at, version=version, answer=answer, **words)


def asked(case: ExtensionCase) -> list[tuple[str, bool]]:
    """Who is asked now, the lead first: name, and whether they carry the case on."""
    rows = Approval.objects.filter(case=case, archived_at=None).order_by("-is_lead", "mentor__person__name")
    return list(rows.values_list("mentor__person__name", "is_lead"))


def approval_of(case: ExtensionCase, mentor: Membership) -> Approval:
    return Approval.objects.get(case=case, mentor=mentor, archived_at=None)


def told(kind: str) -> list[str]:
    """Who gets this letter, by name."""
    return sorted(Message.objects.filter(kind=kind).values_list("person__name", flat=True))
