"""Home: for each role what is owed, and nothing of what is not theirs."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coaching.models import OneOnOne
from cohorts.models import Caseload, Cohort, Leave, Person, Role
from cohorts.places import places
from mats.forms.models import Draft
from mats.identity.transaction import acting
from mats.pages.home.reading import read_home
from mentorship.models import Action, Meeting, Pairing, PairingWeek, WeeklyLog
from tests.cast import (
    LONG_AGO,
    WEEK_SIX,
    a_caseload,
    a_log,
    a_meeting,
    a_pairing,
    a_person,
    a_place,
    week_start,
)
from tests.coaching.conftest import a_note, a_one_on_one

DAY = dt.timedelta(days=1)
QUARTER = dt.timedelta(minutes=15)
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
    return (
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())
        .replace(" ,", ",")
        .replace(" .", ".")
        .replace(" ;", ";")
    )


def home_of(person, at=WEEK_SIX):
    request = type("Request", (), {"user": person})()
    with acting(person, at):
        return read_home(person, places(request), at)


def titles(some) -> list[str]:
    return [line.what for line in some]


def an_action(cast, what="Run the ablation", **fields) -> Action:
    fields = {"owner": cast.place["scholar"], "due_on": dt.date(2027, 2, 11), "created_at": WEEK_SIX, **fields}
    if "log" not in fields:
        fields |= {"pairing": cast.pairing, "meeting": fields.get("meeting", cast.meeting)}
    return Action.objects.create(added_by=cast.mentor, what=what, **fields)


def a_draft(cast, saved_at: dt.datetime) -> None:
    draft = Draft(person=cast.scholar, form="weekly-log", about=str(cast.log.pk), saved_at=saved_at)
    draft.content = "{}"
    with acting(cast.scholar, WEEK_SIX):
        draft.save()


def a_plan(cast, start: dt.datetime, coach: str = "coach") -> OneOnOne:
    place = cast.place[coach]
    with acting(place.person, WEEK_SIX):
        return OneOnOne.objects.create(
            coach=place, about=cast.place["scholar"], planned=(start, start + 3 * QUARTER), created_at=WEEK_SIX
        )


def away(cast, who: str, first: dt.date, last: dt.date) -> Leave:
    return Leave.objects.create(membership=cast.place[who], starts_on=first, ends_on=last, created_at=LONG_AGO)


def held_last_week(cast, **fields):
    """A meeting of week five that is over by its plan."""
    return a_meeting(cast.pairing, 5, dt.datetime(2027, 2, 4, 14, tzinfo=dt.UTC), **fields)


# A scholar


def test_scholar_reads_log_meeting_one_on_one_and_actions(cast):
    an_action(cast)

    said = words(cast.scholar)

    assert "Week 6 of 14 · Mon 8 Feb – Sun 14 Feb · Winter 2027" in said
    assert "Weekly log, week 6 due today 18:00 Write it" in said
    assert "Meeting with Mira Mentor Thu 11 Feb 14:00 Move : Meeting with Mira Mentor … Agenda (0)" in said
    assert "1-1 with Cleo Coach none yet, the first was due 23 days ago (Mon 18 Jan)" in said
    assert "Run the ablation meeting, Thu · by Thu 11 Feb" in said


def test_next_stands_in_the_order_of_time(cast):
    a_one_on_one(cast, dt.date(2027, 2, 8))
    a_plan(cast, WEEK_SIX + 2 * DAY)

    assert titles(home_of(cast.scholar).next) == [
        "Weekly log, week 6",
        "Meeting with Mira Mentor",
        "1-1 with Cleo Coach",
    ]


def test_older_log_is_still_open_and_said_without_blame(cast):
    a_log(cast.place["scholar"], 4)
    a_log(cast.place["scholar"], 5, done="Labelled forty samples.")

    assert titles(home_of(cast.scholar).next)[:2] == ["1-1 with Cleo Coach", "Weekly log, week 4"]
    assert "Weekly log, week 4 was due Wed 27 Jan 18:00, still welcome" in words(cast.scholar)
    assert "week 5" not in words(cast.scholar)


def test_log_sent_this_week_is_done(cast):
    WeeklyLog.objects.update(done="Trained it.", submitted_at=WEEK_SIX)

    assert "Done this week ✓ Weekly log, week 6 sent today 12:00" in words(cast.scholar)
    assert "Weekly log, week 6" not in titles(home_of(cast.scholar).next)


def test_log_of_a_week_to_come_stands_under_later(cast):
    a_log(cast.place["scholar"], 7)
    a_log(cast.place["scholar"], 9)

    assert titles(home_of(cast.scholar).later) == ["Weekly log, week 7"]
    assert "Later Weekly log, week 7 due Wed 17 Feb 18:00" in words(cast.scholar)


def test_draft_says_when_it_was_saved(cast):
    a_draft(cast, WEEK_SIX - 5 * QUARTER)

    assert "due today 18:00 · draft saved 10:45" in words(cast.scholar)


def test_nothing_is_owed_for_a_week_away(cast):
    away(cast, "scholar", week_start(6), week_start(6) + 4 * DAY)

    said = words(cast.scholar)

    assert "Weekly log" not in said
    assert "Away Mon 8 Feb – Fri 12 Feb" in said


def test_meeting_that_was_moved_says_from_when(cast):
    Meeting.objects.update(moved_at=WEEK_SIX, moved_from=WEEK_SIX + 2 * QUARTER)

    assert "Meeting with Mira Mentor Thu 11 Feb 14:00, was today 12:30" in words(cast.scholar)


def test_meeting_shows_the_others_clock_beside_ones_own(cast):
    Person.objects.filter(pk=cast.mentor.pk).update(time_zone="America/New_York")

    assert "Thu 11 Feb 14:00 · 09:00 New York" in words(cast.scholar)
    assert "Sana Scholar Thu 11 Feb 09:00 · 14:00 London" in words(cast.mentor)


def test_week_without_a_meeting_leads_to_planning_one(cast):
    week = PairingWeek.objects.get()
    Meeting.objects.update(is_live=False)

    assert "Meeting with Mira Mentor no time planned for week 6 yet Plan it" in words(cast.scholar)
    assert reverse("meeting_plan", args=[week.pk]) in page(cast.scholar).decode()


def test_scholar_is_asked_first_about_a_meeting_nobody_started(cast):
    held_last_week(cast)

    asked = "Meeting with Mira Mentor was Thu 4 Feb 14:00. Did you meet? We met"
    assert asked in words(cast.scholar)
    assert page(cast.scholar).decode().count("We did not meet") == 1
    assert "Sana Scholar was Thu 4 Feb 14:00; nobody has said yet whether you met" in words(cast.mentor)


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "met", "outcome_at": WEEK_SIX},
        {"outcome": "did_not_meet", "outcome_at": WEEK_SIX},
        {"held": (WEEK_SIX - 6 * DAY, WEEK_SIX - 6 * DAY + QUARTER)},
        {"is_live": False},
    ],
)
def test_nobody_is_asked_about_a_meeting_that_was_held_answered_or_called_off(cast, fields):
    held_last_week(cast, **fields)

    assert "Did you meet?" not in words(cast.scholar)


def test_meeting_of_long_ago_is_not_asked_about(cast):
    a_meeting(cast.pairing, 1, dt.datetime(2027, 1, 7, 14, tzinfo=dt.UTC))

    assert "Did you meet?" not in words(cast.scholar)


def test_meeting_that_goes_on_says_so(cast):
    Meeting.objects.update(held=(WEEK_SIX - QUARTER, WEEK_SIX + QUARTER))

    assert "Meeting with Mira Mentor going on now" in words(cast.scholar)


def test_meeting_that_was_met_is_done(cast):
    Meeting.objects.update(outcome="met", outcome_at=WEEK_SIX - QUARTER)

    assert "Meeting with Mira Mentor" not in titles(home_of(cast.scholar).next)
    assert "✓ Meeting with Mira Mentor met" in words(cast.scholar)


def test_next_meetings_stand_under_later_for_two_weeks(cast):
    for number, day in ((7, 18), (9, 4)):
        month = 2 if number == 7 else 3
        a_meeting(cast.pairing, number, dt.datetime(2027, month, day, 14, tzinfo=dt.UTC))

    for who in ("scholar", "mentor"):
        [line] = [line for line in home_of(getattr(cast, who)).later if line.what.startswith("Meeting")]
        assert "Thu 18 Feb 14:00" in line.due


def test_scholar_reads_when_they_last_spoke_with_the_coach(cast):
    a_one_on_one(cast, dt.date(2027, 2, 8))

    assert "1-1 with Cleo Coach last on Mon 8 Feb, the next due in 12 days (Mon 22 Feb)" in words(cast.scholar)


@pytest.mark.parametrize("who", ["scholar", "coach"])
def test_one_on_one_due_on_a_day_away_is_due_the_day_after(cast, who):
    a_one_on_one(cast, dt.date(2027, 2, 8))
    away(cast, who, dt.date(2027, 2, 21), dt.date(2027, 2, 23))

    assert "the next due in 14 days (Wed 24 Feb)" in words(cast.scholar)


def test_planned_one_on_one_stands_in_the_readers_zone(cast):
    Person.objects.filter(pk=cast.scholar.pk).update(time_zone="Asia/Tokyo")
    a_plan(cast, WEEK_SIX + DAY)

    assert "1-1 with Cleo Coach Thu 11 Feb 21:00 · 12:00 London" in words(cast.scholar)
    assert "Sana Scholar 1-1 Thu 11 Feb 12:00 · 21:00 Tokyo" in words(cast.coach)


def test_working_notes_change_nothing_on_a_scholars_home(cast):
    before = page(cast.scholar)
    a_note(cast)

    assert page(cast.scholar) == before


# Actions


def test_actions_are_open_done_this_week_or_gone(cast):
    an_action(cast, "open")
    an_action(cast, "done", done_at=WEEK_SIX - DAY)
    an_action(cast, "long done", done_at=WEEK_SIX - 8 * DAY)
    an_action(cast, "dropped", dropped_at=WEEK_SIX - DAY, dropped_why="No longer needed.")
    an_action(cast, "the mentor's", owner=cast.place["mentor"])
    home = home_of(cast.scholar)

    assert [[one.row.what for one in some] for some in (home.actions, home.actions_done)] == [["open"], ["done"]]


def test_late_action_comes_first_and_one_without_a_day_last(cast):
    an_action(cast, "some day", due_on=None)
    an_action(cast, "tomorrow")
    an_action(cast, "long ago", due_on=dt.date(2027, 2, 1))
    lines = home_of(cast.scholar).actions

    assert [(one.row.what, one.due, one.late) for one in lines] == [
        ("long ago", "was for Mon 1 Feb", True),
        ("tomorrow", "by Thu 11 Feb", False),
        ("some day", "", False),
    ]


def test_action_says_where_it_comes_from(cast):
    an_action(cast, "of the log", log=cast.log)
    an_action(
        cast, "of an old meeting", meeting=a_meeting(cast.pairing, 2, dt.datetime(2027, 1, 14, 14, tzinfo=dt.UTC))
    )
    an_action(cast, "of none", meeting=None)

    said = words(cast.scholar)

    assert "of the log your log" in said
    assert "of an old meeting meeting, Thu 14 Jan" in said
    assert "of none agreed outside a meeting" in said


def test_tick_does_it_once_and_comes_back(cast, client):
    action = an_action(cast)
    client.force_login(cast.scholar)
    form = re.search(
        r'action="(/actions/\S+/done/)".*?name="_key" value="(\S+)"', client.get("/").content.decode(), re.S
    )
    sent = {"_form": "action-done", "_key": form[2], "back": "/"}

    assert [client.post(form[1], sent).url for _ in range(2)] == ["/", "/"]
    action.refresh_from_db()
    assert (action.version, action.done_at is not None) == (2, True)
    assert "✓ Run the ablation" in words(cast.scholar)


# A mentor


def test_mentor_reads_meetings_with_two_lines_of_each_log(cast):
    cast.log.done = "Trained the probe on layer 14.\nSelectivity is 0.12.\nA third line."
    cast.log.submitted_at = WEEK_SIX
    cast.log.save()

    said = words(cast.mentor)

    assert "Sana Scholar Thu 11 Feb 14:00" in said
    assert "Log of week 6 : Trained the probe on layer 14. Selectivity is 0.12. Open" in said


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"links": "https://example.org/probe"}, "https://example.org/probe"),
        ({"is_away": True}, "Away or ill this week."),
    ],
)
def test_log_without_words_shows_its_link_or_that_they_are_away(cast, fields, shown):
    WeeklyLog.objects.update(submitted_at=WEEK_SIX, **fields)

    assert f"Log of week 6 : {shown}" in words(cast.mentor)


def test_mentor_reads_that_there_is_no_log_or_no_time_yet(cast):
    second = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    PairingWeek.objects.create(
        pairing=second, week_starts_on=week_start(6), number=6, closes_at=CLOSES, created_at=LONG_AGO
    )

    said = words(cast.mentor)

    assert "Otto Scholar no time planned for week 6 yet Plan it, Otto Scholar no log for week 6 yet" in said
    assert "Sana Scholar Thu 11 Feb 14:00" in said


def test_mentor_reads_whom_they_have_not_met_first(cast):
    second = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    a_meeting(second, 6, WEEK_SIX - DAY, outcome="met", outcome_at=WEEK_SIX - DAY)

    assert titles(home_of(cast.mentor).scholars) == ["Sana Scholar", "Otto Scholar"]
    assert "Otto Scholar met in week 6" in words(cast.mentor)


def test_draft_of_a_log_is_nothing_to_a_mentor(cast):
    before = page(cast.mentor)
    a_draft(cast, WEEK_SIX)

    assert page(cast.mentor) == before


def test_mentors_home_is_the_same_bytes_with_and_without_coaching(cast):
    before = page(cast.mentor)
    a_note(cast)
    a_one_on_one(cast)
    a_plan(cast, WEEK_SIX + DAY)

    assert page(cast.mentor) == before


def test_mentor_reads_no_scholar_of_others(cast):
    assert titles(home_of(cast.mentor).scholars) == ["Sana Scholar"]
    assert home_of(cast.other_mentor).scholars == []


def test_mentor_whose_pairing_has_ended_reads_nothing_more_of_it(cast):
    Pairing.objects.filter(pk=cast.pairing.pk).update(ends_on=dt.date(2027, 2, 9), end_reason="Left.")
    WeeklyLog.objects.update(done="it", submitted_at=WEEK_SIX)
    home = home_of(cast.mentor)

    assert (home.scholars, home.later) == ([], [])


# A coach


def test_coach_reads_who_waited_longest_first(cast):
    other = a_place(a_person("Wanda Waiting"), cast.cohort, Role.SCHOLAR)
    a_caseload(other, cast.place["coach"])
    a_one_on_one(cast, dt.date(2027, 2, 8))

    said = words(cast.coach)

    assert "Wanda Waiting no 1-1 yet, the first was due 23 days ago (Mon 18 Jan)" in said
    assert "Sana Scholar last 1-1 on Mon 8 Feb, the next due in 12 days (Mon 22 Feb)" in said
    assert titles(home_of(cast.coach).caseload) == ["Wanda Waiting", "Sana Scholar"]


def test_coach_reads_planned_ones_before_those_that_wait(cast):
    a_caseload(a_place(a_person("Wanda Waiting"), cast.cohort, Role.SCHOLAR), cast.place["coach"])
    a_plan(cast, WEEK_SIX + DAY)

    assert titles(home_of(cast.coach).caseload) == ["Sana Scholar", "Wanda Waiting"]


def test_coach_is_asked_whether_a_planned_one_took_place(cast):
    a_plan(cast, WEEK_SIX - DAY)
    a_plan(cast, WEEK_SIX + DAY)

    assert "Sana Scholar planned for Tue 9 Feb 12:00. Did it take place? Say" in words(cast.coach)
    assert "Did it take place" not in words(cast.scholar)


def test_coach_who_mentors_a_scholar_has_no_line_of_them(cast):
    home = home_of(cast.mentor_and_coach)

    assert home.caseload == []
    assert "Otto Scholar no 1-1" not in words(cast.mentor_and_coach)


# Several places


def test_person_with_several_roles_reads_all_of_it(cast):
    Caseload.objects.filter(coach=cast.place["both_as_coach"]).delete()
    a_caseload(cast.place["other_scholar"], a_place(cast.scholar, cast.cohort, Role.COACH))
    home = home_of(cast.scholar)

    assert "Weekly log, week 6" in titles(home.next)
    assert titles(home.caseload) == ["Otto Scholar"]
    assert sorted((say for say, _ in home.ways_to_be_away), reverse=True) == [
        "Note the days as scholar of Winter 2027",
        "Note the days as coach of Winter 2027",
    ]


def test_places_are_named_when_there_are_several_cohorts(cast):
    a_place(cast.scholar, cast.other_cohort, Role.MENTOR)

    said = words(cast.scholar)

    assert "Weekly log, week 6 due today 18:00 · Winter 2027" in said
    assert "· Summer 2027" in said


def test_own_days_away_lead_to_their_page_and_others_do_not_show(cast):
    leave = away(cast, "mentor", dt.date(2027, 2, 15), dt.date(2027, 2, 15))

    assert f"/leave/{leave.pk}/change/?back=/" in page(cast.mentor).decode()
    assert "Away Mon 15 Feb" in words(cast.mentor)
    assert "Away Mon 15 Feb" not in words(cast.scholar)


def queries(person) -> int:
    client = Client()
    client.force_login(person)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    return len([one for one in asked if one["sql"].startswith(("SELECT", "(")) and "set_config" not in one["sql"]])


def test_home_asks_as_much_at_any_size(cast):
    few = [queries(person) for person in (cast.scholar, cast.mentor, cast.coach)]
    for number in range(30):
        scholar = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        a_log(scholar, 6, done="it")
        a_meeting(a_pairing(scholar, cast.place["mentor"]), 6, WEEK_SIX + number * DAY)
        a_caseload(scholar, cast.place["coach"])
        an_action(cast, f"action {number}")

    assert [queries(person) for person in (cast.scholar, cast.mentor, cast.coach)] == few
    assert max(few) <= 11


# Others


def test_staff_land_on_cohort_health(client, cast):
    client.force_login(cast.staff)

    assert client.get("/")["Location"] == f"/c/{cast.cohort.slug}/health/"


def test_staff_of_a_cohort_that_is_not_launched_land_on_its_set_up(client, cast):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    client.force_login(cast.staff)

    assert client.get("/")["Location"] == f"/c/{cast.cohort.slug}/set-up/"


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
