"""How a person can stand to the things of this app."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from cohorts.access import register
from cohorts.models import (
    HELD_BY,
    Caseload,
    Cohort,
    Contact,
    Duty,
    Ending,
    Invitation,
    Membership,
    Milestone,
    Person,
    Role,
)
from cohorts.querysets import LAUNCHED, LocalDay, here, not_over_on


def my_memberships(person: Person, *roles: str):
    """The person's places, once they have accepted them and until they end; for use inside other queries."""
    mine = Membership.objects.filter(here(), person=person)
    return mine.filter(role__in=roles) if roles else mine


def ended_memberships(person: Person, at: dt.datetime, *roles: str):
    """The person's places that have ended, as long as they still read their own things there."""
    mine = Membership.objects.filter(person=person, ended_at__isnull=False, reads_until__gt=at)
    return mine.filter(role__in=roles) if roles else mine


def cohorts_of(person: Person, *roles: str):
    return my_memberships(person, *roles).values("cohort")


def staff_of(path: str):
    """Staff of the cohort that `path` leads to. Staff see a cohort before its launch, others do not."""

    def relation(person: Person, at: dt.datetime) -> Q:
        return Q(**{f"{path}__in": cohorts_of(person, Role.STAFF)})

    return relation


def held_by(person: Person, kind: str, at: dt.datetime) -> Any:
    """The duties of a kind that this person has on the cohort's day, at a place that may hold them."""
    today = LocalDay(at, "cohort__time_zone")
    held = Duty.objects.filter(kind=kind, archived_at=None, starts_on__lte=today)
    held = held.filter(not_over_on(today))
    return held.filter(membership__in=my_memberships(person, *HELD_BY[kind]))


def cohorts_on_duty(person: Person, kind: str, at: dt.datetime) -> Any:
    """Cohorts in which this person has a duty on the cohort's day."""
    return held_by(person, kind, at).values("cohort")


def member_of(path: str):
    """Anyone with a place in the launched cohort that `path` leads to, outside members aside."""
    inside = [role for role in Role if role != Role.OUTSIDE]

    def relation(person: Person, at: dt.datetime) -> Q:
        return Q(**{f"{path}__in": cohorts_of(person, *inside).filter(cohort__launched_at__isnull=False)})

    return relation


def _helper(person: Person, at: dt.datetime) -> Q:
    """Whoever keeps a mentor's times in a cohort, or stands in for one, today."""
    kinds = (Duty.Kind.DELEGATE, Duty.Kind.STAND_IN)
    return reduce(or_, (Q(pk__in=cohorts_on_duty(person, kind, at)) for kind in kinds)) & Q(launched_at__isnull=False)


register("person", Person, self=lambda person, at: Q(pk=person.pk))
register("cohort", Cohort, member=member_of("pk"), staff=staff_of("pk"), helper=_helper)
register(
    "membership",
    Membership,
    self=lambda person, at: Q(pk__in=my_memberships(person).filter(LAUNCHED)),
    former=lambda person, at: Q(pk__in=ended_memberships(person, at)),
    invited=lambda person, at: Q(person=person, accepted_at=None, archived_at=None),
    member=member_of("cohort"),
    staff=staff_of("cohort"),
)
register("invitation", Invitation, staff=staff_of("cohort"))
register("contact", Contact, self=lambda person, at: Q(person=person))
register(
    "ending",
    Ending,
    former=lambda person, at: Q(membership__in=ended_memberships(person, at), confirmed_at__isnull=False),
    staff=staff_of("cohort"),
    concerned=lambda person, at: Q(membership__person=person),
)
register("caseload", Caseload, member=member_of("cohort"), staff=staff_of("cohort"))
register("milestone", Milestone, member=member_of("cohort"), staff=staff_of("cohort"))
register("duty", Duty, member=member_of("cohort"), staff=staff_of("cohort"))
