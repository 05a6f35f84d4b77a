"""An outside member decides one named case with the committee."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mentorship.actions.decision import confirm, end_invitation, invite
from mentorship.models import CaseInvitation
from mentorship.rules.decision import may_judge
from tests.cast import WEEK_SIX, a_person, a_place
from tests.cohorts.staff import refused_at
from tests.mentorship.decisions import (
    a_conflict,
    invited,
    on_the_committee,
    opined,
    proposed,
    refused,
    sent,
    with_committee,
)
from tests.mentorship.midpoint import letters


@pytest.fixture
def two(cast):
    return on_the_committee(cast, "Ada Alt")


def test_outside_member_decides_one_case_and_reads_nothing_else(cast, client):
    on_the_committee(cast)
    case, other = with_committee(cast), with_committee(cast, scholar="other_scholar")
    invited(case, cast.stranger, by=cast.staff)
    assert [message.person for message in letters("invited_to_decide")] == [cast.stranger]
    client.force_login(cast.stranger)
    place = cast.place["scholar"]
    opened = {
        **{name: reverse(name, args=[case.pk]) for name in ("case", "case_committee", "opinion_write")},
        "decision_propose": reverse("decision_propose", args=[case.pk]),
        "standing": reverse("standing", args=[place.pk]),
    }
    assert {name: client.get(url).status_code for name, url in opened.items()} == dict.fromkeys(opened, 200)
    closed = [
        reverse("case_committee", args=[other.pk]), reverse("standing", args=[other.scholar_id]),
        reverse("person", args=[place.pk]), reverse("case_invite", args=[case.pk]),
        *[reverse(name, args=[cast.cohort.slug]) for name in ("cohort", "agreed_list", "committee", "duties")],
    ]  # fmt: skip
    assert {client.get(url).status_code for url in closed} == {403, 404}
    opined(case, cast.staff, cast.stranger)
    assert confirm(decision=proposed(case, cast.staff), by=cast.stranger, at=WEEK_SIX).holds
    invitation = CaseInvitation.objects.get()
    client.force_login(cast.staff)
    end = client.post(reverse("case_invitation_end", args=[invitation.pk]), sent(reason="Done."))
    assert end.status_code == 302
    assert not may_judge(case, cast.stranger, WEEK_SIX)


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "other_coach", "staff", "disabled"])
def test_outside_member_is_nobody_who_is_recused_or_there_already(cast, who):
    on_the_committee(cast)
    case, by = with_committee(cast), a_person("Ada Alt")
    a_place(by, cast.cohort, "staff")
    a_conflict(cast, cast.other_coach)
    email = getattr(cast, who).email
    words = refused_at("email", invite, case=case, by=by, at=WEEK_SIX, email=email, reason="She knows it.")
    assert cast.cohort.coach_label not in words


def test_invitation_makes_an_account_with_a_name_and_once(cast, two):
    case, facts = with_committee(cast), {"by": two[0], "at": WEEK_SIX, "reason": "An expert."}
    refused_at("name", invite, case=case, email="new@example.net", **facts)
    row = invite(case=case, email="NEW@example.net", name="Nia New", **facts)
    assert (row.person.email, row.person.name) == ("new@example.net", "Nia New")
    refused_at("email", invite, case=case, email="new@example.net", **facts)
    refused_at("reason", end_invitation, invitation=row, by=two[0], at=WEEK_SIX, reason="")
    refused("This is for the cohort", invite, case=case, email="x@example.net", name="X", **{**facts, "by": row.person})
