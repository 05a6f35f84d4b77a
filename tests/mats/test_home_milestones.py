"""Home: what is owed for milestones and extensions, by each role, and what was done."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts.models import Milestone
from mats.forms.models import Draft
from mats.identity.transaction import acting
from mentorship.models import MidpointLine, Review, Round, Submission, SubmittedText, Talk
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_submission, week_start
from tests.mats.test_home import home_of, titles

DAY = dt.timedelta(days=1)
IN_TWELVE_DAYS = WEEK_SIX.date() + 12 * DAY


def due(line) -> str:
    """The words of a line's moment, without marks."""
    return str(line.due).partition(">")[0].split("<")[0].strip()


def research(lines) -> list[str]:
    return [what for what in titles(lines) if not what.startswith(("Weekly log", "Meeting with", "1-1"))]


def a_line(cast: Cast, milestone: Milestone, **fields) -> MidpointLine:
    return MidpointLine.objects.create(
        cohort=cast.cohort, milestone=milestone, scholar=cast.place["scholar"], mentor=cast.place["mentor"],
        due_at=milestone.due_at, created_at=LONG_AGO, **fields,
    )  # fmt: skip


def a_review(cast: Cast, reader: str, **fields) -> Review:
    row = a_submission(
        a_milestone(cast.cohort), cast.place["scholar"], "A plan.", reader=cast.place[reader],
    )  # fmt: skip
    text = SubmittedText.objects.get()
    return Review.objects.create(
        submission=row, text=text, reader=cast.place[reader], due_at=WEEK_SIX + DAY, created_at=LONG_AGO, **fields
    )


def test_milestone_stands_under_later_and_from_a_week_before_it_is_due_under_next(cast):
    a_submission(a_milestone(cast.cohort, "midpoint", IN_TWELVE_DAYS), cast.place["scholar"])

    assert research(home_of(cast.scholar).later) == ["Mid-point"]
    assert research(home_of(cast.scholar, WEEK_SIX + 6 * DAY).next) == ["Mid-point"]


def test_draft_of_what_is_owed_is_told_to_its_writer(cast):
    row = a_submission(a_milestone(cast.cohort), cast.place["scholar"])
    draft = Draft(person=cast.scholar, form="submission", about=str(row.pk), saved_at=WEEK_SIX)
    with acting(cast.scholar, WEEK_SIX):
        draft.save()

    (line,) = [line for line in home_of(cast.scholar).next if line.what == "Research plan"]

    assert str(line.due).endswith(" · draft saved 12:00")


def test_late_milestone_stands_under_next_without_blame(cast):
    row = a_submission(a_milestone(cast.cohort), cast.place["scholar"])

    (line,) = [line for line in home_of(cast.scholar).next if line.what == "Research plan"]

    assert (line.late, due(line), line.url) == (True, "was due", f"/submissions/{row.pk}/write/")


def test_revision_is_owed_once_it_was_asked_for(cast):
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], "A plan.", revise_at=WEEK_SIX + 3 * DAY)

    assert research(home_of(cast.scholar).next) == ["Research plan, next version"]


def test_plan_that_passed_this_week_stands_under_done(cast):
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], "A plan.", passed_at=WEEK_SIX - DAY)

    (line,) = home_of(cast.scholar).done

    assert (line.what, due(line)) == ("Research plan", "passed")


def test_what_passed_before_this_week_is_not_told_again(cast):
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], "A plan.", passed_at=WEEK_SIX - 9 * DAY)

    assert home_of(cast.scholar).done == []


def test_reader_owes_a_review_and_sees_it_done(cast):
    review = a_review(cast, "other_mentor")
    owed = research(home_of(cast.other_mentor).next)

    Review.objects.filter(pk=review.pk).update(given_at=WEEK_SIX, outcome="pass", reasons="It is all there.")

    assert owed == ["Review of Sana Scholar’s research plan"]
    assert (research(home_of(cast.other_mentor).next), titles(home_of(cast.other_mentor).done)) == (
        [],
        ["Sana Scholar’s research plan"],
    )


def test_mentor_owes_the_line_and_its_scholar_reads_it(cast):
    line = a_line(cast, a_milestone(cast.cohort, "midpoint", WEEK_SIX.date() + DAY))
    owed = research(home_of(cast.mentor).next)

    MidpointLine.objects.filter(pk=line.pk).update(view="on_course", given_at=WEEK_SIX)

    assert owed == ["Mid-point line on Sana Scholar"]
    assert research(home_of(cast.mentor).next) == []
    assert research(home_of(cast.scholar).next) == ["Your mentor’s mid-point line"]


def test_talk_is_owed_by_staff_and_seen_by_nobody_else(cast):
    milestone = a_milestone(cast.cohort, "midpoint", week_start(6))
    line = a_line(cast, milestone, view="not_now", because="x", would_change="y", given_at=WEEK_SIX, read_at=WEEK_SIX)
    Talk.objects.create(
        cohort=cast.cohort, scholar=cast.place["scholar"], line=line, due_at=WEEK_SIX + DAY, created_at=WEEK_SIX
    )

    found = {who: research(home_of(getattr(cast, who)).next) for who in ("staff", "mentor", "scholar", "coach")}

    assert found == {"staff": ["Talk with Sana Scholar after the mid-point"], "mentor": [], "scholar": [], "coach": []}


@pytest.mark.parametrize(("days", "where", "words"), [(5, "later", "promised by"), (-1, "next", "were promised by")])
def test_promise_of_staff_is_seen_by_scholars_and_late_it_is_as_visible_as_a_late_log(cast, days, where, words):
    Round.objects.create(
        cohort=cast.cohort, phase=cast.cohort.main_phase, opens_on=week_start(3), closes_on=week_start(4),
        answers_on=week_start(5), letters_on=week_start(9), opens_at=LONG_AGO, closes_at=LONG_AGO,
        answers_due_at=WEEK_SIX + days * DAY, letters_due_at=WEEK_SIX + 30 * DAY, created_at=LONG_AGO,
    )  # fmt: skip

    (line,) = [line for line in getattr(home_of(cast.scholar), where) if line.what == "Answers on extensions"]

    assert (due(line), line.late) == (words, days < 0)


def test_nothing_of_another_scholar_stands_on_home(cast):
    a_submission(a_milestone(cast.cohort), cast.place["other_scholar"])

    assert research(home_of(cast.scholar).next) == []
    assert Submission.objects.count() == 1
