"""Planning a meeting by hand: half an hour at most, once a week, nobody in two places."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from mentorship.actions.agenda import add_agenda_item
from mentorship.actions.booking import plan_meeting
from mentorship.actions.meeting import call_off_meeting, start_meeting
from mentorship.models import Attendance, Meeting, PairingWeek
from tests.cast import LONG_AGO, WEEK_SIX, a_meeting, a_pairing, a_person, a_place, build_cast, week_start
from tests.mentorship.at_once import all_at_once

MINUTE = dt.timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
FRIDAY = dt.datetime(2027, 2, 12, 9, tzinfo=dt.UTC)
CLOSES = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
PRESSES = 50


def a_week(pairing, number=6, **fields) -> PairingWeek:
    closes = CLOSES + dt.timedelta(weeks=number - 6)
    fields = {"closes_at": closes, "created_at": LONG_AGO, **fields}
    return PairingWeek.objects.create(pairing=pairing, week_starts_on=week_start(number), number=number, **fields)


@pytest.fixture
def week(cast):
    """A week of the mentor with another scholar that has no meeting yet; the first scholar's is on Thursday."""
    return a_week(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False))


def planned(cast, week, starts_at=FRIDAY, length=HALF_AN_HOUR, at=WEEK_SIX) -> Meeting:
    return plan_meeting(week=week, by=cast.mentor, at=at, starts_at=starts_at, ends_at=starts_at + length)


def test_meeting_is_planned_for_both(cast, week):
    meeting = planned(cast, week)
    week.refresh_from_db()
    assert (week.meeting, meeting.planned_by, meeting.planned.lower) == (meeting, cast.mentor, FRIDAY)
    assert set(meeting.attendances.values_list("person", flat=True)) == {cast.other_scholar.pk, cast.mentor.pk}


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (31 * MINUTE, "at most 30 minutes; this would be 31"),
        (HALF_AN_HOUR + dt.timedelta(seconds=1), "at most 30 minutes"),
        (dt.timedelta(0), "ends after it starts"),
        (-HALF_AN_HOUR, "ends after it starts"),
    ],
)
def test_length_is_more_than_nothing_and_at_most_the_cap(cast, week, length, words):
    with pytest.raises(ValidationError, match=words):
        planned(cast, week, length=length)


def test_ninety_minutes_that_look_like_thirty_are_ninety(cast):
    """On the last Sunday of October the clock in London goes from 02:00 back to 01:00."""
    cast.cohort.phases.update(ends_on=dt.date(2027, 12, 31))
    pairing = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    first = dt.datetime(2027, 10, 31, 0, 45, tzinfo=dt.UTC)
    looks_like_thirty = dt.datetime(2027, 10, 31, 2, 15, tzinfo=dt.UTC)
    week = a_week(pairing, number=43)
    with pytest.raises(ValidationError, match="this would be 90"):
        plan_meeting(week=week, by=cast.mentor, at=WEEK_SIX, starts_at=first, ends_at=looks_like_thirty)


def test_form_measures_the_october_night_in_utc(cast, client):
    cast.cohort.phases.update(ends_on=dt.date(2027, 12, 31))
    week = a_week(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False), number=43)
    client.force_login(cast.mentor)
    sent = {"day": "2027-10-31", "starts": "01:45", "ends": "02:15"}
    answer = client.post(reverse("meeting_plan", args=[week.pk]), sent)
    assert (answer.status_code, b"this would be 90" in answer.content) == (422, True)


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [
        (WEEK_SIX, "has gone by"),
        (CLOSES + dt.timedelta(days=4) - 29 * MINUTE, "lies between Mon 8 Feb and Thu 18 Feb"),
        (dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC), "lies between"),
    ],
)
def test_meeting_lies_ahead_and_near_its_week(cast, week, starts_at, words):
    with pytest.raises(ValidationError, match=words):
        planned(cast, week, starts_at=starts_at)


def test_meeting_may_be_four_days_into_the_next_week(cast, week):
    last = CLOSES + dt.timedelta(days=4) - HALF_AN_HOUR
    assert planned(cast, week, starts_at=last).planned.upper == CLOSES + dt.timedelta(days=4)


def test_second_meeting_in_the_week_is_refused(cast, week):
    planned(cast, week)
    week.refresh_from_db()
    with pytest.raises(ValidationError, match="already has a meeting"):
        planned(cast, week, starts_at=FRIDAY + dt.timedelta(hours=2))


@pytest.mark.parametrize("shift", [-29, 0, 29])
def test_busy_person_is_refused_with_the_time_and_nothing_else(cast, week, shift):
    thursday = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
    with pytest.raises(ValidationError) as refusal:
        planned(cast, week, starts_at=thursday + shift * MINUTE)
    assert refusal.value.messages == [
        "One of you has another meeting then: Thu 11 Feb 14:00–14:30. Choose another time."
    ]


@pytest.mark.parametrize("shift", [-30, 30])
def test_back_to_back_meetings_are_fine(cast, week, shift):
    thursday = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
    assert planned(cast, week, starts_at=thursday + shift * MINUTE).is_live


def test_called_off_week_gets_the_same_meeting_with_its_agenda(cast):
    add_agenda_item(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, text="Ablation")
    call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX)
    meeting = planned(cast, PairingWeek.objects.get())
    assert (meeting.pk, meeting.is_live, meeting.agenda.count()) == (cast.meeting.pk, True, 1)
    during = Attendance.objects.filter(meeting=meeting).values_list("during", "is_live")
    assert {(span.lower, live) for span, live in during} == {(FRIDAY, True)}


def test_mentor_plans_on_the_page_in_their_own_zone(cast, client, week):
    cast.mentor.time_zone = "Asia/Tokyo"
    cast.mentor.save()
    client.force_login(cast.mentor)
    sent = {"day": "2027-02-12", "starts": "18:00", "ends": "18:30"}
    answer = client.post(reverse("meeting_plan", args=[week.pk]), sent)
    week.refresh_from_db()
    assert week.meeting.planned.lower == FRIDAY
    assert answer["Location"] == reverse("meeting", args=[week.meeting_id])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"day": "2027-02-12", "starts": "10:00", "ends": "10:31"}, "this would be 31"),
        ({"day": "2027-02-12", "starts": "10:00", "ends": "09:30"}, "at most 30 minutes"),
        ({"day": "9999-12-31", "starts": "23:50", "ends": "00:10"}, "far from the week"),
        ({"day": "0001-01-01", "starts": "00:00", "ends": "00:10"}, "far from the week"),
        ({"day": "soon", "starts": "25:00", "ends": ""}, "Enter a valid"),
    ],
)
def test_bad_times_come_back_with_words(cast, client, week, sent, words):
    client.force_login(cast.mentor)
    answer = client.post(reverse("meeting_plan", args=[week.pk]), sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Meeting.objects.count() == 1


def test_time_that_the_clock_jumps_over_is_refused(cast, client):
    week = a_week(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False), number=12)
    client.force_login(cast.mentor)
    sent = {"day": "2027-03-28", "starts": "01:30", "ends": "02:00"}
    answer = client.post(reverse("meeting_plan", args=[week.pk]), sent)
    assert (answer.status_code, b"the clock jumps to 02:00" in answer.content) == (422, True)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("other_scholar", 200),
        ("mentor", 200),
        ("staff", 200),
        ("scholar", 404),
        ("coach", 404),
        ("staff_elsewhere", 404),
        ("stranger", 404),
    ],
)
def test_meeting_is_planned_by_its_people_and_staff(cast, client, week, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("meeting_plan", args=[week.pk])).status_code == status


def a_scholar(cast, number):
    return a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")


@pytest.fixture
def committed(transactional_db, week_six):
    with transaction.atomic():
        return build_cast()


def test_one_of_many_bookings_of_a_slot_wins(committed):
    """Every other scholar of one mentor books the same half hour at once."""
    mentor = committed.place["mentor"]
    weeks = [a_week(a_pairing(a_scholar(committed, number), mentor)) for number in range(PRESSES)]
    found = all_at_once(*[lambda week=week: planned(committed, week) for week in weeks])
    assert found.count("done") == 1
    assert set(found) - {"done"} == {
        "One of you has another meeting then: Fri 12 Feb 09:00–09:30. Choose another time."
    }


def test_one_of_many_bookings_of_a_week_wins(committed):
    week = a_week(a_pairing(committed.place["other_scholar"], committed.place["mentor"], is_lead=False))
    hours = [dt.timedelta(hours=number) for number in range(6)]
    found = all_at_once(*[lambda hour=hour: planned(committed, week, starts_at=FRIDAY + hour) for hour in hours])
    assert found == [*["This week already has a meeting; a pairing meets once a week."] * 5, "done"]
    assert Meeting.objects.count() == 2


def test_start_pressed_by_both_at_once_starts_once(committed):
    planned_at = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
    people = [committed.scholar, committed.mentor] * 3
    starts = [
        lambda who=who, n=n: start_meeting(meeting=committed.meeting, by=who, at=planned_at + n * MINUTE)
        for n, who in enumerate(people)
    ]
    assert all_at_once(*starts) == ["done"] * 6
    assert Meeting.objects.get().events.exclude(held=None).count() == 1


def test_meeting_that_stands_is_shown_instead_of_the_form(cast, client):
    client.force_login(cast.mentor)
    with time_machine.travel(WEEK_SIX, tick=False):
        answer = client.get(reverse("meeting_plan", args=[PairingWeek.objects.get().pk]))
    assert answer["Location"] == reverse("meeting", args=[cast.meeting.pk])


def test_second_meeting_of_a_person_elsewhere_blocks_the_time(cast, week):
    mentor = a_place(cast.mentor, cast.other_cohort, "mentor")
    a_meeting(a_pairing(a_place(cast.stranger, cast.other_cohort, "scholar"), mentor), 6, FRIDAY)
    with pytest.raises(ValidationError, match="another meeting then"):
        planned(cast, week)
