"""Rules about invitations: who is invited, and when one can be accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Invitation, Membership, Person
from cohorts.rules.tie import nobody_is_mentor_and_coach, of_two_people
from cohorts.ties import ties_of

ACCEPTED = "This invitation has been accepted already. Sign in with its address to go on."

_standing_elsewhere: list[Callable[[Person], bool]] = []


def register_standing(has_some: Callable[[Person], bool]) -> None:
    """Let an app say whether an account lets somebody in beside its places; called when the app is ready."""
    _standing_elsewhere.append(has_some)


def goes_out_after_launch(cohort: Cohort) -> None:
    """Before its launch nobody hears of a cohort: its invitations go out with the launch."""
    if not cohort.is_launched:
        raise ValidationError("Invitations go out when the cohort is launched.")


def waits_to_be_accepted(place: Membership) -> None:
    """Only a place that nobody has accepted is invited to."""
    if place.accepted_at:
        raise ValidationError(f"{place.person.name} has accepted this place already: there is nothing to send.")


def can_be_accepted(invitation: Invitation, at: dt.datetime) -> None:
    """An invitation is accepted once, in time, and not after it was taken back or replaced."""
    if invitation.accepted_at:
        raise ValidationError(ACCEPTED)
    if invitation.revoked_at:
        raise ValidationError("This invitation was taken back, or another one took its place.")
    if at >= invitation.expires_at:
        raise ValidationError("This invitation has run out. Ask for another one.")


def is_theirs(place: Membership, person: Person) -> None:
    """Nobody accepts for somebody else."""
    if place.person_id != person.pk or not person.is_active:
        raise ValidationError("This invitation is for somebody else.")


def can_be_revoked(invitation: Invitation) -> None:
    """What has been accepted, or is taken back already, is not taken back."""
    if invitation.accepted_at:
        raise ValidationError("This invitation has been accepted: remove the person instead.")
    if invitation.revoked_at:
        raise ValidationError("This invitation was taken back already.")


def address_is_another(person: Person, email: str) -> None:
    """A corrected address is not the one that stands there."""
    if person.email == email:
        raise ValidationError({"email": "This is the address that the invitation went to."})


def has_never_signed_in(person: Person) -> bool:
    """An account that an invitation made, and nobody has used yet."""
    return person.last_login is None and not person.has_usable_password()


def is_of_this_cohort_alone(person: Person, cohort: Cohort) -> bool:
    """Whether an account lets somebody into nothing but this cohort: only then may its staff correct the
    address, because whoever reads the mail of the new one holds the account."""
    if person.is_superuser or person.starts_cohorts or not person.is_active:
        return False
    if Membership.objects.filter(person=person).exclude(cohort=cohort).exists():
        return False
    if Membership.objects.filter(person=person, accepted_at__isnull=False).exists():
        return False
    return not any(has_some(person) for has_some in _standing_elsewhere)


def stays_apart_from(place: Membership, person: Person) -> None:
    """With another person at a place the wall still stands: nobody is mentor and coach of one scholar,
    and nobody their own."""
    for tie in ties_of(place):
        row, role = tie.row, tie.kind.role
        for one in (row.scholar, getattr(row, role)):
            if one.pk == place.pk:
                one.person = person
        of_two_people(row.scholar, getattr(row, role), role)
        nobody_is_mentor_and_coach(row.scholar, getattr(row, role), role, row.starts_on, row.ends_on)
