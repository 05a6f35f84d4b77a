"""Home: for each role what is owed, and nothing of what is not theirs."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.test import Client

from cohorts.models import Cohort, Role
from cohorts.places import places
from mats.identity.transaction import acting
from mats.pages.home import read_home
from mentorship.models import Action, PairingWeek
from tests.cast import LONG_AGO, WEEK_SIX, a_caseload, a_log, a_pairing, a_person, a_place, week_start
from tests.coaching.conftest import a_note, a_one_on_one

DAY = dt.timedelta(days=1)
CLOSES = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
ONCE_ONLY = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"|name="_key" value="[0-9a-f-]{36}"'
)


def page(person) -> bytes:
    client = Client()
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 200
    return ONCE_ONLY.sub(b"", answer.content)


def words(person) -> str:
    """What stands on somebody's Home, in one line."""
    content = page(person).decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split()).replace(" ,", ",")


def home_of(person, at=WEEK_SIX):
    request = type("Request", (), {"user": person})()
    with acting(person, at):
        return read_home(person, places(request), at)


def an_action(cast, what="Run the ablation", **fields) -> Action:
    fields = {"due_on": WEEK_SIX.date() + DAY, "created_at": LONG_AGO, **fields}
    owner = fields.pop("owner", cast.place["scholar"])
    return Action.objects.create(pairing=cast.pairing, owner=owner, added_by=cast.scholar, what=what, **fields)


# A scholar


def test_scholar_reads_log_meeting_one_on_one_and_actions(cast):
    an_action(cast)

    said = words(cast.scholar)

    assert "Week 6 of 14 · Mon 8 Feb – Sun 14 Feb · Winter 2027" in said
    assert "Weekly log, week 6 due Wed 10 Feb 18:00" in said
    assert "Meeting with Mira Mentor Thu 11 Feb 14:00" in said
    assert "1-1 with Cleo Coach none yet, the first was due 23 days ago (Mon 18 Jan)" in said
    assert "Run the ablation by Thu 11 Feb" in said


def test_scholar_reads_older_logs_that_are_still_open(cast):
    a_log(cast.place["scholar"], 4)
    a_log(cast.place["scholar"], 5, done="Labelled forty samples.")

    assert [ahead.log.number for ahead in home_of(cast.scholar).logs] == [6, 5, 4]
    assert "Weekly log, week 4 was due Wed 27 Jan 18:00, still welcome" in words(cast.scholar)


def test_scholar_is_not_asked_for_a_log_of_a_week_to_come(cast):
    a_log(cast.place["scholar"], 7)

    assert [ahead.log.number for ahead in home_of(cast.scholar).logs] == [6]


def test_scholar_reads_when_they_last_spoke_with_the_coach(cast):
    a_one_on_one(cast, dt.date(2027, 2, 8))

    assert "1-1 with Cleo Coach last on Mon 8 Feb, the next due in 12 days (Mon 22 Feb)" in words(cast.scholar)


def test_working_notes_change_nothing_on_a_scholars_home(cast):
    before = page(cast.scholar)
    a_note(cast)

    assert page(cast.scholar) == before


def test_actions_are_open_done_this_week_or_gone(cast):
    an_action(cast, "open")
    an_action(cast, "done", done_at=WEEK_SIX - DAY)
    an_action(cast, "long done", done_at=WEEK_SIX - 8 * DAY)
    an_action(cast, "dropped", dropped_at=WEEK_SIX - DAY, dropped_why="No longer needed.")
    an_action(cast, "the mentor's", owner=cast.place["mentor"])
    home = home_of(cast.scholar)

    assert ([one.what for one in home.actions], [one.what for one in home.done]) == (["open"], ["done"])


# A mentor


def test_mentor_reads_meetings_with_two_lines_of_each_log(cast):
    cast.log.done = "Trained the probe on layer 14.\nSelectivity is 0.12."
    cast.log.submitted_at = WEEK_SIX
    cast.log.save()

    said = words(cast.mentor)

    assert "Sana Scholar Thu 11 Feb 14:00" in said
    assert "Log of week 6 : Trained the probe on layer 14. Selectivity is 0.12." in said


def test_mentor_reads_that_there_is_no_log_or_no_time_yet(cast):
    second = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    PairingWeek.objects.create(
        pairing=second, week_starts_on=week_start(6), number=6, closes_at=CLOSES, created_at=LONG_AGO
    )

    said = words(cast.mentor)

    assert "Otto Scholar no time planned for week 6 yet no log for week 6 yet" in said
    assert "Sana Scholar Thu 11 Feb 14:00" in said


def test_mentors_home_is_the_same_bytes_with_and_without_coaching(cast):
    before = page(cast.mentor)
    a_note(cast)
    a_one_on_one(cast)

    assert page(cast.mentor) == before


def test_mentor_reads_no_scholar_of_others(cast):
    assert [ahead.week.pairing_id for ahead in home_of(cast.mentor).scholars] == [cast.pairing.pk]
    assert home_of(cast.other_mentor).scholars == []


# A coach


def test_coach_reads_who_waited_longest_first(cast):
    other = a_place(a_person("Wanda Waiting"), cast.cohort, Role.SCHOLAR)
    a_caseload(other, cast.place["coach"])
    a_one_on_one(cast, dt.date(2027, 2, 8))

    said = words(cast.coach)

    assert "Wanda Waiting no 1-1 yet, the first was due 23 days ago (Mon 18 Jan)" in said
    assert "Sana Scholar last 1-1 on Mon 8 Feb, the next due in 12 days (Mon 22 Feb)" in said
    assert [ahead.caseload.scholar.person.name for ahead in home_of(cast.coach).caseload] == [
        "Wanda Waiting",
        "Sana Scholar",
    ]


def test_coach_who_mentors_a_scholar_has_no_line_of_them(cast):
    home = home_of(cast.mentor_and_coach)

    assert home.caseload == []
    assert "Otto Scholar last 1-1" not in words(cast.mentor_and_coach)


# Others


def test_staff_land_on_cohort_health(client, cast):
    client.force_login(cast.staff)

    assert client.get("/")["Location"] == f"/c/{cast.cohort.slug}/health/"


def test_staff_of_a_cohort_that_is_not_launched_land_on_its_page(client, cast):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    client.force_login(cast.staff)

    assert client.get("/")["Location"] == f"/c/{cast.cohort.slug}/"


def test_first_person_of_an_installation_lands_on_the_cohorts(client, db, week_six):
    client.force_login(a_person("Fay First", starts_cohorts=True))

    assert client.get("/")["Location"] == "/cohorts/"


def test_stranger_reads_that_there_is_no_place_yet(cast):
    assert "You have no place in a cohort yet." in words(cast.stranger)


def test_nothing_is_owed_before_launch(cast):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)

    for person in (cast.scholar, cast.mentor, cast.coach):
        assert home_of(person).is_empty


@pytest.mark.parametrize(
    ("at", "number"),
    [(dt.datetime(2027, 1, 3, 12, tzinfo=dt.UTC), 0), (WEEK_SIX, 6), (dt.datetime(2027, 4, 12, 12, tzinfo=dt.UTC), 0)],
    ids=["before", "in week six", "after"],
)
def test_week_of_the_cohort_is_told_while_it_runs(cast, at, number):
    [week] = home_of(cast.scholar, at).weeks

    assert (week.number, week.last) == (number, 14)
