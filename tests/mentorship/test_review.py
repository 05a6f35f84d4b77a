"""Reviews: of the version that was read, by the rubric it began with, given once with reasons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cohorts.actions.milestone import publish_rubric
from mats.post import outbox
from mats.post.models import Message
from mentorship.actions.review import give_review
from mentorship.actions.submission import submit
from mentorship.models import Review, Submission
from tests.cast import LAST_DAY, LONG_AGO, WEEK_SIX, a_milestone, a_pairing, a_submission, week_start
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.counting import questions

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CRITERIA = "The threat model is stated\nThe deliverables have dates"
ANSWERS = [
    {"criterion": "The threat model is stated", "stands": "there", "words": ""},
    {"criterion": "The deliverables have dates", "stands": "not_yet", "words": "None has."},
]


@pytest.fixture
def plan(cast) -> Submission:
    """The research plan of `scholar`, sent an hour ago; `other_mentor` reads it by a rubric of two lines."""
    milestone = a_milestone(cast.cohort, due_on=week_start(7) + 4 * DAY)
    milestone.rubrics.create(number=1, lines=CRITERIA, created_at=LONG_AGO)
    row = a_submission(milestone, cast.place["scholar"], reader=cast.place["other_mentor"])
    submit(submission=row, by=cast.scholar, at=WEEK_SIX - HOUR, version=0, text="My plan")
    return Submission.objects.get(pk=row.pk)


@pytest.fixture
def review(plan) -> Review:
    return Review.objects.get()


def given(cast, review: Review, **facts) -> Review:
    facts = {"read": review.text_id, "outcome": "pass", "reasons": "Sound", "answers": ANSWERS, **facts}
    return give_review(review=review, by=cast.other_mentor, at=facts.pop("at", WEEK_SIX), **facts)


def send_again(cast, plan, text="A better plan", at=WEEK_SIX - DAY / 48):
    return submit(submission=plan, by=cast.scholar, at=at, version=None, text=text)


def as_now(plan: Submission) -> Submission:
    return Submission.objects.get(pk=plan.pk)


# Giving one


def test_pass_is_the_moment_it_passed(cast, plan, review):
    given(cast, review, words="Go on")
    row = Review.objects.get()
    assert (row.given_at, row.outcome, row.words, row.answers) == (WEEK_SIX, "pass", "Go on", ANSWERS)
    assert (as_now(plan).passed_at, as_now(plan).revise_at) == (WEEK_SIX, None)


@pytest.mark.parametrize(("on", "asked"), [(None, 17), (dt.date(2027, 2, 12), 12)])
def test_revise_asks_for_the_next_version_by_a_day(cast, plan, review, on, asked):
    given(cast, review, outcome="revise", revise_on=on)
    assert as_now(plan).revise_at == dt.datetime(2027, 2, asked, 18, tzinfo=dt.UTC)
    assert as_now(plan).passed_at is None


@pytest.mark.parametrize("on", [WEEK_SIX.date(), dt.date(2026, 1, 1), dt.date(9999, 12, 31)])
def test_next_version_is_asked_for_by_a_day_ahead(cast, review, on):
    refused_at("revise_on", given, cast=cast, review=review, outcome="revise", revise_on=on)


def here_until(cast, last: dt.date) -> None:
    cast.place["scholar"].stays.update(ends_on=last)


@pytest.mark.parametrize(
    ("last", "usual", "latest"),
    [
        (LAST_DAY, 17, "11 April 2027, their last day here."),
        (dt.date(2027, 2, 12), 12, "12 February 2027, their last day here."),
        (WEEK_SIX.date(), 17, "17 February 2027, a week from now, as their last day here has come."),
        (dt.date(2027, 2, 1), 17, "17 February 2027, a week from now, as their last day here has come."),
    ],
    ids=["weeks ahead", "in two days", "today", "gone by"],
)
def test_next_version_is_asked_for_while_its_writer_is_here(cast, review, last, usual, latest):
    here_until(cast, last)
    late = {"cast": cast, "review": review, "outcome": "revise", "revise_on": LAST_DAY + DAY}
    assert f"and not after {latest}" in refused_at("revise_on", given, **late)
    given(cast, review, outcome="revise")
    assert as_now(review.submission).revise_at == dt.datetime(2027, 2, usual, 18, tzinfo=dt.UTC)


def test_form_offers_the_last_day_where_a_week_is_too_long_and_refuses_a_later_one(cast, review, client):
    here_until(cast, dt.date(2027, 2, 12))
    client.force_login(cast.other_mentor)
    address = reverse("review_write", args=[review.pk])
    assert 'value="2027-02-12"' in client.get(address).content.decode()
    answer = client.post(address, {**SENT, "read": str(review.text_id), "outcome": "revise"})
    assert (answer.status_code, "their last day here" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("outcome", ["pass", "revise"])
def test_either_outcome_has_reasons(cast, review, outcome):
    refused_at("reasons", given, cast=cast, review=review, outcome=outcome, reasons="")


@pytest.mark.parametrize("answers", [[], ANSWERS[:1], [ANSWERS[0], ANSWERS[1] | {"stands": "perfect"}]])
def test_every_criterion_is_answered(cast, review, answers):
    with pytest.raises(ValidationError, match="criteri"):
        given(cast, review, answers=answers)


def test_given_review_stays_as_it_is(cast, review):
    given(cast, review)
    with pytest.raises(ValidationError, match="given this review already"):
        given(cast, review, outcome="revise")


def test_next_version_opens_the_next_review_and_the_first_stays(cast, plan, review):
    given(cast, review, outcome="revise")
    send_again(cast, plan, at=WEEK_SIX + DAY)
    assert list(Review.objects.values_list("text__number", "outcome")) == [(1, "revise"), (2, "")]


# A revision sent while the reader writes


def test_version_that_came_in_meanwhile_is_not_answered_unread(cast, plan, review):
    send_again(cast, plan)
    with pytest.raises(ValidationError, match=r"A newer version came in at Wed 10 Feb 11:30\. Your words are kept"):
        given(cast, review)
    assert (Review.objects.get().given_at, plan.texts.count()) == (None, 2)


SENT = {
    "stands-0": "there", "said-0": "", "stands-1": "partly", "said-1": "Two of three.", "words": "My feedback",
    "outcome": "pass", "reasons": "Sound", "revise_on": "2027-02-17",
}  # fmt: skip


def test_what_was_written_comes_back_beside_the_newer_version_and_can_be_sent_again(cast, plan, review, client):
    client.force_login(cast.other_mentor)
    address = reverse("review_write", args=[review.pk])
    second = send_again(cast, plan)
    answer = client.post(address, {**SENT, "read": str(review.text_id)})
    shown = answer.content.decode()
    assert answer.status_code == 422
    for words in ("A newer version came in", "My feedback", "A better plan", "Two of three."):
        assert words in shown
    assert f'name="read" value="{second.pk}"' in shown
    client.post(address, {**SENT, "read": str(second.pk)})
    row = Review.objects.get()
    assert (row.text, row.words, row.answers[1]["words"]) == (second, "My feedback", "Two of three.")


def test_draft_about_an_earlier_version_stands_beside_the_newer_one(cast, plan, review, client):
    client.force_login(cast.other_mentor)
    facts = {"_form": "review", "_about": str(review.pk), "read": str(review.text_id), "said-1": "cardamom"}
    client.post(reverse("draft"), facts)
    second = send_again(cast, plan)
    shown = client.get(reverse("review_write", args=[review.pk])).content.decode()
    assert ("cardamom" in shown, "A newer version came in" in shown) == (True, True)
    assert f'name="read" value="{second.pk}"' in shown


# Rubrics


def test_review_keeps_the_rubric_it_began_with_and_shows_its_own_criteria(cast, plan, review, client):
    given(cast, review, outcome="revise")
    publish_rubric(milestone=plan.milestone, lines="Something else", drawn_from=1, reason="Clearer", **by_staff(cast))
    send_again(cast, plan, at=WEEK_SIX + DAY)
    assert list(Review.objects.values_list("rubric__number", flat=True)) == [1, 2]
    client.force_login(cast.scholar)
    shown = client.get(reverse("submission", args=[plan.pk])).content.decode()
    assert "The deliverables have dates</bdi>: <strong>not yet</strong>" in shown
    assert "Something else" not in shown


def test_open_review_stays_on_its_rubric_where_a_newer_one_is_published(cast, plan, review):
    publish_rubric(milestone=plan.milestone, lines="Something else", drawn_from=1, reason="Clearer", **by_staff(cast))
    send_again(cast, plan)
    assert Review.objects.get().rubric.number == 1


def test_without_a_rubric_feedback_and_outcome_are_a_review(cast, plan, review, client):
    Review.objects.update(rubric=None)
    client.force_login(cast.other_mentor)
    facts = {"read": str(review.text_id), "outcome": "pass", "words": "Clear", "reasons": "Sound"}
    client.post(reverse("review_write", args=[review.pk]), facts)
    assert (Review.objects.get().outcome, Review.objects.get().answers) == ("pass", [])


# Who


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("scholar", (404, 403)),
        ("mentor", (404, 403)),
        ("coach", (404, 403)),
        ("staff", (403, 403)),
        ("other_mentor", (200, 302)),
        ("other_scholar", (404, 404)),
        ("other_coach", (404, 404)),
        ("stranger", (404, 404)),
    ],
)
def test_review_is_written_by_its_reader_alone(cast, review, client, who, answers):
    """Before it is given, and after."""
    client.force_login(getattr(cast, who))
    address = reverse("review_write", args=[review.pk])
    opened = client.get(address).status_code
    given(cast, review)
    assert (opened, client.get(address).status_code) == answers


def test_review_is_seen_once_it_is_given_and_not_before(cast, plan, review, client):
    client.force_login(cast.other_mentor)
    client.post(reverse("draft"), {"_form": "review", "_about": str(review.pk), "words": "cardamom"})
    given(cast, review, words="saffron")
    for who in ("scholar", "mentor", "coach", "staff", "other_mentor"):
        client.force_login(getattr(cast, who))
        shown = client.get(reverse("submission", args=[plan.pk])).content.decode()
        assert ("saffron" in shown, "cardamom" in shown) == (True, False)


def test_reader_who_mentors_the_scholar_by_now_gives_none(cast, plan, review):
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    refused_at("reader", given, cast=cast, review=review)


def test_scholar_revises_with_the_review_before_them(cast, plan, review, client):
    given(cast, review, outcome="revise", words="Narrow it down")
    client.force_login(cast.scholar)
    shown = client.get(reverse("submission_write", args=[plan.pk])).content.decode()
    assert "Narrow it down" in shown
    assert "Version 2 of your research plan" in shown


def test_page_asks_the_same_whatever_came_before(cast, plan, review, client):
    client.force_login(cast.other_mentor)
    few = questions(client, reverse("review_write", args=[review.pk]))
    for number in range(10):
        Review.objects.create(
            submission=plan, text=review.text, reader=review.reader, due_at=WEEK_SIX, outcome="revise",
            reasons=f"Reason {number}", given_at=WEEK_SIX, created_at=WEEK_SIX,
        )  # fmt: skip
    assert questions(client, reverse("review_write", args=[review.pk])) == few <= 12


# Letters


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("moment"))


def deliver_all(at: dt.datetime) -> None:
    while message := outbox.claim(at):
        outbox.deliver(message, at)


def test_reader_gets_one_letter_however_many_versions_follow_before_they_answer(cast, plan, review, mailoutbox):
    for turn in range(3):
        send_again(cast, plan, f"Version {turn}", at=WEEK_SIX + turn * HOUR)
    deliver_all(WEEK_SIX + 3 * HOUR)
    (message,) = letters("review_waits")
    assert (message.person, message.sent_at) == (cast.other_mentor, WEEK_SIX + 3 * HOUR)
    (mail,) = mailoutbox
    assert mail.subject == "To read by Wed 17 Feb 23:59: the research plan of Sana Scholar"
    assert f"/reviews/{review.pk}/write/" in mail.body


@pytest.mark.parametrize("how", ["given", "taken off", "mentors them by now"])
def test_letter_to_read_what_is_read_no_more_is_dropped(cast, plan, review, mailoutbox, how):
    if how == "given":
        Review.objects.update(given_at=WEEK_SIX, outcome="pass", reasons="Sound")
    elif how == "taken off":
        Review.objects.update(archived_at=WEEK_SIX)
    else:
        a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    deliver_all(WEEK_SIX)
    assert (len(mailoutbox), bool(letters("review_waits")[0].dropped_why)) == (0, True)


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [
        ("pass", "Your research plan has passed"),
        ("revise", "A next version of your research plan, by Wed 17 Feb 18:00"),
    ],
)
def test_scholar_gets_one_letter_for_a_review(cast, review, mailoutbox, outcome, subject):
    given(cast, review, outcome=outcome, words="saffron")
    deliver_all(WEEK_SIX)
    (mail,) = [mail for mail in mailoutbox if mail.to == [cast.scholar.email]]
    assert (mail.subject, "saffron" in mail.body) == (subject, False)
    assert f"/submissions/{review.submission_id}/" in mail.body


def test_letter_that_asks_for_what_was_sent_is_dropped(cast, plan, review, mailoutbox):
    given(cast, review, outcome="revise")
    send_again(cast, plan, at=WEEK_SIX + HOUR)
    deliver_all(WEEK_SIX + HOUR)
    (message,) = letters("review_given")
    assert (message.sent_at, message.dropped_why) == (None, "The next version was sent.")
