"""A person's timeline for staff: week by week, newest first, and 1-1s as bare facts where they may be read."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cohorts.models import Phase, Role
from mats.identity.transaction import acting
from mats.pages.timeline.reading import Timeline, read_timeline
from mentorship.models import Absence, Action, Meeting, PairingWeek
from tests.cast import (
    LAST_DAY,
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
from tests.mats.test_cohort_health import away, meeting_of_week

DAY = dt.timedelta(days=1)


def read(cast, who="scholar", at=WEEK_SIX, **how) -> Timeline:
    with acting(cast.staff, at):
        return read_timeline(cast.place[who], cast.staff, at, **how)


def told(cast, who="scholar", **how) -> list[tuple[int, str, str]]:
    """The entries as (week, what, words), in the order shown."""
    return [(week.number, one.what, one.words) for week, entries in read(cast, who, **how).weeks for one in entries]


def page(cast, person=None, query="", who="scholar") -> tuple[int, str]:
    client = Client()
    client.force_login(person or cast.staff)
    answer = client.get(f"/people/{cast.place[who].pk}/timeline/{query}")
    return answer.status_code, answer.content.decode()


def an_action(cast, what: str, **fields) -> Action:
    facts = {"pairing": cast.pairing, "owner": cast.place["scholar"], "added_by": cast.mentor}
    return Action.objects.create(what=what, **facts, **{"created_at": WEEK_SIX - 7 * DAY, **fields})


def test_weeks_are_newest_first_and_only_those_that_hold_something(cast):
    a_log(cast.place["scholar"], 2, done="Two.")
    a_log(cast.place["scholar"], 4)

    assert [week.number for week, _ in read(cast, show="logs").weeks] == [6, 4, 2]


def test_log_says_its_state_and_its_first_line(cast):
    a_log(cast.place["scholar"], 5, done="\n**Five** seeds done.\nMore below.")

    (_, [log]), *_ = read(cast, show="logs").weeks[1:]

    assert (log.words, log.more, log.mark) == (
        "on time, sent Wed 3 Feb 17:00",
        "Five seeds done.",
        ("log", "on_time"),
    )
    assert told(cast, show="logs")[0] == (6, "Weekly log", "not due yet")


def test_meeting_says_with_whom_what_became_of_it_and_from_where_it_was_moved(cast):
    meeting_of_week(cast, 5, outcome="met")
    Meeting.objects.filter(pk=cast.meeting.pk).update(moved_at=WEEK_SIX, moved_from=WEEK_SIX - DAY)

    assert told(cast, show="meetings") == [
        (6, "Meeting with Mira Mentor", "not met yet, Thu 11 Feb 14:00, moved from Tue 9 Feb 12:00"),
        (5, "Meeting with Mira Mentor", "met, Thu 4 Feb 14:00"),
    ]


def test_meeting_that_did_not_take_place_says_who_was_missing(cast):
    meeting = meeting_of_week(cast, 5, outcome="did_not_meet")
    Absence.objects.create(meeting=meeting, said_by=cast.scholar, who="mentor", created_at=WEEK_SIX)

    assert (5, "Meeting with Mira Mentor", "did not meet (the mentor was missing)") in told(cast, show="meetings")


def test_meetings_of_two_mentors_stand_side_by_side(cast):
    second = a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    a_meeting(second, 6, dt.datetime(2027, 2, 9, 9, tzinfo=dt.UTC))

    assert sorted(what for _, what, _ in told(cast, show="meetings")) == [
        "Meeting with Mira Mentor",
        "Meeting with Omar Mentor",
    ]


def test_actions_are_done_dropped_with_why_late_or_open(cast):
    an_action(cast, "Ran it", done_at=WEEK_SIX)
    an_action(cast, "Cut it", dropped_at=WEEK_SIX, dropped_why="Too large.")
    an_action(cast, "Plot it", due_on=WEEK_SIX.date() - DAY)
    an_action(cast, "Read it", due_on=WEEK_SIX.date())

    assert sorted(told(cast, show="actions")) == [
        (5, "Action: Cut it", "dropped Wed 10 Feb 12:00: Too large."),
        (5, "Action: Plot it", "late, by Tue 9 Feb"),
        (5, "Action: Ran it", "done Wed 10 Feb 12:00"),
        (5, "Action: Read it", "open, by Wed 10 Feb"),
    ]


def test_days_away_stand_in_the_week_in_which_they_begin(cast):
    away(cast, 3)

    assert told(cast, show="away") == [(3, "Away", "Mon 18 Jan to Sun 24 Jan")]


def test_changes_of_mentor_and_coach_are_told_with_the_reason(cast):
    cast.pairing.ends_on, cast.pairing.end_reason = week_start(3), "Took a new post."
    cast.pairing.save()
    cast.caseload.ends_on = week_start(4) - DAY
    cast.caseload.save()
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], starts_on=week_start(3) + DAY)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=week_start(4))

    found = read(cast, show="pairings").weeks

    assert [(week.number, one.what, one.words, one.more) for week, entries in found for one in entries] == [
        (4, "Odd Coach, coach", "began Mon 25 Jan", ""),
        (3, "Mira Mentor, mentor", "ended Mon 18 Jan", "Took a new post."),
        (3, "Omar Mentor, mentor", "began Tue 19 Jan", ""),
        (3, "Cleo Coach, coach", "ended Sun 24 Jan", ""),
        (1, "Mira Mentor, mentor", "began Mon 4 Jan", ""),
        (1, "Cleo Coach, coach", "began Mon 4 Jan", ""),
    ]


def test_archived_pairing_is_not_told(cast):
    type(cast.pairing).objects.filter(pk=cast.pairing.pk).update(archived_at=WEEK_SIX)
    PairingWeek.objects.update(archived_at=WEEK_SIX)

    assert [what for _, what, _ in told(cast) if "Mira" in what] == []


# 1-1s


def test_one_on_one_is_a_bare_fact(cast):
    a_one_on_one(cast, week_start(5))
    a_note(cast, "cinnamon-lighthouse")

    assert told(cast, show="one_on_ones") == [(5, "1-1", "took place")]
    assert "cinnamon-lighthouse" not in page(cast)[1]


@pytest.mark.parametrize("ends_on", [LAST_DAY, dt.date(2027, 1, 10)], ids=["mentors", "mentored"])
def test_one_on_ones_are_left_out_for_staff_who_mentor_or_mentored(cast, ends_on):
    mentor = a_place(cast.staff, cast.cohort, Role.MENTOR)
    a_pairing(cast.place["scholar"], mentor, is_lead=False, ends_on=ends_on)
    once_only = re.compile(r'name="\w+" value="[\w-]+"|"x-csrftoken": "\w+"')
    before = once_only.sub("", page(cast)[1])

    a_one_on_one(cast, week_start(5))

    assert once_only.sub("", page(cast)[1]) == before
    assert "You mentor or mentored this scholar" in html.unescape(before)
    assert told(cast, show="one_on_ones") == []


def test_coachs_timeline_leaves_out_the_scholar_whom_the_reader_mentored(cast):
    a_one_on_one(cast, week_start(5))
    assert told(cast, "coach", show="one_on_ones") == [(5, "1-1", "took place with Sana Scholar")]

    a_pairing(cast.place["scholar"], a_place(cast.staff, cast.cohort, Role.MENTOR), is_lead=False)

    assert told(cast, "coach", show="one_on_ones") == []


# Mentors, coaches, staff


def test_mentors_timeline_has_their_meetings_with_each_scholar(cast):
    second = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    a_meeting(second, 6, dt.datetime(2027, 2, 9, 9, tzinfo=dt.UTC))

    assert sorted(what for _, what, _ in told(cast, "mentor", show="meetings")) == [
        "Meeting with Otto Scholar",
        "Meeting with Sana Scholar",
    ]


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("scholar", ["", "logs", "meetings", "actions", "milestones", "one_on_ones", "away", "pairings"]),
        ("mentor", ["", "meetings", "actions", "away", "pairings"]),
        ("coach", ["", "one_on_ones", "away", "pairings"]),
        ("staff", ["", "away"]),
    ],
)
def test_links_are_of_what_a_role_has(cast, who, links):
    assert [show for show, _ in read(cast, who).links] == links


# The page


def test_page_leads_to_logs_and_meetings(cast):
    content = page(cast)[1]

    assert f'href="/logs/{cast.log.pk}/"' in content
    assert f'href="/meetings/{cast.meeting.pk}/"' in content


def test_texts_are_text_and_not_markup(cast):
    an_action(cast, "<script>x</script>")

    assert "&lt;script&gt;x&lt;/script&gt;" in page(cast)[1]


@pytest.mark.parametrize("query", ["?show=nothing", "?phase=x", "?show=%00&phase=%FF", "?show=logs&phase=--"])
def test_unknown_wishes_are_ignored(cast, query):
    assert page(cast, query=query)[0] == 200


def test_scholar_without_anything_yet_reads_what_will_stand_here(cast):
    cast.place["new"] = a_place(a_person("Nora New"), cast.cohort, Role.SCHOLAR)

    assert "Nothing yet. What happens will stand here, week by week." in page(cast, who="new")[1]


def test_earlier_phase_is_a_link(cast):
    first = LAST_DAY + DAY
    term = Phase.objects.create(
        cohort=cast.cohort, kind="term", total_months=6, starts_on=first, ends_on=first + 80 * DAY, created_at=LONG_AGO
    )
    at = dt.datetime.combine(first + 8 * DAY, dt.time(12), tzinfo=dt.UTC)
    main = cast.cohort.phases.get(kind="main")

    assert (read(cast, at=at).phase, read(cast, at=at).weeks) == (term, [])
    assert [week.number for week, _ in read(cast, at=at, phase=str(main.pk), show="logs").weeks] == [6]
    assert read(cast).phases == [main]


def test_what_came_before_the_first_day_stands_in_the_first_week(cast):
    an_action(cast, "Early", created_at=LONG_AGO)

    assert told(cast, show="actions") == [(1, "Action: Early", "open")]


def test_timeline_asks_as_much_of_a_long_season_as_of_a_short_one(cast):
    with CaptureQueriesContext(connection) as few:
        page(cast)
    for number in range(1, 6):
        a_log(cast.place["scholar"], number, done="Done.")
        meeting_of_week(cast, number, outcome="met")
        an_action(cast, f"Action {number}")
        a_one_on_one(cast, week_start(number))
    with CaptureQueriesContext(connection) as many:
        page(cast)

    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("scholar", 403), ("mentor", 403), ("coach", 403), ("staff_elsewhere", 404), ("stranger", 404)],
)
def test_timeline_is_for_staff(cast, who, status):
    assert page(cast, getattr(cast, who))[0] == status
