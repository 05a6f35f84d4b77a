"""Who mentors, stands in for or coaches whom, and the relations that follow from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from cohorts.access import Relation
from cohorts.models import Caseload, Duty, Membership, Person, Role
from cohorts.querysets import LAUNCHED, LocalDay, not_over, not_over_on, running
from cohorts.relations import ended_memberships, held_by, my_memberships
from mentorship.models import Pairing

# What is said counts once it is given.
GIVEN = Q(given_at__isnull=False)


def pairings_of_mentor(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """Pairings in which this person mentors now or is about to."""
    mine = Pairing.objects.filter(LAUNCHED, mentor__in=my_memberships(person, Role.MENTOR))
    return mine.filter(not_over(at, "cohort__time_zone"))


def pairings_helped(person: Person, kind: str, at: dt.datetime) -> QuerySet[Pairing]:
    """Pairings, now or to come, of the mentors for whom this person has a duty."""
    mentors = held_by(person, kind, at).values("for_membership")
    return Pairing.objects.filter(LAUNCHED, mentor__in=mentors).filter(not_over(at, "cohort__time_zone"))


def pairings_of_scholar(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    return Pairing.objects.filter(LAUNCHED, scholar__in=my_memberships(person, Role.SCHOLAR), archived_at=None)


def pairings_of_former_scholar(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """As they were when the place ended: pairings that never began are archived."""
    return Pairing.objects.filter(scholar__in=ended_memberships(person, at, Role.SCHOLAR), archived_at=None)


def scholars_mentored_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars this person mentors now or is about to."""
    return pairings_of_mentor(person, at).values("scholar")


def scholars_of_mentors_helped(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars for whose mentor this person stands in now."""
    return pairings_helped(person, Duty.Kind.STAND_IN, at).values("scholar")


def scholars_walled_from(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars whose coaching this person never reads: whoever mentors them, or stands
    in for their mentor, now or to come, whether or not the place was accepted or has ended."""
    mentors = Membership.objects.filter(person=person).values("pk")
    stood_in_for = Duty.objects.filter(kind=Duty.Kind.STAND_IN, membership__in=mentors, archived_at=None)
    stood_in_for = stood_in_for.filter(not_over_on(LocalDay(at, "cohort__time_zone")))
    theirs = Pairing.objects.filter(
        Q(mentor__in=mentors) | Q(mentor__in=stood_in_for.values("for_membership")), LAUNCHED
    )
    return theirs.filter(not_over(at, "cohort__time_zone")).values("scholar")


def scholars_coached_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars on this person's caseload now."""
    mine = Caseload.objects.filter(LAUNCHED, coach__in=my_memberships(person, Role.COACH))
    return mine.filter(running(at, "cohort__time_zone")).values("scholar")


def through(path: str, places: Callable[..., Any], given: Q | None = None) -> Relation:
    """Rows whose `path` leads to one of these places; `given` narrows them to what has been said."""

    def relation(person: Person, at: dt.datetime) -> Q:
        theirs = Q(**{f"{path}__in": places(person, at)})
        return theirs & given if given is not None else theirs

    return relation


def own(path: str, given: Q | None = None) -> Relation:
    return through(path, lambda person, at: my_memberships(person, Role.SCHOLAR).filter(LAUNCHED), given)


def of_mentored(path: str, given: Q | None = None) -> Relation:
    return through(path, scholars_mentored_by, given)


def of_coached(path: str, given: Q | None = None) -> Relation:
    return through(path, scholars_coached_by, given)


def former(path: str, given: Q | None = None) -> Relation:
    """Rows of a scholar's place that has ended, as long as they may read their own."""
    return through(path, lambda person, at: ended_memberships(person, at, Role.SCHOLAR), given)


def of_mentors_helped(path: str) -> Relation:
    return through(path, scholars_of_mentors_helped)
