"""Submitting for a milestone: sent in versions, late without blame, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cohorts.models import Membership
from mats.forms.models import Draft
from mats.history.record import EditedMeanwhile
from mats.identity.transaction import acting
from mentorship.actions.submission import give_own_date, submit
from mentorship.models import Review, Submission, SubmittedText
from tests.cast import WEEK_SIX, Cast, a_milestone, a_person, a_place, a_submission, week_start
from tests.cohorts.staff import by_staff, refused_at, unlaunched
from tests.mentorship.counting import questions

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NEXT_FRIDAY = week_start(7) + 4 * DAY


@pytest.fixture
def plan(cast) -> Submission:
    """The research plan that `scholar` owes, due on the Friday of week seven; `other_mentor` reads it."""
    milestone = a_milestone(cast.cohort, due_on=NEXT_FRIDAY, guide="A **threat model**.")
    return a_submission(milestone, cast.place["scholar"], reader=cast.place["other_mentor"])


def sent(cast: Cast, plan: Submission, text: str = "My plan", version: int | None = 0, **facts) -> SubmittedText:
    facts = {"at": WEEK_SIX, "by": cast.scholar, **facts}
    return submit(submission=plan, version=version, text=text, **facts)


def as_now(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


# Versions


def test_first_version_fixes_the_moment_and_later_ones_are_kept_beside_it(cast, plan):
    sent(cast, plan)
    sent(cast, plan, "My better plan", version=1, at=WEEK_SIX + HOUR)
    texts = list(plan.texts.values_list("number", "text", "sent_at"))
    assert as_now(plan).submitted_at == WEEK_SIX
    assert texts == [(1, "My plan", WEEK_SIX), (2, "My better plan", WEEK_SIX + HOUR)]


def test_same_text_again_changes_nothing(cast, plan):
    first = sent(cast, plan)
    Submission.objects.filter(pk=plan.pk).update(revise_at=WEEK_SIX + DAY)
    assert sent(cast, plan, version=1, at=WEEK_SIX + HOUR) == first
    assert as_now(plan).revise_at == WEEK_SIX + DAY


def test_version_of_another_tab_is_a_conflict(cast, plan):
    sent(cast, plan)
    with pytest.raises(EditedMeanwhile):
        sent(cast, plan, "From another tab", version=0)


def test_next_version_answers_what_was_asked(cast, plan):
    sent(cast, plan)
    Submission.objects.filter(pk=plan.pk).update(revise_at=WEEK_SIX + DAY)
    sent(cast, plan, "Revised", version=1)
    assert as_now(plan).revise_at is None


def test_what_nobody_reads_has_passed_once_it_is_sent(cast, plan):
    type(plan.milestone).objects.update(is_read=False)
    sent(cast, plan)
    assert (as_now(plan).passed_at, Review.objects.count()) == (WEEK_SIX, 0)


def test_version_after_it_passed_leaves_it_passed_and_asks_nobody(cast, plan):
    sent(cast, plan)
    Review.objects.all().delete()
    Submission.objects.filter(pk=plan.pk).update(passed_at=WEEK_SIX + HOUR)
    sent(cast, plan, "One more figure", version=1, at=WEEK_SIX + DAY)
    assert (as_now(plan).passed_at, plan.texts.count(), Review.objects.count()) == (WEEK_SIX + HOUR, 2, 0)


# When, and what


def test_submission_never_closes_and_is_late_without_blame(cast, plan, client):
    late = plan.due_at + 30 * DAY
    sent(cast, plan, at=late)
    assert Submission.objects.with_state(late).get(pk=plan.pk).state == "late"


def test_nothing_is_sent_before_launch(cast, plan):
    unlaunched(cast.cohort)
    with pytest.raises(ValidationError, match="not launched yet"):
        sent(cast, plan)


def test_what_is_no_longer_owed_is_not_sent(cast, plan):
    Submission.objects.update(archived_at=WEEK_SIX)
    with pytest.raises(ValidationError, match="no longer owed"):
        sent(cast, plan)


def test_link_alone_is_a_submission_and_nothing_is_none(cast, plan):
    refused_at("text", sent, cast=cast, plan=plan, text="")
    refused_at("links", sent, cast=cast, plan=plan, links="javascript:alert(1)")
    assert sent(cast, plan, "", links="https://a.example/plan").addresses == ["https://a.example/plan"]


@pytest.mark.parametrize(("kind", "form", "refused"), [
    ("plan", "talk", True), ("symposium", "", True), ("symposium", "opera", True), ("symposium", "poster", False),
])  # fmt: skip
def test_talk_or_poster_is_asked_for_a_symposium_alone(cast, kind, form, refused):
    row = a_submission(a_milestone(cast.cohort, kind), cast.place["scholar"])
    if refused:
        refused_at("form", sent, cast=cast, plan=row, form=form)
    else:
        assert sent(cast, row, form=form).form == form


# Its reader


def test_version_that_waits_is_due_to_its_reader_and_a_newer_one_moves_the_review(cast, plan):
    sent(cast, plan)
    review = Review.objects.get()
    assert (review.reader, review.due_at) == (
        cast.place["other_mentor"],
        dt.datetime(2027, 2, 17, 23, 59, 59, tzinfo=dt.UTC),
    )
    second = sent(cast, plan, "Revised", version=1, at=WEEK_SIX + DAY)
    moved = Review.objects.get()
    assert (moved.pk, moved.text, moved.due_at) == (review.pk, second, review.due_at + DAY)


def test_without_a_reader_nothing_is_due_to_anybody(cast, plan):
    Submission.objects.update(reader=None)
    sent(cast, plan)
    assert (Review.objects.count(), as_now(plan).stands(WEEK_SIX)) == (0, "unread")


# A date of one's own


def test_own_date_moves_what_is_due_for_one_scholar(cast, plan):
    give_own_date(submission=plan, version=1, due_on=week_start(9), reason="Ill for two weeks", **by_staff(cast))
    row = as_now(plan)
    assert (row.has_own_date, row.due_at) == (True, dt.datetime(2027, 3, 1, 18, tzinfo=dt.UTC))
    give_own_date(submission=row, version=2, due_on=None, reason="Well again", **by_staff(cast))
    assert (as_now(plan).has_own_date, as_now(plan).due_at) == (False, plan.milestone.due_at)


def test_own_date_has_a_reason_and_lies_ahead_and_comes_before_the_text(cast, plan):
    facts = {"submission": plan, "version": 1, **by_staff(cast)}
    refused_at("reason", give_own_date, due_on=week_start(9), **facts)
    refused_at("due_on", give_own_date, due_on=week_start(6), reason="Before", **facts)
    refused_at("due_on", give_own_date, due_on=dt.date(2027, 4, 12), reason="After they have gone", **facts)
    refused_at("due_on", give_own_date, due_on=dt.date(9999, 12, 31), reason="Never", **facts)
    sent(cast, plan)
    refused_at("", give_own_date, due_on=week_start(9), reason="Late", **{**facts, "version": 2})


# Pages


def page(cast: Cast, who: str, name: str, row: Submission, **data) -> tuple[int, str]:
    client = Client()
    client.force_login(getattr(cast, who))
    address = reverse(name, args=[row.pk])
    answer = client.post(address, data) if data else client.get(address)
    return answer.status_code, answer.content.decode()


def test_scholar_writes_sends_and_finds_it(cast, plan, client):
    client.force_login(cast.scholar)
    written = client.get(reverse("submission_write", args=[plan.pk])).content.decode()
    assert "<strong>threat model</strong>" in written
    answer = client.post(
        reverse("submission_write", args=[plan.pk]),
        {"text": "A *sound* plan", "links": "https://a.example", "_version": "0"},
        follow=True,
    )
    shown = answer.content.decode()
    assert "Your research plan is sent." in shown
    assert "A <em>sound</em> plan" in shown
    assert "Omar Mentor reads it, and answers by" in shown


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        ("scholar", (200, 200, 403)),
        ("mentor", (200, 403, 403)),
        ("other_mentor", (200, 403, 403)),
        ("coach", (200, 403, 403)),
        ("staff", (200, 403, 200)),
        ("other_scholar", (404, 404, 404)),
        ("other_coach", (404, 404, 404)),
        ("mentor_and_coach", (404, 404, 404)),
        ("stranger", (404, 404, 404)),
    ],
)
def test_submission_is_read_by_its_readers_only(cast, plan, who, opened):
    """To read, to write, and to change what staff change."""
    names = ("submission", "submission_write", "submission_date")
    assert tuple(page(cast, who, name, plan)[0] for name in names) == opened
    assert page(cast, who, "submission_changes", plan)[0] == opened[0]
    assert page(cast, who, "submission_reader", plan)[0] == opened[2]


def test_draft_is_seen_by_its_writer_alone_and_nobody_else_keeps_one(cast, plan, client):
    facts = {"_form": "submission", "_about": str(plan.pk), "_version": "0", "text": "cardamom"}
    client.force_login(cast.mentor)
    assert client.post(reverse("draft"), facts).status_code == 404
    client.force_login(cast.scholar)
    client.post(reverse("draft"), facts)
    assert "cardamom" in page(cast, "scholar", "submission_write", plan)[1]
    assert [
        who for who in ("mentor", "staff", "other_mentor") if "cardamom" in page(cast, who, "submission", plan)[1]
    ] == []


def test_version_sent_meanwhile_stands_beside_mine(cast, plan):
    sent(cast, plan, "From the other tab")
    status, shown = page(cast, "scholar", "submission_write", plan, text="From this tab", _version="0")
    assert (status, plan.texts.count()) == (409, 1)
    assert ("From the other tab" in shown, "From this tab" in shown) == (True, True)
    assert 'name="_version" value="1"' in shown


def test_plan_of_a_megabyte_is_refused_in_words_and_comes_back_whole(cast, plan):
    text = "We think so. " * 80_660
    status, shown = page(cast, "scholar", "submission_write", plan, text=text, _version="0")
    assert (status, plan.texts.count()) == (422, 0)
    assert "This is 1,048,580 characters long; at most 20,000 can be kept here." in shown
    assert text in shown


def test_draft_of_a_megabyte_is_not_kept_and_says_so(cast, plan, client):
    client.force_login(cast.scholar)
    text = "We think so. " * 80_660
    facts = {"_form": "submission", "_about": str(plan.pk), "_version": "0", "text": text}
    answer = client.post(reverse("draft"), facts)
    assert (answer.status_code, Draft.objects.count()) == (413, 0)
    assert text in answer.content.decode()


def test_changes_show_words_in_a_long_plan_that_was_revised_here_and_there(cast, plan):
    lines = [f"Line {number} says that a probe of layer {number} reads the answer out." for number in range(120)]
    sent(cast, plan, "\n".join(lines))
    lines[3], lines[110] = lines[3].replace("probe", "lens"), lines[110].replace("answer", "question")
    sent(cast, plan, "\n".join(lines), version=1)
    shown = page(cast, "mentor", "submission_changes", plan)[1]
    assert (shown.count("<del>"), shown.count("<ins>")) == (2, 2)


def test_staff_find_reader_date_and_history(cast, plan):
    with acting(cast.staff, WEEK_SIX):
        give_own_date(submission=plan, version=1, due_on=week_start(9), reason="Ill for two weeks", **by_staff(cast))
    shown = page(cast, "staff", "submission", plan)[1]
    assert "a date of its own" in shown
    assert "Why: Ill for two weeks" in shown
    assert "Mon 1 Mar 18:00 UTC" in shown
    readers = [who for who in ("scholar", "mentor", "coach") if "Ill for two" in page(cast, who, "submission", plan)[1]]
    assert readers == ["scholar"]


@pytest.mark.parametrize("name", ["submission", "submission_write", "submission_changes", "submission_reader"])
def test_page_asks_at_most_twelve_questions_whatever_stands_on_it(cast, plan, client, name):
    client.force_login(cast.scholar if name == "submission_write" else cast.staff)
    sent(cast, plan)
    few = questions(client, reverse(name, args=[plan.pk]))
    for number in range(2, 12):
        text = sent(cast, plan, f"Version {number}", version=number - 1)
        Review.objects.create(
            submission=plan, text=text, reader=cast.place["other_mentor"], due_at=WEEK_SIX, outcome="revise",
            reasons="Not yet", given_at=WEEK_SIX, created_at=WEEK_SIX,
        )  # fmt: skip
        a_place(a_person(f"Mentor {number}"), cast.cohort, "mentor")
    assert questions(client, reverse(name, args=[plan.pk])) == few <= 12


def test_removed_place_sends_nothing(cast, plan):
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(archived_at=WEEK_SIX)
    assert page(cast, "scholar", "submission_write", plan, text="Too late")[0] == 404
