"""Moving one meeting: for everybody, at most half an hour, near its week, in words."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from coaching.models import OneOnOne
from mats.identity.transaction import acting
from mats.post import outbox
from mats.post.models import Message
from mentorship.actions.agenda import add_agenda_item
from mentorship.actions.booking import move_meeting, plan_meeting
from mentorship.actions.meeting import answer_meeting, call_off_meeting, start_meeting, write_notes
from mentorship.actions.weeks import lay_out_again
from mentorship.models import Attendance, Meeting, PairingWeek
from tests.cast import WEEK_SIX, a_meeting, a_pairing, build_cast
from tests.mentorship.at_once import all_at_once
from tests.mentorship.test_booking import a_scholar, a_week

THURSDAY = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
FRIDAY = dt.datetime(2027, 2, 12, 9, tzinfo=dt.UTC)
CLOSES = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
HOUR = 2 * HALF_AN_HOUR
DAY = 24 * HOUR
FIFTY = 50


def moved(cast, starts_at=FRIDAY, *, length=HALF_AN_HOUR, at=WEEK_SIX, by=None, **options) -> Meeting:
    meeting = options.pop("meeting", cast.meeting)
    return move_meeting(
        meeting=meeting, by=by or cast.mentor, at=at, starts_at=starts_at, ends_at=starts_at + length, **options
    )


def with_others(cast, starts_at) -> Meeting:
    """A meeting of the same mentor with another scholar, in the same week."""
    return a_meeting(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False), 6, starts_at)


def sent(cast, client, who, **fields):
    client.force_login(getattr(cast, who))
    data = {"day": "2027-02-12", "starts": "09:00", "ends": "09:30", **fields}
    with time_machine.travel(WEEK_SIX, tick=False):
        return client.post(reverse("meeting_move", args=[cast.meeting.pk]), data)


def test_moved_meeting_keeps_all_that_is_in_it(cast):
    add_agenda_item(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, text="Ablation")
    write_notes(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, version=1, notes="Prepared")
    meeting = moved(cast)
    assert (meeting.pk, meeting.starts_at, meeting.notes, meeting.agenda.count()) == (
        cast.meeting.pk,
        FRIDAY,
        "Prepared",
        1,
    )
    assert PairingWeek.objects.get().meeting == meeting
    assert {during.lower for during in Attendance.objects.values_list("during", flat=True)} == {FRIDAY}


def test_move_says_when_from_and_by_whom(cast):
    meeting = moved(cast)
    assert (meeting.moved_at, meeting.moved_from, meeting.moved_by) == (WEEK_SIX, THURSDAY, cast.mentor)


def test_moving_back_is_a_move(cast):
    moved(cast)
    meeting = moved(cast, THURSDAY, at=WEEK_SIX + MINUTE)
    assert (meeting.starts_at, meeting.moved_from, meeting.moved_at) == (THURSDAY, FRIDAY, WEEK_SIX + MINUTE)


def test_time_it_has_already_is_no_move(cast):
    with pytest.raises(ValidationError, match="the time it has already"):
        moved(cast, THURSDAY)


@pytest.mark.parametrize(
    ("length", "words"),
    [(31 * MINUTE, "this would be 31"), (0 * MINUTE, "ends after it starts"), (-HOUR, "ends after it starts")],
)
def test_move_is_at_most_half_an_hour(cast, length, words):
    with pytest.raises(ValidationError, match=words):
        moved(cast, length=length)


def test_end_left_empty_keeps_the_length(cast, client):
    moved(cast, length=20 * MINUTE)
    sent(cast, client, "mentor", starts="10:00", ends="")
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.ends_at) == (FRIDAY + HOUR, FRIDAY + HOUR + 20 * MINUTE)


@pytest.mark.parametrize(("ends", "words"), [("09:31", "this would be 31"), ("08:30", "at most 30")])
def test_longer_and_reversed_moves_come_back_with_words(cast, client, ends, words):
    answer = sent(cast, client, "mentor", ends=ends)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Meeting.objects.get().starts_at == THURSDAY


@pytest.mark.parametrize("minutes", [31, 0])
def test_plain_sql_moves_no_meeting_beyond_the_cap(cast, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.update(planned=(FRIDAY, FRIDAY + minutes * MINUTE))


def test_move_may_go_four_days_into_the_next_week(cast):
    last = CLOSES + 4 * DAY - HALF_AN_HOUR
    assert moved(cast, last).planned.upper == CLOSES + 4 * DAY
    with pytest.raises(ValidationError, match="lies between Mon 8 Feb and Thu 18 Feb"):
        moved(cast, last + MINUTE)


def test_meeting_over_midnight_on_sunday_counts_for_its_week(cast):
    meeting = moved(cast, CLOSES - 15 * MINUTE)
    started = start_meeting(meeting=meeting, by=cast.mentor, at=CLOSES - 15 * MINUTE)
    assert (started.over_at, PairingWeek.objects.get(meeting=meeting).number) == (CLOSES + 15 * MINUTE, 6)


def test_no_move_into_the_past(cast):
    with pytest.raises(ValidationError, match="has gone by"):
        moved(cast, WEEK_SIX - HOUR)


def test_week_never_gets_a_second_meeting(cast):
    moved(cast, CLOSES + DAY)
    with pytest.raises(ValidationError, match="already has a meeting"):
        plan_meeting(
            week=PairingWeek.objects.get(), by=cast.mentor, at=WEEK_SIX, starts_at=FRIDAY, ends_at=FRIDAY + HALF_AN_HOUR
        )


def test_busy_time_is_refused_with_the_time_alone(cast):
    with_others(cast, FRIDAY)
    with pytest.raises(ValidationError) as refusal:
        moved(cast, FRIDAY + 15 * MINUTE)
    assert refusal.value.messages == [
        "One of you has another meeting then: Fri 12 Feb 09:00–09:30. Choose another time."
    ]


def test_one_on_one_refuses_no_move_and_stands_in_no_letter(cast, mailoutbox):
    with acting(cast.coach, WEEK_SIX):
        places = {"coach": cast.place["coach"], "about": cast.place["scholar"]}
        OneOnOne.objects.create(**places, planned=(FRIDAY, FRIDAY + HALF_AN_HOUR), created_at=WEEK_SIX)
    assert moved(cast).starts_at == FRIDAY
    outbox.deliver(outbox.claim(WEEK_SIX), WEEK_SIX)
    assert not any(word in mailoutbox[0].body for word in ("1-1", "coach", "Cleo"))


def test_move_by_some_minutes_does_not_clash_with_itself(cast):
    assert moved(cast, THURSDAY + 10 * MINUTE).starts_at == THURSDAY + 10 * MINUTE


def test_started_meeting_is_not_moved(cast):
    start_meeting(meeting=cast.meeting, by=cast.mentor, at=THURSDAY)
    with pytest.raises(ValidationError, match="cannot be moved"):
        moved(cast, at=THURSDAY + MINUTE)


def test_answered_meeting_is_not_moved(cast):
    answer_meeting(meeting=cast.meeting, by=cast.scholar, at=THURSDAY + HOUR, outcome="did_not_meet")
    with pytest.raises(ValidationError, match="cannot be moved"):
        moved(cast, at=THURSDAY + HOUR)


def test_called_off_meeting_is_planned_and_not_moved(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=WEEK_SIX)
    with pytest.raises(ValidationError, match="Plan another time for it"):
        moved(cast)


def test_calling_off_remembers_the_time_it_had(cast):
    meeting = call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=WEEK_SIX)
    assert (meeting.moved_at, meeting.moved_from, meeting.moved_by) == (WEEK_SIX, THURSDAY, cast.scholar)
    assert meeting.starts_at == THURSDAY


def test_meeting_planned_again_was_at_the_time_before(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=WEEK_SIX)
    week, at = PairingWeek.objects.get(), WEEK_SIX + MINUTE
    meeting = plan_meeting(week=week, by=cast.mentor, at=at, starts_at=FRIDAY, ends_at=FRIDAY + HALF_AN_HOUR)
    assert (meeting.is_live, meeting.moved_from, meeting.moved_by) == (True, THURSDAY, cast.mentor)


def test_joint_meeting_moves_for_all(cast):
    team = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    a_week(team, meeting=cast.meeting)
    cast.meeting.attendances.create(person=cast.other_scholar, during=cast.meeting.planned)
    moved(cast, by=cast.other_scholar)
    assert {during.lower for during in Attendance.objects.values_list("during", flat=True)} == {FRIDAY}
    assert set(Message.objects.values_list("person", flat=True)) == {cast.scholar.pk, cast.mentor.pk}


def test_pairing_that_has_ended_moves_nothing_beyond_its_end(cast, client):
    """A day that lies in the week and yet after the last one they work together."""
    cast.pairing.ends_on = dt.date(2027, 2, 11)
    cast.pairing.save()
    with pytest.raises(ValidationError, match="works together until Thu 11 Feb"):
        moved(cast)
    client.force_login(cast.mentor)
    with time_machine.travel(FRIDAY, tick=False):
        assert client.get(reverse("meeting_move", args=[cast.meeting.pk])).status_code == 404


def test_running_meeting_ends_where_another_was_moved_to(cast):
    """Started twenty minutes late it could go on until ten to three."""
    other = with_others(cast, FRIDAY)
    start_meeting(meeting=cast.meeting, by=cast.scholar, at=THURSDAY + 20 * MINUTE)
    moved(cast, THURSDAY + 40 * MINUTE, at=THURSDAY + 25 * MINUTE, meeting=other)
    assert Meeting.objects.get(pk=cast.meeting.pk).over_at == THURSDAY + 40 * MINUTE


def test_running_meeting_ends_where_another_was_planned(cast):
    week = a_week(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False))
    start_meeting(meeting=cast.meeting, by=cast.scholar, at=THURSDAY + 20 * MINUTE)
    starts, at = THURSDAY + 40 * MINUTE, THURSDAY + 25 * MINUTE
    plan_meeting(week=week, by=cast.mentor, at=at, starts_at=starts, ends_at=starts + HALF_AN_HOUR)
    assert Meeting.objects.get(pk=cast.meeting.pk).over_at == starts


def test_meeting_of_another_mentor_does_not_shorten_a_running_one(cast):
    """The scholar's own next meeting is theirs to be late for."""
    pairing = a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    other = a_meeting(pairing, 6, FRIDAY)
    start_meeting(meeting=cast.meeting, by=cast.scholar, at=THURSDAY + 20 * MINUTE)
    moved(cast, THURSDAY + 40 * MINUTE, at=THURSDAY + 25 * MINUTE, meeting=other, by=cast.scholar)
    assert Meeting.objects.get(pk=cast.meeting.pk).over_at == THURSDAY + 50 * MINUTE


@pytest.mark.parametrize(("mentor", "minutes"), [("mentor", 40), ("other_mentor", 50)])
def test_running_meeting_ends_where_a_new_weekly_time_begins_and_only_the_mentors(cast, mentor, minutes):
    pairing = a_pairing(
        cast.place["other_scholar"], cast.place[mentor], is_lead=False, weekday=3, local_time=dt.time(14, 40),
        time_zone="Europe/London",
    )  # fmt: skip
    start_meeting(meeting=cast.meeting, by=cast.scholar, at=THURSDAY + 20 * MINUTE)
    lay_out_again(pairing=pairing, at=THURSDAY + 25 * MINUTE)
    assert Meeting.objects.get(pk=cast.meeting.pk).over_at == THURSDAY + minutes * MINUTE


# The form


@pytest.mark.parametrize(
    ("who", "fields", "status"),
    [
        ("scholar", {}, 302),
        ("mentor", {}, 302),
        ("staff", {}, 422),
        ("staff", {"why": "The room burned down"}, 302),
        ("coach", {"why": "x"}, 403),
        ("other_mentor", {}, 404),
        ("staff_elsewhere", {}, 404),
    ],
)
def test_meeting_is_moved_by_its_people_and_by_staff_with_a_reason(cast, client, who, fields, status):
    assert sent(cast, client, who, **fields).status_code == status
    assert (Meeting.objects.get().starts_at == FRIDAY) == (status == 302)


def test_form_stands_at_the_time_it_has_on_the_readers_wall(cast, client):
    cast.scholar.time_zone = "Asia/Tokyo"
    cast.scholar.save()
    client.force_login(cast.scholar)
    body = client.get(reverse("meeting_move", args=[cast.meeting.pk])).content.decode()
    assert all(f'value="{value}"' in body for value in ("2027-02-11", "23:00"))


def test_page_says_what_it_was_who_moved_it_and_why(cast, client):
    sent(cast, client, "staff", why="The room burned down")
    client.force_login(cast.scholar)
    body = " ".join(client.get(reverse("meeting", args=[cast.meeting.pk])).content.decode().split())
    assert "was <time" in body
    assert "Thu 14:00</time>" in body
    assert "Moved by Stella Staff" in body
    assert "The room burned down" in body


def test_time_that_does_not_exist_is_refused(cast, client):
    cast.cohort.phases.update(ends_on=dt.date(2027, 12, 31))
    meeting = a_meeting(cast.pairing, 12, dt.datetime(2027, 3, 25, 14, tzinfo=dt.UTC))
    client.force_login(cast.mentor)
    data = {"day": "2027-03-28", "starts": "01:30", "ends": "02:00"}
    answer = client.post(reverse("meeting_move", args=[meeting.pk]), data)
    assert (answer.status_code, b"the clock jumps to 02:00" in answer.content) == (422, True)


def test_time_that_comes_twice_is_the_first(cast, client):
    """01:30 on the October night; 01:45 to 02:15 looks like half an hour and is ninety minutes."""
    cast.cohort.phases.update(ends_on=dt.date(2027, 12, 31))
    type(cast.pairing).objects.filter(pk=cast.pairing.pk).update(ends_on=dt.date(2027, 12, 31))
    meeting = a_meeting(cast.pairing, 43, dt.datetime(2027, 10, 28, 13, tzinfo=dt.UTC))
    client.force_login(cast.mentor)
    address = reverse("meeting_move", args=[meeting.pk])
    wrong = client.post(address, {"day": "2027-10-31", "starts": "01:45", "ends": "02:15"})
    assert b"this would be 90" in wrong.content
    assert client.post(address, {"day": "2027-10-31", "starts": "01:20", "ends": "01:50"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.starts_at == dt.datetime(2027, 10, 31, 0, 20, tzinfo=dt.UTC)


# At once


@pytest.fixture
def committed(transactional_db, week_six):
    with transaction.atomic():
        return build_cast()


def test_one_of_fifty_moves_to_a_slot_wins(committed):
    """Every other scholar of one mentor moves their meeting to the same half hour at once."""
    mentor = committed.place["mentor"]
    with transaction.atomic():
        meetings = [
            a_meeting(a_pairing(a_scholar(committed, n), mentor), 6, FRIDAY + 2 * HOUR + n * HALF_AN_HOUR)
            for n in range(FIFTY)
        ]
    found = all_at_once(*[lambda meeting=meeting: moved(committed, meeting=meeting) for meeting in meetings])
    assert found.count("done") == 1
    assert set(found) - {"done"} == {
        "One of you has another meeting then: Fri 12 Feb 09:00–09:30. Choose another time."
    }


def test_move_and_start_at_once_leave_one_of_both(committed):
    def start() -> None:
        start_meeting(meeting=committed.meeting, by=committed.scholar, at=THURSDAY)

    def move() -> None:
        moved(committed, at=THURSDAY)

    found = all_at_once(start, move)
    meeting = Meeting.objects.get()
    assert found.count("done") == 1
    assert (meeting.held is not None) != (meeting.starts_at == FRIDAY)
