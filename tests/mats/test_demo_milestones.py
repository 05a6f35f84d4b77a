"""The demo's milestones in week six, and its mid-point: one of each case, and a walk for each role."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from cohorts.models import Caseload, Person
from mats.pages.demo_cohort.moments import midpoint, week_six
from mats.post.models import Message
from mats.post.tasks import sweep
from mentorship.actions.owed import lay_out_owed
from mentorship.models import (
    Chance,
    MidpointLine,
    Output,
    Pairing,
    Review,
    Round,
    Standard,
    Submission,
    SupportPlan,
    Talk,
)
from tests.cast import WEEK_SIX

pytestmark = pytest.mark.django_db

HALF = 18  # one of each case


def at_midpoint(at: dt.datetime = WEEK_SIX, scholars: int = HALF):
    return midpoint(at, scholars=scholars, suffix="")


def named(part: str) -> Person:
    return Person.objects.get(email=f"{part}@demo.example")


def test_plan_of_the_demo_scholar_passed_this_week_after_a_revision(db):
    week_six(WEEK_SIX, scholars=HALF)

    row = Submission.objects.get(scholar__person=named("scholar"), milestone__kind="plan")

    assert [review.outcome for review in row.reviews.order_by("given_at")] == ["revise", "pass"]
    assert (row.texts.count(), WEEK_SIX - row.passed_at < dt.timedelta(days=2)) == (2, True)


def test_demo_mentor_and_staff_each_have_a_plan_to_read_and_one_needs_a_reader(db):
    week_six(WEEK_SIX, scholars=HALF)

    open_ = Review.objects.filter(given_at=None)
    waiting = Submission.objects.filter(reader=None, submitted_at__isnull=False, milestone__is_read=True)
    assert {review.reader.person for review in open_} == {named("mentor"), named("staff")}
    assert waiting.count() == 1


def test_nobody_reads_whom_they_mentor_or_coach(db):
    week_six(WEEK_SIX, scholars=HALF)

    for row in Submission.objects.filter(reader__isnull=False).select_related("reader", "scholar"):
        assert not Pairing.objects.filter(scholar=row.scholar, mentor__person=row.reader.person_id).exists()
        assert not Caseload.objects.filter(scholar=row.scholar, coach__person=row.reader.person_id).exists()


def test_standard_round_outputs_and_chances_are_there(db):
    week_six(WEEK_SIX, scholars=HALF)

    counts = [model.objects.count() for model in (Standard, Round, Output)]
    assert counts == [1, 1, 6]
    assert Chance.objects.filter(log__scholar__person=named("scholar")).count() == 5


def test_midpoint_has_every_view_and_what_follows_from_it(db):
    at_midpoint()

    views = set(MidpointLine.objects.values_list("view", flat=True))
    assert views == {"", "on_course", "too_early", "not_now"}
    assert (Talk.objects.filter(done_at=None).count(), SupportPlan.objects.filter(reviewed_at=None).count()) == (1, 1)


def test_demo_mentor_owes_a_line_and_the_demo_scholar_has_one_to_read(db):
    at_midpoint()

    owed = MidpointLine.objects.filter(mentor__person=named("mentor"), given_at=None)
    unread = MidpointLine.objects.filter(scholar__person=named("scholar"), given_at__isnull=False, read_at=None)
    assert (owed.count(), unread.count()) == (1, 1)


@pytest.mark.parametrize("moment", [week_six, midpoint], ids=["week six", "midpoint"])
def test_nothing_is_left_to_be_laid_out(db, moment):
    cohort = moment(WEEK_SIX, scholars=HALF)

    assert set(lay_out_owed(cohort, at=WEEK_SIX).values()) == {0}


@pytest.mark.parametrize("days", range(7))
def test_first_sweep_of_the_midpoint_sends_a_handful(db, days):
    at = WEEK_SIX + dt.timedelta(days=days)
    at_midpoint(at)
    before = Message.objects.count()

    with time_machine.travel(at + dt.timedelta(minutes=2), tick=False):
        sweep()

    assert Message.objects.count() - before <= 10


def test_small_cohort_has_its_midpoint_too(db):
    at_midpoint(scholars=1)

    assert MidpointLine.objects.get().view == "too_early"


def test_midpoint_can_be_laid_out_beside_week_six_for_other_people(db, capsys):
    for moment in ("week_six", "midpoint"):
        call_command("demo_cohort", "--moment", moment, "--at", WEEK_SIX.isoformat())
    call_command("demo_cohort", "--who")

    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [
        "Demo cohort: 99 places, week 6 of 14.",
        "Demo cohort at mid-point: 95 places, week 8 of 14.",
    ]
    assert [line.split("\t")[0] for line in told[2:6]] == ["scholar", "mentor", "coach", "staff"]
    assert sorted(line.split("\t")[0] for line in told[6:]) == [
        "coach midpoint",
        "delegate",
        "former scholar",
        "mentor midpoint",
        "outside member",
        "scholar midpoint",
        "staff midpoint",
    ]
