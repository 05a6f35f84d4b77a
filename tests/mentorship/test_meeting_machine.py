"""Meetings under every order of presses: two mentors, three scholars, a team; the clock moves on.

Whatever is pressed, and refused, afterwards the programme's promises still hold.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cohorts.models import Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.booking import move_meeting, plan_meeting
from mentorship.actions.meeting import (
    answer_meeting,
    call_off_meeting,
    end_meeting,
    end_meetings_that_are_over,
    start_meeting,
    write_notes,
)
from mentorship.actions.weeks import lay_out, lay_out_again, plan_ahead
from mentorship.models import Attendance, Meeting, PairingWeek
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK, MEETING_CAP
from tests.cast import LONDON, a_cohort, a_pairing, a_person, a_place

MINUTE = dt.timedelta(minutes=1)
# Week eleven ends with the night on which London's clock goes forward.
MONDAY = dt.datetime(2027, 3, 22, 9, tzinfo=dt.UTC)
NUMBERS = (12, 13)

which = some.integers(0, 50)
# From a few days before to over a week later, in steps that let meetings touch, overlap and miss.
shift = some.builds(
    lambda days, steps: dt.timedelta(days=days, minutes=10 * steps), some.integers(-2, 9), some.integers(-4, 4)
)
length = some.sampled_from([10, 20, 30, 30, 30, 31, 0, -30]).map(lambda minutes: minutes * MINUTE)


class Meetings(RuleBasedStateMachine):
    """A small cohort; every press may be refused in words, and by nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at, self.texts = MONDAY, []
        cohort = a_cohort()
        mentors = [a_place(a_person(f"Mentor {n}"), cohort, Role.MENTOR) for n in range(2)]
        scholars = [a_place(a_person(f"Scholar {n}"), cohort, Role.SCHOLAR) for n in range(3)]
        for scholar, mentor, minute in ((0, 0, 0), (1, 0, 0), (2, 0, 30), (2, 1, 0)):
            slot = {"weekday": 3, "local_time": dt.time(14, minute), "time_zone": LONDON}
            a_pairing(scholars[scholar], mentors[mentor], is_lead=(scholar, mentor) != (2, 0), **slot)
        self.cohort, self.people = cohort, [place.person for place in (*mentors, *scholars)]
        lay_out(cohort, at=MONDAY)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def meeting(self, number: int) -> Meeting:
        weeks = PairingWeek.objects.filter(number__in=NUMBERS, meeting__isnull=False).order_by("pk")
        found = list(Meeting.objects.filter(pk__in=weeks.values("meeting")).order_by("created_at", "pk"))
        return found[number % len(found)]

    def press(self, act, **facts) -> None:
        with suppress(ValidationError, EditedMeanwhile):
            act(at=self.at, **facts)

    def one_of(self, meeting: Meeting, number: int):
        people = [attendance.person for attendance in meeting.attendances.select_related("person").order_by("pk")]
        return people[number % len(people)]

    @rule(number=which, who=which, by=shift, length=length)
    def move(self, number, who, by, length) -> None:
        meeting = self.meeting(number)
        starts_at = meeting.starts_at + by
        times = {"starts_at": starts_at, "ends_at": starts_at + length}
        self.press(move_meeting, meeting=meeting, by=self.one_of(meeting, who), **times)

    @rule(number=which, by=shift, length=length)
    def plan(self, number, by, length) -> None:
        weeks = list(PairingWeek.objects.filter(number__in=NUMBERS).order_by("pk").select_related("meeting"))
        week = weeks[number % len(weeks)]
        starts_at = MONDAY + by
        times = {"starts_at": starts_at, "ends_at": starts_at + length}
        self.press(plan_meeting, week=week, by=week.pairing.mentor.person, **times)

    @rule(number=which, who=which)
    def call_off(self, number, who) -> None:
        meeting = self.meeting(number)
        self.press(call_off_meeting, meeting=meeting, by=self.one_of(meeting, who))

    @rule(number=which, who=which, late=some.integers(-4, 4))
    def go_there_and_start(self, number, who, late) -> None:
        """The clock stands around the planned time, or beyond."""
        meeting = self.meeting(number)
        self.at = max(self.at, meeting.starts_at + 5 * late * MINUTE)
        self.press(start_meeting, meeting=meeting, by=self.one_of(meeting, who))

    @rule(number=which, who=which, minutes=some.sampled_from([5, 10, 20, 30, 40]))
    def move_to_soon(self, number, who, minutes) -> None:
        meeting, starts_at = self.meeting(number), self.at + minutes * MINUTE
        times = {"starts_at": starts_at, "ends_at": starts_at + MEETING_CAP}
        self.press(move_meeting, meeting=meeting, by=self.one_of(meeting, who), **times)

    @rule(number=which, who=which)
    def end(self, number, who) -> None:
        meeting = self.meeting(number)
        self.press(end_meeting, meeting=meeting, by=self.one_of(meeting, who))

    @rule(number=which, who=which, outcome=some.sampled_from([*Meeting.Outcome.values, ""]))
    def answer(self, number, who, outcome) -> None:
        meeting = self.meeting(number)
        self.press(answer_meeting, meeting=meeting, by=self.one_of(meeting, who), outcome=outcome)

    @rule(number=which, who=which, late=some.integers(0, 1))
    def write(self, number, who, late) -> None:
        """From the newest version, or from a tab that was opened before."""
        meeting = self.meeting(number)
        by, text = self.one_of(meeting, who), f"Text {len(self.texts)}"
        with suppress(ValidationError, EditedMeanwhile):
            write_notes(meeting=meeting, by=by, at=self.at, version=meeting.version - late, notes=text)
            self.texts.append((meeting.pk, text))

    @rule(number=which, minute=some.sampled_from([0, 10, 30, 40]))
    def correct_the_weekly_time(self, number, minute) -> None:
        pairings = list(self.cohort.pairings.order_by("pk"))
        pairing = pairings[number % len(pairings)]
        pairing.local_time = dt.time(14, minute)
        pairing.save()
        lay_out_again(pairing=pairing, at=self.at)

    @rule(minutes=some.sampled_from([1, 5, 25, 30, 600, 1440]))
    def wait(self, minutes) -> None:
        self.at += minutes * MINUTE

    @rule()
    def tasks_run(self) -> None:
        end_meetings_that_are_over(at=self.at)
        plan_ahead(at=self.at)

    # What holds afterwards

    @invariant()
    def promises_hold(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        self.meetings = {meeting.pk: meeting for meeting in Meeting.objects.all()}
        self.weeks = list(PairingWeek.objects.exclude(meeting=None).select_related("pairing__mentor"))
        self.never_longer_than_half_an_hour()
        self.nobody_is_in_two_places()
        self.one_meeting_a_week_in_its_week()
        self.running_ends_where_the_mentors_next_begins()
        self.moves_are_remembered()
        self.no_text_is_lost()

    def never_longer_than_half_an_hour(self) -> None:
        for meeting in self.meetings.values():
            spans = [span for span in (meeting.planned, meeting.held) if span]
            assert all(dt.timedelta(0) < span.upper - span.lower <= MEETING_CAP for span in spans)
            assert meeting.ended_at in {None, meeting.over_at}

    def nobody_is_in_two_places(self) -> None:
        rows = Attendance.objects.filter(is_live=True).order_by("person", "during").values_list("person", "during")
        for (person, one), (another, other) in pairwise(rows):
            assert person != another or one.upper <= other.lower

    def one_meeting_a_week_in_its_week(self) -> None:
        live = [week for week in self.weeks if self.meetings[week.meeting_id].is_live]
        places = [(week.pairing_id, week.week_starts_on) for week in live]
        assert len(places) == len(set(places))
        for week in live:
            meeting = self.meetings[week.meeting_id]
            assert week.week_starts_on <= meeting.starts_at.date()
            assert meeting.ends_at <= week.closes_at + HELD_INTO_NEXT_WEEK

    def running_ends_where_the_mentors_next_begins(self) -> None:
        of_mentor = [(week.pairing.mentor.person_id, self.meetings[week.meeting_id]) for week in self.weeks]
        for mentor, running in of_mentor:
            if not running.is_running(self.at):
                continue
            for other, ahead in of_mentor:
                if other == mentor and ahead.is_live and ahead.held is None and ahead.starts_at > self.at:
                    assert running.over_at <= ahead.starts_at

    def moves_are_remembered(self) -> None:
        for meeting in self.meetings.values():
            if meeting.moved_at:
                assert meeting.moved_at <= self.at
                assert meeting.is_live or meeting.archived_at or meeting.moved_from == meeting.starts_at
            else:
                assert meeting.is_live or meeting.archived_at

    def no_text_is_lost(self) -> None:
        kept = Meeting.pgh_event_model.objects.exclude(notes="").values_list("pgh_obj_id", "notes")
        assert set(self.texts) <= set(kept)


def test_meetings_keep_their_promises(db, week_six):
    run_state_machine_as_test(
        Meetings,
        settings=settings(
            max_examples=40, stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
