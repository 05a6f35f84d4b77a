"""How a person can stand to an extension case: evidence, approval, opinions, decision, letter, sheet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from cohorts.access import Relation, register
from cohorts.models import Caseload, Duty, Membership, Person, Role
from cohorts.querysets import LAUNCHED
from cohorts.relations import cohorts_on_duty, member_of, my_memberships, staff_of
from mentorship.models import (
    Approval,
    CaseInvitation,
    Conflict,
    Decision,
    DecisionLetter,
    ExtensionCase,
    Opinion,
    Pairing,
    Round,
    SheetMentor,
    State,
    TermSheet,
)
from mentorship.models.case import OPEN
from mentorship.relations.ties import GIVEN, former, of_mentored, own, through


def _cases_to_approve(person: Person) -> QuerySet[ExtensionCase]:
    """Cases for which this person is asked, as a mentor, to approve."""
    asked = Approval.objects.filter(mentor__in=my_memberships(person, Role.MENTOR), archived_at=None)
    return ExtensionCase.objects.filter(pk__in=asked.values("case"))


def _cases_invited_to(person: Person) -> QuerySet[ExtensionCase]:
    """Cases that this person decides with a committee they are not a part of."""
    invited = CaseInvitation.objects.filter(person=person, archived_at=None)
    return ExtensionCase.objects.filter(pk__in=invited.values("case"))


def _cases_decided_outside(person: Person, at: dt.datetime) -> QuerySet[ExtensionCase]:
    """Open cases of the cohorts in which this person is an outside member by duty."""
    return ExtensionCase.objects.filter(
        state__in=OPEN, cohort__in=cohorts_on_duty(person, Duty.Kind.OUTSIDE_MEMBER, at)
    )


def recused_cases(person: Person) -> QuerySet[ExtensionCase]:
    """Cases of which this person must keep out: their own, of a scholar whom they mentor or coach, or for
    whose mentor they stand in (now, before or to come, in any cohort), for which they are asked to approve,
    or over which they have a declared conflict, or had one while the case was there: taken back, it would
    open the case at once. Compared as people."""
    stood_in_for = Duty.objects.filter(kind=Duty.Kind.STAND_IN, membership__person=person, archived_at=None)
    mentored = Pairing.objects.filter(
        Q(mentor__person=person) | Q(mentor__in=stood_in_for.values("for_membership")), archived_at=None
    )
    coached = Caseload.objects.filter(coach__person=person, archived_at=None)
    conflicts = Conflict.objects.filter(
        Q(archived_at=None) | Q(archived_at__gte=OuterRef("applied_at")),
        person=person,
        scholar__person=OuterRef("scholar__person"),
    )
    asked = Approval.objects.filter(mentor__person=person, archived_at=None)
    return ExtensionCase.objects.filter(
        Q(scholar__person=person)
        | Q(scholar__person__in=mentored.values("scholar__person"))
        | Q(scholar__person__in=coached.values("scholar__person"))
        | Exists(conflicts)
        | Q(pk__in=asked.values("case"))
    )


def _approver(path: str, given: Q | None = None) -> Relation:
    return through(path, lambda person, at: _cases_to_approve(person).values("pk"), given)


def _invited(path: str) -> Relation:
    return through(path, lambda person, at: _cases_invited_to(person).values("pk"))


def _recused(path: str, given: Q | None = None) -> Relation:
    return through(path, lambda person, at: recused_cases(person).values("pk"), given)


def _committee(path: str, kind: str = Duty.Kind.COMMITTEE) -> Relation:
    return through(path, lambda person, at: cohorts_on_duty(person, kind, at))


def _outside(path: str) -> Relation:
    return _committee(path, Duty.Kind.OUTSIDE_MEMBER)


def _peer(person: Person, at: dt.datetime) -> Q:
    """Opinions on cases on which this person has written theirs, or which are answered for good: as long as
    another decision may come, each is written before the others' are read."""
    mine = Opinion.objects.filter(author=person, archived_at=None)
    heard = Q(case__in=mine.filter(is_appeal=False).values("case"), is_appeal=False) | Q(
        case__in=mine.filter(is_appeal=True).values("case")
    )
    judges = _committee("cohort")(person, at) | _invited("case")(person, at) | _outside("cohort")(person, at)
    decided = Decision.objects.filter(confirmed_at__isnull=False, replaced_at=None).exclude(outcome="more")
    to_be_judged = (State.COMMITTEE, State.MORE, State.DECIDED, State.WAITLISTED, State.APPEALED)
    over = Q(case__in=decided.values("case"), is_appeal=False) & ~Q(case__state__in=to_be_judged)
    return judges & (heard | over)


RELEASED = Q(released_at__isnull=False)
ITS_LETTER_IS_OUT = Q(letter__released_at__isnull=False) | Q(outcome="more", confirmed_at__isnull=False)
ITS_LETTER_IS_NOT = Q(letter=None) | Q(letter__released_at=None)
SHARED = Q(shared_at__isnull=False)

register("round", Round, member=member_of("cohort"), staff=staff_of("cohort"))
register(
    "evidence",
    Membership,
    scholar=own("pk"),
    former=former("pk"),
    mentor=of_mentored("pk"),
    approver=lambda person, at: Q(pk__in=_cases_to_approve(person).filter(state__in=OPEN).values("scholar")),
    staff=lambda person, at: staff_of("cohort")(person, at) & Q(role=Role.SCHOLAR),
    invited=lambda person, at: Q(pk__in=_cases_invited_to(person).filter(state__in=OPEN).values("scholar")),
    outside_member=lambda person, at: Q(pk__in=_cases_decided_outside(person, at).values("scholar")),
)
register(
    "case",
    ExtensionCase,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    approver=_approver("pk"),
    staff=staff_of("cohort"),
    committee=_committee("cohort"),
    invited=_invited("pk"),
    outside_member=_outside("cohort"),
    recused=_recused("pk"),
)
register(
    "approval",
    Approval,
    author=lambda person, at: Q(mentor__in=my_memberships(person, Role.MENTOR).filter(LAUNCHED), archived_at=None),
    scholar=own("case__scholar", GIVEN),
    former=former("case__scholar", GIVEN),
    staff=staff_of("cohort"),
    committee=_committee("cohort"),
    invited=_invited("case"),
    outside_member=_outside("cohort"),
    duty_lead=_committee("cohort", Duty.Kind.DUTY_LEAD),
    recused=_recused("case"),
)
register("opinion", Opinion, author=lambda person, at: Q(author=person), peer=_peer, recused=_recused("case"))
register(
    "decision",
    Decision,
    scholar=own("case__scholar", ITS_LETTER_IS_OUT),
    former=former("case__scholar", ITS_LETTER_IS_OUT),
    mentor=of_mentored("case__scholar", ITS_LETTER_IS_OUT),
    approver=_approver("case", ITS_LETTER_IS_OUT),
    staff=staff_of("cohort"),
    committee=_committee("cohort"),
    invited=_invited("case"),
    outside_member=_outside("cohort"),
    recused=_recused("case"),
    kept_out=_recused("case", ITS_LETTER_IS_NOT & ~Q(outcome="more", confirmed_at__isnull=False)),
)
register(
    "letter",
    DecisionLetter,
    scholar=own("case__scholar", RELEASED),
    former=former("case__scholar", RELEASED),
    mentor=of_mentored("case__scholar", RELEASED),
    approver=_approver("case", RELEASED),
    staff=staff_of("cohort"),
    recused=_recused("case"),
    kept_out=_recused("case", Q(released_at=None)),
)


def _mentor_of_term(person: Person, at: dt.datetime) -> Q:
    theirs = SheetMentor.objects.filter(mentor__in=my_memberships(person, Role.MENTOR), archived_at=None)
    return SHARED & Q(pk__in=theirs.values("sheet"))


register(
    "sheet",
    TermSheet,
    scholar=own("case__scholar", SHARED),
    former=former("case__scholar", SHARED),
    mentor=_mentor_of_term,
    coach=lambda person, at: SHARED & Q(coach__in=my_memberships(person, Role.COACH)),
    staff=staff_of("cohort"),
    recused=_recused("case"),
)
