"""Who has which duty, as it is read."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from cohorts.models import HELD_BY, Cohort, Duty, Person, Role
from cohorts.querysets import LAUNCHED, not_over_on
from cohorts.relations import held_by
from mats.clock import local_date
from mats.prepared import prepared

TWO = 2  # people who decide a case, and who get a concern

BY_THE_RIGHT_ROLE = reduce(or_, (Q(kind=kind, membership__role__in=roles) for kind, roles in HELD_BY.items()))


@prepared
def _duties(cohort: UUID, today: dt.date) -> QuerySet[Duty]:
    held = Duty.objects.filter(BY_THE_RIGHT_ROLE, cohort=cohort, archived_at=None, membership__archived_at=None)
    held = held.filter(not_over_on(today))
    rows = held.select_related("membership__person", "for_membership__person")
    return rows.order_by("membership__person__name", "starts_on", "pk")


def duties_of(cohort: Cohort, at: dt.datetime) -> list[Duty]:
    """The duties of today and those to come, by name."""
    return _duties(cohort=cohort.pk, today=local_date(at, cohort.time_zone))


def can_decide(duties: list[Duty], today: dt.date) -> int:
    """How many people decide extensions today and can sign in: the committee, and outside members."""
    return len(_people(duties, today, Duty.Kind.COMMITTEE, Duty.Kind.OUTSIDE_MEMBER))


def can_receive(duties: list[Duty], today: dt.date) -> tuple[int, bool]:
    """How many people are named for concerns today and can sign in, and whether one is from outside."""
    people = _people(duties, today, Duty.Kind.CONCERN_RECIPIENT)
    return len(people), Role.OUTSIDE in people.values()


def _people(duties: list[Duty], today: dt.date, *kinds: str) -> dict[UUID, str]:
    """Those who have one of these duties today and can sign in, with the role in which they do."""
    places = (duty.membership for duty in duties if duty.kind in kinds and is_on(duty, today))
    return {place.person_id: place.role for place in places if place.person.is_active}


@prepared
def _helped(person: Person, at: dt.datetime) -> QuerySet[Duty]:
    kinds = (Duty.Kind.DELEGATE, Duty.Kind.STAND_IN)
    mine = reduce(or_, (Q(pk__in=held_by(person, kind, at).values("pk")) for kind in kinds))
    there = Duty.objects.filter(mine, LAUNCHED, for_membership__archived_at=None)
    return there.select_related("cohort", "for_membership__person").order_by("for_membership__person__name", "kind")


def helped_by_me(person: Person, at: dt.datetime) -> list[Duty]:
    """The duties of today in which a person keeps a mentor's times, or stands in for one; one query."""
    return _helped(person=person, at=at)


def is_on(duty: Duty, today: dt.date) -> bool:
    return duty.starts_on <= today and (duty.ends_on is None or today <= duty.ends_on)
