"""An invitation goes out, is accepted, sent again, taken back, or sent to the address that was meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from cohorts import ties
from cohorts.actions.holding import GONE, hold, in_words, say_why, take
from cohorts.invitation_letter import INVITED
from cohorts.invitations import LIFE, NOT_ENDED, hashed, new_token
from cohorts.models import Cohort, Invitation, Membership, Person
from cohorts.rules.invitation import (
    address_is_another,
    can_be_accepted,
    can_be_revoked,
    goes_out_after_launch,
    has_never_signed_in,
    is_of_this_cohort_alone,
    is_theirs,
    stays_apart_from,
    waits_to_be_accepted,
)
from cohorts.rules.membership import account_is_open, place_is_new
from cohorts.rules.tie import reason_is_given
from mats.post.letterbox import drop_in
from mats.post.outbox import drop_waiting
from mats.text import normalise_email

MOVED = "The invitation went to another address."


@transaction.atomic
def issue(*, membership: Membership, by: Person | None, at: dt.datetime) -> Invitation | None:
    """Invite the person at a place, in place of an earlier invitation to it.

    None where there is nothing to send: the place is accepted already, or is one's own and so
    accepted at once.
    """
    place = take(membership)
    if place.accepted_at:
        return None
    if by is not None and place.person_id == by.pk:
        _come_in(place, at)
        return None
    goes_out_after_launch(place.cohort)
    account_is_open(place.person)
    return _send([place], by, at)[0]


@transaction.atomic
def issue_all(
    *, cohort: Cohort, by: Person | None, at: dt.datetime, places: Collection[UUID] | None = None
) -> list[Invitation]:
    """Invite everybody whose place was never invited to or accepted, or those at some `places`.

    A handful of statements, however many they are. One's own place is accepted at once; somebody
    whose account is closed is left out.
    """
    goes_out_after_launch(cohort)
    waiting = Membership.objects.filter(cohort=cohort, archived_at=None, accepted_at=None, person__is_active=True)
    if places is None:
        waiting = waiting.filter(~Exists(Invitation.objects.filter(membership=OuterRef("pk"))))
    else:
        waiting = waiting.filter(pk__in=places)
    found = list(waiting.select_for_update(no_key=True, of=("self",)).select_related("person").order_by("pk"))
    own = [place for place in found if by is not None and place.person_id == by.pk]
    for place in own:
        _come_in(place, at)
    return _send([place for place in found if place not in own], by, at)


def _come_in(place: Membership, at: dt.datetime) -> None:
    place.accepted_at = at
    place.save_edit("accepted_at")


def _send(places: list[Membership], by: Person | None, at: dt.datetime) -> list[Invitation]:
    """A new invitation for each; whatever was sent before opens nothing any more. Only the letter holds the token."""
    _revoke([place.pk for place in places], at)
    tokens, rows = {}, []
    for place in places:
        token = new_token()
        row = Invitation(
            cohort_id=place.cohort_id, membership=place, email=place.person.email, token_hash=hashed(token),
            invited_by=by, expires_at=at + LIFE, created_at=at,
        )  # fmt: skip
        rows.append(row)
        tokens[row.pk] = token
    Invitation.objects.bulk_create(rows)
    letters = [(row.membership.person_id, row.cohort_id, row.pk, str(row.pk)) for row in rows]
    drop_in(INVITED, letters, at, secrets=tokens)
    return rows


def _revoke(places: list[UUID], at: dt.datetime) -> None:
    Invitation.objects.filter(NOT_ENDED, membership__in=places).update(revoked_at=at, version=F("version") + 1)


def revoke_open(membership: Membership, at: dt.datetime) -> None:
    """With a place its invitation goes, in the transaction of whoever takes the place away."""
    _revoke([membership.pk], at)


@transaction.atomic
def accept(*, invitation: Invitation, by: Person, at: dt.datetime) -> Membership:
    """Come in, once: whoever is second is told so. The role is that of the place."""
    try:
        place = Membership.locked(invitation.membership_id, archived_at=None)
    except Membership.DoesNotExist:
        raise ValidationError(GONE) from None
    row = take(invitation)
    can_be_accepted(row, at)
    waits_to_be_accepted(place)
    is_theirs(place, by)
    row.accepted_at = at
    row.save_edit("accepted_at")
    _come_in(place, at)
    return place


@transaction.atomic
def resend(*, invitation: Invitation, by: Person, at: dt.datetime) -> Invitation:
    """A new letter with a new link; the old link opens nothing any more."""
    hold(invitation.cohort)
    place = take(invitation.membership)
    waits_to_be_accepted(place)
    account_is_open(place.person)
    return _send([place], by, at)[0]


@transaction.atomic
def revoke(*, invitation: Invitation, by: Person, at: dt.datetime, version: int, reason: str) -> Invitation:
    """Take an invitation back, for a reason. The place stays, and lets nobody in."""
    cohort = hold(invitation.cohort)
    take(invitation.membership)
    row = take(invitation, version)
    can_be_revoked(row)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    row.revoked_at = at
    row.save_edit("revoked_at")
    return row


@transaction.atomic
def change_address(
    *, invitation: Invitation, by: Person, at: dt.datetime, version: int, email: str, reason: str
) -> Invitation | None:
    """Invite the address that was meant, for a reason; nothing that was sent to the other one works any more.

    An account that came with the invitation, that nobody has used and that leads nowhere else gets the
    new address. Otherwise it is left as it is, and the place goes to the account of the new address.
    """
    cohort = hold(invitation.cohort)
    place = take(invitation.membership)
    take(invitation, version)
    waits_to_be_accepted(place)
    place.person = Person.locked(place.person_id)  # nobody gives them a place elsewhere meanwhile
    email = normalise_email(email)
    address_is_another(place.person, email)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    known = Person.objects.filter(email=email).first()
    with in_words():
        if known is None and has_never_signed_in(place.person) and is_of_this_cohort_alone(place.person, cohort):
            return _correct(place, email, by, at)
        return _move(place, known or _account_like(place.person, email, at), by, at)


def _correct(place: Membership, email: str, by: Person, at: dt.datetime) -> Invitation:
    """All that was sent to the account's other address is replaced, whichever place it was about."""
    person = Person.locked(place.person_id)
    person.email = email
    person.save_edit("email")
    theirs = Membership.objects.filter(person=person, cohort=place.cohort_id, accepted_at=None, archived_at=None)
    sent = issue_all(cohort=place.cohort, by=by, at=at, places=list(theirs.values_list("pk", flat=True)))
    return next(row for row in sent if row.membership_id == place.pk)


def _account_like(person: Person, email: str, at: dt.datetime) -> Person:
    return Person.objects.create_user(email, name=person.name, time_zone=person.time_zone, created_at=at)


def _move(place: Membership, person: Person, by: Person, at: dt.datetime) -> Invitation | None:
    account_is_open(person)
    place_is_new(place.cohort, person, place.role)
    stays_apart_from(place, person)
    was, place.person = place.person, person
    place.save_edit("person")
    ties.moved(membership=place, was=was)
    if not Membership.objects.filter(person=was, cohort=place.cohort_id).exists():
        drop_waiting(MOVED, at, person=was, cohort=place.cohort_id)
    return issue(membership=place, by=by, at=at)
