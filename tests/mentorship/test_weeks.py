"""What is owed is there before it is done: logs, weeks and meetings of a whole cohort."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Leave, Role, Stay
from mentorship.actions.weeks import AWAY, BUSY, lay_out, lay_out_again
from mentorship.models import AgendaItem, Attendance, Meeting, PairingWeek, WeeklyLog
from tests.cast import FIRST_DAY, LAST_DAY, LONDON, LONG_AGO, WEEK_SIX, a_cohort, a_pairing, a_person, a_place

THURSDAY_AT_TWO = {"weekday": 3, "local_time": dt.time(14), "time_zone": LONDON}
WEEKS = 14


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.fixture
def cohort(db):
    return a_cohort()


def place(cohort, name, role):
    return a_place(a_person(name), cohort, role)


@pytest.fixture
def pairing(cohort):
    scholar, mentor = place(cohort, "Ada", Role.SCHOLAR), place(cohort, "Max", Role.MENTOR)
    return a_pairing(scholar, mentor, **THURSDAY_AT_TWO)


def starts(pairing) -> list[dt.datetime]:
    weeks = PairingWeek.objects.filter(pairing=pairing, meeting__is_live=True).order_by("week_starts_on")
    return [week.meeting.planned.lower for week in weeks.select_related("meeting")]


def test_every_week_has_a_log_a_row_and_a_meeting(pairing):
    done = lay_out(pairing.cohort, at=LONG_AGO)
    assert (done.logs, done.weeks, done.meetings, done.left_out) == (WEEKS, WEEKS, WEEKS, [])
    assert Attendance.objects.count() == 2 * WEEKS


def test_log_is_due_on_the_cohorts_weekday_and_wall_clock(pairing):
    lay_out(pairing.cohort, at=LONG_AGO)
    due = list(WeeklyLog.objects.filter(number__in=[1, 13]).values_list("due_at", flat=True))
    assert due == [utc(2027, 1, 6, 18), utc(2027, 3, 31, 17)]


def test_meeting_keeps_its_wall_clock_when_summer_time_begins(pairing):
    lay_out(pairing.cohort, at=LONG_AGO)
    assert starts(pairing)[11:13] == [utc(2027, 3, 25, 14), utc(2027, 4, 1, 13)]


def test_second_run_changes_nothing(pairing):
    lay_out(pairing.cohort, at=LONG_AGO)
    done = lay_out(pairing.cohort, at=LONG_AGO)
    assert (done.logs, done.weeks, done.meetings) == (0, 0, 0)
    assert Meeting.objects.count() == WEEKS


def test_past_meetings_are_left_out_unless_asked(pairing):
    assert lay_out(pairing.cohort, at=WEEK_SIX).meetings == WEEKS - 5
    assert lay_out(pairing.cohort, at=WEEK_SIX, past=True).meetings == 5


def test_short_week_without_the_weekday_is_due_on_its_last_day(cohort):
    scholar = place(cohort, "Ada", Role.SCHOLAR)
    Stay.objects.filter(membership=scholar).update(starts_on=FIRST_DAY + dt.timedelta(days=3))
    lay_out(cohort, at=LONG_AGO)
    assert WeeklyLog.objects.earliest("week_starts_on").due_at == utc(2027, 1, 10, 18)


def test_team_of_one_slot_meets_once(cohort, pairing):
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    third = a_pairing(place(cohort, "Cy", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    done = lay_out(cohort, at=LONG_AGO)
    week = PairingWeek.objects.filter(number=3).values_list("meeting", flat=True)
    assert (done.meetings, done.weeks, len(set(week))) == (WEEKS, 3 * WEEKS, 1)
    assert starts(second) == starts(third) == starts(pairing)


def test_scholar_added_to_a_team_joins_its_meetings(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    done = lay_out_again(pairing=second, at=LONG_AGO)
    assert (done.meetings, done.left_out) == (0, [])
    assert Meeting.objects.count() == WEEKS
    assert Attendance.objects.count() == 3 * WEEKS


def test_clash_leaves_the_week_without_a_meeting_and_says_so(cohort, pairing):
    slot = {**THURSDAY_AT_TWO, "local_time": dt.time(14, 15)}
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **slot)
    done = lay_out(cohort, at=LONG_AGO)
    assert [(left.pairing, left.why) for left in done.clashes] == [(second, BUSY)] * WEEKS
    assert PairingWeek.objects.filter(pairing=second, meeting=None).count() == WEEKS


def test_back_to_back_meetings_do_not_clash(cohort, pairing):
    slot = {**THURSDAY_AT_TWO, "local_time": dt.time(14, 30)}
    a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **slot)
    assert lay_out(cohort, at=LONG_AGO).left_out == []


def test_meeting_counts_for_the_cohorts_week_not_the_zones(cohort, pairing):
    pairing.weekday, pairing.local_time, pairing.time_zone = 0, dt.time(6), "Pacific/Auckland"
    pairing.save()
    lay_out(cohort, at=LONG_AGO)
    week = PairingWeek.objects.select_related("meeting").get(number=1)
    assert week.meeting.planned.lower == utc(2027, 1, 10, 17)  # Sunday in London, Monday in Auckland


def test_week_away_has_no_meeting(cohort, pairing):
    Leave.objects.create(
        membership=pairing.scholar, starts_on=dt.date(2027, 1, 11), ends_on=dt.date(2027, 1, 17), created_at=LONG_AGO
    )
    done = lay_out(cohort, at=LONG_AGO)
    assert [(left.week.number, left.why) for left in done.left_out] == [(2, AWAY)]


def test_time_in_the_skipped_hour_starts_at_the_first_valid_minute(cohort, pairing):
    pairing.weekday, pairing.local_time = 6, dt.time(1, 30)
    pairing.save()
    done = lay_out(cohort, at=LONG_AGO)
    assert [meeting.planned.lower for meeting in done.skipped] == [utc(2027, 3, 28, 1)]


def test_moved_meeting_keeps_its_address_and_agenda(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    before = list(PairingWeek.objects.values_list("meeting", flat=True))
    pairing.local_time = dt.time(15)
    pairing.save()
    done = lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert list(PairingWeek.objects.values_list("meeting", flat=True)) == before
    assert (done.meetings, starts(pairing)[4].hour, starts(pairing)[5].hour) == (WEEKS - 5, 14, 15)
    assert Attendance.objects.count() == 2 * WEEKS


def test_team_member_with_a_new_time_leaves_the_others_meeting(cohort, pairing):
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    lay_out(cohort, at=LONG_AGO)
    second.local_time = dt.time(16)
    second.save()
    assert lay_out_again(pairing=second, at=LONG_AGO).meetings == WEEKS
    assert {moment.hour for moment in starts(pairing)} == {13, 14}
    assert {moment.hour for moment in starts(second)} == {15, 16}


def test_ended_pairing_keeps_what_happened_and_owes_no_more(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    pairing.ends_on = dt.date(2027, 2, 14)
    pairing.save()
    lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert PairingWeek.objects.filter(archived_at=None).count() == 6
    assert Meeting.objects.filter(is_live=True).count() == 6


def test_extended_pairing_gets_its_weeks_back(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    for last in (dt.date(2027, 2, 14), LAST_DAY):
        pairing.ends_on = last
        pairing.save()
        lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert PairingWeek.objects.filter(archived_at=None, meeting__is_live=True).count() == WEEKS


def test_meeting_planned_by_hand_stays_where_it_is(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    by_hand = PairingWeek.objects.get(number=8).meeting
    Meeting.objects.filter(pk=by_hand.pk).update(planned_by=pairing.mentor.person)
    pairing.local_time = dt.time(15)
    pairing.save()
    lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert [moment.hour for moment in starts(pairing)][6:9] == [15, 14, 15]


def test_shorter_stay_owes_fewer_logs_and_keeps_written_ones(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    WeeklyLog.objects.filter(number=9).update(submitted_at=WEEK_SIX, done="Ahead of time")
    Stay.objects.filter(membership=pairing.scholar).update(ends_on=dt.date(2027, 2, 21))
    lay_out_again(membership=pairing.scholar, at=WEEK_SIX)
    owed = WeeklyLog.objects.filter(archived_at=None).values_list("number", flat=True)
    assert list(owed) == [1, 2, 3, 4, 5, 6, 7, 9]


def test_leave_frees_the_time_and_keeps_the_agenda(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    week = PairingWeek.objects.get(number=7)
    AgendaItem.objects.create(meeting=week.meeting, added_by=pairing.mentor.person, text="Plan", created_at=WEEK_SIX)
    Leave.objects.create(
        membership=pairing.scholar, starts_on=dt.date(2027, 2, 15), ends_on=dt.date(2027, 2, 21), created_at=WEEK_SIX
    )
    lay_out_again(membership=pairing.scholar, at=WEEK_SIX)
    freed = Meeting.objects.get(pk=week.meeting_id)
    assert (freed.is_live, freed.archived_at) == (False, WEEK_SIX)
    assert (freed.agenda.count(), freed.attendances.count()) == (1, 0)


def test_new_deadline_of_the_cohort_moves_logs_not_due_yet(cohort, pairing):
    lay_out(cohort, at=LONG_AGO)
    cohort.log_weekday, cohort.log_time = 4, dt.time(12)
    cohort.save()
    lay_out_again(cohort=cohort, at=WEEK_SIX)
    due = list(WeeklyLog.objects.filter(number__in=[5, 6]).values_list("due_at", flat=True))
    assert due == [utc(2027, 2, 3, 18), utc(2027, 2, 12, 12)]


def test_nothing_is_laid_out_again_before_launch(pairing):
    pairing.cohort.launched_at = None
    assert lay_out_again(pairing=pairing, at=LONG_AGO).weeks == 0


def queries_of_a_first_run(number: int, scholars: int) -> int:
    cohort = a_cohort(f"Cohort {number}", f"cohort-{number}")
    mentor = place(cohort, f"Mentor {number}", Role.MENTOR)
    for hour in range(scholars):
        slot = {**THURSDAY_AT_TWO, "local_time": dt.time(8 + hour)}
        a_pairing(place(cohort, f"Scholar {number} {hour}", Role.SCHOLAR), mentor, **slot)
    with CaptureQueriesContext(connection) as asked:
        assert lay_out(cohort, at=LONG_AGO).meetings == WEEKS * scholars
    return len(asked)


def test_queries_do_not_grow_with_the_cohort(db):
    assert queries_of_a_first_run(1, scholars=1) == queries_of_a_first_run(2, scholars=7)
