"""What is owed is there before it is done: logs, weeks and meetings of a whole cohort."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cohorts.models import Cohort, Leave, Role, Stay
from mentorship.actions.booking import move_meeting
from mentorship.actions.meeting import call_off_meeting
from mentorship.actions.weeks import AWAY, BUSY, lay_out, lay_out_again, plan_ahead
from mentorship.models import AgendaItem, Attendance, Meeting, PairingWeek, WeeklyLog
from tests.cast import FIRST_DAY, LAST_DAY, LONDON, WEEK_SIX, a_cohort, a_pairing, a_person, a_place
from tests.mentorship.at_once import all_at_once

THURSDAY_AT_TWO = {"weekday": 3, "local_time": dt.time(14), "time_zone": LONDON}
WEEKS = 14
EVE = dt.datetime(2027, 1, 3, 12, tzinfo=dt.UTC)
REACH = 8  # weeks that begin within eight weeks of the eve of the first


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


def lay_out_all(cohort) -> None:
    """As the daily task does it: a first run, and later the weeks that have come within reach."""
    lay_out(cohort, at=EVE)
    lay_out(cohort, at=WEEK_SIX)


def test_every_week_has_a_log_and_a_row_and_those_within_reach_a_meeting(pairing):
    done = lay_out(pairing.cohort, at=EVE)
    assert (done.logs, done.weeks, done.meetings, done.left_out) == (WEEKS, WEEKS, REACH, [])
    assert Attendance.objects.count() == 2 * REACH


def test_log_is_due_on_the_cohorts_weekday_and_wall_clock(pairing):
    lay_out(pairing.cohort, at=EVE)
    due = list(WeeklyLog.objects.filter(number__in=[1, 13]).values_list("due_at", flat=True))
    assert due == [utc(2027, 1, 6, 18), utc(2027, 3, 31, 17)]


def test_meeting_keeps_its_wall_clock_when_summer_time_begins(pairing):
    lay_out_all(pairing.cohort)
    assert starts(pairing)[11:13] == [utc(2027, 3, 25, 14), utc(2027, 4, 1, 13)]


def test_second_run_changes_nothing(pairing):
    lay_out(pairing.cohort, at=EVE)
    done = lay_out(pairing.cohort, at=EVE)
    assert (done.logs, done.weeks, done.meetings) == (0, 0, 0)
    assert Meeting.objects.count() == REACH


def test_past_meetings_are_left_out_unless_asked(pairing):
    assert lay_out(pairing.cohort, at=WEEK_SIX).meetings == WEEKS - 5
    assert lay_out(pairing.cohort, at=WEEK_SIX, past=True).meetings == 5


def test_log_of_several_weeks_is_owed_in_the_first_of_them(cohort):
    """Counted from the stay's own first week, and again after a correction; what was written stays."""
    scholar = place(cohort, "Ada", Role.SCHOLAR)
    Stay.objects.update(starts_on=FIRST_DAY + dt.timedelta(weeks=1), weeks_per_log=2)
    lay_out(cohort, at=EVE)
    owed = WeeklyLog.objects.filter(archived_at=None).order_by("number")
    assert list(owed.values_list("number", flat=True)) == [2, 4, 6, 8, 10, 12, 14]
    owed.filter(number=8).update(done="Early.", submitted_at=WEEK_SIX)
    Stay.objects.update(weeks_per_log=4)
    lay_out_again(membership=scholar, at=WEEK_SIX)
    assert list(owed.values_list("number", flat=True)) == [2, 4, 6, 8, 10, 14]


def test_short_week_without_the_weekday_is_due_on_its_last_day(cohort):
    scholar = place(cohort, "Ada", Role.SCHOLAR)
    Stay.objects.filter(membership=scholar).update(starts_on=FIRST_DAY + dt.timedelta(days=3))
    lay_out(cohort, at=EVE)
    assert WeeklyLog.objects.earliest("week_starts_on").due_at == utc(2027, 1, 10, 18)


def test_team_of_one_slot_meets_once(cohort, pairing):
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    third = a_pairing(place(cohort, "Cy", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    done = lay_out(cohort, at=EVE)
    week = PairingWeek.objects.filter(number=3).values_list("meeting", flat=True)
    assert (done.meetings, done.weeks, len(set(week))) == (REACH, 3 * WEEKS, 1)
    assert starts(second) == starts(third) == starts(pairing)


def test_scholar_added_to_a_team_joins_its_meetings(cohort, pairing):
    lay_out(cohort, at=EVE)
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    done = lay_out_again(pairing=second, at=EVE)
    assert (done.meetings, done.left_out) == (0, [])
    assert Meeting.objects.count() == REACH
    assert Attendance.objects.count() == 3 * REACH


def test_clash_leaves_the_week_without_a_meeting_and_says_so(cohort, pairing):
    slot = {**THURSDAY_AT_TWO, "local_time": dt.time(14, 15)}
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **slot)
    done = lay_out(cohort, at=EVE)
    assert [(left.pairing, left.why) for left in done.clashes] == [(second, BUSY)] * REACH
    assert PairingWeek.objects.filter(pairing=second, meeting=None).count() == WEEKS


def test_back_to_back_meetings_do_not_clash(cohort, pairing):
    slot = {**THURSDAY_AT_TWO, "local_time": dt.time(14, 30)}
    a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **slot)
    assert lay_out(cohort, at=EVE).left_out == []


def test_meeting_counts_for_the_cohorts_week_not_the_zones(cohort, pairing):
    pairing.weekday, pairing.local_time, pairing.time_zone = 0, dt.time(6), "Pacific/Auckland"
    pairing.save()
    lay_out(cohort, at=EVE)
    week = PairingWeek.objects.select_related("meeting").get(number=1)
    assert week.meeting.planned.lower == utc(2027, 1, 10, 17)  # Sunday in London, Monday in Auckland


def test_week_away_has_no_meeting(cohort, pairing):
    Leave.objects.create(
        membership=pairing.scholar, starts_on=dt.date(2027, 1, 11), ends_on=dt.date(2027, 1, 17), created_at=EVE
    )
    done = lay_out(cohort, at=EVE)
    assert [(left.week.number, left.why) for left in done.left_out] == [(2, AWAY)]


def test_time_in_the_skipped_hour_starts_at_the_first_valid_minute(cohort, pairing):
    pairing.weekday, pairing.local_time = 6, dt.time(1, 30)
    pairing.save()
    done = lay_out(cohort, at=WEEK_SIX)
    assert [meeting.planned.lower for meeting in done.skipped] == [utc(2027, 3, 28, 1)]


def test_moved_meeting_keeps_its_address_and_agenda(cohort, pairing):
    lay_out_all(cohort)
    before = list(PairingWeek.objects.values_list("meeting", flat=True))
    pairing.local_time = dt.time(15)
    pairing.save()
    done = lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert list(PairingWeek.objects.values_list("meeting", flat=True)) == before
    assert (done.meetings, starts(pairing)[4].hour, starts(pairing)[5].hour) == (WEEKS - 5, 14, 15)
    assert Attendance.objects.count() == 2 * WEEKS


def test_team_member_with_a_new_time_leaves_the_others_meeting(cohort, pairing):
    second = a_pairing(place(cohort, "Bea", Role.SCHOLAR), pairing.mentor, **THURSDAY_AT_TWO)
    lay_out_all(cohort)
    second.local_time = dt.time(16)
    second.save()
    assert lay_out_again(pairing=second, at=WEEK_SIX).meetings == WEEKS - 5
    assert {moment.hour for moment in starts(pairing)} == {13, 14}
    assert {moment.hour for moment in starts(second)} == {14, 15, 16}


def test_ended_pairing_keeps_what_happened_and_owes_no_more(cohort, pairing):
    lay_out_all(cohort)
    pairing.ends_on = dt.date(2027, 2, 14)
    pairing.save()
    lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert PairingWeek.objects.filter(archived_at=None).count() == 6
    assert Meeting.objects.filter(is_live=True).count() == 6


def test_extended_pairing_gets_its_weeks_back(cohort, pairing):
    lay_out_all(cohort)
    for last in (dt.date(2027, 2, 14), LAST_DAY):
        pairing.ends_on = last
        pairing.save()
        lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert PairingWeek.objects.filter(archived_at=None, meeting__is_live=True).count() == WEEKS


def test_meeting_moved_by_hand_stays_where_it_is(cohort, pairing):
    lay_out_all(cohort)
    by_hand, mentor = PairingWeek.objects.get(number=8).meeting, pairing.mentor.person
    starts_at = by_hand.starts_at + dt.timedelta(minutes=10)
    ends_at = starts_at + dt.timedelta(minutes=20)
    move_meeting(meeting=by_hand, by=mentor, at=WEEK_SIX, starts_at=starts_at, ends_at=ends_at)
    pairing.local_time = dt.time(15)
    pairing.save()
    lay_out_again(pairing=pairing, at=WEEK_SIX)
    assert [f"{moment:%H:%M}" for moment in starts(pairing)][6:9] == ["15:00", "14:10", "15:00"]


def test_shorter_stay_owes_fewer_logs_and_keeps_written_ones(cohort, pairing):
    lay_out(cohort, at=EVE)
    WeeklyLog.objects.filter(number=9).update(submitted_at=WEEK_SIX, done="Ahead of time")
    Stay.objects.filter(membership=pairing.scholar).update(ends_on=dt.date(2027, 2, 21))
    lay_out_again(membership=pairing.scholar, at=WEEK_SIX)
    owed = WeeklyLog.objects.filter(archived_at=None).values_list("number", flat=True)
    assert list(owed) == [1, 2, 3, 4, 5, 6, 7, 9]


def test_leave_frees_the_time_and_keeps_the_agenda(cohort, pairing):
    lay_out_all(cohort)
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
    lay_out(cohort, at=EVE)
    cohort.log_weekday, cohort.log_time = 4, dt.time(12)
    cohort.save()
    lay_out_again(cohort=cohort, at=WEEK_SIX)
    due = list(WeeklyLog.objects.filter(number__in=[5, 6]).values_list("due_at", flat=True))
    assert due == [utc(2027, 2, 3, 18), utc(2027, 2, 12, 12)]


def test_nothing_is_laid_out_again_before_launch(pairing):
    pairing.cohort.launched_at = None
    assert lay_out_again(pairing=pairing, at=EVE).weeks == 0


def test_day_by_day_every_meeting_is_planned_once(cohort, pairing):
    """Across the night on which London's clock goes forward; each day twice, as after a restart."""
    lay_out(cohort, at=EVE)
    planned = [plan_ahead(at=EVE + dt.timedelta(days=day // 2)) for day in range(2 * 7 * WEEKS)]
    assert (sum(planned), max(planned)) == (WEEKS - REACH, 1)
    assert {moment.astimezone(ZoneInfo(LONDON)).hour for moment in starts(pairing)} == {14}
    assert len(starts(pairing)) == WEEKS


def test_planning_ahead_keeps_the_wall_clock_through_october(db):
    cohort = a_cohort()
    cohort.phases.update(starts_on=dt.date(2027, 8, 2), ends_on=dt.date(2027, 12, 5))
    days = {"starts_on": dt.date(2027, 8, 2), "ends_on": dt.date(2027, 12, 5)}
    scholar, mentor = place(cohort, "Ada", Role.SCHOLAR), place(cohort, "Max", Role.MENTOR)
    Stay.objects.update(**days)
    pairing = a_pairing(scholar, mentor, **days, **THURSDAY_AT_TWO)
    for week in range(18):
        plan_ahead(at=utc(2027, 8, 1, 12) + dt.timedelta(weeks=week))
    assert [moment.hour for moment in starts(pairing)] == [13] * 13 + [14] * 5


def test_month_of_silence_is_made_up_for_by_one_run(cohort, pairing):
    lay_out(cohort, at=EVE)
    assert plan_ahead(at=EVE + dt.timedelta(days=31)) == 5
    assert starts(pairing)[-1] == utc(2027, 4, 1, 13)


def test_weeks_that_went_by_in_silence_get_no_meeting(cohort, pairing):
    lay_out(cohort, at=EVE - dt.timedelta(weeks=8))
    assert plan_ahead(at=WEEK_SIX) == WEEKS - 5


def test_cohort_that_fails_does_not_stop_the_others(cohort, pairing, caplog):
    """A zone that is none stands for whatever may be wrong with its rows."""
    broken = a_cohort("Broken", "broken")
    Cohort.objects.filter(pk=broken.pk).update(time_zone="Nowhere/Atall")
    assert plan_ahead(at=EVE) == REACH
    assert [record.message.split(":")[0] for record in caplog.records] == [
        f"Planning ahead failed for cohort {broken.pk}"
    ]


def test_called_off_week_is_not_planned_again_by_itself(cohort, pairing):
    lay_out(cohort, at=EVE)
    call_off_meeting(meeting=PairingWeek.objects.get(number=8).meeting, by=pairing.scholar.person, at=EVE)
    plan_ahead(at=WEEK_SIX)
    assert len(starts(pairing)) == WEEKS - 1


def test_correction_reaches_eight_weeks_too(cohort, pairing):
    lay_out(cohort, at=EVE)
    pairing.local_time = dt.time(15)
    pairing.save()
    assert lay_out_again(pairing=pairing, at=EVE).meetings == REACH


def queries_of_a_first_run(number: int, scholars: int) -> int:
    cohort = a_cohort(f"Cohort {number}", f"cohort-{number}")
    mentor = place(cohort, f"Mentor {number}", Role.MENTOR)
    for hour in range(scholars):
        slot = {**THURSDAY_AT_TWO, "local_time": dt.time(8 + hour)}
        a_pairing(place(cohort, f"Scholar {number} {hour}", Role.SCHOLAR), mentor, **slot)
    with CaptureQueriesContext(connection) as asked:
        assert lay_out(cohort, at=EVE).meetings == REACH * scholars
    return len(asked)


def test_queries_do_not_grow_with_the_cohort(db):
    assert queries_of_a_first_run(1, scholars=1) == queries_of_a_first_run(2, scholars=7)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_plan_nothing_twice(transactional_db):
    with transaction.atomic():
        cohort = a_cohort()
        scholar, mentor = place(cohort, "Ada", Role.SCHOLAR), place(cohort, "Max", Role.MENTOR)
        pairing = a_pairing(scholar, mentor, **THURSDAY_AT_TWO)
        lay_out(cohort, at=EVE)
    assert all_at_once(*[lambda: plan_ahead(at=WEEK_SIX)] * 3) == ["done"] * 3
    assert (len(starts(pairing)), Meeting.objects.count()) == (WEEKS, WEEKS)
