"""Invitations as they are read: by whoever holds a link, by whoever is invited, by staff."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from cohorts.forms.invitation import AcceptForm
from cohorts.models import Cohort, Invitation, Membership, Person
from mats.prepared import prepared

LIFE = dt.timedelta(days=7)
TOKEN_BYTES = 32  # 256 bits

NOT_ENDED = Q(accepted_at=None, revoked_at=None)
# Somebody who may come in: the place is there and waits, the account is open, the cohort is launched.
MAY_COME_IN = Q(
    membership__archived_at=None,
    membership__accepted_at=None,
    membership__person__is_active=True,
    membership__person__archived_at=None,
    cohort__launched_at__isnull=False,
    cohort__archived_at=None,
)


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """All that is kept of a token. It is random: nothing is gained by hashing it slowly."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _open(at: dt.datetime) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(NOT_ENDED, MAY_COME_IN, expires_at__gt=at, archived_at=None)
    return found.select_related("cohort", "membership__person", "membership__cohort", "invited_by")


@prepared
def _by_hash(token_hash: str, at: dt.datetime) -> QuerySet[Invitation]:
    return _open(at).filter(token_hash=token_hash, email=F("membership__person__email"))


def find_by_token(token: str, at: dt.datetime) -> Invitation | None:
    """The invitation that a link leads to, while it can still be accepted by the address it was sent to."""
    return next(iter(_by_hash(token_hash=hashed(token), at=at)), None)


@prepared
def _open_of_person(person: Person, at: dt.datetime) -> QuerySet[Invitation]:
    return _open(at).filter(membership__person=person).order_by("created_at")


@dataclass(frozen=True)
class Invited:
    """An open invitation as its person sees it on Home, with a button."""

    invitation: Invitation

    @property
    def url(self) -> str:
        return reverse("invitation_accept", args=[self.invitation.pk])

    @property
    def hidden(self) -> SafeString:
        return AcceptForm.hidden_of_new()


def open_for(person: Person, at: dt.datetime) -> list[Invited]:
    """What this person is invited to and has not accepted; one query."""
    return [Invited(row) for row in _open_of_person(person=person, at=at)]


def open_of(person: Person, at: dt.datetime, pk: UUID) -> Invitation | None:
    """One of them, by its key."""
    return next((row for row in _open_of_person(person=person, at=at) if row.pk == pk), None)


# --- for staff ----------------------------------------------------------------------------------

STATES = {"open": "open", "over": "run out or taken back", "accepted": "accepted", "none": "not invited yet"}


@dataclass(frozen=True)
class Standing:
    """How far somebody is on their way in: one of STATES, with the latest invitation where there is one."""

    state: str
    invitation: Invitation | None = None


def standing_of(place: Membership, latest: Invitation | None, at: dt.datetime) -> Standing:
    if place.accepted_at:
        return Standing("accepted", latest)
    if latest is None:
        return Standing("none")
    is_open = latest.accepted_at is None and latest.revoked_at is None and latest.expires_at > at
    return Standing("open" if is_open else "over", latest)


@prepared
def _invitations(keys: list[UUID]) -> QuerySet[Invitation]:
    return Invitation.objects.filter(membership__any=keys).select_related("invited_by").order_by("created_at", "pk")


def standings(places: Iterable[Membership], at: dt.datetime) -> dict[UUID, Standing]:
    """How far each of these is; one query, and none where everybody has accepted."""
    rows = list(places)
    keys = [place.pk for place in rows if not place.accepted_at]
    latest = {row.membership_id: row for row in _invitations(keys=keys)} if keys else {}
    return {place.pk: standing_of(place, latest.get(place.pk), at) for place in rows}


def latest_of(places: Iterable[Membership]) -> dict[UUID, Invitation]:
    """The latest invitation of each of these places, accepted ones too."""
    return {row.membership_id: row for row in _invitations(keys=[place.pk for place in places])}


def in_state(state: str, at: dt.datetime) -> Q:
    """Places that stand so, as `standing_of` says of one."""
    theirs = Invitation.objects.filter(membership=OuterRef("pk"))
    is_open, was_invited = Exists(theirs.filter(NOT_ENDED, expires_at__gt=at)), Exists(theirs)
    waits = Q(accepted_at=None)
    return {
        "accepted": ~waits,
        "open": waits & Q(is_open),
        "over": waits & ~Q(is_open) & Q(was_invited),
        "none": waits & ~Q(was_invited),
    }[state]


def counts_of(cohort: Cohort, at: dt.datetime) -> Counter[str]:
    """How many places of a cohort stand in each state; one query."""
    return Counter(_counts(cohort=cohort, at=at)[0])


@prepared
def _counts(cohort: Cohort, at: dt.datetime) -> QuerySet[Any]:
    live = Membership.objects.filter(cohort=cohort, archived_at=None).order_by().values("cohort")
    return live.annotate(**{state: Count("pk", filter=in_state(state, at)) for state in STATES}).values(*STATES)
