"""Opinions on contested cases: written before one reads the others', given once, two at least."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.access import visible
from mentorship.actions.decision import confirm, give_opinion
from mentorship.models import ExtensionCase, Opinion
from tests.cast import WEEK_SIX
from tests.cohorts.staff import refused_at
from tests.mentorship.cases import an_opinion
from tests.mentorship.decisions import decided, on_the_committee, opined, proposed, refused, sent, with_committee


@pytest.fixture
def three(cast):
    return on_the_committee(cast, "Ada Alt", "Ben Neu")


def bodies(client, person, case) -> bytes:
    """Everything about the case that this person can open."""
    client.force_login(person)
    names = ("case_committee", "opinion_write", "decision_propose", "case")
    return b"".join(client.get(reverse(name, args=[case.pk])).content for name in names)


def test_opinions_are_read_once_ones_own_is_in(cast, client, three):
    case = with_committee(cast, "no")
    opined(case, three[0], band="not_now")
    opined(case, three[1], band="if_room")
    assert not visible(Opinion, "opinion", three[2], WEEK_SIX).exists()
    body = bodies(client, three[2], case)
    assert b"2 opinions are in; you read them once yours is in" in body
    hidden = (b"Stella Staff thinks so.", b"Ada Alt thinks so.", b"yes if there is room</h3>", b"not now</h3>")
    assert [words for words in hidden if words in body] == []
    opined(case, three[2])
    body = bodies(client, three[2], case)
    assert all(words in body for words in hidden[:2])
    for who in (cast.scholar, cast.mentor, cast.coach):
        client.force_login(who)
        assert b"thinks so." not in client.get(reverse("case", args=[case.pk])).content


def test_proposal_after_opinions_is_kept_from_whoever_has_not_written_theirs(cast, client, three):
    case = with_committee(cast, "no")
    opined(case, *three[:2])
    decision = proposed(case, three[0], "refuse", reason="A weak result.")
    for address in (reverse("case_committee", args=[case.pk]), reverse("decision_confirm", args=[decision.pk])):
        client.force_login(three[2])
        assert b"A weak result." not in client.get(address).content
        client.force_login(three[1])
        assert b"A weak result." in client.get(address).content


def test_contested_case_takes_two_opinions_and_those_of_both_who_decide(cast, three):
    case = with_committee(cast, "no")
    refused("Write your own opinion first", proposed, case, three[0], "refuse")
    opined(case, three[0])
    refused("One more opinion comes first", proposed, case, three[0], "refuse")
    opined(case, three[1])
    decision = proposed(case, three[0], "refuse")
    assert (decision.is_agreed_list, decision.opens_at) == (False, WEEK_SIX)
    refused("Write your own opinion first", confirm, decision=decision, by=three[2], at=WEEK_SIX)
    assert confirm(decision=decision, by=three[1], at=WEEK_SIX).holds


def test_opinion_is_given_once_and_says_why(cast, three):
    case = with_committee(cast)
    refused_at("band", give_opinion, case=case, by=three[0], at=WEEK_SIX, band="maybe", reasons="x")
    refused_at("reasons", give_opinion, case=case, by=three[0], at=WEEK_SIX, band="yes", reasons="")
    opined(case, three[0])
    refused("Your opinion is in, and stays", opined, case, three[0], band="not_now")
    with pytest.raises(IntegrityError, match="opinion_once"), transaction.atomic():
        an_opinion(case, three[0])


def test_opinions_of_an_answered_case_are_read_by_all_who_judge_it(cast, client, three):
    case = with_committee(cast, "no")
    decided(case, *three[:2], "refuse")
    assert b"Stella Staff thinks so." not in bodies(client, three[2], case)
    ExtensionCase.objects.update(state="refused")
    assert b"Stella Staff thinks so." in bodies(client, three[2], case)


def test_first_opinions_count_no_more_on_appeal(cast, three):
    case = with_committee(cast, "no", state="appealed", appeal="Look again.", appealed_at=WEEK_SIX,
                          appeal_due_at=WEEK_SIX)  # fmt: skip
    an_opinion(case, three[0])
    an_opinion(case, three[1])
    refused("Write your own opinion first", proposed, case, three[0], "refuse")
    assert [row.is_appeal for row in opined(case, *three[:2])] == [True, True]
    assert proposed(case, three[0], "refuse").is_appeal


def test_opinion_is_written_on_its_page_and_its_draft_is_kept(cast, client, three):
    case = with_committee(cast)
    client.force_login(three[0])
    address = reverse("opinion_write", args=[case.pk])
    answer = client.post(address, sent(band="", reasons="Half a thought."))
    assert (answer.status_code, b"Half a thought." in answer.content) == (422, True)
    assert client.post(address, sent(band="yes", reasons="The result holds.")).status_code == 302
    assert Opinion.objects.get().author == three[0]
    assert b"Your opinion is in, and stays" in client.get(address).content
    draft = {"_form": "opinion", "_about": str(case.pk), "_page": address, "_draft": "1", "reasons": "x"}
    for who, status in ((three[1], 302), (cast.mentor, 404), (cast.coach, 404)):
        client.force_login(who)
        assert client.post(reverse("draft"), sent(**draft)).status_code == status
