"""The places of the person who asks, found once a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cohorts.access import rows_of
from cohorts.models import Agreement, AgreementTick, Cohort, Duty, Invitation, Membership, Person, Role
from mats.identity.requests import Request
from mats.prepared import prepared

HELPS = (Duty.Kind.DELEGATE, Duty.Kind.STAND_IN)


@prepared
def _places(person: Person) -> QuerySet[Membership]:
    """All of them, those that were removed as a mistake aside, and what Home asks further about: until when
    an invitation can be accepted, whether a later agreement waits, whether there is a duty for another."""
    mine = Membership.objects.filter(Q(archived_at=None) | Q(ended_at__isnull=False), person=person)
    invitations = Invitation.objects.filter(membership=OuterRef("pk"), accepted_at=None, revoked_at=None)
    ticked = AgreementTick.objects.filter(membership=OuterRef(OuterRef("pk")), agreement=OuterRef("pk"))
    latest = Agreement.objects.filter(cohort=OuterRef("cohort"), archived_at=None).order_by("-number")
    mine = mine.annotate(
        invited_until=Subquery(invitations.values("expires_at")[:1]),
        has_agreed=Subquery(latest.annotate(is_ticked=Exists(ticked)).values("is_ticked")[:1]),
        helps=Exists(Duty.objects.filter(membership=OuterRef("pk"), kind__in=HELPS, archived_at=None)),
    )
    return mine.select_related("cohort").order_by("-cohort__created_at", "cohort", "role")


@dataclass
class Mine:
    """A person's places: those that are theirs now, those they are invited to, and those that have ended.

    `begins` are those whose first hour, or a later agreement, waits; `helps` if one has a duty for another.
    """

    live: list[Membership] = field(default_factory=list)
    invited: list[Membership] = field(default_factory=list)
    ended: list[Membership] = field(default_factory=list)
    begins: list[Membership] = field(default_factory=list)
    helps: bool = False


def all_places(request: Request) -> Mine:
    """One query a request. A cohort that is not launched yet is seen by its staff only; an invitation stands
    here until it runs out."""
    if not request.user.is_authenticated:
        return Mine()
    if not hasattr(request, "_places"):
        request._places = _sorted(_places(person=request.user), request)
    return request._places


def _sorted(found: list[Any], request: Request) -> Mine:
    mine = Mine()
    for place in found:
        if place.ended_at:
            mine.ended.append(place)
        elif not place.accepted_at:
            if place.invited_until and place.invited_until > request.now:
                mine.invited.append(place)
        elif place.cohort.is_launched or place.role == Role.STAFF:
            mine.live.append(place)
            mine.helps |= place.helps
            if place.first_hour_at is None or place.has_agreed is False:
                mine.begins.append(place)
    return mine


def places(request: Request) -> list[Membership]:
    """The person's memberships that they have accepted, with their cohorts, newest cohort first."""
    return all_places(request).live


def readable(request: Request, role: str) -> list[Membership]:
    """The places of a role of which the person reads their own: those that are theirs now, and for 60 days
    those that have ended."""
    mine = all_places(request)
    ended = [place for place in mine.ended if place.reads_until and request.now < place.reads_until]
    return [place for place in mine.live + ended if place.role == role and place.cohort.is_launched]


def staffed(request: Request, act: str, thing: str) -> dict[UUID, Cohort]:
    """The cohorts, by key, on whose things of a kind the person may act as their staff, if the table
    lets staff do it at all. The frame of every page asks for the places anyway: no further query."""
    if not any(row.relation == "staff" for row in rows_of(thing, act)):
        return {}
    return {place.cohort_id: place.cohort for place in places(request) if place.role == Role.STAFF}
