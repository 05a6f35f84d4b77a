"""Who reads a submission: never its scholar's mentor or coach, nor anybody with a declared conflict."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.actions.caseload import hand_over_caseload
from cohorts.actions.membership import remove_person
from cohorts.models import Membership
from mats.forms.drafts import find_draft
from mats.identity.transaction import acting
from mentorship.actions.conflict import declare_conflict
from mentorship.actions.pairing import pair
from mentorship.actions.reader import assign_reader, free_readers, spread_readers
from mentorship.actions.review import give_review
from mentorship.actions.submission import submit
from mentorship.models import Conflict, Pairing, Review, Submission
from tests.cast import (
    LONG_AGO,
    WEEK_SIX,
    a_caseload,
    a_milestone,
    a_pairing,
    a_person,
    a_place,
    a_submission,
    not_accepted,
    week_start,
)
from tests.cohorts.staff import by_staff, day, refused_at
from tests.mentorship.counting import MACHINE, questions

DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(cast) -> Submission:
    """The research plan of `scholar`, sent, without a reader."""
    milestone = a_milestone(cast.cohort, due_on=week_start(7) + 4 * DAY)
    return a_submission(milestone, cast.place["scholar"], "My plan", submitted_at=WEEK_SIX - DAY)


def as_now(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def assign(cast, plan, who: str | None, **facts) -> Submission:
    reader = cast.place[who] if who else None
    facts = {**by_staff(cast), "version": as_now(plan).version, **facts}
    return assign_reader(submission=plan, reader=reader, **facts)


# By hand


def test_new_reader_owes_a_review_of_what_waits_and_has_all_the_days_for_it(cast, plan):
    assign(cast, plan, "other_mentor")
    review = Review.objects.get()
    due_at = dt.datetime(2027, 2, 17, 23, 59, 59, tzinfo=dt.UTC)
    assert (review.reader, review.text.number, review.due_at) == (cast.place["other_mentor"], 1, due_at)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("mentor", "Mira Mentor is, was or will be mentor of Sana Scholar; a reader is somebody else."),
        ("coach", "Cleo Coach is, was or will be coach of Sana Scholar; a reader is somebody else."),
        ("scholar", "Choose a mentor, a coach or a staff member of this cohort."),
        ("other_scholar", "Choose a mentor, a coach or a staff member of this cohort."),
        ("staff_elsewhere", "Choose a mentor, a coach or a staff member of this cohort."),
    ],
)
def test_who_may_not_read_is_refused_in_words(cast, plan, who, words):
    assert refused_at("reader", assign, cast=cast, plan=plan, who=who) == words


@pytest.mark.parametrize("days", [{"ends_on": day(1, 31)}, {"starts_on": day(3, 1)}], ids=["before", "to come"])
def test_mentor_of_other_days_is_none_either(cast, plan, days):
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False, **days)
    refused_at("reader", assign, cast=cast, plan=plan, who="other_mentor")


def test_people_are_compared_and_not_places(cast, plan):
    cast.place["mentor_as_staff"] = a_place(cast.mentor, cast.cohort, "staff")
    refused_at("reader", assign, cast=cast, plan=plan, who="mentor_as_staff")


def test_mentor_of_another_cohort_is_refused_without_telling_of_it(cast, plan):
    there = a_place(cast.scholar, cast.other_cohort, "scholar")
    a_pairing(there, a_place(cast.other_mentor, cast.other_cohort, "mentor"))
    words = refused_at("reader", assign, cast=cast, plan=plan, who="other_mentor")
    assert words == "Omar Mentor and Sana Scholar stand to each other in another cohort in a way that rules this out."


def test_coach_of_others_may_read(cast, plan):
    assert assign(cast, plan, "other_coach").reader == cast.place["other_coach"]


def test_another_reader_needs_a_reason_and_takes_the_open_review_over(cast, plan):
    assign(cast, plan, "other_mentor")
    refused_at("reason", assign, cast=cast, plan=plan, who="staff")
    assign(cast, plan, "staff", reason="Omar is ill")
    reviews = Review.objects.order_by("created_at").values_list("reader__person__name", "archived_at")
    assert sorted(reviews, key=str) == [("Omar Mentor", WEEK_SIX), ("Stella Staff", None)]


def test_review_comes_back_to_whoever_had_begun_it(cast, plan):
    assign(cast, plan, "other_mentor")
    begun = Review.objects.get()
    assign(cast, plan, None, reason="Omar is ill")
    assign(cast, plan, "other_mentor")
    assert Review.objects.get(archived_at=None).pk == begun.pk


def test_what_was_given_stays_with_a_new_reader_who_waits_for_the_next_version(cast, plan):
    assign(cast, plan, "other_mentor")
    review = Review.objects.get()
    facts = {"read": review.text_id, "outcome": "revise", "reasons": "Too wide"}
    give_review(review=review, by=cast.other_mentor, at=WEEK_SIX, **facts)
    assign(cast, plan, "staff", reason="Omar is ill")
    assert list(Review.objects.values_list("pk", "archived_at")) == [(review.pk, None)]
    submit(submission=plan, by=cast.scholar, at=WEEK_SIX + DAY, version=1, text="Narrower")
    assert Review.objects.get(given_at=None).reader == cast.place["staff"]


def test_what_has_passed_keeps_its_reader(cast, plan):
    Submission.objects.update(passed_at=WEEK_SIX)
    with pytest.raises(ValidationError, match="nothing more to read"):
        assign(cast, plan, "other_mentor")


def test_what_nobody_reads_has_no_reader(cast, plan):
    type(plan.milestone).objects.update(is_read=False)
    with pytest.raises(ValidationError, match="Nobody reads this milestone"):
        assign(cast, plan, "other_mentor")


def test_page_offers_who_may_and_refuses_a_forged_one_in_words(cast, plan, client):
    client.force_login(cast.staff)
    address = reverse("submission_reader", args=[plan.pk])
    shown = client.get(address).content.decode()
    assert [name for name in cast.place if str(cast.place[name].pk) in shown] == [
        "other_mentor", "other_coach", "staff", "both_as_mentor",
    ]  # fmt: skip
    answer = client.post(address, {"reader": str(cast.place["mentor"].pk), "_version": "1"})
    assert answer.status_code == 422
    assert "Mira Mentor is, was or will be mentor of Sana Scholar" in answer.content.decode()
    client.post(address, {"reader": str(cast.place["other_mentor"].pk), "_version": "1"})
    assert as_now(plan).reader == cast.place["other_mentor"]


# Spread evenly


@pytest.fixture
def many(cast, plan) -> list[Submission]:
    """Twelve more, whom `mentor` mentors half of; nobody reads any yet."""
    found = []
    for number in range(12):
        scholar = a_place(a_person(f"Scholar {number:02}"), cast.cohort, "scholar")
        a_pairing(scholar, cast.place["mentor" if number % 2 else "other_mentor"])
        found.append(a_submission(plan.milestone, scholar))
    return [plan, *found]


def spread(cast, plan, *who: str):
    people = [cast.place[name] for name in who] or None
    return spread_readers(milestone=plan.milestone, people=people, **by_staff(cast))


def test_spreading_is_even_and_gives_nobody_their_own_scholars(cast, plan, many):
    done = spread(cast, plan)
    held = Counter(Submission.objects.values_list("reader__person__name", flat=True))
    assert (len(done.given), done.left) == (13, [])
    assert sorted(held.values()) == [3, 3, 3, 4]
    for row in Submission.objects.select_related("reader"):
        assert not Pairing.objects.filter(scholar=row.scholar, mentor__person=row.reader.person).exists()


def test_spreading_twice_changes_nothing_and_the_same_facts_give_the_same_answer(cast, plan, many):
    spread(cast, plan)
    first = dict(Submission.objects.values_list("pk", "reader"))
    assert spread(cast, plan).given == []
    Submission.objects.update(reader=None)
    spread(cast, plan)
    assert dict(Submission.objects.values_list("pk", "reader")) == first


def test_spreading_counts_what_somebody_reads_already(cast, plan, many):
    Submission.objects.filter(pk__in=[row.pk for row in many[1:5]]).update(reader=cast.place["staff"])
    spread(cast, plan, "staff", "both_as_mentor")
    held = Counter(Submission.objects.values_list("reader__person__name", flat=True))
    assert held == {"Bo Both": 7, "Stella Staff": 6}


def test_spreading_names_those_for_whom_nobody_is_left(cast, plan, many):
    Conflict.objects.create(
        cohort=cast.cohort, person=cast.other_mentor, scholar=cast.place["scholar"], declared_by=cast.staff,
        why="They share a flat", created_at=WEEK_SIX,
    )  # fmt: skip
    done = spread(cast, plan, "mentor", "other_mentor")
    assert done.left == [plan]
    assert as_now(plan).reader is None


def test_spreading_opens_reviews_of_what_was_sent_alone(cast, plan, many):
    spread(cast, plan)
    assert list(Review.objects.values_list("submission", flat=True)) == [plan.pk]


def test_spreading_among_nobody_is_refused(cast, plan):
    with pytest.raises(ValidationError, match="at least one person"):
        spread_readers(milestone=plan.milestone, people=[], **by_staff(cast))


def test_closed_accounts_and_people_who_have_left_are_not_among_the_usual(cast, plan, client):
    cast.place["other_mentor"].stays.update(ends_on=week_start(5))
    done = spread(cast, plan)
    assert [reader.person.name for _, reader in done.given] == ["Bo Both"]
    assert "Dan Disabled" not in preview(cast, plan, client)


def preview(cast, plan, client, **data) -> str:
    client.force_login(cast.staff)
    address = reverse("milestone_readers", args=[plan.milestone_id])
    return (client.post(address, data) if data else client.get(address)).content.decode()


def test_page_shows_who_would_read_whom_and_only_then_does_it(cast, plan, client):
    assert "<li>Sana Scholar: Bo Both</li>" in preview(cast, plan, client)
    staff = str(cast.place["staff"].pk)
    assert "<li>Sana Scholar: Stella Staff</li>" in preview(cast, plan, client, people=[staff], look="1")
    assert as_now(plan).reader is None
    preview(cast, plan, client, people=[staff])
    assert as_now(plan).reader == cast.place["staff"]


def test_page_asks_the_same_whatever_the_number(cast, plan, client):
    client.force_login(cast.staff)
    address = reverse("milestone_readers", args=[plan.milestone_id])
    few = questions(client, address)
    for number in range(30):
        a_submission(plan.milestone, a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar"))
    assert questions(client, address) == few <= 12


# Taken off


def write_draft(cast, review, client) -> None:
    client.force_login(cast.other_mentor)
    facts = {"_form": "review", "_about": str(review.pk), "words": "cardamom"}
    assert client.post(reverse("draft"), facts).status_code == 302


def test_reader_who_becomes_the_mentor_reads_no_more_and_keeps_the_draft(cast, plan, client):
    assign(cast, plan, "other_mentor")
    review = Review.objects.get()
    write_draft(cast, review, client)
    with acting(cast.staff, WEEK_SIX):
        facts = {"starts_on": week_start(9), "is_lead": False, **by_staff(cast)}
        pair(scholar=cast.place["scholar"], mentor=cast.place["other_mentor"], **facts)
    assert (as_now(plan).reader, as_now(plan).stands(WEEK_SIX)) == (None, "unread")
    assert client.get(reverse("review_write", args=[review.pk])).status_code == 404
    with acting(cast.other_mentor, WEEK_SIX):
        assert "cardamom" in find_draft(cast.other_mentor, "review", str(review.pk)).content
    client.force_login(cast.staff)
    shown = client.get(reverse("submission", args=[plan.pk])).content.decode()
    assert "It waits for its reader." in shown
    assert "Why: The reader is, was or will be a mentor of this scholar." in shown


def test_mentor_who_stands_as_reader_in_the_data_is_told_why_not(cast, plan, client):
    assign(cast, plan, "other_mentor")
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    client.force_login(cast.other_mentor)
    answer = client.get(reverse("review_write", args=[Review.objects.get().pk]))
    assert answer.status_code == 403


def test_reason_is_written_for_what_was_taken_off_and_nothing_after(cast, plan):
    assign(cast, plan, "other_mentor")
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    with acting(cast.staff, WEEK_SIX):
        free_readers(cast.cohort, WEEK_SIX)
        Submission.objects.filter(pk=plan.pk).update(reader=cast.place["staff"])
    reasons = [event.pgh_context.get("why") for event in plan.events.order_by("-pgh_id")[:2]]
    assert reasons == [None, "The reader is, was or will be a mentor of this scholar."]


@pytest.mark.parametrize("how", ["coach", "conflict", "gone"])
def test_reader_is_taken_off_for_every_reason_there_is(cast, plan, how):
    assign(cast, plan, "other_coach")
    if how == "coach":
        cast.caseload.delete()
        a_caseload(cast.place["scholar"], cast.place["other_coach"], ends_on=day(1, 20))
    elif how == "conflict":
        facts = {"person": cast.other_coach, "scholar": cast.place["scholar"], "why": "Siblings"}
        declare_conflict(cohort=cast.cohort, **facts, **by_staff(cast))
    else:
        with acting(cast.staff, WEEK_SIX):
            remove_person(
                membership=not_accepted(cast.place["other_coach"]), version=1, reason="Left", **by_staff(cast)
            )
    free_readers(cast.cohort, WEEK_SIX)
    assert as_now(plan).reader is None
    assert Review.objects.get().archived_at == WEEK_SIX


def test_what_has_passed_or_was_given_stays_as_it_is(cast, plan):
    assign(cast, plan, "other_mentor")
    review = Review.objects.get()
    facts = {"read": review.text_id, "outcome": "pass", "reasons": "Sound"}
    give_review(review=review, by=cast.other_mentor, at=WEEK_SIX, **facts)
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    assert free_readers(cast.cohort, WEEK_SIX) == 0
    assert as_now(plan).reader == cast.place["other_mentor"]


@pytest.mark.parametrize("number", [1, 30])
def test_taking_off_asks_the_same_whatever_the_number(cast, plan, number):
    reader = cast.place["other_mentor"]
    for turn in range(number):
        scholar = a_place(a_person(f"Scholar {turn}"), cast.cohort, "scholar")
        a_pairing(scholar, reader)
        a_submission(plan.milestone, scholar, reader=reader)
    with CaptureQueriesContext(connection) as asked:
        assert free_readers(cast.cohort, WEEK_SIX) == number
    assert sum(not query["sql"].startswith(MACHINE) for query in asked.captured_queries) == 4


def test_removed_place_reads_nothing_by_hand_either(cast, plan):
    Membership.objects.filter(pk=cast.place["other_mentor"].pk).update(archived_at=LONG_AGO)
    cast.place["other_mentor"].refresh_from_db()
    refused_at("reader", assign, cast=cast, plan=plan, who="other_mentor")


def test_reader_who_becomes_the_coach_is_taken_off_at_once(cast, plan):
    assign(cast, plan, "other_coach")

    hand_over_caseload(
        caseload=cast.caseload, coach=cast.place["other_coach"], starts_on=week_start(7), version=1, reason="Moves on",
        **by_staff(cast),
    )  # fmt: skip

    assert as_now(plan).reader is None
