"""How a person can stand to the things of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from cohorts.access import register
from cohorts.models import Caseload, Person, Role
from cohorts.querysets import LAUNCHED, not_over, running
from cohorts.relations import member_of, my_memberships, staff_of
from mentorship.models import Absence, Action, Meeting, OwnNote, Pairing, PairingWeek, WeeklyLog


def _pairings_of_mentor(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """Pairings in which this person mentors now or is about to."""
    return Pairing.objects.filter(LAUNCHED, mentor__person=person).filter(not_over(at, "cohort__time_zone"))


def _pairings_of_scholar(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    return Pairing.objects.filter(LAUNCHED, scholar__person=person, archived_at=None)


def scholars_mentored_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars this person mentors now or is about to."""
    return _pairings_of_mentor(person, at).values("scholar")


def scholars_coached_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars on this person's caseload now."""
    return (
        Caseload.objects.filter(LAUNCHED, coach__person=person)
        .filter(running(at, "cohort__time_zone"))
        .values("scholar")
    )


def _scholar(person: Person, at: dt.datetime) -> Q:
    return Q(scholar__in=my_memberships(person, Role.SCHOLAR).filter(LAUNCHED))


register("pairing", Pairing, member=member_of("cohort"), staff=staff_of("cohort"))
register(
    "log",
    WeeklyLog,
    scholar=_scholar,
    mentor=lambda person, at: Q(scholar__in=scholars_mentored_by(person, at)),
    coach=lambda person, at: Q(scholar__in=scholars_coached_by(person, at)),
    staff=staff_of("scholar__cohort"),
)


def _meetings_of(pairings: QuerySet[Pairing]) -> Q:
    return Q(pk__in=Meeting.objects.filter(pairing_weeks__pairing__in=pairings).values("pk"))


register(
    "meeting",
    Meeting,
    scholar=lambda person, at: _meetings_of(_pairings_of_scholar(person, at)),
    mentor=lambda person, at: _meetings_of(_pairings_of_mentor(person, at)),
    coach=lambda person, at: _meetings_of(Pairing.objects.filter(scholar__in=scholars_coached_by(person, at))),
    staff=staff_of("cohort"),
)
register(
    "pairing_week",
    PairingWeek,
    scholar=lambda person, at: Q(pairing__in=_pairings_of_scholar(person, at)),
    mentor=lambda person, at: Q(pairing__in=_pairings_of_mentor(person, at)),
    coach=lambda person, at: Q(pairing__scholar__in=scholars_coached_by(person, at)),
    staff=staff_of("pairing__cohort"),
)


def _own_actions(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings and logs."""
    pairings = Pairing.objects.filter(LAUNCHED, scholar__person=person)
    return Q(pairing__in=pairings) | Q(log__scholar__in=my_memberships(person, Role.SCHOLAR).filter(LAUNCHED))


def _actions_of_scholars(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings, and what one's scholars wrote as next."""
    return Q(pairing__in=_pairings_of_mentor(person, at)) | Q(log__scholar__in=scholars_mentored_by(person, at))


register(
    "action",
    Action,
    scholar=_own_actions,
    mentor=_actions_of_scholars,
    coach=lambda person, at: Q(
        Q(pairing__scholar__in=scholars_coached_by(person, at)) | Q(log__scholar__in=scholars_coached_by(person, at))
    ),
    staff=staff_of("owner__cohort"),
)
register("absence", Absence, author=lambda person, at: Q(said_by=person), staff=staff_of("meeting__cohort"))
register("own_note", OwnNote, author=lambda person, at: Q(author=person))
