"""Where a scholar stands: five lines from the rows themselves, never summed, each reader in their own right."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.actions.leave import add_leave
from cohorts.models import Membership
from mats.identity.transaction import acting
from mentorship.evidence import Count, rows_of
from mentorship.evidence.words import figure
from mentorship.models import Attendance, Meeting, Output, Pairing, PairingWeek, WeeklyLog
from mentorship.standard import UNWRITTEN
from tests.cast import (
    LONG_AGO,
    WEEK_SIX,
    Cast,
    a_log,
    a_meeting,
    a_milestone,
    a_pairing,
    a_place,
    a_submission,
    week_start,
)
from tests.cohorts.staff import refused_at
from tests.mentorship.evidence import (
    DAY,
    HOUR,
    action,
    away,
    figures,
    how,
    in_words,
    met,
    missing,
    nothing_planned,
    rows,
    standing_of,
    thursday,
    told_of_week_four,
)

# The weekly rhythm


def test_sent_logs_are_kept_late_ones_too_and_missing_ones_are_not(cast):
    place = cast.place["scholar"]
    a_log(place, 1, done="x")
    a_log(place, 2, done="x", submitted_at=WEEK_SIX)
    a_log(place, 3)
    assert how(cast, "rhythm") == [
        (1, True, True, "on_time"),
        (2, True, True, "late"),
        (3, True, False, "missing"),
        (6, False, False, "due"),
    ]
    assert in_words(cast, "rhythm") == "partly: 2 of 3 weeks; 1 not due yet"


@pytest.mark.parametrize(
    ("kept", "of", "words"), [(8, 10, "yes"), (7, 10, "partly"), (5, 10, "partly"), (4, 10, "no"), (0, 1, "no")]
)
def test_rhythm_is_yes_partly_or_no_by_the_percentages(kept, of, words):
    assert figure("rhythm", Count(of, kept), UNWRITTEN).said.startswith(f"{words}: {kept} of {of} week")


def test_weeks_away_do_not_count_unless_the_log_was_sent(cast):
    place = cast.place["scholar"]
    for number, fields in [(1, {}), (2, {"done": "x"}), (3, {"is_away": True, "submitted_at": LONG_AGO})]:
        a_log(place, number, **fields)
    away(cast, 1)
    away(cast, 2)
    assert how(cast, "rhythm")[:3] == [
        (1, False, False, "away"),
        (2, True, True, "on_time"),
        (3, False, False, "said_away"),
    ]


def test_week_partly_away_counts(cast):
    a_log(cast.place["scholar"], 1)
    away(cast, 1, ends_on=week_start(1) + 3 * DAY)
    assert how(cast, "rhythm")[0] == (1, True, False, "missing")


def test_weeks_without_a_mentor_do_not_count(cast):
    a_log(cast.place["scholar"], 1)
    a_log(cast.place["scholar"], 2)
    cast.pairing.starts_on = week_start(2) + 6 * DAY
    cast.pairing.save()
    assert how(cast, "rhythm")[:2] == [(1, False, False, "unpaired"), (2, True, False, "missing")]


def test_weeks_ahead_are_no_rows(cast):
    a_log(cast.place["scholar"], 7)
    assert [row.number for row in rows(cast, "rhythm")] == [6]


def test_scholar_with_no_countable_week_has_nothing_to_count_yet(cast, client):
    WeeklyLog.objects.all().delete()
    assert in_words(cast, "rhythm") == "nothing to count yet"
    client.force_login(cast.scholar)
    body = client.get(reverse("standing", args=[cast.place["scholar"].pk])).content.decode()
    assert "Each week’s log will stand here once its week has begun." in body


# Leave that is noted afterwards


def test_leave_noted_afterwards_moves_the_week_and_the_row_says_so(cast):
    a_log(cast.place["scholar"], 4)
    assert figures(cast, "rhythm") == Count(counted=1, ahead=1)
    with acting(cast.staff, WEEK_SIX):
        add_leave(
            membership=cast.place["scholar"], by=cast.staff, at=WEEK_SIX,
            starts_on=week_start(4), ends_on=week_start(4) + 4 * DAY, reason="Ill; told us only now",
        )  # fmt: skip
    assert [one for one in how(cast, "rhythm") if one[0] == 4] == [(4, False, False, "away")]
    assert figures(cast, "rhythm").not_counted == 1
    assert told_of_week_four(cast, "rhythm") == (
        "does not count: away (noted afterwards, on Wed 10 Feb: Ill; told us only now)"
    )


def test_leave_noted_before_is_only_away(cast):
    a_log(cast.place["scholar"], 4)
    away(cast, 4)
    assert standing_of(cast, "rhythm")[0] == "does not count: away"


def test_mentors_leave_noted_afterwards_is_told_without_their_reason(cast):
    nothing_planned(cast, 4)
    with acting(cast.staff, WEEK_SIX):
        add_leave(
            membership=cast.place["mentor"], by=cast.staff, at=WEEK_SIX,
            starts_on=week_start(4), ends_on=week_start(4) + 4 * DAY, reason="Private",
        )  # fmt: skip
    told = told_of_week_four(cast, "meetings")
    assert told == "does not count: the mentor was away (noted afterwards, on Wed 10 Feb)"


def test_staff_say_why_they_note_days_gone_by(cast):
    facts = {"membership": cast.place["scholar"], "starts_on": week_start(4), "ends_on": week_start(4)}
    refused_at("reason", add_leave, by=cast.staff, at=WEEK_SIX, **facts)
    assert add_leave(by=cast.scholar, at=WEEK_SIX, **facts).pk


# Meetings


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"outcome": "met"}, (True, True, "met")),
        ({"outcome": "another_day"}, (True, True, "met")),
        ({"outcome": "did_not_meet"}, (True, False, "did_not_meet")),
        ({"outcome": ""}, (False, False, "unknown")),
        ({"outcome": "", "is_live": False}, (False, False, "called_off")),
    ],
)
def test_meeting_counts_by_what_was_said_of_it(cast, facts, expected):
    met(cast, 4, **facts)
    assert how(cast, "meetings")[0] == (4, *expected)


def test_this_week_is_not_over_yet(cast):
    assert in_words(cast, "meetings") == "nothing to count yet; 1 not over yet"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("scholar", (True, False, "called_off_by_scholar")),
        ("mentor", (False, False, "called_off_by_mentor")),
        ("staff", (False, False, "called_off")),
    ],
)
def test_called_off_counts_only_if_the_scholar_did(cast, who, expected):
    moved = {"moved_at": LONG_AGO, "moved_from": LONG_AGO, "moved_by": getattr(cast, who)}
    met(cast, 4, outcome="", is_live=False, **moved)
    assert how(cast, "meetings")[0] == (4, *expected)


def test_closed_week_without_a_plan_counts(cast):
    nothing_planned(cast, 4)
    assert how(cast, "meetings")[0] == (4, True, False, "not_planned")
    assert in_words(cast, "meetings") == "0 of 1 week met; 1 not over yet"


@pytest.mark.parametrize(("who", "why"), [("scholar", "away"), ("mentor", "mentor_away")])
def test_week_away_on_either_side_does_not_count(cast, who, why):
    met(cast, 4, "did_not_meet")
    met(cast, 5)
    away(cast, 4, who)
    away(cast, 5, who)
    assert how(cast, "meetings")[:2] == [(4, False, False, why), (5, True, True, "met")]


def test_log_that_says_away_takes_the_meeting_out(cast):
    met(cast, 4, "did_not_meet")
    a_log(cast.place["scholar"], 4, is_away=True, submitted_at=WEEK_SIX)
    assert how(cast, "meetings")[0] == (4, False, False, "said_away")


# Who was missing: each reads their own account, staff both


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("scholar", (False, False, "mentor")),
        ("mentor", (True, False, "scholar")),
        ("staff", (False, False, "differ")),
    ],
)
def test_who_was_missing_is_read_by_its_author_and_staff(cast, reader, expected):
    missing(cast, met(cast, 4, "did_not_meet"), scholar="mentor", mentor="scholar")
    assert how(cast, "meetings", reader)[0] == (4, *expected)
    figures(cast, "meetings", reader)


@pytest.mark.parametrize("reader", ["scholar", "mentor"])
def test_the_others_account_changes_nothing(cast, reader):
    meeting = met(cast, 4, "did_not_meet")
    before = rows_of(cast.place["scholar"], getattr(cast, reader), WEEK_SIX)
    missing(cast, meeting, **({"mentor": "mentor"} if reader == "scholar" else {"scholar": "mentor"}))
    assert rows_of(cast.place["scholar"], getattr(cast, reader), WEEK_SIX) == before


@pytest.mark.parametrize(("who", "counts"), [("mentor", False), ("both", False), ("scholar", True)])
def test_missed_by_the_mentor_does_not_count(cast, who, counts):
    missing(cast, met(cast, 4, "did_not_meet"), scholar=who)
    assert how(cast, "meetings", "staff")[0] == (4, counts, False, who)


def test_staff_who_mentor_read_their_own_account_alone(cast):
    a_place(cast.mentor, cast.cohort, "staff")
    missing(cast, met(cast, 4, "did_not_meet"), scholar="mentor")
    assert how(cast, "meetings", "mentor")[0] == (4, True, False, "did_not_meet")


# Two mentors


@pytest.fixture
def second(cast):
    return a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)


def test_two_mentors_are_two_rows_a_week(cast, second):
    met(cast, 4)
    a_meeting(second, 4, thursday(4) + HOUR, outcome="did_not_meet", outcome_at=WEEK_SIX)
    assert [row[1:3] for row in how(cast, "meetings")[:2]] == [(True, True), (True, False)]


def joint(cast: Cast, second, number: int, outcome: str = "met") -> Meeting:
    meeting = met(cast, number, outcome)
    Attendance.objects.create(meeting=meeting, person=cast.other_mentor, during=meeting.planned)
    week = PairingWeek.objects.get(meeting=meeting)
    facts = {"week_starts_on": week.week_starts_on, "number": number, "closes_at": week.closes_at}
    PairingWeek.objects.create(pairing=second, meeting=meeting, created_at=LONG_AGO, **facts)
    return meeting


def test_joint_meeting_counts_once(cast, second):
    joint(cast, second, 4)
    found = rows(cast, "meetings")[0]
    assert (found.what, found.counts, found.kept) == ("Mira Mentor, Omar Mentor", True, True)
    assert figures(cast, "meetings").counted == 1


def test_joint_meeting_without_one_mentor_who_was_away_does_not_count(cast, second):
    joint(cast, second, 4, "did_not_meet")
    away(cast, 4, "other_mentor")
    assert how(cast, "meetings")[0] == (4, False, False, "mentor_away")


def test_co_mentor_reads_the_figures_without_a_way_into_the_others_meetings(cast, second):
    met(cast, 4)
    action(cast, meeting=Meeting.objects.first(), what="Ask the other lab")
    row, told = rows(cast, "meetings", "other_mentor")[0], rows(cast, "actions", "other_mentor")[0]
    assert (row.path, row.kept, told.path, told.what, told.more) == (None, True, None, None, None)
    assert rows(cast, "meetings", "mentor")[0].path == f"/meetings/{row.about}/"
    assert figures(cast, "actions", "other_mentor") == Count(ahead=1)


# Milestones, actions, outputs


def test_milestones_count_once_due_or_passed(cast):
    place, soon = cast.place["scholar"], week_start(9)
    a_submission(a_milestone(cast.cohort, "plan"), place, "Text", passed_at=WEEK_SIX)
    a_submission(a_milestone(cast.cohort, "midpoint", week_start(5)), place, "Text")
    a_submission(a_milestone(cast.cohort, "symposium", week_start(6)), place)
    a_submission(a_milestone(cast.cohort, "final", soon), place)
    assert how(cast, "milestones") == [
        (None, True, True, "passed"),
        (None, False, False, "submitted"),
        (None, True, False, "missing"),
        (None, False, False, "due"),
    ]
    assert in_words(cast, "milestones") == "1 of 2 passed; 1 does not count; 1 not due yet"


def test_milestone_that_passed_early_counts(cast):
    a_submission(a_milestone(cast.cohort, "final", week_start(9)), cast.place["scholar"], "T", passed_at=WEEK_SIX)
    assert in_words(cast, "milestones") == "1 of 1 passed"


def test_removed_milestones_are_no_rows(cast):
    a_submission(a_milestone(cast.cohort, archived_at=WEEK_SIX), cast.place["scholar"])
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], archived_at=WEEK_SIX)
    assert rows(cast, "milestones") == []


def test_actions_done_or_dropped_are_kept_and_open_ones_count_past_their_day(cast):
    action(cast, what="a", done_at=WEEK_SIX)
    action(cast, what="b", dropped_at=WEEK_SIX, dropped_why="The data is gone")
    action(cast, what="c", due_on=WEEK_SIX.date() - DAY)
    action(cast, what="d", due_on=WEEK_SIX.date())
    action(cast, what="e")
    action(cast, "mentor", what="not theirs")
    assert in_words(cast, "actions") == "2 of 3 kept; 2 still open"
    told = dict(zip([row.what for row in rows(cast, "actions")], standing_of(cast, "actions"), strict=True))
    assert told == {
        "a": "done",
        "b": "dropped: The data is gone",
        "c": "open past its day, Tue 9 Feb",
        "d": "still open, by Wed 10 Feb",
        "e": "still open",
    }


def test_outputs_are_listed_and_only_counted(cast):
    facts = {"cohort": cast.cohort, "scholar": cast.place["scholar"], "created_at": LONG_AGO}
    Output.objects.create(title="A probe", kind="code", state="public", link="https://a.example", **facts)
    Output.objects.create(title="Gone", kind="post", archived_at=WEEK_SIX, **facts)
    assert in_words(cast, "outputs") == "1 output"
    assert standing_of(cast, "outputs") == ["code, public"]


def test_weeks_that_were_over_before_somebody_had_a_place_here_do_not_count(cast):
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(accepted_at=WEEK_SIX - DAY)
    a_log(cast.place["scholar"], 1)
    a_log(cast.place["scholar"], 2, done="Written before.")

    assert how(cast, "rhythm")[:2] == [(1, False, False, "not_here"), (2, True, True, "on_time")]


def test_meetings_of_weeks_before_they_were_paired_here_do_not_count(cast):
    Pairing.objects.filter(pk=cast.pairing.pk).update(created_at=WEEK_SIX - DAY)
    nothing_planned(cast, 2)

    assert (2, False, False, "not_here") in how(cast, "meetings")
