"""The committee's decision: two people, who may, what, and when; replaced and never overwritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cohorts.access import may
from mentorship.actions.application import appeal_refusal
from mentorship.actions.decision import confirm, propose, pull_out
from mentorship.actions.letter import release_letters, say_talked
from mentorship.models import Decision, DecisionLetter, ExtensionCase, State
from mentorship.rules.decision import may_judge, why_recused
from tests.cast import LAST_DAY, WEEK_SIX, a_caseload, a_pairing, a_person, a_place
from tests.cohorts.staff import refused_at
from tests.mentorship.cases import DAY, a_case, a_decision, a_duty, a_term, an_approval, an_opinion
from tests.mentorship.counting import questions
from tests.mentorship.decisions import (
    LATER,
    TWO_DAYS,
    a_conflict,
    decided,
    on_the_committee,
    opined,
    proposed,
    refused,
    sent,
    with_committee,
)
from tests.mentorship.midpoint import a_line, letters

TODAY = WEEK_SIX.date()


@pytest.fixture
def two(cast):
    return on_the_committee(cast, "Ada Alt")


# Who decides


def _mentors(cast, person, **days) -> None:
    a_pairing(cast.place["scholar"], a_place(person, cast.cohort, "mentor"), is_lead=False, **days)


def _coaches(cast, person, **days) -> None:
    cast.caseload.delete()
    a_caseload(cast.place["scholar"], a_place(person, cast.cohort, "coach"), **days)


def _asked(cast, person) -> None:
    an_approval(ExtensionCase.objects.get(), a_place(person, cast.cohort, "mentor"), is_lead=False)


BEFORE = {"ends_on": TODAY - 20 * DAY}
TIES = {
    "mentors": (_mentors, {}, "mentor of Sana Scholar"),
    "mentored": (_mentors, BEFORE, "mentor of Sana Scholar"),
    "coaches": (_coaches, {}, "coach of Sana Scholar"),
    "coached": (_coaches, BEFORE, "coach of Sana Scholar"),
    "will coach": (_coaches, {"starts_on": TODAY + 20 * DAY}, "coach of Sana Scholar"),
    "conflict": (a_conflict, {}, "declared conflict between you and Sana Scholar"),
    "asked": (_asked, {}, "asked, as a mentor, to approve"),
}


@pytest.mark.parametrize("tie", TIES)
def test_whoever_is_recused_decides_nothing_and_is_told_why(cast, client, two, tie):
    case, (act, days, words) = with_committee(cast), TIES[tie]
    decision = proposed(case, two[0])
    act(cast, two[1], **days)
    assert words in why_recused(case, two[1])
    assert not may_judge(case, two[1], WEEK_SIX)
    refused(words, confirm, decision=decision, by=two[1], at=LATER)
    refused(words, pull_out, decision=decision, by=two[1], at=LATER, reason="No.")
    refused(words, opined, case, two[1])
    client.force_login(two[1])
    for name in ("case_committee", "opinion_write", "decision_propose"):
        answer = client.get(reverse(name, args=[case.pk]))
        assert (answer.status_code, words in answer.content.decode()) == (403, True), name
    # Neither is it theirs to know what was proposed.
    assert client.post(reverse("decision_confirm", args=[decision.pk]), sent()).status_code == 404
    assert client.get(reverse("agreed_list", args=[cast.cohort.slug])).content.decode().count("Sana Scholar") == 0


def test_others_read_that_somebody_is_recused_and_not_why(cast, client, two):
    case = with_committee(cast)
    _coaches(cast, two[1], **BEFORE)
    client.force_login(two[0])
    body = client.get(reverse("case_committee", args=[case.pk])).content.decode()
    assert "Ada Alt (recused)" in body
    assert "1-1" not in body
    assert cast.cohort.coach_label not in body[body.index("page-head") :]


def test_nobody_decides_on_their_own_request(cast):
    a_place(cast.scholar, cast.cohort, "staff")
    case = with_committee(cast)
    a_duty(cast.scholar.memberships.get(role="staff"))
    assert why_recused(case, cast.scholar) == "This is your own request."
    refused("This is your own request", proposed, case, cast.scholar)


@pytest.mark.parametrize("who", ["staff", "scholar", "mentor", "coach", "staff_elsewhere", "stranger"])
def test_forged_decision_of_somebody_outside_the_committee_is_refused(cast, client, who):
    ada = on_the_committee(cast, "Ada Alt")[1]
    cast.place["staff"].duties.all().delete()
    case = with_committee(cast)
    decision = a_decision(case, proposed_by=ada, is_agreed_list=True)
    by = getattr(cast, who)
    refused("This is for the committee|You are|asked", proposed, case, by)
    refused("This is for the committee|You are|asked", confirm, decision=decision, by=by, at=LATER)
    client.force_login(by)
    facts = {"outcome": "grant", "total_months": "6", "reason": "x", "state": "decided", "confirmed_by": by.pk}
    read = may(by, "read", "case", case, WEEK_SIX)
    answer = client.post(reverse("decision_propose", args=[case.pk]), sent(**facts))
    assert answer.status_code == (403 if read else 404)
    client.post(reverse("decision_confirm", args=[decision.pk]), sent(**facts))
    decision.refresh_from_db()
    case.refresh_from_db()
    assert (decision.confirmed_at, case.state, Decision.objects.count()) == (None, "committee", 1)


def test_duty_that_has_ended_decides_no_more(cast, two):
    case = with_committee(cast)
    decision = proposed(case, two[0])
    cast.place["Ada Alt"].duties.update(ends_on=TODAY)
    refused("This is for the committee", confirm, decision=decision, by=two[1], at=LATER)


# Two people, and when


def test_decision_takes_a_second_person(cast, two):
    case = with_committee(cast)
    decision = proposed(case, two[0])
    refused("You proposed it: a second person confirms", confirm, decision=decision, by=two[0], at=LATER)
    row = confirm(decision=decision, by=two[1], at=LATER)
    case.refresh_from_db()
    assert (row.holds, case.state, case.state_since, case.state_by) == (True, "decided", LATER, two[1])
    assert DecisionLetter.objects.get().decision == row
    refused("This was confirmed by now", confirm, decision=decision, by=two[1], at=LATER)


def test_database_refuses_one_person_or_before_its_time(cast, two):
    decision = proposed(with_committee(cast), two[0])
    for wrong in (
        "confirmed_at = opens_at, confirmed_by_id = proposed_by_id",
        f"confirmed_at = opens_at - interval '1 second', confirmed_by_id = '{two[1].pk}'",
        "confirmed_at = opens_at",
    ):
        caught = pytest.raises(IntegrityError, match="decision_takes_two_people")
        with caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE mentorship_decision SET {wrong} WHERE id = '{decision.pk}'")


def test_proposer_who_is_recused_since_counts_no_more(cast, two):
    case = with_committee(cast)
    decision = proposed(case, two[0])
    _coaches(cast, two[0])
    refused("Whoever proposed this may not decide it any more", confirm, decision=decision, by=two[1], at=LATER)


def test_one_proposal_is_open_at_a_time(cast, two):
    case = with_committee(cast)
    first = proposed(case, two[0])
    refused("There is a proposal already", proposed, case, two[1])
    pull_out(decision=first, by=two[0], at=WEEK_SIX, reason="A slip.")
    assert proposed(case, two[1], "more").number == 2


def test_committee_decides_while_it_has_the_case(cast, two):
    for state in set(State) - {"committee", "appealed", "waitlisted", "decided"}:
        case = with_committee(cast, state=state)
        refused("the committee does not have it", proposed, case, two[0])
        case.approvals.all().delete()
        case.delete()


# What is decided


WRONG = [
    ("outcome", {"outcome": "perhaps"}),
    ("total_months", {"total_months": None}),
    ("total_months", {"total_months": 13}),
    ("total_months", {"total_months": 12}),
    ("reason", {"reason": ""}),
    ("conditions_by", {"conditions": "A visa."}),
    ("conditions", {"conditions_by": LAST_DAY}),
    ("conditions_by", {"conditions": "A visa.", "conditions_by": TODAY - DAY}),
    ("conditions_by", {"conditions": "A visa.", "conditions_by": LAST_DAY + 2 * DAY}),
    ("would_change", {"outcome": "refuse", "total_months": None}),
    ("would_change", {"would_change": "More."}),
    ("total_months", {"outcome": "waitlist"}),
    ("conditions", {"outcome": "more", "total_months": None, "conditions": "A visa.", "conditions_by": LAST_DAY}),
]


def test_decision_says_what_belongs_to_it_and_nothing_else(cast, two):
    case = with_committee(cast)
    facts = {"outcome": "grant", "total_months": 6, "reason": "It holds.", "at": WEEK_SIX, "by": two[0]}
    for field, wrong in WRONG:
        refused_at(field, propose, case=case, **{**facts, **wrong})


def test_grant_is_for_a_term_that_exists_and_is_ahead_of_them(cast, two):
    case = with_committee(cast, total_months=12)
    opined(case, *two)
    a_term(cast.cohort, 6).delete()
    refused_at("total_months", proposed, case=case, by=two[0], total_months=6)
    assert proposed(case, two[0], total_months=12).total_months == 12


def test_less_than_asked_may_be_granted_after_opinions(cast, two):
    case = with_committee(cast, total_months=12)
    refused("Write your own opinion first", proposed, case, two[0], total_months=6)
    assert decided(case, *two, total_months=6).total_months == 6


def test_grant_needs_a_mentor_who_says_yes_and_stays_with_it(cast, two):
    case = with_committee(cast, "no")
    opined(case, *two)
    refused("needs at least one mentor’s approval", proposed, case, two[0])
    an_approval(case, cast.place["other_mentor"], "yes", is_lead=False)
    decision = proposed(case, two[0])
    case.approvals.filter(answer="yes").update(answer="no")
    refused("needs at least one mentor’s approval", confirm, decision=decision, by=two[1], at=WEEK_SIX)


def test_condition_is_due_at_the_end_of_its_day_on_the_cohorts_wall(cast, two):
    cast.cohort.time_zone = "America/New_York"
    cast.cohort.save()
    decision = proposed(with_committee(cast), two[0], conditions="A visa.", conditions_by=dt.date(2027, 3, 1))
    assert decision.conditions_due_at == dt.datetime(2027, 3, 2, 4, 59, 59, tzinfo=dt.UTC)


def test_more_is_asked_by_two_people_without_opinions_and_told_at_once(cast, two):
    case = with_committee(cast, "no")
    row = confirm(decision=proposed(case, two[0], "more", reason="Which result?"), by=two[1], at=WEEK_SIX)
    case.refresh_from_db()
    assert (case.state, row.answer_due_at) == ("more", dt.datetime(2027, 2, 17, 23, 59, 59, tzinfo=dt.UTC))
    assert [message.person for message in letters("case_moved")] == [cast.scholar]
    assert not DecisionLetter.objects.exists()


def test_decision_before_its_letter_is_replaced_and_kept(cast, two):
    case = with_committee(cast, "no")
    an_approval(case, cast.place["other_mentor"], "yes", is_lead=False)
    first = decided(case, *two, "refuse")
    second = decided(case, two[1], two[0], at=LATER)
    first.refresh_from_db()
    case.refresh_from_db()
    assert (first.replaced_at, second.holds, second.number, case.state) == (LATER, True, 2, "decided")
    assert case.state_since == WEEK_SIX
    live = DecisionLetter.objects.get(archived_at=None)
    assert live.decision == second


def test_scholar_and_mentors_learn_nothing_before_the_letter(cast, client, two):
    case = with_committee(cast)
    decided(case, *two, reason="A secret reason.")
    assert letters("case_moved") == []
    for who in (cast.scholar, cast.mentor):
        client.force_login(who)
        assert "A secret reason." not in client.get(reverse("case", args=[case.pk])).content.decode()


# An appeal


def _appealed(cast, people) -> ExtensionCase:
    case = with_committee(cast, "no")
    decided(case, people[0], people[1], "refuse")
    letter = say_talked(letter=DecisionLetter.objects.get(), by=people[0], at=WEEK_SIX, version=None)
    release_letters(letters=[letter], by=people[0], at=WEEK_SIX)
    return appeal_refusal(case=case, by=cast.scholar, at=WEEK_SIX, appeal="The second result came.")


def test_appeal_is_heard_by_people_who_did_not_decide(cast):
    people = on_the_committee(cast, "Ada Alt", "Ben Neu", "Cem Neu")
    case = _appealed(cast, people)
    for who in people[:2]:
        refused("You decided this case before", opined, case, who)
        refused("You decided this case before", proposed, case, who, "refuse")
    refused("more is asked before an answer", proposed, case, people[2], "more")
    opined(case, *people[2:])
    decision = proposed(case, people[2], "refuse")
    refused("You decided this case before", confirm, decision=decision, by=people[0], at=WEEK_SIX)
    row = confirm(decision=decision, by=people[3], at=WEEK_SIX)
    assert (row.is_appeal, row.holds, Decision.objects.get(number=1).replaced_at) == (True, True, WEEK_SIX)


# Places


def test_grant_waits_where_no_place_is_left(cast, two):
    case, other = with_committee(cast), with_committee(cast, scholar="other_scholar")
    case.round.places = 1
    case.round.save_edit("places")
    for one in (case, other):
        opined(one, *two)
    held = confirm(decision=proposed(case, two[0]), by=two[1], at=WEEK_SIX)
    late = proposed(other, two[0])
    refused("No place is left: waitlist it, or free one", confirm, decision=late, by=two[1], at=WEEK_SIX)
    again = proposed(case, two[0], conditions="A visa.", conditions_by=LAST_DAY)
    assert confirm(decision=again, by=two[1], at=WEEK_SIX).holds  # its own place
    pull_out(decision=late, by=two[0], at=WEEK_SIX, reason="Full.")
    assert decided(other, *two, "waitlist").holds
    held.refresh_from_db()
    assert held.replaced_at == WEEK_SIX


# The page


def test_page_shows_records_words_and_flag_side_by_side(cast, client, two):
    case = a_case(cast, "committee")
    an_approval(case, cast.place["mentor"], "no", for_committee="Between us: slow.", has_conflict=True,
                conflict_words="A shared paper.")  # fmt: skip
    client.force_login(two[0])
    body = client.get(reverse("case_committee", args=[case.pk])).content.decode()
    said = ("Between us: slow.", "A shared paper.", "no earlier warning was given", "Kept the weekly rhythm")
    for words in (*said, "6 months in total, until 3 July", "a mentor ticked a conflict of interest"):
        assert words in body, words
    a_line(cast, view="not_now", given_at=WEEK_SIX - 9 * DAY)
    assert "no earlier warning" not in client.get(reverse("case_committee", args=[case.pk])).content.decode()


def test_pages_ask_few_questions_however_much_there_is(cast, client, two):
    case = with_committee(cast, "no")
    client.force_login(two[0])
    address = reverse("case_committee", args=[case.pk])
    few = questions(client, address)
    for number in range(10):
        opined(case, on_the_committee(cast, f"Neu {number}")[1]) if False else an_opinion(
            case, a_person(f"Neu {number}")
        )
        a_decision(case, proposed_by=two[0], pulled_at=WEEK_SIX, pulled_by=two[1], pulled_why="No.")
    assert questions(client, address) == few <= 12
    for name in ("opinion_write", "decision_propose", "case_invite"):
        assert questions(client, reverse(name, args=[case.pk])) <= 12, name
    decision = a_decision(case, "more", proposed_by=two[1])
    for name in ("decision_confirm", "decision_pull"):
        assert questions(client, reverse(name, args=[decision.pk])) <= 12, name


def test_decision_is_proposed_confirmed_and_pulled_out_on_its_pages(cast, client, two):
    case = with_committee(cast)
    client.force_login(two[0])
    facts = {"outcome": "grant", "total_months": 6, "reason": "It holds.", "conditions_by": "", "conditions": ""}
    there = reverse("case_committee", args=[case.pk])
    assert client.post(reverse("decision_propose", args=[case.pk]), sent(**facts)).url == there
    first = Decision.objects.get()
    assert first.opens_at - first.proposed_at == TWO_DAYS
    client.force_login(two[1])
    answer = client.post(reverse("decision_confirm", args=[first.pk]), sent())
    assert (answer.status_code, "once 48 hours have passed" in answer.content.decode()) == (422, True)
    assert client.post(reverse("decision_pull", args=[first.pk]), sent(reason="")).status_code == 422
    assert client.post(reverse("decision_pull", args=[first.pk]), sent(reason="I see it otherwise.")).url == there
    body = client.get(there).content.decode()
    assert "I see it otherwise." in body
    assert "somebody pulled it out of the agreed list" in body
    opined(case, *two)
    client.post(reverse("decision_propose", args=[case.pk]), sent(**{**facts, "outcome": "waitlist"}))
    client.force_login(two[0])
    second = Decision.objects.get(number=2)
    assert client.post(reverse("decision_confirm", args=[second.pk]), sent()).url == there
    assert ExtensionCase.objects.get().state == "decided"
