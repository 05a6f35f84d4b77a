"""How a person can stand to pairings, logs, meetings and actions."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from cohorts.access import register
from cohorts.models import Duty, Person, Role
from cohorts.querysets import LAUNCHED
from cohorts.relations import ended_memberships, member_of, my_memberships, staff_of
from mentorship.models import Absence, Action, Meeting, OwnNote, Pairing, PairingWeek, WeeklyLog
from mentorship.relations.ties import (
    former,
    of_coached,
    of_mentored,
    of_mentors_helped,
    own,
    pairings_helped,
    pairings_of_former_scholar,
    pairings_of_mentor,
    pairings_of_scholar,
    scholars_coached_by,
    scholars_mentored_by,
    scholars_of_mentors_helped,
)

register("pairing", Pairing, member=member_of("cohort"), staff=staff_of("cohort"))
register(
    "log",
    WeeklyLog,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    stand_in=of_mentors_helped("scholar"),
    coach=of_coached("scholar"),
    staff=staff_of("scholar__cohort"),
)


def _meetings_of(pairings: QuerySet[Pairing]) -> Q:
    return Q(pk__in=Meeting.objects.filter(pairing_weeks__pairing__in=pairings).values("pk"))


register(
    "meeting",
    Meeting,
    scholar=lambda person, at: _meetings_of(pairings_of_scholar(person, at)),
    former=lambda person, at: _meetings_of(pairings_of_former_scholar(person, at)),
    mentor=lambda person, at: _meetings_of(pairings_of_mentor(person, at)),
    stand_in=lambda person, at: _meetings_of(pairings_helped(person, Duty.Kind.STAND_IN, at)),
    delegate=lambda person, at: _meetings_of(pairings_helped(person, Duty.Kind.DELEGATE, at)),
    coach=lambda person, at: _meetings_of(Pairing.objects.filter(scholar__in=scholars_coached_by(person, at))),
    staff=staff_of("cohort"),
)
register(
    "pairing_week",
    PairingWeek,
    scholar=lambda person, at: Q(pairing__in=pairings_of_scholar(person, at)),
    former=lambda person, at: Q(pairing__in=pairings_of_former_scholar(person, at)),
    mentor=lambda person, at: Q(pairing__in=pairings_of_mentor(person, at)),
    stand_in=lambda person, at: Q(pairing__in=pairings_helped(person, Duty.Kind.STAND_IN, at)),
    delegate=lambda person, at: Q(pairing__in=pairings_helped(person, Duty.Kind.DELEGATE, at)),
    coach=lambda person, at: Q(pairing__scholar__in=scholars_coached_by(person, at)),
    staff=staff_of("pairing__cohort"),
)


def _own_actions(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings and logs."""
    pairings = Pairing.objects.filter(LAUNCHED, scholar__in=my_memberships(person, Role.SCHOLAR))
    return Q(pairing__in=pairings) | Q(log__scholar__in=my_memberships(person, Role.SCHOLAR).filter(LAUNCHED))


def _actions_of_scholars(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings, and what one's scholars wrote as next."""
    return Q(pairing__in=pairings_of_mentor(person, at)) | Q(log__scholar__in=scholars_mentored_by(person, at))


def _actions_of_a_former_scholar(person: Person, at: dt.datetime) -> Q:
    places = ended_memberships(person, at, Role.SCHOLAR)
    return Q(pairing__scholar__in=places) | Q(log__scholar__in=places)


register(
    "action",
    Action,
    scholar=_own_actions,
    former=_actions_of_a_former_scholar,
    mentor=_actions_of_scholars,
    stand_in=lambda person, at: (
        Q(pairing__in=pairings_helped(person, Duty.Kind.STAND_IN, at))
        | Q(log__scholar__in=scholars_of_mentors_helped(person, at))
    ),
    coach=lambda person, at: Q(
        Q(pairing__scholar__in=scholars_coached_by(person, at)) | Q(log__scholar__in=scholars_coached_by(person, at))
    ),
    staff=staff_of("owner__cohort"),
)


def _absences_of_others_meetings(person: Person, at: dt.datetime) -> Q:
    """What is said of meetings in one's cohort, but not of one's own: there one is the other."""
    of_mine = Absence.objects.filter(meeting__attendances__person=person)
    return staff_of("meeting__cohort")(person, at) & ~Q(pk__in=of_mine.values("pk"))


register("absence", Absence, author=lambda person, at: Q(said_by=person), staff=_absences_of_others_meetings)
register("own_note", OwnNote, author=lambda person, at: Q(author=person))
