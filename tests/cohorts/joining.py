"""Somebody who is invited, and what their letter says: for tests."""

from __future__ import annotations

import re

from cohorts.actions.membership import add_person
from cohorts.models import Cohort, Invitation, Membership, Person
from mats.post import kinds
from mats.post.letters import Letter
from mats.post.models import Message
from tests.cast import LONDON, WEEK_SIX, Cast

TOKEN = re.compile(r"/join/([\w-]{43})/")


def an_invited(
    cast: Cast, email: str = "ida@example.org", role: str = "scholar", cohort: Cohort | None = None
) -> Invitation:
    """An invitation that staff of the cohort have just sent, to an account that came with it."""
    place = add_person(
        cohort=cohort or cast.cohort, by=cast.staff, at=WEEK_SIX, email=email, name="Ida Invited", role=role,
        time_zone=LONDON,
    )  # fmt: skip
    return place.invitations.get()


def letter_of(invitation: Invitation) -> Letter:
    message = Message.objects.get(about_id=invitation.pk)
    kind = kinds.kind_of(message)
    assert kind
    return kind.write(message, WEEK_SIX)


def token_of(invitation: Invitation) -> str:
    """What only the letter knows."""
    found = TOKEN.search(letter_of(invitation).text)
    assert found
    return found[1]


def link_of(invitation: Invitation) -> str:
    return f"/join/{token_of(invitation)}/"


def standing(invitation: Invitation) -> tuple[bool, bool, bool]:
    """Whether an invitation is accepted, is taken back, and whether its place lets somebody in."""
    row = Invitation.objects.get(pk=invitation.pk)
    place = Membership.objects.get(pk=row.membership_id)
    return row.accepted_at is not None, row.revoked_at is not None, place.accepted_at is not None


WAITS, IS_IN, IS_BACK = (False, False, False), (True, False, True), (False, True, False)


def account(email: str) -> Person:
    return Person.objects.get(email=email)
