"""What a cohort asks of its scholars: the list for everybody, the table for its staff."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from cohorts.actions.milestone import change_milestone
from cohorts.models import Caseload, Milestone, Rubric
from mats.identity.transaction import acting
from mentorship.actions.conflict import declare_conflict
from mentorship.actions.reader import assign_reader, free_readers
from mentorship.actions.submission import give_own_date
from mentorship.models import Submission, SubmittedText
from tests.cast import WEEK_SIX, Cast, a_caseload, a_milestone, a_person, a_place, a_review, a_submission, week_start
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


# One kind a page


def new_page(cast: Cast, client, query: str = "") -> str:
    client.force_login(cast.staff)
    return client.get(reverse("milestone_add", args=[cast.cohort.slug]) + query).content.decode()


def heading(page: str) -> str:
    return TAGS.sub("", page.partition("<h1>")[2].partition("</h1>")[0])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("plan", "There is a research plan in this cohort already."),
        ("party", "There is no such milestone."),
        ("x%00", "There is no such milestone."),
    ],
)
def test_kind_that_can_not_be_set_is_refused_in_words(cast, client, plan, asked, words):
    page = new_page(cast, client, f"?kind={asked}")
    assert (heading(page), words in page) == ("A new mid-point", True)


def test_cohort_with_every_kind_says_so(cast, client):
    for kind in Milestone.Kind:
        a_milestone(cast.cohort, kind)
    assert heading(new_page(cast, client)) == "Every milestone is set"


# What was changed, and why


def moved(cast: Cast, client, plan: Milestone) -> None:
    client.force_login(cast.staff)
    facts = {"due_on": "2027-03-05", "is_read": "on", "reading_days": "7", "reason": "A <strike>", "_version": "1"}
    client.post(reverse("milestone_change", args=[plan.pk]), facts)


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_everybody_reads_when_the_date_was_moved_and_why(cast, client, plan, who):
    moved(cast, client, plan)
    page = shown(cast, client, who, "milestone", plan.pk)
    assert "by Stella Staff: due on 19 February 2027 → 5 March 2027. Why: <bdi>A &lt;strike&gt;</bdi>" in page
    assert ("What was changed" in page) == (who == "staff")


def test_correction_of_words_is_no_move(cast, client, plan):
    client.force_login(cast.staff)
    facts = {"due_on": "2027-02-19", "is_read": "on", "reading_days": "7", "guide": "New", "_version": "1"}
    client.post(reverse("milestone_change", args=[plan.pk]), {**facts, "reason": "saffron"})
    assert "saffron" in shown(cast, client, "staff", "milestone", plan.pk)
    page = shown(cast, client, "scholar", "milestone", plan.pk)
    assert ("Moved" in page, "saffron" in page) == (False, False)


def test_everybody_reads_who_published_the_rubric_in_force_and_why(cast, client, plan):
    plan.rubrics.create(number=1, lines="Clear", created_at=plan.created_at)
    client.force_login(cast.staff)
    address = reverse("rubric_change", args=[plan.pk])
    assert client.post(address, {"lines": "Sound", "drawn_from": "1"}).status_code == 422
    client.post(address, {"lines": "Sound", "drawn_from": "1", "reason": "Clear is not enough"})
    page = shown(cast, client, "scholar", "milestone", plan.pk)
    assert "Rubric 2, since" in page
    assert ", by Stella Staff: <bdi>Clear is not enough</bdi>. A review keeps" in page


def test_first_rubric_asks_for_no_reason(cast, client, plan):
    assert 'name="reason"' not in shown(cast, client, "staff", "rubric_change", plan.pk)


def test_same_rubric_again_is_said_to_change_nothing(cast, client, plan):
    plan.rubrics.create(number=1, lines="Clear", created_at=plan.created_at)
    client.force_login(cast.staff)
    facts = {"lines": " Clear ", "drawn_from": "1"}
    page = client.post(reverse("rubric_change", args=[plan.pk]), facts, follow=True).content.decode()
    assert "Nothing was changed: these are the words of version 1." in page


def test_page_of_a_milestone_asks_the_same_whatever_was_changed(cast, client, plan, submission):
    moved(cast, client, plan)
    few = [asked(cast, client, who, plan) for who in ("staff", "scholar")]
    for number in range(1, 11):
        plan.rubrics.create(number=number, lines=f"Line {number}", created_at=plan.created_at)
    assert [asked(cast, client, who, plan) for who in ("staff", "scholar")] == few
    assert max(few) <= 12


def asked(cast: Cast, client, who: str, plan: Milestone) -> int:
    client.force_login(getattr(cast, who))
    return questions(client, reverse("milestone", args=[plan.pk]))


# A scholar's own submission


def give(cast: Cast, client, submission: Submission, who: str, reason: str = "") -> None:
    client.force_login(cast.staff)
    version = Submission.objects.get(pk=submission.pk).version
    facts = {"reader": str(cast.place[who].pk), "reason": reason, "_version": str(version)}
    assert client.post(reverse("submission_reader", args=[submission.pk]), facts).status_code == 302


def text(page: str) -> str:
    return " ".join(TAGS.sub("", page.partition('<h2 id="touches">')[2].partition("</section>")[0]).split())


def test_scholar_reads_who_changed_their_reader_and_date_and_why(cast, client, submission):
    give(cast, client, submission, "other_mentor")
    give(cast, client, submission, "staff", "Omar is ill")
    facts = {"due_on": "2027-02-26", "reason": "You were away", "_version": "3"}
    client.post(reverse("submission_date", args=[submission.pk]), facts)
    said = text(shown(cast, client, "scholar", "submission", submission.pk))
    assert "Due Fri 19 Feb 18:00 → Fri 26 Feb 18:00. Stella Staff," in said
    assert "Why: You were away" in said
    assert "Stella Staff reads it, no longer Omar Mentor. Stella Staff," in said
    assert "Why: Omar is ill" in said
    assert "Omar Mentor reads it from now on. Stella Staff," in said


@pytest.mark.parametrize("who", ["mentor", "coach"])
def test_others_do_not_read_what_touches_the_scholar(cast, client, submission, who):
    give(cast, client, submission, "other_mentor")
    give(cast, client, submission, "staff", "Omar is ill")
    page = shown(cast, client, who, "submission", submission.pk)
    assert ("Omar" in page, 'id="touches"' in page) == (False, False)


@pytest.mark.parametrize("how", ["conflict", "coach"])
def test_reader_who_may_no_longer_read_is_said_to_be_one_no_more_and_nothing_else(cast, client, submission, how):
    """Neither of the two that know is told: a conflict is its holder's, and coaching stays where it is."""
    give(cast, client, submission, "other_coach")
    with acting(cast.other_coach, WEEK_SIX):
        if how == "conflict":
            facts = {"person": cast.other_coach, "by": cast.other_coach, "at": WEEK_SIX, "why": "They are siblings"}
            declare_conflict(cohort=cast.cohort, scholar=cast.place["scholar"], **facts)
        else:
            Caseload.objects.all().delete()
            a_caseload(cast.place["scholar"], cast.place["other_coach"])
            free_readers(cast.cohort, WEEK_SIX)
    page = shown(cast, client, "scholar", "submission", submission.pk)
    line = text(page).partition("Odd Coach reads it from now on")[0]
    assert re.fullmatch(r"Date and reader Odd Coach no longer reads it: somebody else will\. [A-Z][^,]+", line.strip())
    for words in ("conflict", "siblings", "coaches or coached"):
        assert words not in line


def test_page_of_a_submission_asks_the_same_however_often_its_reader_changed(cast, client, submission):
    address = reverse("submission", args=[submission.pk])
    give(cast, client, submission, "other_mentor")
    client.force_login(cast.scholar)
    few = questions(client, address)
    for number in range(5):
        give(cast, client, submission, "staff" if number % 2 == 0 else "other_mentor", "Again")
    client.force_login(cast.scholar)
    assert questions(client, address) == few <= 12
