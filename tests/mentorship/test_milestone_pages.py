"""What a cohort asks of its scholars: the list for everybody, the table for its staff."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from cohorts.actions.milestone import change_milestone
from cohorts.models import Milestone, Rubric
from mats.identity.transaction import acting
from mentorship.actions.conflict import declare_conflict
from mentorship.actions.reader import assign_reader
from mentorship.actions.submission import give_own_date
from mentorship.models import Submission, SubmittedText
from tests.cast import WEEK_SIX, Cast, a_milestone, a_person, a_place, a_review, a_submission, week_start
from tests.cohorts.staff import by_staff, unlaunched
from tests.mentorship.counting import questions

DAY = dt.timedelta(days=1)
TAGS = re.compile("<[^>]+>")
CELLS = re.compile("<t[hd].*?>(.*?)</t[hd]>", re.DOTALL)


@pytest.fixture
def plan(cast) -> Milestone:
    return a_milestone(cast.cohort, due_on=week_start(7) + 4 * DAY, guide="A **threat model**.")


@pytest.fixture
def submission(cast, plan) -> Submission:
    return a_submission(plan, cast.place["scholar"])


def shown(cast: Cast, client, who: str, name: str, key) -> str:
    client.force_login(getattr(cast, who))
    return client.get(reverse(name, args=[key])).content.decode()


def shown_under(cast: Cast, client, plan: Milestone, show: str) -> list[str]:
    """Who stands under a filter of the table."""
    client.force_login(cast.staff)
    page = client.get(reverse("milestone", args=[plan.pk]), {"show": show}).content.decode()
    return [row[0] for row in table(page)]


def table(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [[TAGS.sub("", cell) for cell in CELLS.findall(row)] for row in body.split("</tr>")[:-1]]


# The list


def test_cohort_without_milestones_says_what_will_stand_there(cast, client):
    assert "Begin with the research plan" in shown(cast, client, "staff", "milestones", cast.cohort.slug)
    page = shown(cast, client, "scholar", "milestones", cast.cohort.slug)
    assert "Staff have set none yet" in page
    assert "A new milestone" not in page


def test_cohort_leads_to_its_milestones(cast, client):
    assert reverse("milestones", args=[cast.cohort.slug]) in shown(cast, client, "scholar", "cohort", cast.cohort.slug)


@pytest.mark.parametrize(
    ("who", "part"),
    [("scholar", "Yours"), ("mentor", "Sana Scholar"), ("coach", "Sana Scholar")],
)
def test_everybody_finds_what_they_have_a_part_in(cast, client, submission, who, part):
    Submission.objects.update(reader=cast.place["other_mentor"])
    page = shown(cast, client, who, "milestones", cast.cohort.slug)
    assert f'<a href="{reverse("submission", args=[submission.pk])}">{part}</a>' in page
    assert "without a reader" not in page


@pytest.mark.parametrize("who", ["other_scholar", "mentor_and_coach", "other_coach"])
def test_nobody_finds_what_they_have_no_part_in(cast, client, submission, who):
    page = shown(cast, client, who, "milestones", cast.cohort.slug)
    assert str(submission.pk) not in page
    assert "threat model" in page


def test_counts_of_staff_lead_to_their_rows(cast, client, plan, submission):
    a_submission(plan, cast.place["other_scholar"], "Sent", reader=cast.place["other_mentor"])
    page = TAGS.sub("", shown(cast, client, "staff", "milestones", cast.cohort.slug))
    assert "2 owe it · 1 sent · 0 passed · 1 without a reader" in page
    assert shown_under(cast, client, plan, "without-reader") == ["Sana Scholar"]
    assert shown_under(cast, client, plan, "sent") == ["Otto Scholar"]


def test_milestones_of_a_cohort_before_launch_are_its_staffs(cast, client, plan):
    unlaunched(cast.cohort)
    client.force_login(cast.scholar)
    assert client.get(reverse("milestones", args=[cast.cohort.slug])).status_code == 404
    assert "stands here, with what they owe" in shown(cast, client, "staff", "milestone", plan.pk)


# One of them


def test_table_says_how_each_stands_and_who_reads_it(cast, client, plan, submission):
    row = a_submission(
        plan, cast.place["other_scholar"], "Sent", submitted_at=plan.due_at + DAY, reader=cast.place["other_mentor"]
    )
    a_review(row, due_at=WEEK_SIX - DAY)
    assert table(shown(cast, client, "staff", "milestone", plan.pk)) == [
        ["Otto Scholar", "with its reader", "sent Sat 20 Feb 18:00, late", "Omar Mentor", "was due Tue 9 Feb 12:00"],
        ["Sana Scholar", "not due yet", "due Fri 19 Feb 18:00", "nobody yet", "—"],
    ]


def test_table_is_for_staff_alone(cast, client, plan, submission):
    page = shown(cast, client, "mentor", "milestone", plan.pk)
    assert ("<table" in page, "Spread readers" in page, "threat model" in page) == (False, False, True)


def test_unknown_filter_shows_everybody(cast, client, plan, submission):
    assert shown_under(cast, client, plan, "x\0") == ["Sana Scholar"]


@pytest.mark.parametrize("name", ["milestones", "milestone"])
def test_page_asks_the_same_whatever_the_number(cast, client, plan, submission, name):
    client.force_login(cast.staff)
    address = reverse(name, args=[plan.pk if name == "milestone" else cast.cohort.slug])
    few = questions(client, address)
    for number in range(30):
        place = a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")
        row = a_submission(plan, place, "A plan", reader=cast.place["other_mentor"])
        a_review(row, due_at=WEEK_SIX)
    assert questions(client, address) == few <= 12


# By staff


def test_staff_set_a_milestone_with_words_to_begin_from(cast, client):
    address = reverse("milestone_add", args=[cast.cohort.slug])
    assert "Theory of change" in shown(cast, client, "staff", "milestone_add", cast.cohort.slug)
    facts = {"kind": "plan", "due_on": "2027-03-01", "is_read": "on", "reading_days": "5", "rubric": "Clear\nSound"}
    client.post(address, facts)
    row = Milestone.objects.get()
    assert (row.due_on, row.reading_days, row.rubrics.get().criteria) == (dt.date(2027, 3, 1), 5, ["Clear", "Sound"])
    assert Submission.objects.count() == 2


def test_moved_milestone_keeps_what_was_submitted_and_moves_the_rest(cast, client, plan, submission):
    done = a_submission(plan, cast.place["other_scholar"], "Sent")
    client.force_login(cast.staff)
    facts = {"due_on": "2027-03-05", "is_read": "on", "reading_days": "7", "reason": "A strike", "_version": "1"}
    client.post(reverse("milestone_change", args=[plan.pk]), facts)
    moved, kept = Submission.objects.get(pk=submission.pk), Submission.objects.get(pk=done.pk)
    assert (moved.due_at, kept.due_at) == (dt.datetime(2027, 3, 5, 18, tzinfo=dt.UTC), plan.due_at)


def test_milestone_that_somebody_answered_is_not_removed(cast, client, plan):
    a_submission(plan, cast.place["scholar"], "Sent")
    client.force_login(cast.staff)
    answer = client.post(reverse("milestone_remove", args=[plan.pk]), {"reason": "No need", "_version": "1"})
    assert answer.status_code == 422
    assert SubmittedText.objects.filter(submission__milestone__archived_at=None).count() == 1


def test_rubric_that_somebody_else_published_meanwhile_stands_above_mine(cast, client, plan):
    client.force_login(cast.staff)
    address = reverse("rubric_change", args=[plan.pk])
    client.post(address, {"lines": "Clear", "drawn_from": "0"})
    answer = client.post(address, {"lines": "Sound", "drawn_from": "0"})
    page = answer.content.decode()
    assert (answer.status_code, "<bdi>Clear</bdi>" in page, 'name="drawn_from" value="1"' in page) == (422, True, True)
    client.post(address, {"lines": "Sound", "drawn_from": "1", "reason": "Clearer"})
    assert list(Rubric.objects.values_list("number", "lines")) == [(1, "Clear"), (2, "Sound")]


def test_reader_finds_what_was_sent_and_how_much_is_still_to_come(cast, client, submission):
    Submission.objects.update(reader=cast.place["other_mentor"], submitted_at=None, passed_at=None)
    ahead = shown(cast, client, "other_mentor", "milestones", cast.cohort.slug)
    Submission.objects.update(submitted_at=WEEK_SIX)
    sent = shown(cast, client, "other_mentor", "milestones", cast.cohort.slug)
    assert [reverse("submission", args=[submission.pk]) in page for page in (ahead, sent)] == [False, True]
    assert "1 will come to you" in " ".join(ahead.split())


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_moved_date_says_by_whom_and_why_to_everybody(cast, client, plan, who):
    with acting(cast.staff, WEEK_SIX):
        change_milestone(
            milestone=plan, version=plan.version, due_on=week_start(9), is_read=plan.is_read, reading_days=7,
            reason="The reading group is away.", **by_staff(cast),
        )  # fmt: skip
    page = shown(cast, client, who, "milestone", plan.pk)
    assert "by Stella Staff" in page
    assert "The reading group is away." in page


def test_scholar_reads_why_their_date_or_reader_changed_and_nothing_of_a_conflict(cast, client, plan):
    row = a_submission(plan, cast.place["scholar"])
    facts = {"submission": row, **by_staff(cast)}
    give_own_date(due_on=week_start(9), reason="Ill for two weeks", version=1, **facts)
    assign_reader(reader=cast.place["other_mentor"], version=2, **facts)
    declare_conflict(
        cohort=cast.cohort, person=cast.other_mentor, scholar=cast.place["scholar"], why="A quarrel", **by_staff(cast)
    )
    page = shown(cast, client, "scholar", "submission", row.pk)
    assert "Ill for two weeks" in page
    assert "Omar Mentor" in page
    assert ("A quarrel" in page, "conflict" in page.lower()) == (False, False)


def test_page_of_a_new_milestone_is_of_one_kind_and_leads_to_those_that_are_missing(cast, client, plan):
    client.force_login(cast.staff)
    here = reverse("milestone_add", args=[cast.cohort.slug])
    page = client.get(here, {"kind": "midpoint"}).content.decode()
    assert "A new mid-point" in page
    assert [f"{here}?kind={kind}" in page for kind in ("plan", "midpoint", "symposium", "final")] == [
        False, False, True, True,
    ]  # fmt: skip
    assert "A page at most" in page


@pytest.mark.parametrize("kind", ["plan", "nothing", ""])
def test_forged_or_existing_kind_is_refused_in_words(cast, client, plan, kind):
    client.force_login(cast.staff)
    facts = {"kind": kind, "due_on": "2027-03-05", "reading_days": "7", "guide": "Mine"}
    with time_machine.travel(WEEK_SIX, tick=False):
        answer = client.post(reverse("milestone_add", args=[cast.cohort.slug]), facts)
    assert (answer.status_code, Milestone.objects.count(), "Mine" in answer.content.decode()) == (422, 1, True)
