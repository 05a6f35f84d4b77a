"""What people tried on extension cases: who decides, who keeps out, and what is read before its time."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cohorts.access import may
from cohorts.models import Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.application import change_application
from mentorship.actions.approval import give_approval, name_approver
from mentorship.actions.conflict import withdraw_conflict
from mentorship.actions.decision import confirm, invite, pull_out
from mentorship.committee.facts import facts_of_one
from mentorship.models import CaseInvitation, Conflict, Opinion, State
from mentorship.rules.decision import why_recused
from mentorship.rules.reader import why_not
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_person, a_place, a_submission
from tests.cohorts.staff import refused_at
from tests.mentorship.cases import (
    DAY,
    MONTHS_FOR,
    PLAN,
    SEEN_DONE,
    a_case,
    a_decision,
    a_duty,
    a_letter,
    a_sheet,
    an_approval,
    an_opinion,
)


def a_member(cast: Cast, name: str, *, on_committee: bool = True):
    person = a_person(name)
    place = a_place(person, cast.cohort, Role.STAFF)
    if on_committee:
        a_duty(place)
    return person


def invited(cast: Cast, case, person) -> None:
    CaseInvitation.objects.create(
        cohort=case.cohort, case=case, person=person, invited_by=cast.staff, reason="Asked.", created_at=WEEK_SIX
    )


def a_conflict(cast: Cast, person, **fields) -> Conflict:
    fields = {"declared_by": person, "why": "Friends.", "created_at": LONG_AGO, **fields}
    return Conflict.objects.create(cohort=cast.cohort, person=person, scholar=cast.place["scholar"], **fields)


def test_nobody_invites_themselves_or_somebody_of_the_inside(cast):
    case = a_case(cast, State.COMMITTEE)
    other = a_member(cast, "Ola Staff", on_committee=False)
    for person in (cast.staff, cast.other_scholar, other):
        facts = {"case": case, "by": cast.staff, "at": WEEK_SIX, "email": person.email, "reason": "Help."}
        refused_at("email", invite, **facts)


def test_two_people_who_were_both_invited_do_not_decide_beside_a_committee(cast):
    a_member(cast, "Cara Committee")
    case = a_case(cast, State.COMMITTEE)
    an_approval(case, cast.place["mentor"], "no")
    for person in (cast.stranger, cast.other_coach):
        invited(cast, case, person)
        an_opinion(case, person, "not_now")
    proposal = a_decision(case, "waitlist", proposed_by=cast.stranger, opens_at=WEEK_SIX - DAY)

    with pytest.raises(ValidationError, match="one of the two who decide is of the committee"):
        confirm(decision=proposal, by=cast.other_coach, at=WEEK_SIX)


def test_whoever_stands_in_for_a_mentor_keeps_out_of_their_scholars_cases(cast):
    case = a_case(cast, State.COMMITTEE)
    member = a_member(cast, "Ola Staff")
    assert (may(member, "judge", "case", case, WEEK_SIX), why_recused(case, member)) == (True, "")
    place = member.memberships.get()
    gone_by = {"starts_on": WEEK_SIX.date() - DAY, "ends_on": WEEK_SIX.date() - DAY}
    a_duty(place, "stand_in", for_membership=cast.place["mentor"], **gone_by)
    assert may(member, "judge", "case", case, WEEK_SIX) is False
    assert "stand-in for a mentor of Sana Scholar: somebody else decides" in why_recused(case, member)
    row = a_submission(a_milestone(cast.cohort), cast.place["scholar"], "A plan.")
    assert "is, was or will be stand-in for a mentor of Sana Scholar" in why_not(row, place)


def test_whoever_is_recused_does_none_of_the_committees_work_also_after_the_letter(cast):
    case = a_case(cast, State.ACCEPTED)
    decision = a_decision(case, proposed_by=cast.stranger, confirmed_by=cast.other_coach)
    letter, sheet = a_letter(decision, released_by=cast.stranger), a_sheet(case, cast.place["mentor"])
    acts = [("letter", letter, "release"), ("decision", decision, "administer"), ("sheet", sheet, "write")]
    assert [may(cast.staff, act, thing, row, WEEK_SIX) for thing, row, act in acts] == [True] * 3

    a_conflict(cast, cast.staff)

    assert [may(cast.staff, act, thing, row, WEEK_SIX) for thing, row, act in acts] == [False] * 3


def test_conflict_that_was_taken_back_while_the_case_was_there_still_recuses(cast):
    case, conflict = a_case(cast, State.COMMITTEE), a_conflict(cast, cast.staff)
    withdraw_conflict(conflict=conflict, by=cast.staff, at=WEEK_SIX, version=1, reason="It is over.")

    assert not may(cast.staff, "administer", "case", case, WEEK_SIX)
    Conflict.objects.update(archived_at=case.applied_at - DAY)
    assert may(cast.staff, "administer", "case", case, WEEK_SIX)


def test_mentor_approves_no_words_they_have_not_read(cast):
    case = a_case(cast)
    approval = an_approval(case, cast.place["mentor"])
    facts = {"total_months": 12, "plan": PLAN, "if_refused": ""}
    change_application(case=case, by=cast.scholar, at=WEEK_SIX, version=1, **facts)

    said = {"answer": "yes", "seen_done": SEEN_DONE, "months_for": MONTHS_FOR, "can_mentor": "yes"}
    with pytest.raises(EditedMeanwhile):
        give_approval(approval=approval, by=cast.mentor, at=WEEK_SIX, version=1, **said)


def test_staff_do_not_name_themselves_as_approver(cast):
    case = a_case(cast)
    own = a_place(cast.staff, cast.cohort, Role.MENTOR)
    refused_at("mentor", name_approver, case=case, mentor=own, why="I know them.", by=cast.staff, at=WEEK_SIX)


def test_pulling_a_proposal_shows_nothing_that_was_kept(cast):
    first, second = a_member(cast, "Cara Committee"), a_member(cast, "Dana Committee")
    case = a_case(cast, State.COMMITTEE)
    proposal = a_decision(case, "waitlist", proposed_by=first)
    pull_out(decision=proposal, by=second, at=WEEK_SIX, reason="Let us talk.")

    proposal.refresh_from_db()
    assert facts_of_one(case).is_kept_from(proposal, second)


@pytest.mark.parametrize(("state", "read"), [("waitlisted", False), ("decided", False), ("offered", True)])
def test_opinions_are_not_read_before_ones_own_as_long_as_another_decision_may_come(cast, state, read):
    member = a_member(cast, "Cara Committee")
    case = a_case(cast, state)
    a_decision(case, "waitlist", proposed_by=cast.stranger, confirmed_by=cast.other_coach)
    opinion = an_opinion(case, cast.stranger, "not_now")

    assert may(member, "read", "opinion", opinion, WEEK_SIX) is read
    assert Opinion.objects.count() == 1
