"""When a scholar's line comes to staff, and in which words: three missed weeks in a row, or fourteen days."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from cohorts.models import Leave, Role
from mats.clock import format_weeks
from mats.identity.transaction import acting
from mats.pages.cohort_health import read_health
from mats.pages.cohort_health.lines import ScholarLine, Week, days_without
from mentorship.models import Absence, PairingWeek, WeeklyLog
from tests.cast import WEEK_SIX, a_log, a_meeting, a_pairing, a_person, a_place, week_start
from tests.coaching.conftest import a_one_on_one
from tests.mats.test_cohort_health import away, meeting_of_week

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
WORDS = {"o": "missing", "+": "on_time", "-": "away", ".": "due", "x": "did_not_meet", "m": "met", "?": "unknown"}


def weeks(marks: str, **whys: str) -> list[Week]:
    """Weeks from 1 on, a letter each; `_` is a week without a row. `w3="mentor"` says why of week 3."""
    return [
        Week(number, WORDS[mark], "-", whys.get(f"w{number}", "-"))
        for number, mark in enumerate(marks, 1)
        if mark != "_"
    ]


def case(logs="++++++", meetings="mmmmmm", whys=None, **fields) -> list[str]:
    line = ScholarLine("", "Sana", logs=weeks(logs), meetings=weeks(meetings, **(whys or {})), **fields)
    return [reason.words for reason in line.case]


@pytest.mark.parametrize(
    ("logs", "words"),
    [
        ("+++++o", []),
        ("++++oo", []),
        ("+++ooo", ["no log for weeks 4, 5 and 6"]),
        ("ooo+++", []),  # that is over
        ("ooo+oo", []),
        ("o-oo-.", ["no log for weeks 1, 3 and 4"]),  # away neither counts nor breaks
        ("++oo--", []),
        ("ooo...", ["no log for weeks 1, 2 and 3"]),
        ("+++oo.", []),  # the current week is not missed before its moment
        ("___ooo", ["no log for weeks 4, 5 and 6"]),  # came late
        ("____oo", []),
        ("------", []),
        ("", []),
    ],
)
def test_three_missed_logs_in_a_row_make_a_case(logs, words):
    assert case(logs=logs, meetings="m" * len(logs)) == words


@pytest.mark.parametrize(
    ("meetings", "whys", "words"),
    [
        ("mmmxxx", {}, "did not meet for 3 weeks"),
        ("mmxxxx", {}, "did not meet for 4 weeks"),
        ("mm xxx".replace(" ", "-"), {}, "did not meet for 3 weeks"),
        ("mmmx-x", {}, ""),
        ("xxxmmm", {}, ""),
        ("mmmxx.", {}, ""),
        ("mmxxx.", {}, "did not meet for 3 weeks"),
        ("mx-xx.", {"w3": "mentor_away"}, "did not meet for 3 weeks (mentor away)"),
        ("mmmxxx", {"w4": "scholar", "w5": "scholar"}, "did not meet for 3 weeks (the scholar was missing)"),
        ("mmmxxx", {"w4": "mentor", "w5": "not_planned"},
         "did not meet for 3 weeks (the mentor was missing, then not planned)"),
        ("mmmxxx", {"w4": "called_off", "w6": "both"}, "did not meet for 3 weeks (called off, then both were missing)"),
        ("mmmxxx", {"w4": "mentor+scholar"}, "did not meet for 3 weeks (their accounts differ)"),
        ("mmmxx?", {}, "did not meet for 3 weeks (not known)"),
        ("mmm???", {}, "nobody said for 3 weeks whether they met"),
        ("mmmx__", {}, ""),  # the last week without a mentor has not ended
        ("mmxx__", {}, "did not meet for 3 weeks (not paired)"),
        ("mm____", {}, "not paired for 3 weeks"),
    ],
)  # fmt: skip
def test_three_weeks_in_a_row_without_a_meeting_make_a_case(meetings, whys, words):
    assert case(meetings=meetings, whys=whys) == ([words] if words else [])


def test_week_without_a_mentor_and_away_does_not_count():
    assert case(logs="++-+++", meetings="mm____") == []


def test_fourteen_days_without_contact_make_a_case():
    assert case(quiet_days=13) == []
    assert case(quiet_days=14) == ["no contact for 14 days"]
    assert case(logs="++++oo", quiet_days=14) == ["no log for weeks 5 and 6", "no contact for 14 days"]


def test_case_names_the_one_on_one_that_is_overdue_and_is_none_by_itself():
    overdue = {"one_on_ones": [Week(1, "none"), Week(3, "took_place")], "one_on_one_is_overdue": True}

    assert case(**overdue) == []
    assert case(logs="+++ooo", **overdue) == ["no log for weeks 4, 5 and 6", "no 1-1 since week 3"]
    assert case(logs="+++ooo", **{**overdue, "one_on_ones": None}) == ["no log for weeks 4, 5 and 6"]


def test_who_has_left_is_no_case():
    assert case(logs="+++ooo", is_here=False) == []


@pytest.mark.parametrize(
    ("numbers", "words"), [([4], "week 4"), ([5, 4], "weeks 4 and 5"), ([1, 2, 7], "weeks 1, 2 and 7")]
)
def test_weeks_in_words(numbers, words):
    assert format_weeks(numbers) == words


def test_days_away_leave_the_count():
    day = WEEK_SIX.date()
    assert days_without(day - 20 * DAY, day, []) == 20
    assert days_without(day - 20 * DAY, day, [(day - 10 * DAY, day - 6 * DAY)]) == 15
    assert days_without(day - 20 * DAY, day, [(day - 30 * DAY, day - 18 * DAY)]) == 18
    assert days_without(day - 20 * DAY, day, [(day - DAY, day + 60 * DAY), (day - 2 * DAY, day)]) == 17


# From the rows


def said(cast, name="Sana Scholar", at=WEEK_SIX) -> list[str]:
    with acting(cast.staff, at):
        line = next(line for line in read_health(cast.cohort, cast.staff, at).lines if line.name == name)
    return [reason.words for reason in line.case]


def logs_and_meetings(cast, *numbers: int, outcome: str = "met") -> None:
    for number in numbers:
        a_log(cast.place["scholar"], number, done="On time.")
        meeting_of_week(cast, number, outcome=outcome)


def test_log_sent_or_meeting_met_is_contact(cast):
    a_one_on_one(cast, week_start(6))
    logs_and_meetings(cast, 1, 2)
    assert said(cast) == []

    at = WEEK_SIX + 14 * DAY
    assert said(cast, at=at) == ["no log for week 6", "no contact for 16 days", "no 1-1 since week 6"]
    a_log(cast.place["scholar"], 7, done="Back again.")
    assert said(cast, at=at) == []


def test_days_away_are_not_days_without_contact(cast):
    logs_and_meetings(cast, 1, 2)
    away(cast, 4)
    assert said(cast) == ["no contact for 20 days", "no 1-1 yet"]

    away(cast, 5)
    assert said(cast) == []


def test_contact_of_a_scholar_whom_staff_mentor_is_told_without_their_one_on_ones(cast):
    """The reader would otherwise see from the number of days that a 1-1 took place."""
    a_one_on_one(cast, week_start(6))
    mentor = a_place(cast.staff, cast.cohort, Role.MENTOR)
    assert said(cast) == []

    a_pairing(cast.place["scholar"], mentor, is_lead=False, ends_on=week_start(1))

    assert said(cast) == ["no contact for 37 days"]


def test_late_joiner_is_counted_from_their_first_day(cast):
    joined = a_place(a_person("Lee Late"), cast.cohort, Role.SCHOLAR)
    joined.stays.update(starts_on=week_start(5))
    a_log(joined, 5)

    assert said(cast, "Lee Late") == []
    assert said(cast, "Lee Late", at=WEEK_SIX + 5 * DAY) == [
        "not paired",
        "no log for week 5",
        "no contact for 14 days",
    ]


def test_who_was_missing_is_told_to_staff(cast):
    logs_and_meetings(cast, 1, 2)
    for number in (3, 4, 5):
        a_log(cast.place["scholar"], number, done="On time.")
        meeting = meeting_of_week(cast, number, outcome="did_not_meet")
        Absence.objects.create(meeting=meeting, said_by=cast.mentor, who="scholar", created_at=WEEK_SIX)

    assert said(cast)[0] == "did not meet for 3 weeks (the scholar was missing)"


def test_mentor_who_left_leaves_weeks_without_a_mentor(cast):
    logs_and_meetings(cast, 1, 2)
    for number in (3, 4, 5):
        a_log(cast.place["scholar"], number, done="On time.")
    PairingWeek.objects.filter(number__gt=2).update(archived_at=WEEK_SIX)
    cast.pairing.ends_on = week_start(3) - DAY
    cast.pairing.save()

    assert said(cast)[0] == "not paired for 3 weeks"


def test_second_mentor_who_met_breaks_the_row(cast):
    second = a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    for number in (3, 4, 5):
        a_log(cast.place["scholar"], number, done="On time.")
        meeting_of_week(cast, number, outcome="did_not_meet")
    assert said(cast)[0] == "did not meet for 3 weeks"

    starts = WEEK_SIX - 14 * DAY
    held = {"held": (starts, starts + 20 * MINUTE), "ended_at": starts + 20 * MINUTE, "outcome": "met"}
    with transaction.atomic():
        a_meeting(second, 4, starts, outcome_at=starts, **held)

    assert said(cast) == []


def test_log_that_says_away_or_ill_neither_counts_nor_breaks(cast):
    for number in (1, 2, 3, 4, 5):
        log = a_log(cast.place["scholar"], number)
        if number == 4:
            WeeklyLog.objects.filter(pk=log.pk).update(is_away=True, submitted_at=log.due_at)

    assert "no log for weeks 1, 2, 3 and 5" in said(cast)


def test_leave_that_was_taken_back_counts_as_days_here(cast):
    logs_and_meetings(cast, 1, 2)
    away(cast, 4)
    away(cast, 5)
    Leave.objects.update(archived_at=WEEK_SIX)

    assert said(cast) == ["no contact for 27 days", "no 1-1 yet"]
