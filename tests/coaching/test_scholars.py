"""The coach's list, the scholar's page and My coaching, as read."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coaching.deadlines import next_one_on_one
from cohorts.models import Role
from tests.cast import WEEK_SIX, a_caseload, a_log, a_person, a_place
from tests.coaching.conftest import a_note, a_one_on_one
from tests.coaching.test_note import as_, page_of

QUERIES_MOST = 12


def questions(client, address: str) -> int:
    """Queries of a page; transaction control and set_config are not counted."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    machine = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT set_config")
    return len([query for query in asked.captured_queries if not query["sql"].startswith(machine)])


def more_scholars(cast, number: int) -> None:
    for count in range(number):
        place = a_place(a_person(f"Scholar {count}"), cast.cohort, Role.SCHOLAR)
        a_caseload(place, cast.place["coach"])
        for week in range(1, 7):
            a_log(place, week, done="read papers")


def test_list_names_only_the_own_scholars(client, cast):
    page = as_(client, cast.coach).get(reverse("coaching")).content.decode()
    assert "Sana Scholar" in page
    assert "Otto Scholar" not in page


def test_list_says_how_long_ago_and_when_next(client, cast):
    a_one_on_one(cast, dt.date(2027, 2, 5))
    page = as_(client, cast.coach).get(reverse("coaching")).content.decode()
    assert "Fri 5 Feb" in page
    assert "5 days" in page
    assert "Fri 19 Feb, due in 9 days" in page


def test_list_leaves_out_whom_one_mentors(client, cast):
    page = as_(client, cast.mentor_and_coach).get(reverse("coaching")).content.decode()
    assert "Otto Scholar" not in page
    assert "Nobody is with you yet" in page


@pytest.mark.parametrize("who", ["scholar", "mentor", "staff", "staff_elsewhere", "stranger"])
def test_list_is_for_coaches_only(client, cast, who):
    assert as_(client, getattr(cast, who)).get(reverse("coaching")).status_code == 404


def test_list_asks_the_same_questions_of_1_and_of_30_scholars(client, cast):
    coach = as_(client, cast.coach)
    few = questions(coach, reverse("coaching"))
    more_scholars(cast, 29)
    assert questions(coach, reverse("coaching")) == few <= QUERIES_MOST


def test_scholars_page_asks_few_questions_however_much_there_is(client, cast):
    coach = as_(client, cast.coach)
    few = questions(coach, page_of(cast))
    for day in range(1, 9):
        a_note(cast, f"entry {day}", dated=dt.date(2027, 2, day))
        a_one_on_one(cast, dt.date(2027, 2, day))
    assert questions(coach, page_of(cast)) == few <= QUERIES_MOST


def test_scholars_page_with_a_draft_asks_few_questions_too(client, cast):
    coach = as_(client, cast.coach)
    sent = {"_form": "note", "_about": str(cast.place["scholar"].pk), "_key": str(uuid.uuid4()), "body": "half"}
    assert coach.post("/drafts/", sent, headers={"HX-Request": "true"}).status_code == 200
    assert questions(coach, page_of(cast)) <= QUERIES_MOST


def test_scholars_page_shows_logs_and_meetings(client, cast):
    a_log(cast.place["scholar"], 5, done="Traced the induction heads.")
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "Traced the induction heads." in page
    assert "Week 6, Mira Mentor: not met yet" in page


@pytest.mark.parametrize(
    ("last", "due_on", "words", "since"),
    [
        (None, dt.date(2027, 1, 18), "was due 23 days ago", "no 1-1 yet"),
        (dt.date(2027, 1, 26), dt.date(2027, 2, 9), "was due 1 day ago", "15 days"),
        (dt.date(2027, 1, 27), dt.date(2027, 2, 10), "due today", "14 days"),
        (dt.date(2027, 2, 9), dt.date(2027, 2, 23), "due in 13 days", "1 day"),
    ],
)
def test_next_one_on_one_follows_the_cadence(cast, last, due_on, words, since):
    found = next_one_on_one(cast.caseload, last, WEEK_SIX)
    assert (found.due_on, found.in_words, found.since_in_words) == (due_on, words, since)


def mine(client, cast) -> str:
    return as_(client, cast.scholar).get(reverse("my_coaching")).content.decode()


def test_scholar_reads_what_is_shared_and_nothing_else(client, cast, working, shared):
    page = mine(client, cast)
    assert "saffron-harbour" in page
    assert "cinnamon-lighthouse" not in page
    assert "Cleo Coach and you" in page


def test_scholar_reads_who_coaches_them_and_when_next(client, cast):
    a_one_on_one(cast, dt.date(2027, 2, 5))
    page = " ".join(mine(client, cast).split())
    assert "<strong>Cleo Coach</strong>" in page
    assert "Your last 1-1 was on Fri 5 Feb. The next one is due in 9 days (Fri 19 Feb)." in page


def test_one_on_one_that_was_due_is_said_so(client, cast):
    page = " ".join(mine(client, cast).split())
    assert "You had no 1-1 yet. The next one was due 23 days ago (Mon 18 Jan)." in page


@pytest.mark.parametrize("who", ["mentor", "coach", "staff", "staff_elsewhere", "stranger", "mentor_and_coach"])
def test_my_coaching_is_for_scholars_only(client, cast, who):
    assert as_(client, getattr(cast, who)).get(reverse("my_coaching")).status_code == 404


def test_my_coaching_asks_few_questions(client, cast, working, shared):
    assert questions(as_(client, cast.scholar), reverse("my_coaching")) <= QUERIES_MOST
