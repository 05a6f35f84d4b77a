"""The coach's list, the scholar's page and My coaching, as read."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coaching.deadlines import next_one_on_one
from cohorts.models import Leave, Role
from mentorship.models import Action
from tests.cast import LONG_AGO, WEEK_SIX, a_caseload, a_log, a_meeting, a_person, a_place, week_start
from tests.coaching.conftest import a_line, a_note, a_one_on_one, a_plan
from tests.coaching.test_note import as_, page_of, unassign

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


@pytest.mark.parametrize(
    ("away", "due_on"),
    [
        ([(dt.date(2027, 2, 8), dt.date(2027, 2, 9))], dt.date(2027, 2, 10)),
        ([(dt.date(2027, 2, 9),) * 2, (dt.date(2027, 2, 10), dt.date(2027, 2, 19))], dt.date(2027, 2, 20)),
        ([(dt.date(2027, 2, 10), dt.date(2027, 2, 19))], dt.date(2027, 2, 9)),
    ],
    ids=["in it", "in two that touch", "after it"],
)  # fmt: skip
def test_day_that_falls_into_days_away_moves_to_the_first_one_after(cast, away, due_on):
    assert next_one_on_one(cast.caseload, dt.date(2027, 1, 26), WEEK_SIX, away).due_on == due_on


@pytest.mark.parametrize("who", ["scholar", "coach"])
def test_days_away_of_either_move_the_day_on_every_page(client, cast, who):
    a_one_on_one(cast, dt.date(2027, 2, 5))
    Leave.objects.create(
        membership=cast.place[who], starts_on=dt.date(2027, 2, 18), ends_on=dt.date(2027, 2, 21), created_at=WEEK_SIX
    )
    pages = [as_(client, cast.coach).get(page).content.decode() for page in (reverse("coaching"), page_of(cast))]
    assert ["Mon 22 Feb" in page for page in [*pages, mine(client, cast)]] == [True, True, True]


def listed(client, cast) -> str:
    return " ".join(as_(client, cast.coach).get(reverse("coaching")).content.decode().split())


def test_list_shows_the_time_of_a_planned_one_instead_of_the_day_it_is_due(client, cast):
    a_plan(cast)
    assert "Fri 12 Feb 11:00" in listed(client, cast)
    assert "Mon 18 Jan" not in listed(client, cast)


@pytest.mark.parametrize(
    ("last", "wrote_at", "flagged"),
    [
        (None, WEEK_SIX, True),
        (dt.date(2027, 2, 9), WEEK_SIX, True),
        (dt.date(2027, 2, 10), WEEK_SIX, True),
        (dt.date(2027, 2, 10), WEEK_SIX - dt.timedelta(days=1), False),
    ],
)
def test_list_flags_what_was_written_for_the_coach_since_the_last_one(client, cast, last, wrote_at, flagged):
    a_line(cast, at=wrote_at)
    if last:
        a_one_on_one(cast, last)
    assert ("wrote for you</span>" in listed(client, cast)) == flagged


def test_line_for_the_coach_stands_with_its_week_until_the_next_one_and_on_its_day_after(client, cast):
    a_line(cast, at=WEEK_SIX - dt.timedelta(days=1))
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert ("For you only" in page, "With the log of week 6." in page) == (True, True)
    assert "Who can read this: <b>Sana Scholar and you</b>" in page
    a_one_on_one(cast)
    page = client.get(page_of(cast)).content.decode()
    assert ("For you only" in page, "cinnamon-lighthouse" in page) == (False, True)
    assert "wrote this for you only, with the log of week 6" in page


def test_line_that_was_emptied_is_not_shown(client, cast):
    a_line(cast, body="")
    assert "For you only" not in as_(client, cast.coach).get(page_of(cast)).content.decode()


def logs_and_meetings(cast, *missed: int) -> None:
    """Weeks 1 to 5, of which some were missed both ways."""
    for week in range(1, 6):
        a_log(cast.place["scholar"], week, **({} if week in missed else {"done": "read"}))
        start = dt.datetime.combine(week_start(week), dt.time(10), tzinfo=dt.UTC)
        outcome = "did_not_meet" if week in missed else "met"
        a_meeting(cast.pairing, week, start, outcome=outcome, outcome_at=start, outcome_by=cast.mentor)


@pytest.mark.parametrize(
    ("missed", "words"),
    [
        ([4, 5], "no log for weeks 4 and 5; did not meet in weeks 4 and 5"),
        ([3, 4, 5], "no log for weeks 3, 4 and 5; did not meet in weeks 3, 4 and 5"),
        ([5], ""),
        ([2, 3], ""),
        ([3, 5], ""),
    ],
)
def test_two_misses_in_a_row_come_to_the_coach_and_one_says_nothing(client, cast, missed, words):
    logs_and_meetings(cast, *missed)
    page = listed(client, cast)
    assert (words in page, "no log for" in page, "did not meet in" in page) == (True, bool(words), bool(words))


def test_week_away_neither_breaks_a_row_nor_makes_one(client, cast):
    logs_and_meetings(cast, 3, 4, 5)
    Leave.objects.create(
        membership=cast.place["scholar"], starts_on=week_start(4), ends_on=week_start(5), created_at=WEEK_SIX
    )
    assert "no log for weeks 3 and 5; did not meet in weeks 3 and 5" in listed(client, cast)


def an_action(cast, what: str, **fields) -> Action:
    place = cast.place["scholar"]
    return Action.objects.create(
        pairing=cast.pairing, owner=place, added_by=cast.mentor, what=what, created_at=LONG_AGO, **fields
    )


def test_list_counts_late_actions_and_the_page_names_what_became_of_them(client, cast):
    a_one_on_one(cast, dt.date(2027, 2, 5))
    an_action(cast, "Run it", due_on=dt.date(2027, 2, 9))
    an_action(cast, "Plot it", due_on=dt.date(2027, 2, 10))
    an_action(cast, "Read it", done_at=WEEK_SIX)
    an_action(cast, "Long done", done_at=WEEK_SIX - dt.timedelta(days=6))
    an_action(cast, "Ask for it", dropped_at=WEEK_SIX, dropped_why="Somebody else did.")
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "1 action late" in listed(client, cast)
    assert '<bdi>Run it</bdi> · <span class="late">open, was due Tue 9 Feb</span>' in page
    assert "<bdi>Read it</bdi> · <bdi>done</bdi>" in page
    assert "dropped: Somebody else did." in page
    assert ("Plot it" in page, "Long done" in page) == (False, False)


def test_news_are_since_the_last_one_on_one(client, cast):
    a_log(cast.place["scholar"], 4, done="an older log")
    a_log(cast.place["scholar"], 5, done="", links="https://example.org/notebook")
    a_one_on_one(cast, dt.date(2027, 2, 1))
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "New since Mon 1 Feb" in page
    assert ("an older log" in page, "https://example.org/notebook" in page) == (False, True)


def test_edit_of_an_older_log_is_new(client, cast):
    a_log(cast.place["scholar"], 4, done="an older log", edited_at=WEEK_SIX)
    a_one_on_one(cast, dt.date(2027, 2, 9))
    assert "Week 4</a>, edited" in as_(client, cast.coach).get(page_of(cast)).content.decode()


def test_scholars_page_with_everything_on_it_asks_few_questions(client, cast):
    a_line(cast)
    a_plan(cast)
    an_action(cast, "Run it", due_on=dt.date(2027, 2, 9))
    sent = {"_form": "note", "_about": str(cast.place["scholar"].pk), "_key": str(uuid.uuid4()), "working": "half"}
    assert as_(client, cast.coach).post("/drafts/", sent, headers={"HX-Request": "true"}).status_code == 200
    assert questions(client, page_of(cast)) <= QUERIES_MOST
    assert questions(client, reverse("coaching")) <= QUERIES_MOST
    assert questions(as_(client, cast.scholar), reverse("my_coaching")) <= QUERIES_MOST


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


def test_scholar_reads_when_the_next_one_is_in_their_zone_with_the_coachs_beside_it(client, cast):
    a_plan(cast)
    type(cast.scholar).objects.filter(pk=cast.scholar.pk).update(time_zone="America/New_York")
    page = " ".join(mine(client, cast).split())
    assert "Fri 12 Feb 06:00 · 11:00 London</time></strong>, 45 min, with Cleo Coach." in page


def test_scholar_reads_their_own_lines_and_who_can_read_them(client, cast):
    a_line(cast)
    page = mine(client, cast)
    assert "cinnamon-lighthouse" in page
    assert "Who can read this: <b>you and Cleo Coach</b>" in page


def test_lines_for_the_coach_before_are_read_by_the_scholar_alone(client, cast):
    a_line(cast)
    unassign(cast)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=dt.date(2027, 2, 10))
    assert "Who can read this: <b>you</b>" in mine(client, cast)
    assert "cinnamon-lighthouse" not in as_(client, cast.other_coach).get(page_of(cast)).content.decode()


def test_empty_page_says_what_will_stand_here(client, cast):
    page = mine(client, cast)
    assert "None is planned. When your coach plans one, its time stands here." in page
    assert "What you write for your coach only, in a weekly log, will stand here." in page
