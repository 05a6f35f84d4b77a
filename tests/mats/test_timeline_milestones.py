"""A timeline's milestones: what was submitted, read and said, and what followed."""

from __future__ import annotations

import datetime as dt

import pytest

from mentorship.models import MidpointLine, SupportPlan, Talk
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_review, a_submission, build_cast, week_start
from tests.mats.test_timeline import read

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


def entries(cast: Cast) -> list[tuple[str, str]]:
    weeks = read(cast, show="milestones").weeks
    return [(one.what, one.words) for _, found in weeks for one in found]


def test_submission_and_its_review_stand_on_their_days(cast):
    row = a_submission(
        a_milestone(cast.cohort), cast.place["scholar"], "A plan.", reader=cast.place["other_mentor"],
        revise_at=WEEK_SIX + DAY,
    )  # fmt: skip
    a_review(row, given_at=WEEK_SIX - DAY, outcome="revise", reasons="Say for whom.")

    assert entries(cast) == [
        ("Omar Mentor’s review of the research plan", "a next version is asked for, by Thu 11 Feb 12:00"),
        ("Research plan", "on time, submitted Fri 22 Jan 17:00"),
    ]


def test_line_talk_and_plan_stand_on_their_days(cast):
    line = MidpointLine.objects.create(
        cohort=cast.cohort, milestone=a_milestone(cast.cohort, "midpoint", week_start(5)), mentor=cast.place["mentor"],
        scholar=cast.place["scholar"], due_at=WEEK_SIX, view="not_now", because="No result.", would_change="One.",
        given_at=WEEK_SIX - 7 * DAY, created_at=LONG_AGO,
    )  # fmt: skip
    Talk.objects.create(
        cohort=cast.cohort, scholar=line.scholar, line=line, due_at=WEEK_SIX, talked_on=WEEK_SIX.date(),
        words="Agreed.", done_at=WEEK_SIX, done_by=cast.staff, created_at=LONG_AGO,
    )  # fmt: skip
    SupportPlan.objects.create(
        cohort=cast.cohort, scholar=line.scholar, opened_by=cast.staff, what="A figure.", help_given="An hour.",
        by_when=week_start(8), review_on=week_start(9), review_due_at=WEEK_SIX, created_at=WEEK_SIX,
    )  # fmt: skip

    assert entries(cast) == [
        ("Talk after the mid-point", "with Stella Staff"),
        ("Support plan", "open"),
        ("Mid-point line of Mira Mentor", "not as things stand"),
    ]
