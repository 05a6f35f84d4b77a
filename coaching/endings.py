"""What of coaching ends with a place, and what its scholar reads afterwards.

Planned 1-1s are called off by the database when the caseload ends (`plans_end_with_the_caseload`):
whoever ends the place may not see them. To staff this is a bare fact that follows from the caseload,
which is open, and says nothing of any 1-1; whoever mentors or mentored the scholar is told nothing.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from coaching.querysets import Plan, caseloads_coached_by, one_on_ones
from coaching.relations import people_ever_mentored_by
from cohorts import endings
from cohorts.endings import Group, Item, Kept, Open
from cohorts.models import Caseload, Membership, Person, Role
from mats.clock import local_date
from mats.prepared import prepared

TITLE = "Planned 1-1s"


def _open(place: Membership, reader: Person, at: dt.datetime) -> list[Group]:
    if place.role not in (Role.SCHOLAR, Role.COACH):
        return []
    if place.person_id == reader.pk:
        return [Group(TITLE, [_item(plan, reader) for plan in _own_plans(place, reader, at)])]
    today = local_date(at, place.cohort.time_zone)
    return [Group(TITLE, is_bare=True)] if _told(place=place.pk, reader=reader, today=today) else []


@prepared
def _told(place: UUID, reader: Person, today: dt.date) -> QuerySet[Caseload]:
    """The caseloads of a place, but not of scholars whom the reader mentors or mentored."""
    its = Caseload.objects.filter(Q(scholar=place) | Q(coach=place), archived_at=None, ends_on__gte=today)
    return its.exclude(scholar__person__in=people_ever_mentored_by(reader)).order_by("pk")[:1]


def _own_plans(place: Membership, reader: Person, at: dt.datetime) -> list[Plan]:
    """The reader's own, as scholar or as coach."""
    if place.role == Role.SCHOLAR:
        found = one_on_ones(reader, at, [place.pk])
    else:
        mine = caseloads_coached_by(person=reader, at=at)
        found = one_on_ones(reader, at, [one.scholar_id for one in mine if one.coach_id == place.pk])
    plans = [plan for some in found.values() for plan in some.ahead(at)]
    ahead = [plan for plan in plans if place.role == Role.SCHOLAR or plan.is_of(reader)]
    return sorted(ahead, key=lambda plan: plan.starts_at)


def _item(plan: Plan, reader: Person) -> Item:
    return Item(f"with {plan.scholar if plan.is_of(reader) else plan.coach}", plan.starts_at)


def _my_coaching(place: Membership, person: Person, at: dt.datetime) -> list[Kept]:
    if place.role != Role.SCHOLAR:
        return []
    return [Kept("What was shared with you, and what you wrote for your coach only", reverse("my_coaching"))]


endings.register(Open("coaching", _open))
endings.keep_readable("My coaching", _my_coaching)
