"""Who stands in this app's relations to a person's things, by name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from cohorts.held import circles, known_places
from cohorts.held.circles import caseloads_now, named
from cohorts.models import Duty, Person, Role
from cohorts.querysets import LAUNCHED, LocalDay, here, not_over, not_over_on
from mentorship.models import Approval, CaseInvitation, Pairing, SheetMentor, Submission, TermSheet


def _pairings(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """Those in which the person is scholar or mentor, now or to come."""
    both = Q(scholar__person=person) | Q(mentor__person=person)
    return Pairing.objects.filter(both, LAUNCHED, here("mentor__")).filter(not_over(at, "cohort__time_zone"))


def _mentored(person: Person, at: dt.datetime) -> QuerySet[Any]:
    mine = Pairing.objects.filter(LAUNCHED, here("mentor__"), mentor__person=person)
    return mine.filter(not_over(at, "cohort__time_zone")).values("scholar")


def _mentors(person: Person, at: dt.datetime) -> QuerySet[Any]:
    return named(_pairings(person, at), "mentor", "mentor__person")


def _co_mentors(person: Person, at: dt.datetime) -> QuerySet[Any]:
    others = Pairing.objects.filter(LAUNCHED, here("mentor__"), scholar__in=_mentored(person, at))
    return named(others.filter(not_over(at, "cohort__time_zone")), "mentor", "mentor__person")


def _scholars(person: Person, at: dt.datetime) -> QuerySet[Any]:
    return named(_pairings(person, at).filter(here("scholar__")), "scholar", "scholar__person")


def _myself_as_a_scholar(person: Person, at: dt.datetime) -> QuerySet[Any]:
    mine = known_places(person).filter(role=Role.SCHOLAR, archived_at=None)
    return named(mine, "scholar", "person")


def _stand_ins(person: Person, at: dt.datetime) -> QuerySet[Any]:
    today = LocalDay(at, "cohort__time_zone")
    held = Duty.objects.filter(here("membership__"), kind=Duty.Kind.STAND_IN, archived_at=None)
    held = held.filter(not_over_on(today), starts_on__lte=today)
    held = held.filter(for_membership__in=_pairings(person, at).values("mentor"))
    return named(held, "stand_in", "membership__person")


def _coaches_of_mentored(person: Person, at: dt.datetime) -> QuerySet[Any]:
    return named(caseloads_now(at).filter(scholar__in=_mentored(person, at)), "coach", "coach__person")


def _readers(person: Person, at: dt.datetime) -> QuerySet[Any]:
    both = Q(scholar__in=known_places(person).values("pk")) | Q(reader__person=person)
    return named(Submission.objects.filter(both, here("reader__")), "reader", "reader__person")


def _approvers(person: Person, at: dt.datetime) -> QuerySet[Any]:
    asked = Approval.objects.filter(case__scholar__in=known_places(person).values("pk"), archived_at=None)
    return named(asked.filter(here("mentor__")), "approver", "mentor__person")


def _invited(person: Person, at: dt.datetime) -> QuerySet[Any]:
    mine = Q(case__scholar__in=known_places(person).values("pk")) | Q(case__approvals__mentor__person=person)
    return named(CaseInvitation.objects.filter(mine, archived_at=None), "invited", "person")


def _term_mentors(person: Person, at: dt.datetime) -> QuerySet[Any]:
    mine = Q(sheet__case__scholar__in=known_places(person).values("pk")) | Q(sheet__mentors__mentor__person=person)
    theirs = SheetMentor.objects.filter(mine, here("mentor__"), archived_at=None)
    return named(theirs, "term_mentor", "mentor__person")


def _term_coaches(person: Person, at: dt.datetime) -> QuerySet[Any]:
    mine = Q(case__scholar__in=known_places(person).values("pk")) | Q(mentors__mentor__person=person)
    return named(TermSheet.objects.filter(mine, here("coach__")), "term_coach", "coach__person")


for source in (_mentors, _co_mentors):
    circles.register(source, mentor=Role.MENTOR)
for source in (_scholars, _myself_as_a_scholar):
    circles.register(source, scholar=Role.SCHOLAR)
circles.register(_stand_ins, stand_in="stand-in")
circles.register(_coaches_of_mentored, coach=Role.COACH)
circles.register(_readers, reader="reader")
circles.register(_approvers, approver="asked to approve")
circles.register(_term_mentors, term_mentor="mentor of the term")
circles.register(_term_coaches, term_coach=Role.COACH)
circles.register(_invited, invited="outside member of the committee")
