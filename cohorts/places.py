"""The places of the person who asks, found once a request."""

from __future__ import annotations

from cohorts.models import Membership, Role
from mats.identity.requests import Request


def places(request: Request) -> list[Membership]:
    """The person's memberships with their cohorts, newest cohort first; one query a request.

    A cohort that is not launched yet is seen by its staff only.
    """
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_places"):
        mine = Membership.objects.filter(person=request.user, archived_at=None).select_related("cohort")
        request._places = [
            place
            for place in mine.order_by("-cohort__created_at")
            if place.cohort.is_launched or place.role == Role.STAFF
        ]
    return request._places
