"""The letter with the link, and the gate: programme messages are for those who have come in."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cohorts import emails
from cohorts.models import Cohort, Invitation, Membership, Person, Role
from cohorts.rules.days import in_words
from cohorts.rules.invitation import has_never_signed_in
from mats import clock
from mats.post import kinds
from mats.post.letters import Letter, link
from mats.post.models import Message
from mats.prepared import prepared
from mats.sealing import CannotOpen, unseal

NO_LINK = "…"
NOT_ACCEPTED = "They have not accepted their invitation yet."

DOES: dict[str, str] = {
    Role.SCHOLAR: (
        "You do research. Each week you write a log in five minutes and meet your mentor for thirty; "
        "with your {coach} you speak, in confidence, about everything else."
    ),
    Role.MENTOR: (
        "You set the direction of the research: you read a {scholar}’s week in one minute and meet them once a "
        "week, for thirty minutes at most. Most of it can be done from your mailbox."
    ),
    Role.COACH: (
        "You support {scholars} in confidential 1-1s: what they plan, what they have promised themselves, how they "
        "are. You do not judge their research."
    ),
    Role.STAFF: "You run the cohort with its {staff}: you see who needs someone, take it, decide, and say why.",
    Role.ALUM: "You can be found by those who come after you, and say where your work has led.",
    Role.OUTSIDE: "You look, from outside the programme, at what you are asked to look at, and see nothing else.",
}


def what_they_do(cohort: Cohort, role: str) -> str:
    """What somebody in this role comes here to do, in the words of the cohort."""
    return DOES[role].format(
        scholar=cohort.scholar_label, scholars=cohort.scholar_label_plural, coach=cohort.coach_label,
        staff=cohort.staff_label_plural,
    )  # fmt: skip


@prepared
def _by_key(key: UUID) -> QuerySet[Invitation]:
    return Invitation.objects.filter(pk=key).select_related("cohort", "membership__person", "invited_by")


def _invitation(message: Message) -> Invitation | None:
    assert message.about_id
    return next(iter(_by_key(key=message.about_id)), None)


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    invitation = _invitation(message)
    if invitation is None or invitation.revoked_at or invitation.membership.archived_at:
        return "The invitation was taken back, or another one took its place."
    if invitation.membership.accepted_at:
        return "The invitation has been accepted."
    if at >= invitation.expires_at:
        return "The invitation has run out."
    try:
        unseal(message.sealed, message.pk)
    except CannotOpen:
        return "Its keys are gone."
    return ""


def write(message: Message, at: dt.datetime) -> Letter:
    return _letter(_invitation(message), unseal(message.sealed, message.pk))


def show(message: Message, at: dt.datetime) -> Letter:
    """As staff read it again: without the link."""
    return _letter(_invitation(message), NO_LINK)


def _letter(invitation: Invitation | None, token: str) -> Letter:
    assert invitation
    place, cohort = invitation.membership, invitation.cohort
    stay = place.stays.filter(archived_at=None).order_by("starts_on").first() or cohort.main_phase
    return _composed(
        place.person, cohort, place.role, (stay.starts_on, stay.ends_on),
        by=invitation.invited_by, token=token, until=invitation.expires_at,
    )  # fmt: skip


def sample(cohort: Cohort, role: str, name: str, email: str, *, by: Person, until: dt.datetime) -> Letter:
    """How the letter will read, for whoever is about to send it: no row, no link."""
    nobody = Person(name=name, email=email, time_zone=cohort.time_zone)
    nobody.set_unusable_password()
    phase = cohort.main_phase
    return _composed(nobody, cohort, role, (phase.starts_on, phase.ends_on), by=by, token=NO_LINK, until=until)


def _composed(
    person: Person,
    cohort: Cohort,
    role: str,
    days: tuple[dt.date, dt.date],
    *,
    by: Person | None,
    token: str,
    until: dt.datetime,
) -> Letter:
    first, last = days
    return emails.place_invitation(
        name=person.name,
        cohort=cohort.name,
        invited_by=by.name if by else "",
        staff=cohort.staff_label_plural,
        role=cohort.label(role),
        does=what_they_do(cohort, role),
        days=f"{in_words(first)} to {in_words(last)}",
        accept_link=link(reverse("join", args=["TOKEN"]).replace("TOKEN", token)),
        until=clock.format_moment(until, person.time_zone, date=True),
        zone=person.time_zone.replace("_", " "),
        email=person.email,
        has_account=not has_never_signed_in(person),
    )


INVITED = kinds.register(
    kinds.Kind(
        name="place_invitation",
        words="Somebody is invited to their place",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write,
        show=show,
        staff_read=True,
        before_acceptance=True,
    )
)


@prepared
def _acceptances(person: UUID, cohort: UUID) -> QuerySet[Any]:
    return Membership.objects.filter(person=person, cohort=cohort).order_by().values_list("accepted_at")


@kinds.register_gate
def has_not_come_in(message: Message, at: dt.datetime) -> str:
    """Nobody gets messages of a cohort to which they were invited and have not come; places that have
    ended count. Whoever has no place there was asked for one thing, and gets letters about it."""
    if message.cohort_id is None:
        return ""
    theirs = _acceptances(person=message.person_id, cohort=message.cohort_id)
    return NOT_ACCEPTED if theirs and not any(accepted for (accepted,) in theirs) else ""
