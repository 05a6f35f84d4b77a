"""What somebody owes, in one reading: each state of each kind, and who may read it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts import expectations
from cohorts.models import Leave, Membership, Role
from mats.identity.transaction import acting
from mats.pages.demo_cohort.moments import week_six as demo_week_six
from mentorship.models import Meeting, PairingWeek
from tests.cast import (
    LONDON,
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
from tests.coaching.conftest import a_one_on_one

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def read(cast, reader=None, at=WEEK_SIX, **scope):
    reader = reader or cast.staff
    with acting(reader, at):
        found = expectations.rows(at=at, reader=reader, **(scope or {"place": cast.place["scholar"].pk}))
    return sorted(found, key=lambda row: (row.kind, row.day, row.state))


def states(cast, kind: str, **how) -> dict[int, str]:
    return {row.number: row.state for row in read(cast, **how) if row.kind == kind}


def meets(cast, number: int, pairing=None, **fields) -> Meeting:
    starts = dt.datetime.combine(week_start(number) + 3 * DAY, dt.time(14), tzinfo=dt.UTC)
    if fields.get("outcome"):
        fields["outcome_at"] = starts + HOUR
    if fields.get("outcome") == "met":
        fields |= {"held": (starts, starts + HOUR / 3), "ended_at": starts + HOUR / 3}
    return a_meeting(pairing or cast.pairing, number, starts, **fields)


def away(place, number: int, days: int = 6) -> None:
    first = week_start(number)
    Leave.objects.create(membership=place, starts_on=first, ends_on=first + days * DAY, created_at=LONG_AGO)


def test_logs_are_kept_late_missed_excused_or_open(cast):
    scholar = cast.place["scholar"]
    a_log(scholar, 1, done="In time.")
    late = a_log(scholar, 2, done="Late.")
    late.submitted_at = late.due_at + DAY
    late.save()
    a_log(scholar, 3)
    a_log(scholar, 4)
    away(scholar, 4)
    a_log(scholar, 7)

    assert states(cast, "log") == {1: "kept", 2: "late", 3: "missed", 4: "excused", 6: "open"}


def test_log_row_says_who_owes_it_by_when_and_what_it_is_about(cast):
    place = cast.place["scholar"].pk

    row = next(row for row in read(cast) if row.kind == "log")

    assert row == ("log", place, place, cast.cohort.pk, 6, week_start(6), cast.log.due_at, None, "due", cast.log.pk)


def test_meetings_are_kept_missed_excused_unknown_or_open(cast):
    meets(cast, 1, outcome="met")
    meets(cast, 2, outcome="another_day")
    meets(cast, 3, outcome="did_not_meet")
    meets(cast, 4)
    meets(cast, 5, is_live=False)

    assert states(cast, "meeting") == {1: "kept", 2: "kept", 3: "missed", 4: "unknown", 5: "missed", 6: "open"}


@pytest.mark.parametrize("who", ["scholar", "mentor"])
def test_meeting_is_excused_where_one_of_them_is_away_all_week(cast, who):
    meets(cast, 5)
    away(cast.place[who], 5)

    assert states(cast, "meeting")[5] == "excused"


def test_meeting_is_owed_where_somebody_is_away_for_part_of_the_week(cast):
    meets(cast, 5, outcome="did_not_meet")
    away(cast.place["scholar"], 5, days=3)

    assert states(cast, "meeting")[5] == "missed"


def test_meeting_is_excused_where_the_scholars_log_says_away_or_ill(cast):
    meets(cast, 5)
    log = a_log(cast.place["scholar"], 5)
    type(log).objects.filter(pk=log.pk).update(is_away=True, submitted_at=log.due_at)

    assert states(cast, "meeting")[5] == "excused"


def test_meeting_that_took_place_in_a_week_away_is_kept(cast):
    meets(cast, 5, outcome="met")
    away(cast.place["scholar"], 5)

    assert states(cast, "meeting")[5] == "kept"


def test_meeting_moved_into_the_next_week_is_open_until_it_is_over(cast):
    starts = dt.datetime.combine(week_start(6) + 3 * DAY, dt.time(9), tzinfo=dt.UTC)
    a_meeting(cast.pairing, 5, starts)

    assert states(cast, "meeting")[5] == "open"
    assert states(cast, "meeting", at=starts + HOUR)[5] == "unknown"


def test_running_meeting_is_open_and_met_once_its_time_is_up(cast):
    Meeting.objects.filter(pk=cast.meeting.pk).update(held=(WEEK_SIX, WEEK_SIX + HOUR / 2))

    assert [row.word for row in read(cast) if row.kind == "meeting"] == ["running"]
    assert [row.word for row in read(cast, at=WEEK_SIX + HOUR / 2) if row.kind == "meeting"] == ["met"]


def test_week_without_any_meeting_is_missed_when_it_closes(cast):
    week = {"pairing": cast.pairing, "week_starts_on": week_start(5), "number": 5, "created_at": LONG_AGO}
    closes_at = dt.datetime.combine(week_start(6), dt.time(0), tzinfo=ZoneInfo(LONDON))
    PairingWeek.objects.create(closes_at=closes_at, **week)

    assert states(cast, "meeting", at=closes_at - HOUR)[5] == "open"
    assert states(cast, "meeting", at=closes_at)[5] == "missed"


def test_archived_rows_are_owed_no_longer(cast):
    meets(cast, 5)
    PairingWeek.objects.update(archived_at=WEEK_SIX)
    type(cast.log).objects.update(archived_at=WEEK_SIX)

    assert [row.kind for row in read(cast)] == ["one_on_one"]


# 1-1s


def one_on_ones(cast, **how) -> list[tuple[dt.date, str]]:
    return [(row.day, row.state) for row in read(cast, **how) if row.kind == "one_on_one"]


def test_next_one_on_one_is_due_the_cadence_after_the_last_one(cast):
    a_one_on_one(cast, week_start(5))

    assert one_on_ones(cast) == [(week_start(5), "kept"), (week_start(7), "open")]


def test_first_one_on_one_is_due_the_cadence_after_the_caseload_began(cast):
    assert one_on_ones(cast) == [(week_start(3), "missed")]


def test_day_on_which_a_one_on_one_is_due_is_not_late_yet(cast):
    a_one_on_one(cast, WEEK_SIX.date() - 14 * DAY)

    assert one_on_ones(cast)[-1] == (WEEK_SIX.date(), "open")
    assert one_on_ones(cast, at=WEEK_SIX + DAY)[-1] == (WEEK_SIX.date(), "missed")


@pytest.mark.parametrize("who", ["scholar", "coach"])
def test_days_away_put_the_next_one_on_one_off(cast, who):
    a_one_on_one(cast, week_start(4))
    away(cast.place[who], 6, days=3)

    assert one_on_ones(cast)[-1] == (week_start(6) + 4 * DAY, "open")


def test_days_away_of_both_one_after_the_other_put_it_off_twice(cast):
    a_one_on_one(cast, week_start(4))
    away(cast.place["scholar"], 6)
    away(cast.place["coach"], 7)

    assert one_on_ones(cast)[-1] == (week_start(8), "open")


def test_caseload_that_is_over_owes_nothing(cast):
    cast.caseload.ends_on = week_start(5)
    cast.caseload.save()
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=week_start(5) + DAY)

    assert one_on_ones(cast) == [(week_start(7) + DAY, "open")]


# Who may read what


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("staff", {"log", "meeting", "one_on_one"}),
        ("scholar", {"log", "meeting", "one_on_one"}),
        ("coach", {"log", "meeting", "one_on_one"}),
        ("mentor", {"log", "meeting"}),
        ("other_scholar", set()),
        ("other_mentor", set()),
        ("other_coach", set()),
        ("staff_elsewhere", set()),
        ("stranger", set()),
        ("disabled", set()),
    ],
)
def test_rows_are_those_that_the_reader_may_read(cast, who, kinds):
    a_one_on_one(cast, week_start(5))

    assert {row.kind for row in read(cast, reader=getattr(cast, who))} == kinds


@pytest.mark.parametrize("ends_on", [dt.date(2027, 4, 11), dt.date(2027, 1, 10)], ids=["mentors", "mentored"])
def test_staff_who_mentor_or_mentored_get_no_one_on_ones(cast, ends_on):
    a_one_on_one(cast, week_start(5))
    mentor = a_place(cast.staff, cast.cohort, Role.MENTOR)
    a_pairing(cast.place["scholar"], mentor, is_lead=False, ends_on=ends_on)

    assert one_on_ones(cast) == []
    assert one_on_ones(cast, place=cast.place["other_scholar"].pk) == [(week_start(3), "missed")]


def test_row_security_hides_one_on_ones_from_a_reading_without_identity(cast):
    """The second wall: whatever the application says, the database then knows of no 1-1."""
    a_one_on_one(cast, week_start(5))

    found = expectations.rows(at=WEEK_SIX, reader=cast.staff, place=cast.place["scholar"].pk, kinds=["one_on_one"])

    assert [row.word for row in found] == ["overdue"]


# Of a person, of a cohort


def test_of_person_is_what_they_owe_and_are_owed(cast):
    with acting(cast.mentor, WEEK_SIX):
        mentors = expectations.of_person(cast.mentor, WEEK_SIX)
    with acting(cast.coach, WEEK_SIX):
        coachs = expectations.of_person(cast.coach, WEEK_SIX)

    assert [(row.kind, row.owner) for row in mentors] == [("meeting", cast.place["mentor"].pk)]
    assert [(row.kind, row.owner) for row in coachs] == [("one_on_one", cast.place["coach"].pk)]


def test_weeks_ahead_are_left_out_unless_asked_for(cast):
    a_log(cast.place["scholar"], 7)
    a_log(cast.place["scholar"], 8)

    assert states(cast, "log") == {6: "open"}
    with acting(cast.scholar, WEEK_SIX):
        ahead = expectations.of_person(cast.scholar, WEEK_SIX, until=WEEK_SIX + 7 * DAY, kinds=["log"])
    assert sorted(row.number for row in ahead) == [6, 7]


def test_cohort_is_read_with_one_statement_at_any_size(cast):
    for number in range(5):
        a_log(a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR), 5)

    with acting(cast.staff, WEEK_SIX), CaptureQueriesContext(connection) as asked:
        found = expectations.rows(at=WEEK_SIX, reader=cast.staff, cohort=cast.cohort.pk)

    assert len(asked) == 1
    assert Counter(row.kind for row in found) == {"log": 6, "meeting": 1, "one_on_one": 2}


def test_compiled_statement_answers_each_reader_and_moment_anew(cast):
    a_log(cast.place["scholar"], 5)

    assert states(cast, "log", at=WEEK_SIX - 7 * DAY) == {5: "open"}
    assert states(cast, "log", reader=cast.stranger) == {}
    assert states(cast, "log", at=WEEK_SIX) == {5: "missed", 6: "open"}


# A whole cohort folded


@pytest.mark.parametrize("mentors", [False, True], ids=["staff", "staff who mentors"])
def test_lines_say_what_rows_say(db, week_six, mentors):
    """The two readings have SQL of their own; over a whole made-up cohort they agree."""
    cohort = demo_week_six(WEEK_SIX, scholars=30)
    staff = [place.person for place in Membership.objects.filter(cohort=cohort, role=Role.STAFF)]
    reader = next(one for one in staff if one.memberships.filter(role=Role.MENTOR).exists() == mentors)
    weeks = [week_start(number) for number in range(1, 7)]

    with acting(reader, WEEK_SIX):
        rows = expectations.rows(cohort=cohort.pk, at=WEEK_SIX, reader=reader, kinds=("log", "meeting", "one_on_one"))
        lines = expectations.lines(cohort=cohort, at=WEEK_SIX, reader=reader, weeks=weeks)

    told = {(line.kind, line.scholar, week[0], week[1]) for line in lines for week in line.weeks}
    here = set(Membership.objects.filter(cohort=cohort, archived_at=None).values_list("pk", flat=True))
    so_far = [row for row in rows if row.scholar in here and (row.kind != "one_on_one" or row.met_at)]
    assert told == {(row.kind, str(row.scholar), str(row.day), row.word) for row in so_far}
    assert {row.state for row in rows} == {"kept", "late", "missed", "excused", "open", "unknown"}
    assert len({line.scholar for line in lines if line.kind == "one_on_one"}) == 30 - mentors_of(reader)


def mentors_of(reader) -> int:
    return Membership.objects.filter(pairings__mentor__person=reader).distinct().count()


def test_lines_are_for_staff(cast):
    for who in (cast.scholar, cast.mentor, cast.coach, cast.staff_elsewhere, cast.disabled):
        with acting(who, WEEK_SIX):
            assert expectations.lines(cohort=cast.cohort, at=WEEK_SIX, reader=who, weeks=[week_start(6)]) == []
