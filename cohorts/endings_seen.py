"""Places of one's own that have ended, as Home and the profile tell of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from cohorts.models import How, Membership, Person, Role
from cohorts.querysets import HERE_AND_OPEN
from mats.clock import format_until, local_date
from mats.prepared import prepared

HOW = {
    How.COMPLETED: "You have completed it.",
    How.LEFT: "You have left.",
    How.PROGRAMME: "The programme has ended it.",
}


@dataclass(frozen=True)
class Ended:
    """A place that has ended, to its person. `reads`: they still read and download what is theirs, until the
    end of a day (`until`). `staff` are the names of whom to ask."""

    place: Membership
    how: str
    on: dt.date
    until: str
    reads: bool
    staff: list[str]


@prepared
def _ended(person: Person) -> QuerySet[Membership]:
    staff = Membership.objects.filter(HERE_AND_OPEN, cohort=OuterRef("cohort"), role=Role.STAFF)
    names = ArraySubquery(staff.order_by("person__name").values("person__name"))
    ended = Membership.objects.filter(person=person, ended_at__isnull=False).select_related("cohort")
    return ended.annotate(staff_names=names).order_by("-ended_at", "role")


def ended_of(person: Person, at: dt.datetime) -> list[Ended]:
    """The person's places that have ended, the latest first; one query. Days are on the person's wall."""
    return [_seen(place, person, at) for place in _ended(person=person)]


def _seen(place: Membership, person: Person, at: dt.datetime) -> Ended:
    assert place.ended_at
    assert place.reads_until
    return Ended(
        place=place,
        how=HOW[How(place.ended_how)],
        on=local_date(place.ended_at, person.time_zone),
        until=format_until(local_date(place.reads_until, person.time_zone), year=True),
        reads=at < place.reads_until,
        staff=place.staff_names,  # type: ignore[attr-defined]  # by _ended
    )
