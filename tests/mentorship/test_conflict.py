"""Conflicts: declared by oneself or by staff, read by oneself and staff, and felt at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mentorship.actions.conflict import declare_conflict, withdraw_conflict
from mentorship.models import Conflict, Review, Submission
from tests.cast import WEEK_SIX, a_milestone, a_person, a_place, a_review, a_submission
from tests.cohorts.staff import refused_at
from tests.mentorship.counting import questions


def declared(cast, who: str = "other_mentor", about: str = "scholar", **facts) -> Conflict:
    facts = {"by": getattr(cast, who), "person": getattr(cast, who), "why": "They wrote a paper together", **facts}
    return declare_conflict(cohort=cast.cohort, scholar=cast.place[about], at=WEEK_SIX, **facts)


@pytest.fixture
def plan(cast) -> Submission:
    """Sent, with a review that `other_mentor` owes."""
    row = a_submission(a_milestone(cast.cohort), cast.place["scholar"], "My plan", reader=cast.place["other_mentor"])
    a_review(row, due_at=WEEK_SIX)
    return row


def test_conflict_takes_the_reader_off_at_once(cast, plan):
    declared(cast)
    assert (Submission.objects.get().reader, Review.objects.get().archived_at) == (None, WEEK_SIX)


def test_conflict_over_one_leaves_what_is_read_of_another(cast, plan):
    declared(cast, about="other_scholar")
    assert Submission.objects.get().reader == cast.place["other_mentor"]


def test_conflict_is_declared_once_and_over_another(cast):
    declared(cast)
    assert refused_at("scholar", declared, cast=cast) == "This conflict is declared already."
    words = refused_at("scholar", declared, cast=cast, who="scholar")
    assert words == "Nobody judges their own work anyway. Choose somebody else."


@pytest.mark.parametrize(("who", "about", "field"), [("stranger", "scholar", "person"), ("staff", "mentor", "scholar")])
def test_conflict_is_of_people_of_the_cohort(cast, who, about, field):
    refused_at(field, declared, cast=cast, who=who, about=about, by=cast.staff)


def test_withdrawn_conflict_gives_nothing_back_by_itself_and_can_be_declared_again(cast, plan):
    conflict = declared(cast)
    withdraw_conflict(conflict=conflict, by=cast.other_mentor, at=WEEK_SIX, version=1, reason="Years ago")
    assert (Conflict.objects.get().archived_at, Submission.objects.get().reader) == (WEEK_SIX, None)
    declared(cast)
    assert Conflict.objects.filter(archived_at=None).count() == 1


# Pages


def test_anyone_declares_their_own_and_nobody_elses(cast, client):
    client.force_login(cast.other_mentor)
    address = reverse("conflict_new", args=[cast.cohort.slug])
    assert b'name="person"' not in client.get(address).content
    facts = {"scholar": str(cast.place["scholar"].pk), "why": "Siblings", "person": str(cast.mentor.pk)}
    client.post(address, facts)
    row = Conflict.objects.get()
    assert (row.person, row.declared_by, row.why) == (cast.other_mentor, cast.other_mentor, "Siblings")


def test_staff_declare_one_for_others(cast, client):
    client.force_login(cast.staff)
    facts = {"scholar": str(cast.place["scholar"].pk), "why": "Siblings", "person": str(cast.other_mentor.pk)}
    client.post(reverse("conflict_new", args=[cast.cohort.slug]), facts)
    row = Conflict.objects.get()
    assert (row.person, row.declared_by) == (cast.other_mentor, cast.staff)


def test_staff_declare_one_for_those_who_could_ever_judge(cast, client):
    client.force_login(cast.staff)
    page = client.get(reverse("conflict_new", args=[cast.cohort.slug])).content.decode()
    offered = page.partition('name="person"')[2].partition("</select>")[0]
    seen = {who: str(getattr(cast, who).pk) in offered for who in ("scholar", "mentor", "coach", "staff", "stranger")}
    assert seen == {"scholar": False, "mentor": True, "coach": True, "staff": True, "stranger": False}


@pytest.mark.parametrize(
    ("who", "seen"), [("other_mentor", True), ("staff", True), ("scholar", False), ("mentor", False), ("coach", False)]
)
def test_why_is_read_by_that_person_and_staff_alone(cast, client, who, seen):
    declared(cast)
    client.force_login(getattr(cast, who))
    shown = client.get(reverse("conflicts", args=[cast.cohort.slug])).content.decode()
    assert ("They wrote a paper together" in shown) is seen


def test_conflict_is_withdrawn_with_a_reason(cast, client):
    conflict = declared(cast)
    client.force_login(cast.other_mentor)
    address = reverse("conflict_withdraw", args=[conflict.pk])
    assert client.post(address, {"_version": "1"}).status_code == 422
    client.post(address, {"_version": "1", "reason": "Years ago"})
    assert Conflict.objects.get().archived_at is not None


def test_list_asks_the_same_at_any_length(cast, client):
    client.force_login(cast.staff)
    address = reverse("conflicts", args=[cast.cohort.slug])
    declared(cast)
    few = questions(client, address)
    for number in range(30):
        cast.place["one"] = a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")
        declared(cast, about="one")
    assert questions(client, address) == few <= 12
