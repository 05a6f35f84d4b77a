"""How a person can stand to the things of this app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cohorts.access import Relation, register
from cohorts.models import Caseload, Duty, Membership, Person, Role
from cohorts.querysets import LAUNCHED, LocalDay, not_over, running
from cohorts.relations import cohorts_on_duty, ended_memberships, held_by, member_of, my_memberships, staff_of
from mentorship.models import (
    Absence,
    Action,
    Approval,
    CaseInvitation,
    Chance,
    Conflict,
    Decision,
    DecisionLetter,
    ExtensionCase,
    Meeting,
    MidpointLine,
    Opinion,
    Output,
    OwnNote,
    Pairing,
    PairingWeek,
    Review,
    Round,
    SheetMentor,
    State,
    Submission,
    SupportPlan,
    Talk,
    TermSheet,
    WeeklyLog,
)
from mentorship.models.case import OPEN


def _pairings_of_mentor(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """Pairings in which this person mentors now or is about to."""
    mine = Pairing.objects.filter(LAUNCHED, mentor__in=my_memberships(person, Role.MENTOR))
    return mine.filter(not_over(at, "cohort__time_zone"))


def _pairings_helped(person: Person, kind: str, at: dt.datetime) -> QuerySet[Pairing]:
    """Pairings, now or to come, of the mentors for whom this person has a duty."""
    mentors = held_by(person, kind, at).values("for_membership")
    return Pairing.objects.filter(LAUNCHED, mentor__in=mentors).filter(not_over(at, "cohort__time_zone"))


def _pairings_of_scholar(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    return Pairing.objects.filter(LAUNCHED, scholar__in=my_memberships(person, Role.SCHOLAR), archived_at=None)


def _pairings_of_former_scholar(person: Person, at: dt.datetime) -> QuerySet[Pairing]:
    """As they were when the place ended: pairings that never began are archived."""
    return Pairing.objects.filter(scholar__in=ended_memberships(person, at, Role.SCHOLAR), archived_at=None)


def scholars_mentored_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars this person mentors now or is about to."""
    return _pairings_of_mentor(person, at).values("scholar")


def scholars_of_mentors_helped(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars for whose mentor this person stands in now."""
    return _pairings_helped(person, Duty.Kind.STAND_IN, at).values("scholar")


def scholars_walled_from(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars whose coaching this person never reads: whoever mentors them, or stands
    in for their mentor, now or to come, whether or not the place was accepted or has ended."""
    mentors = Membership.objects.filter(person=person).values("pk")
    stood_in_for = Duty.objects.filter(kind=Duty.Kind.STAND_IN, membership__in=mentors, archived_at=None)
    stood_in_for = stood_in_for.filter(Q(ends_on=None) | Q(ends_on__gte=LocalDay(at, "cohort__time_zone")))
    theirs = Pairing.objects.filter(
        Q(mentor__in=mentors) | Q(mentor__in=stood_in_for.values("for_membership")), LAUNCHED
    )
    return theirs.filter(not_over(at, "cohort__time_zone")).values("scholar")


def scholars_coached_by(person: Person, at: dt.datetime) -> Any:
    """Memberships of the scholars on this person's caseload now."""
    mine = Caseload.objects.filter(LAUNCHED, coach__in=my_memberships(person, Role.COACH))
    return mine.filter(running(at, "cohort__time_zone")).values("scholar")


def _scholar(person: Person, at: dt.datetime) -> Q:
    return Q(scholar__in=my_memberships(person, Role.SCHOLAR).filter(LAUNCHED))


def _former(path: str, given: Q | None = None) -> Relation:
    """Rows of a scholar's place that has ended, as long as they may read their own."""
    return _through(path, lambda person, at: ended_memberships(person, at, Role.SCHOLAR), given)


def _stand_in(path: str) -> Relation:
    return _through(path, scholars_of_mentors_helped)


def _through(path: str, places: Callable[..., Any], given: Q | None = None) -> Relation:
    """Rows whose `path` leads to one of these places; `given` narrows them to what has been said."""

    def relation(person: Person, at: dt.datetime) -> Q:
        theirs = Q(**{f"{path}__in": places(person, at)})
        return theirs & given if given is not None else theirs

    return relation


register("pairing", Pairing, member=member_of("cohort"), staff=staff_of("cohort"))
register(
    "log",
    WeeklyLog,
    scholar=_scholar,
    former=_former("scholar"),
    mentor=lambda person, at: Q(scholar__in=scholars_mentored_by(person, at)),
    stand_in=_stand_in("scholar"),
    coach=lambda person, at: Q(scholar__in=scholars_coached_by(person, at)),
    staff=staff_of("scholar__cohort"),
)


def _meetings_of(pairings: QuerySet[Pairing]) -> Q:
    return Q(pk__in=Meeting.objects.filter(pairing_weeks__pairing__in=pairings).values("pk"))


register(
    "meeting",
    Meeting,
    scholar=lambda person, at: _meetings_of(_pairings_of_scholar(person, at)),
    former=lambda person, at: _meetings_of(_pairings_of_former_scholar(person, at)),
    mentor=lambda person, at: _meetings_of(_pairings_of_mentor(person, at)),
    stand_in=lambda person, at: _meetings_of(_pairings_helped(person, Duty.Kind.STAND_IN, at)),
    delegate=lambda person, at: _meetings_of(_pairings_helped(person, Duty.Kind.DELEGATE, at)),
    coach=lambda person, at: _meetings_of(Pairing.objects.filter(scholar__in=scholars_coached_by(person, at))),
    staff=staff_of("cohort"),
)
register(
    "pairing_week",
    PairingWeek,
    scholar=lambda person, at: Q(pairing__in=_pairings_of_scholar(person, at)),
    former=lambda person, at: Q(pairing__in=_pairings_of_former_scholar(person, at)),
    mentor=lambda person, at: Q(pairing__in=_pairings_of_mentor(person, at)),
    stand_in=lambda person, at: Q(pairing__in=_pairings_helped(person, Duty.Kind.STAND_IN, at)),
    delegate=lambda person, at: Q(pairing__in=_pairings_helped(person, Duty.Kind.DELEGATE, at)),
    coach=lambda person, at: Q(pairing__scholar__in=scholars_coached_by(person, at)),
    staff=staff_of("pairing__cohort"),
)


def _own_actions(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings and logs."""
    pairings = Pairing.objects.filter(LAUNCHED, scholar__in=my_memberships(person, Role.SCHOLAR))
    return Q(pairing__in=pairings) | Q(log__scholar__in=my_memberships(person, Role.SCHOLAR).filter(LAUNCHED))


def _actions_of_scholars(person: Person, at: dt.datetime) -> Q:
    """Those of one's own pairings, and what one's scholars wrote as next."""
    return Q(pairing__in=_pairings_of_mentor(person, at)) | Q(log__scholar__in=scholars_mentored_by(person, at))


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
        Q(pairing__in=_pairings_helped(person, Duty.Kind.STAND_IN, at))
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


# --- milestones and extensions ------------------------------------------------------------------


def _own(path: str, given: Q | None = None) -> Relation:
    return _through(path, lambda person, at: my_memberships(person, Role.SCHOLAR).filter(LAUNCHED), given)


def _of_mentored(path: str, given: Q | None = None) -> Relation:
    return _through(path, scholars_mentored_by, given)


def _of_coached(path: str, given: Q | None = None) -> Relation:
    return _through(path, scholars_coached_by, given)


def _reader(person: Person, at: dt.datetime) -> Q:
    return Q(reader__in=my_memberships(person).filter(LAUNCHED))


GIVEN = Q(given_at__isnull=False)

register(
    "submission",
    Submission,
    scholar=_own("scholar"),
    former=_former("scholar"),
    mentor=_of_mentored("scholar"),
    reader=_reader,
    coach=_of_coached("scholar"),
    staff=staff_of("cohort"),
)
register(
    "review",
    Review,
    reader=lambda person, at: _reader(person, at) & Q(archived_at=None),
    scholar=_own("submission__scholar", GIVEN),
    former=_former("submission__scholar", GIVEN),
    mentor=_of_mentored("submission__scholar", GIVEN),
    own_mentor=_through("submission__scholar", scholars_walled_from),
    coach=_of_coached("submission__scholar", GIVEN),
    staff=staff_of("submission__cohort"),
)
register("conflict", Conflict, self=lambda person, at: Q(person=person, archived_at=None), staff=staff_of("cohort"))
register(
    "midpoint_line",
    MidpointLine,
    author=lambda person, at: (
        Q(mentor__in=my_memberships(person, Role.MENTOR)) & Q(scholar__in=scholars_mentored_by(person, at))
    ),
    scholar=_own("scholar", GIVEN),
    former=_former("scholar", GIVEN),
    mentor=_of_mentored("scholar", GIVEN),
    staff=staff_of("cohort"),
)
register("round", Round, member=member_of("cohort"), staff=staff_of("cohort"))
register(
    "talk",
    Talk,
    scholar=_own("scholar"),
    former=_former("scholar"),
    mentor=_of_mentored("scholar"),
    staff=staff_of("cohort"),
)
register(
    "support_plan",
    SupportPlan,
    scholar=_own("scholar"),
    former=_former("scholar"),
    mentor=_of_mentored("scholar"),
    staff=staff_of("cohort"),
)
register(
    "evidence",
    Membership,
    scholar=_own("pk"),
    former=_former("pk"),
    mentor=_of_mentored("pk"),
    approver=lambda person, at: Q(pk__in=_cases_to_approve(person).filter(state__in=OPEN).values("scholar")),
    staff=lambda person, at: staff_of("cohort")(person, at) & Q(role=Role.SCHOLAR),
    invited=lambda person, at: Q(pk__in=_cases_invited_to(person).filter(state__in=OPEN).values("scholar")),
    outside_member=lambda person, at: Q(pk__in=_cases_decided_outside(person, at).values("scholar")),
)
register(
    "output",
    Output,
    scholar=_own("scholar"),
    former=_former("scholar"),
    mentor=_of_mentored("scholar"),
    coach=_of_coached("scholar"),
    staff=staff_of("cohort"),
    member=lambda person, at: member_of("cohort")(person, at) & Q(is_shared=True),
)
register(
    "chance",
    Chance,
    scholar=_own("log__scholar"),
    former=_former("log__scholar"),
    mentor=_of_mentored("log__scholar"),
    coach=_of_coached("log__scholar"),
)

# --- the extension case ---------------------------------------------------------------------------


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
    """Cases of which this person must keep out: their own, of a scholar whom they mentor or coach (now,
    before or to come, in any cohort), for which they are asked to approve, or over which they have a
    declared conflict, or had one while the case was there: taken back, it would open the case at once.
    Compared as people."""
    mentored = Pairing.objects.filter(mentor__person=person, archived_at=None)
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
    return _through(path, lambda person, at: _cases_to_approve(person).values("pk"), given)


def _invited(path: str) -> Relation:
    return _through(path, lambda person, at: _cases_invited_to(person).values("pk"))


def _recused(path: str, given: Q | None = None) -> Relation:
    return _through(path, lambda person, at: recused_cases(person).values("pk"), given)


def _committee(path: str, kind: str = Duty.Kind.COMMITTEE) -> Relation:
    return _through(path, lambda person, at: cohorts_on_duty(person, kind, at))


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

register(
    "case",
    ExtensionCase,
    scholar=_own("scholar"),
    former=_former("scholar"),
    mentor=_of_mentored("scholar"),
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
    scholar=_own("case__scholar", GIVEN),
    former=_former("case__scholar", GIVEN),
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
    scholar=_own("case__scholar", ITS_LETTER_IS_OUT),
    former=_former("case__scholar", ITS_LETTER_IS_OUT),
    mentor=_of_mentored("case__scholar", ITS_LETTER_IS_OUT),
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
    scholar=_own("case__scholar", RELEASED),
    former=_former("case__scholar", RELEASED),
    mentor=_of_mentored("case__scholar", RELEASED),
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
    scholar=_own("case__scholar", SHARED),
    former=_former("case__scholar", SHARED),
    mentor=_mentor_of_term,
    coach=lambda person, at: SHARED & Q(coach__in=my_memberships(person, Role.COACH)),
    staff=staff_of("cohort"),
    recused=_recused("case"),
)
