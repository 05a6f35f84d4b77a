"""What is due from staff, and what is late from others, on cohort health."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from mats.identity.transaction import acting
from mats.pages.cohort_health.promises import read_promises
from mentorship.models import MidpointLine, Round, Talk
from tests.cast import (
    LONG_AGO,
    WEEK_SIX,
    Cast,
    a_log,
    a_milestone,
    a_person,
    a_place,
    a_submission,
    build_cast,
    week_start,
)
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


def promises(cast: Cast):
    with acting(cast.staff, WEEK_SIX):
        return read_promises(cast.cohort, cast.staff, WEEK_SIX, {str(cast.place["staff"].pk): "Stella Staff"})


def a_talk(cast: Cast, **fields) -> Talk:
    milestone = a_milestone(cast.cohort, "midpoint", week_start(6))
    line = MidpointLine.objects.create(
        cohort=cast.cohort, milestone=milestone, scholar=cast.place["scholar"], mentor=cast.place["mentor"],
        due_at=milestone.due_at, view="not_now", because="x", would_change="y", given_at=WEEK_SIX, read_at=WEEK_SIX,
        created_at=LONG_AGO,
    )  # fmt: skip
    return Talk.objects.create(
        cohort=cast.cohort,
        scholar=cast.place["scholar"],
        line=line,
        due_at=WEEK_SIX + DAY,
        created_at=WEEK_SIX,
        **fields,
    )


def test_nothing_stands_there_without_milestones(cast):
    found = promises(cast)

    assert (found.due, found.late, found.chances) == ([], [], "")


@pytest.mark.parametrize(("owner", "who"), [(None, "nobody’s yet"), ("staff", "yours")])
def test_talk_is_due_from_staff_and_says_who_has_it(cast, owner, who):
    a_talk(cast, owner=cast.place[owner] if owner else None)

    (due,) = promises(cast).due

    assert (due.what, due.late, due.who) == ("Talk with Sana Scholar after the mid-point", False, who)


def test_submission_without_a_reader_is_due_from_staff(cast):
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], "A plan.")

    (due,) = promises(cast).due

    assert (due.what, due.late, due.who) == ("A reader for Sana Scholar’s research plan", True, "nobody’s yet")


def test_late_promise_of_staff_says_so(cast):
    Round.objects.create(
        cohort=cast.cohort, phase=cast.cohort.main_phase, opens_on=week_start(3), closes_on=week_start(4),
        answers_on=week_start(5), letters_on=week_start(9), opens_at=LONG_AGO, closes_at=LONG_AGO,
        answers_due_at=WEEK_SIX - DAY, letters_due_at=WEEK_SIX + 30 * DAY, created_at=LONG_AGO,
    )  # fmt: skip

    (due,) = promises(cast).due

    assert (due.what, due.late, "was due" in due.when) == ("Answers on extensions", True, True)


def test_what_is_late_from_others_is_counted_by_kind_and_leads_there(cast):
    milestone = a_milestone(cast.cohort)
    for who in ("scholar", "other_scholar"):
        a_submission(milestone, cast.place[who])

    assert promises(cast).late == [("2 × research plan late", f"/milestones/{milestone.pk}/?show=not-sent")]


def test_many_without_a_reader_are_one_line(cast):
    milestone = a_milestone(cast.cohort)
    for who in ("scholar", "other_scholar"):
        a_submission(milestone, cast.place[who], "A plan.")

    (due,) = promises(cast).due

    assert (due.what, due.url) == ("Readers for 2 × research plan", f"/milestones/{milestone.pk}/readers/")


@time_machine.travel(WEEK_SIX, tick=False)
def test_page_shows_them_and_asks_as_much_at_any_size(cast):
    client = Client()
    client.force_login(cast.staff)
    milestone = a_milestone(cast.cohort)
    a_submission(milestone, cast.place["scholar"], "A plan.")
    few = questions(client, "/c/winter-2027/health/")
    for number in range(30):
        scholar = a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")
        a_log(scholar, 6)
        a_submission(milestone, scholar, "A plan.")

    assert questions(client, "/c/winter-2027/health/") == few <= 12
    assert "Readers for 31 × research plan" in client.get("/c/winter-2027/health/").content.decode()
