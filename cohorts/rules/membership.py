"""Rules about a person's place in a cohort."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Membership, Person, Role
from cohorts.querysets import HERE_AND_OPEN


def role_exists(role: str) -> None:
    """A role is scholar, mentor, coach or staff."""
    if role not in Role.values:
        raise ValidationError({"role": "A role is scholar, mentor, coach or staff."})


def place_is_new(cohort: Cohort, person: Person, role: str) -> None:
    """One person has one place per cohort and role."""
    if Membership.objects.filter(cohort=cohort, person=person, role=role, archived_at=None).exists():
        raise ValidationError({"email": f"{person.name} is here as {cohort.label(role)} already."})


def account_is_open(person: Person) -> None:
    """A disabled account gets no new place."""
    if not person.is_active:
        raise ValidationError({"email": "The account with this address is disabled."})


def was_never_accepted(membership: Membership, *, launched: bool) -> None:
    """After launch whoever has come in is not removed: their place ends, with all that belongs to it."""
    if launched and membership.accepted_at:
        name = membership.person.name
        raise ValidationError(f"{name} has come in, so this is no mistake to take back: end the place instead.")


def cohort_keeps_its_staff(membership: Membership) -> None:
    """The last staff member of a cohort, of those who have come in, can't be removed, and their place can't end."""
    if membership.role != Role.STAFF:
        return
    others = Membership.objects.filter(HERE_AND_OPEN, cohort=membership.cohort_id, role=Role.STAFF)
    if not others.exclude(pk=membership.pk).exists():
        raise ValidationError(
            f"{membership.person.name} is the last {membership.cohort.staff_label} of this cohort. "
            "Add another one first."
        )
