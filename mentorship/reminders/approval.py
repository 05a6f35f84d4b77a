"""Letters about a mentor's approval: it is asked for, or somebody else is asked instead.

What is said in an approval, and why staff have named another approver, stands in no letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from cohorts.access import visible
from mats import clock
from mats.post import kinds, links
from mats.post.letterbox import drop_in
from mats.post.letters import Letter
from mats.post.models import Message
from mentorship import emails
from mentorship.cases import in_total
from mentorship.letters import term_of
from mentorship.links import APPROVE
from mentorship.models import Approval
from mentorship.rules.approval import ANSWERED_IN


def _put(kind: kinds.Kind, rows: Iterable[Approval], at: dt.datetime) -> None:
    """One letter an approval, to its mentor, in the transaction of what it tells; rings after its commit."""
    due = [(row.mentor.person_id, row.cohort_id, row.pk, str(row.pk)) for row in rows]
    drop_in(kind, due, at)


def _about(message: Message) -> UUID:
    assert message.about_id  # every letter here is about an approval
    return message.about_id


# --- it is asked for ------------------------------------------------------------------------------


def tell_asked(rows: Iterable[Approval], at: dt.datetime) -> None:
    """Ask these mentors."""
    _put(APPROVAL_ASKED, rows, at)


def drop_asked(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    theirs = visible(Approval, "approval", message.person, at, "write").filter(pk=_about(message), archived_at=None)
    row = theirs.select_related("case").first()
    if row is None:
        return "Somebody else is asked now."
    if row.given_at:
        return "The approval was given."
    return "" if row.case.state in ANSWERED_IN else "The case is not open to approvals any more."


def write_asked(message: Message, at: dt.datetime) -> Letter:
    row = Approval.objects.select_related("cohort", "case__scholar__person").get(pk=_about(message))
    return emails.approval_asked(
        name=message.person.name,
        cohort=row.cohort.name,
        scholar=row.case.scholar.person.name,
        total=in_total(term_of(row.cohort, row.case.total_months)),
        due=clock.format_moment(row.due_at, message.person.time_zone, date=True),
        is_lead=row.is_lead,
        approve_link=links.address(APPROVE, message),
    )


APPROVAL_ASKED = kinds.register(
    kinds.Kind(
        name="approval_asked",
        words="A mentor’s approval is asked for",
        policy=Message.Policy.LETTER,
        drop_why=drop_asked,
        write=write_asked,
        staff_read=True,
    )
)

# --- somebody else is asked -----------------------------------------------------------------------


def tell_passed_on(row: Approval, at: dt.datetime) -> None:
    """Tell whoever was asked before that staff have named somebody else."""
    _put(APPROVAL_PASSED_ON, [row], at)


def drop_passed_on(message: Message, at: dt.datetime) -> str:
    """It is news in itself, and leads to nothing."""
    return ""


def write_passed_on(message: Message, at: dt.datetime) -> Letter:
    row = Approval.objects.select_related("cohort", "case__scholar__person").get(pk=_about(message))
    return emails.approval_passed_on(
        name=message.person.name,
        cohort=row.cohort.name,
        scholar=row.case.scholar.person.name,
        is_given=row.given_at is not None,
        staff=row.cohort.staff_label_plural,
    )


APPROVAL_PASSED_ON = kinds.register(
    kinds.Kind(
        name="approval_passed_on",
        words="Another approver was named",
        policy=Message.Policy.LETTER,
        drop_why=drop_passed_on,
        write=write_passed_on,
        staff_read=True,
    )
)
