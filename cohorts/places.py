"""The places of the person who asks, found once a request."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from cohorts.access import rows_of
from cohorts.models import Cohort, Membership, Person, Role
from mats.identity.requests import Request
from mats.prepared import prepared


@prepared
def _places(person: Person) -> QuerySet[Membership]:
    mine = Membership.objects.filter(person=person, archived_at=None, accepted_at__isnull=False)
    mine = mine.select_related("cohort")
    return mine.order_by("-cohort__created_at", "cohort", "role")


def places(request: Request) -> list[Membership]:
    """The person's memberships that they have accepted, with their cohorts, newest cohort first; one query
    a request.

    A cohort that is not launched yet is seen by its staff only.
    """
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_places"):
        request._places = [
            place for place in _places(person=request.user) if place.cohort.is_launched or place.role == Role.STAFF
        ]
    return request._places


def staffed(request: Request, act: str, thing: str) -> dict[UUID, Cohort]:
    """The cohorts, by key, on whose things of a kind the person may act as their staff, if the table
    lets staff do it at all. The frame of every page asks for the places anyway: no further query."""
    if not any(row.relation == "staff" for row in rows_of(thing, act)):
        return {}
    return {place.cohort_id: place.cohort for place in places(request) if place.role == Role.STAFF}
