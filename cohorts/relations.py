"""How a person can stand to the things of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from cohorts.access import register
from cohorts.models import Caseload, Cohort, Duty, Membership, Milestone, Person, Role
from cohorts.querysets import LocalDay


def my_memberships(person: Person, *roles: str):
    """The person's places; for use inside other queries."""
    mine = Membership.objects.filter(person=person, archived_at=None)
    return mine.filter(role__in=roles) if roles else mine


def cohorts_of(person: Person, *roles: str):
    return my_memberships(person, *roles).values("cohort")


def staff_of(path: str):
    """Staff of the cohort that `path` leads to. Staff see a cohort before its launch, others do not."""

    def relation(person: Person, at: dt.datetime) -> Q:
        return Q(**{f"{path}__in": cohorts_of(person, Role.STAFF)})

    return relation


def cohorts_on_duty(person: Person, kind: str, at: dt.datetime) -> Any:
    """Cohorts in which this person of staff has a duty on the cohort's day."""
    today = LocalDay(at, "cohort__time_zone")
    held = Duty.objects.filter(kind=kind, archived_at=None, starts_on__lte=today)
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return held.filter(membership__in=my_memberships(person, Role.STAFF)).values("cohort")


def member_of(path: str):
    """Anyone with a place in the launched cohort that `path` leads to."""

    def relation(person: Person, at: dt.datetime) -> Q:
        return Q(**{f"{path}__in": cohorts_of(person).filter(cohort__launched_at__isnull=False)})

    return relation


register("person", Person, self=lambda person, at: Q(pk=person.pk))
register("cohort", Cohort, member=member_of("pk"), staff=staff_of("pk"))
register(
    "membership",
    Membership,
    self=lambda person, at: Q(person=person, cohort__launched_at__isnull=False),
    member=member_of("cohort"),
    staff=staff_of("cohort"),
)
register("caseload", Caseload, member=member_of("cohort"), staff=staff_of("cohort"))
register("milestone", Milestone, member=member_of("cohort"), staff=staff_of("cohort"))
register("duty", Duty, member=member_of("cohort"), staff=staff_of("cohort"))
