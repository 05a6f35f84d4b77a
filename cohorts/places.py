"""The places of the person who asks, found once a request."""

from __future__ import annotations

from django.db.models import QuerySet

from cohorts.models import Membership, Person, Role
from mats.identity.requests import Request
from mats.prepared import prepared


@prepared
def _places(person: Person) -> QuerySet[Membership]:
    mine = Membership.objects.filter(person=person, archived_at=None).select_related("cohort")
    return mine.order_by("-cohort__created_at")


def places(request: Request) -> list[Membership]:
    """The person's memberships with their cohorts, newest cohort first; one query a request.

    A cohort that is not launched yet is seen by its staff only.
    """
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_places"):
        request._places = [
            place for place in _places(person=request.user) if place.cohort.is_launched or place.role == Role.STAFF
        ]
    return request._places
