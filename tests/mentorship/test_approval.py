"""A mentor's approval: asked for, given, changed, passed on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cohorts.models import Membership, Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.approval import ask_for_approval, lay_out_approvals, name_approver, record_talk_with_mentor
from mentorship.actions.case import move, take_case
from mentorship.actions.pairing import end_pairing, hand_over
from mentorship.models import Approval, Conflict, ExtensionCase, Pairing, State
from tests.cast import FIRST_DAY, LAST_DAY, WEEK_SIX, a_pairing, a_person, a_place, build_cast
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.approvals import approval_of, asked, given, told
from tests.mentorship.at_once import all_at_once
from tests.mentorship.cases import DAY, a_case, an_approval
from tests.mentorship.counting import MACHINE
from tests.mentorship.midpoint import a_co_mentor, letters, sent_all

TODAY = WEEK_SIX.date()
FIFTH_DAY_IS_OVER = dt.datetime(2027, 2, 15, 23, 59, 59, tzinfo=dt.UTC)


def state(case: ExtensionCase) -> str:
    return ExtensionCase.objects.get(pk=case.pk).state


def ended(cast, last_day: dt.date = TODAY - DAY) -> None:
    Pairing.objects.filter(pk=cast.pairing.pk).update(ends_on=last_day)


# Asking


def test_lead_mentor_is_asked_by_the_end_of_the_fifth_day(cast):
    a_co_mentor(cast)
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    assert (row.mentor, row.is_lead, row.due_at) == (cast.place["mentor"], True, FIFTH_DAY_IS_OVER)
    assert told("approval_asked") == ["Mira Mentor"]


def test_it_is_due_no_later_than_the_answers_unless_that_has_gone_by(cast):
    case = a_case(cast)
    for promised, due_at in ((WEEK_SIX + DAY, WEEK_SIX + DAY), (WEEK_SIX - DAY, FIFTH_DAY_IS_OVER)):
        case.round.answers_due_at = promised
        assert ask_for_approval(case, at=WEEK_SIX).due_at == due_at
        Approval.objects.all().delete()


@pytest.mark.parametrize(
    ("lead", "others", "who"),
    [
        (TODAY - DAY, [(True, TODAY + DAY)], "Omar Mentor"),
        (TODAY - DAY, [(False, FIRST_DAY)], "Omar Mentor"),
        (LAST_DAY, [(False, FIRST_DAY)], "Mira Mentor"),
        (TODAY - DAY, [], None),
    ],
    ids=["next lead", "any mentor", "lead first", "nobody"],
)
def test_who_is_asked(cast, lead, others, who):
    ended(cast, lead)
    for is_lead, first in others:
        a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=is_lead, starts_on=first)
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    assert (row.mentor.person.name if row else None) == who


# Giving it


@pytest.mark.parametrize(
    ("answer", "then", "people"),
    [
        ("yes", State.COMMITTEE, ["Sana Scholar"]),
        ("no", State.COMMITTEE, ["Sana Scholar"]),
        ("not_sure", State.TALK, ["Stella Staff"]),
    ],
)
def test_answer_of_the_lead_carries_the_case_on(cast, answer, then, people):
    case = a_case(cast)
    row = given(ask_for_approval(case, at=WEEK_SIX), answer)
    assert (state(case), row.given_at, row.changed_at) == (then, WEEK_SIX, None)
    assert row.talk_due_at == (FIFTH_DAY_IS_OVER if then == State.TALK else None)
    assert told("case_moved") == people


def test_other_mentors_are_asked_once_the_lead_has_answered_and_move_nothing(cast):
    a_co_mentor(cast)
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX))
    assert asked(case) == [("Mira Mentor", True), ("Omar Mentor", False)]
    beside = approval_of(case, cast.place["other_mentor"])
    assert beside.due_at == FIFTH_DAY_IS_OVER
    given(beside, "not_sure")
    assert (state(case), told("approval_asked")) == (State.COMMITTEE, ["Mira Mentor", "Omar Mentor"])


def test_changed_answer_keeps_the_first_moment_and_the_history(cast):
    case = a_case(cast)
    row = given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    changed = given(row, "yes", at=WEEK_SIX + DAY)
    assert (changed.given_at, changed.changed_at, changed.talk_due_at) == (WEEK_SIX, WEEK_SIX + DAY, None)
    assert list(changed.events.order_by("pgh_id").values_list("answer", flat=True)) == ["", "not_sure", "yes"]
    assert state(case) == State.COMMITTEE
    given(changed, "not_sure", at=WEEK_SIX + 2 * DAY)
    assert state(case) == State.COMMITTEE


def test_same_answer_again_changes_nothing_and_an_older_version_is_a_conflict(cast):
    row = given(ask_for_approval(a_case(cast), at=WEEK_SIX))
    assert (given(row, at=WEEK_SIX + DAY).changed_at, row.version) == (None, 2)
    with pytest.raises(EditedMeanwhile):
        given(row, "no", version=1)


@pytest.mark.parametrize("then", ["decided", "withdrawn", "offered", "appealed"])
def test_nothing_is_given_or_changed_once_it_is_decided_or_withdrawn(cast, then):
    row = an_approval(a_case(cast, then), cast.place["mentor"], "yes")
    with pytest.raises(ValidationError, match="neither given nor changed"):
        given(row, "no")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("answer", {"answer": ""}),
        ("answer", {"answer": "granted"}),
        ("seen_done", {"seen_done": ""}),
        ("months_for", {"months_for": ""}),
        ("can_mentor", {"can_mentor": ""}),
        ("mentor_until", {"can_mentor": "until"}),
        ("mentor_until", {"can_mentor": "until", "mentor_until": TODAY}),
        ("mentor_until", {"can_mentor": "until", "mentor_until": dt.date(9999, 1, 1)}),
        ("mentor_until", {"mentor_until": LAST_DAY}),
        ("conflict_words", {"has_conflict": True}),
        ("has_conflict", {"conflict_words": "We share a flat."}),
    ],
)
def test_half_an_approval_is_refused_where_it_is_missing(cast, field, fields):
    row = an_approval(a_case(cast), cast.place["mentor"])
    refused_at(field, given, approval=row, **{"answer": "yes", **fields})
    assert (Approval.objects.get().answer, state(row.case)) == ("", "mentor")


def test_a_no_needs_no_months_and_another_persons_approval_is_not_given(cast):
    row = an_approval(a_case(cast), cast.place["mentor"])
    row.mentor = cast.place["other_mentor"]
    with pytest.raises(ValidationError, match="Somebody else is asked"):
        given(row)
    row.mentor = cast.place["mentor"]
    assert given(row, "no", months_for="").answer == "no"


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_have_one_outcome(week_six):
    with transaction.atomic():
        cast = build_cast()
        a_co_mentor(cast)
        case = a_case(cast)
        row = ask_for_approval(case, at=WEEK_SIX)
    answers = [lambda answer=answer: given(row, answer, version=1) for answer in ("yes", "no")]
    assert [words[:14] for words in all_at_once(*answers)] == ["EditedMeanwhil", "done"]
    assert (state(case), asked(case)) == (State.COMMITTEE, [("Mira Mentor", True), ("Omar Mentor", False)])


@pytest.mark.django_db(transaction=True)
def test_answer_and_withdrawal_at_once_have_one_outcome(week_six):
    with transaction.atomic():
        cast = build_cast()
        case = a_case(cast)
        row = ask_for_approval(case, at=WEEK_SIX)

    @transaction.atomic
    def withdrawn() -> None:
        move(take_case(case), State.WITHDRAWN, by=cast.scholar, at=WEEK_SIX)

    words = all_at_once(lambda: given(row), withdrawn)
    if len(set(words)) == 1:  # the answer came first: the case is withdrawn from the committee
        assert Approval.objects.get().answer == "yes"
    else:
        assert words == ["This case is withdrawn by the scholar by now: an approval is neither given nor changed any"
                         " more.", "done"]  # fmt: skip
    assert state(case) == State.WITHDRAWN


# Another approver


def named(cast, case: ExtensionCase, who: str = "other_mentor", **facts) -> Approval:
    return name_approver(case=case, mentor=cast.place[who], **{"why": "A conflict at home.", **by_staff(cast), **facts})


def test_another_approver_is_named_and_both_are_told(cast):
    case = a_case(cast)
    former = ask_for_approval(case, at=WEEK_SIX)
    row = named(cast, case)
    assert (row.named_by, row.is_lead, asked(case)) == (cast.staff, True, [("Omar Mentor", True)])
    assert (told("approval_asked"), told("approval_passed_on")) == (["Mira Mentor", "Omar Mentor"], ["Mira Mentor"])
    sent_all(WEEK_SIX)
    dropped = {message.person.name: message.dropped_why for message in letters("approval_asked")}
    assert dropped == {"Mira Mentor": "Somebody else is asked now.", "Omar Mentor": ""}
    with pytest.raises(ValidationError, match="Somebody else is asked by now"):
        given(former)
    given(row)
    assert (state(case), asked(case)) == (State.COMMITTEE, [("Omar Mentor", True)])


def test_approver_named_after_not_sure_answers_beside_what_was_said(cast):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    row = named(cast, case)
    assert (state(case), asked(case)) == (State.MENTOR, [("Omar Mentor", True), ("Mira Mentor", False)])
    given(approval_of(case, cast.place["mentor"]), "no")
    assert state(case) == State.MENTOR
    given(row)
    assert state(case) == State.COMMITTEE


def test_reason_of_a_naming_stands_in_no_history(cast):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    named(cast, case, why="cardamom")
    contexts = [
        event.pgh_context for rows in (case.events, Approval.objects.get(is_lead=True).events) for event in rows.all()
    ]
    assert not any("cardamom" in str(context) for context in contexts)


def _conflicted(cast) -> Membership:
    Conflict.objects.create(
        cohort=cast.cohort, person=cast.other_mentor, scholar=cast.place["scholar"], declared_by=cast.other_mentor,
        why="A flat.", created_at=WEEK_SIX,
    )  # fmt: skip
    return cast.place["other_mentor"]


def _elsewhere(cast) -> Membership:
    return a_place(a_person("Mentor Elsewhere"), cast.other_cohort, Role.MENTOR)


WRONG = {
    "coach": lambda cast: a_place(cast.coach, cast.cohort, Role.MENTOR),
    "conflict": _conflicted,
    "elsewhere": _elsewhere,
    "scholar": lambda cast: a_place(cast.scholar, cast.cohort, Role.MENTOR),
    "asked": lambda cast: cast.place["mentor"],
    "staff": lambda cast: cast.place["staff"],
}


@pytest.mark.parametrize("who", WRONG)
def test_who_is_not_named(cast, who):
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    cast.place["wrong"] = WRONG[who](cast)
    refused_at("mentor", named, cast=cast, case=case, who="wrong")
    refused_at("why", named, cast=cast, case=case, why="")
    assert asked(case) == [("Mira Mentor", True)]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_nobody_is_named_once_the_lead_has_answered(cast, answer):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), answer)
    with pytest.raises(ValidationError, match="Mira Mentor has answered"):
        named(cast, case)


# The talk


def test_recorded_talk_takes_the_case_to_the_committee_and_the_answer_may_still_change(cast):
    case = a_case(cast)
    row = given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    refused_at("words", record_talk_with_mentor, case=case, words="", **by_staff(cast))
    talked = record_talk_with_mentor(case=case, words="They pair on Tuesdays.", **by_staff(cast))
    assert (state(case), talked.talked_by, talked.talked_at) == (State.COMMITTEE, cast.staff, WEEK_SIX)
    with pytest.raises(ValidationError, match="No talk with the mentor"):
        record_talk_with_mentor(case=case, words="Again.", **by_staff(cast))
    assert given(row, "yes", version=row.version).answer == "yes"


# In step with the pairings


def test_lead_who_left_hands_on_to_the_next_lead(cast):
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    facts = by_staff(cast, version=1, reason="Parental leave.")
    hand_over(pairing=cast.pairing, mentor=cast.place["other_mentor"], starts_on=TODAY, **facts)
    assert asked(case) == [("Omar Mentor", True)]
    assert told("approval_asked") == ["Mira Mentor", "Omar Mentor"]
    assert lay_out_approvals(cast.cohort, WEEK_SIX) == 0


def test_answer_that_was_given_stays_when_its_mentor_leaves(cast):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    facts = by_staff(cast, version=1, reason="Parental leave.")
    hand_over(pairing=cast.pairing, mentor=cast.place["other_mentor"], starts_on=TODAY, **facts)
    assert (state(case), asked(case)) == (State.TALK, [("Mira Mentor", True)])


def test_named_approver_is_asked_whoever_mentors(cast):
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    named(cast, case, "both_as_mentor")
    assert lay_out_approvals(cast.cohort, WEEK_SIX) == 0
    assert asked(case) == [("Bo Both", True)]


def test_without_a_next_lead_whoever_left_stays_asked_until_their_place_goes(cast):
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    end_pairing(pairing=cast.pairing, last_day=TODAY - DAY, **by_staff(cast, version=1, reason="They moved."))
    assert asked(case) == [("Mira Mentor", True)]
    Membership.objects.filter(pk=cast.place["mentor"].pk).update(archived_at=WEEK_SIX)
    assert (lay_out_approvals(cast.cohort, WEEK_SIX), asked(case)) == (0, [])
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], starts_on=TODAY)
    assert (lay_out_approvals(cast.cohort, WEEK_SIX), asked(case)) == (1, [("Omar Mentor", True)])


def test_other_mentor_who_left_owes_nothing_any_more(cast):
    a_co_mentor(cast)
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX))
    Pairing.objects.filter(mentor=cast.place["other_mentor"]).update(ends_on=TODAY - DAY)
    lay_out_approvals(cast.cohort, WEEK_SIX)
    assert asked(case) == [("Mira Mentor", True)]


@pytest.mark.parametrize("more", [1, 8])
def test_laying_out_takes_the_same_statements_at_any_number_of_cases(cast, more):
    for number in range(more):
        name = f"scholar_{number}"
        cast.place[name] = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        an_approval(a_case(cast, scholar=name), cast.place["mentor"])
        a_pairing(cast.place[name], cast.place["other_mentor"])

    with CaptureQueriesContext(connection) as statements:
        assert lay_out_approvals(cast.cohort, WEEK_SIX) == more

    assert sum(not query["sql"].startswith(MACHINE) for query in statements.captured_queries) == 8
    assert len(told("approval_asked")) == more


# The letter


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (given, "The approval was given."),
        (lambda row: Approval.objects.update(archived_at=WEEK_SIX), "Somebody else is asked now."),
        (
            lambda row: ExtensionCase.objects.update(state="withdrawn"),
            "The case is not open to approvals any more.",
        ),
    ],
    ids=["given", "superseded", "withdrawn"],
)
def test_letter_is_dropped_once_it_is_pointless(cast, happens, why):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    happens(row)
    sent_all(WEEK_SIX)
    (letter,) = letters("approval_asked")
    assert (letter.sent_at, letter.dropped_why) == (None, why)
