"""The agreed list: clear cases, proposed by one, confirmed by another after 48 hours, pulled out by anyone."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from mentorship.actions.decision import confirm, confirm_many, propose_many, pull_out
from mentorship.committee.facts import facts_of_one
from mentorship.committee.warned import was_warned
from mentorship.models import Decision, ExtensionCase, MidpointLine
from mentorship.rules.decision import why_not_clear
from tests.cast import WEEK_SIX, a_pairing, a_person, a_place
from tests.mentorship.cases import DAY, a_case, a_decision, an_approval
from tests.mentorship.counting import questions
from tests.mentorship.decisions import LATER, on_the_committee, opined, proposed, refused, sent, with_committee
from tests.mentorship.midpoint import a_line, a_support_plan, a_talk

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def three(cast):
    return on_the_committee(cast, "Ada Alt", "Ben Neu")


def reasons(case: ExtensionCase) -> list[str]:
    return why_not_clear(facts_of_one(case))


# What is clear


def _co_mentor(case, cast, answer, **fields):
    an_approval(case, cast.place["other_mentor"], answer, is_lead=False, **fields)


CONTESTED = {
    "a mentor says no, and no earlier warning was given": lambda case, cast: case.approvals.update(answer="no"),
    "a mentor was not sure": lambda case, cast: case.approvals.update(
        talked_at=WEEK_SIX, talked_by=cast.staff, talk_words="Now sure."
    ),
    "the lead mentor has not answered": lambda case, cast: case.approvals.all().delete(),
    "the mentors disagree": lambda case, cast: _co_mentor(case, cast, "no"),
    "a mentor ticked a conflict of interest": lambda case, cast: case.approvals.update(
        has_conflict=True, conflict_words="A shared paper."
    ),
    "somebody pulled it out of the agreed list": lambda case, cast: a_decision(
        case, is_agreed_list=True, proposed_by=cast.staff, pulled_at=WEEK_SIX, pulled_by=cast.staff, pulled_why="No."
    ),
    "it is an appeal": lambda case, cast: ExtensionCase.objects.filter(pk=case.pk).update(
        appeal="Again.", appealed_at=WEEK_SIX, appeal_due_at=WEEK_SIX
    ),
}


@pytest.mark.parametrize("words", CONTESTED)
def test_contested_case_says_why_and_goes_by_opinions(cast, three, words):
    case = with_committee(cast)
    assert reasons(case) == []
    CONTESTED[words](case, cast)
    case.refresh_from_db()
    assert words in reasons(case)
    refused("contested", propose_many, cases=[case], by=three[0], at=WEEK_SIX, reason="x")


def test_co_mentor_who_has_not_answered_yet_makes_nothing_contested(cast, three):
    case = with_committee(cast)
    _co_mentor(case, cast, "")
    assert reasons(case) == []


def test_list_grants_what_is_asked_for_and_nothing_else(cast, three):
    case = with_committee(cast, total_months=12)
    refused("Write your own opinion first", proposed, case, three[0], total_months=6)
    refused("Write your own opinion first", proposed, case, three[0], "waitlist")
    row = proposed(case, three[0])
    assert (row.is_agreed_list, row.opens_at) == (True, LATER)


def test_opinions_go_before_the_list_where_they_are_in(cast, three):
    case = with_committee(cast)
    opined(case, *three[:2])
    assert proposed(case, three[0]).opens_at == WEEK_SIX


WARNINGS = {
    "a line": lambda cast, at: a_line(cast, view="not_now", given_at=at),
    "a talk": lambda cast, at: a_talk(a_line(cast, view="on_course", given_at=at), created_at=at),
    "a plan": lambda cast, at: a_support_plan(cast.place["scholar"], cast, created_at=at),
}


@pytest.mark.parametrize("warning", WARNINGS)
def test_warning_counts_where_it_came_before_the_application(cast, warning):
    case, other = with_committee(cast, "no"), with_committee(cast, "no", scholar="other_scholar")
    row = WARNINGS[warning](cast, case.applied_at + MINUTE)
    assert was_warned([case.pk, other.pk]) == set()
    row.delete()
    MidpointLine.objects.all().delete()
    row = WARNINGS[warning](cast, case.applied_at - MINUTE)
    assert was_warned([case.pk, other.pk]) == {case.pk}
    assert reasons(case) == ["a mentor says no"]


def test_line_that_was_changed_after_the_application_warned_of_nothing(cast):
    case = with_committee(cast, "no")
    before, after = case.applied_at - DAY, case.applied_at + MINUTE
    a_line(cast, view="not_now", given_at=before, changed_at=after)
    assert was_warned([case.pk]) == set()


# 48 hours


def test_confirmed_from_the_48th_hour_on_and_pulled_out_until_then(cast, three):
    case = with_committee(cast)
    row = proposed(case, three[0])
    refused("once 48 hours have passed", confirm, decision=row, by=three[1], at=LATER - MINUTE)
    pulled = pull_out(decision=row, by=three[2], at=LATER - MINUTE, reason="The second result is missing.")
    assert (pulled.pulled_by, pulled.pulled_why) == (three[2], "The second result is missing.")
    refused("pulled out by now", confirm, decision=row, by=three[1], at=LATER)
    refused("pulled out by now", pull_out, decision=row, by=three[1], at=LATER, reason="Again.")
    assert reasons(case) == ["somebody pulled it out of the agreed list"]
    refused("Say why", pull_out, decision=a_decision(case, proposed_by=three[0]), by=three[1], at=LATER, reason="")


def test_mentor_who_changes_their_mind_in_48_hours_stops_it(cast, three):
    case = with_committee(cast)
    row = proposed(case, three[0])
    _co_mentor(case, cast, "no")
    refused("contested: a mentor says no", confirm, decision=row, by=three[1], at=LATER)


# Many at once


@pytest.fixture
def four(cast):
    """Three clear cases and a contested one."""
    cases = [with_committee(cast), with_committee(cast, "no", "other_scholar")]
    for number in range(2):
        name = f"Sia {number}"
        cast.place[name] = a_place(a_person(name), cast.cohort, "scholar")
        a_pairing(cast.place[name], cast.place["mentor"])
        cases.append(a_case(cast, "committee", name))
        an_approval(cases[-1], cast.place["mentor"], "yes")
    return cases


def test_many_are_proposed_each_for_itself_and_a_refused_one_is_named(cast, three, four):
    found = propose_many(cases=four, by=three[0], at=WEEK_SIX, reason="Clear.", reasons={four[0].pk: "A result."})
    assert {row.case_id: row.reason for row in found.done} == {
        four[0].pk: "A result.", four[2].pk: "Clear.", four[3].pk: "Clear.",
    }  # fmt: skip
    assert [(case.pk, "contested" in words) for case, words in found.refused] == [(four[1].pk, True)]
    refused("Otto Scholar: This case is contested", propose_many, cases=four[1:2], by=three[0], at=WEEK_SIX, reason="x")
    refused("Say why", propose_many, cases=[with_new(cast)], by=three[0], at=WEEK_SIX)


def with_new(cast) -> ExtensionCase:
    cast.place["New"] = a_place(a_person("Nia New"), cast.cohort, "scholar")
    case = a_case(cast, "committee", "New")
    an_approval(case, cast.place["mentor"], "yes")
    return case


def test_many_are_confirmed_as_far_as_there_are_places(cast, three, four):
    four[0].round.places = 2
    four[0].round.save_edit("places")
    rows = propose_many(cases=four, by=three[0], at=WEEK_SIX, reason="Clear.").done
    found = confirm_many(decisions=rows, by=three[1], at=LATER)
    assert (len(found.done), [words for _, words in found.refused]) == (
        2, ["No place is left: waitlist it, or free one."],
    )  # fmt: skip
    assert ExtensionCase.objects.filter(state="decided").count() == 2
    refused("You proposed it", confirm_many, decisions=rows, by=three[0], at=LATER)


def test_list_is_worked_through_on_its_page(cast, client, three, four):
    address = reverse("agreed_list", args=[cast.cohort.slug])
    client.force_login(three[0])
    body = client.get(address).content.decode()
    assert 'Clear, and not proposed yet <span class="quiet">(3)' in body
    assert "1 contested case goes by independent opinions" in body
    picks = {f"pick-{case.pk}": "on" for case in four}  # the second is forged: it is not offered
    assert client.post(address, sent(_form="agreed", reason="", **picks)).status_code == 422
    assert client.post(address, sent(_form="agreed", reason="Clear.")).status_code == 422
    sent_all = client.post(address, sent(_form="agreed", reason="Clear.", **picks), follow=True).content.decode()
    assert "3 cases are proposed." in sent_all
    picks = {f"pick-{row.pk}": "on" for row in Decision.objects.all()}
    with time_machine.travel(LATER + MINUTE, tick=True):
        client.force_login(three[0])
        assert client.post(address, sent(_form="agreed-confirm", **picks)).status_code == 422  # one's own
        client.force_login(three[1])
        done = client.post(address, sent(_form="agreed-confirm", **picks), follow=True).content.decode()
    assert "3 cases are confirmed." in done
    assert ExtensionCase.objects.filter(state="decided").count() == 3


def test_list_asks_few_questions_at_any_size(cast, client, three, four):
    client.force_login(three[1])
    address = reverse("agreed_list", args=[cast.cohort.slug])
    proposed(four[0], three[0])
    few = questions(client, address)
    for number in range(20):
        name = f"Neu {number}"
        cast.place[name] = a_place(a_person(name), cast.cohort, "scholar")
        case = a_case(cast, "committee", name)
        an_approval(case, cast.place["mentor"], "yes")
        if number % 2:
            a_decision(case, is_agreed_list=True, proposed_by=three[0])
    assert questions(client, address) == few <= 12
