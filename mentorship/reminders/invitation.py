"""The letter to an outside member: which case they are asked to decide, by whom, and why."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from cohorts.access import visible
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import CaseInvitation, ExtensionCase


def tell_invited(invitation: CaseInvitation, at: dt.datetime) -> None:
    """In the transaction of the invitation; rings after its commit."""
    row = (invitation.person_id, invitation.cohort_id, invitation.pk, str(invitation.pk))
    drop_in(INVITED, [row], at)


def _invitation(message: Message) -> CaseInvitation | None:
    assert message.about_id
    live = CaseInvitation.objects.filter(pk=message.about_id, archived_at=None)
    return live.select_related("cohort", "invited_by", "case__scholar__person").first()


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    invitation = _invitation(message)
    if invitation is None:
        return "The invitation was taken back."
    theirs = visible(ExtensionCase, "case", message.person, at, "judge").filter(pk=invitation.case_id)
    return "" if theirs.exists() else "The case is not the reader’s to decide any more."


def write(message: Message, at: dt.datetime) -> Letter:
    invitation = _invitation(message)
    assert invitation
    return emails.invited_to_decide(
        name=message.person.name,
        cohort=invitation.cohort.name,
        scholar=invitation.case.scholar.person.name,
        invited_by=invitation.invited_by.name,
        reason=invitation.reason,
        email=message.person.email,
        case_link=link(reverse("case_committee", args=[invitation.case_id])),
    )


INVITED = kinds.register(
    kinds.Kind(
        name="invited_to_decide",
        words="Somebody is invited to decide a case",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write,
        staff_read=True,
    )
)
