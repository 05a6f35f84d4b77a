"""Letters about meetings: asked once whether they met, told once that it moved, and never for nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Leave
from mats.post import outbox
from mats.post.models import Message
from mats.post.tasks import find_what_is_due
from mentorship.actions.booking import move_meeting, plan_meeting
from mentorship.actions.meeting import answer_meeting, call_off_meeting, start_meeting
from mentorship.actions.weeks import lay_out, lay_out_again
from mentorship.models import Meeting, PairingWeek, WeeklyLog
from tests.cast import LONDON, WEEK_SIX, a_pairing
from tests.mentorship.test_booking import a_week

PLANNED = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
FRIDAY = dt.datetime(2027, 2, 12, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
ASKED = PLANNED + 2 * HALF_AN_HOUR
DAY = dt.timedelta(days=1)


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("moment", "person__email"))


def sent_all(at: dt.datetime) -> None:
    while message := outbox.claim(at):
        outbox.deliver(message, at)


def moved(cast, starts_at=FRIDAY, by=None, at=WEEK_SIX, **options) -> Meeting:
    ends_at = starts_at + HALF_AN_HOUR
    meeting = options.pop("meeting", cast.meeting)
    return move_meeting(meeting=meeting, by=by or cast.mentor, at=at, starts_at=starts_at, ends_at=ends_at, **options)


# Did you meet?


def test_scholar_is_asked_half_an_hour_after_the_end_and_once(cast):
    for at in (ASKED - MINUTE, ASKED, ASKED + MINUTE, ASKED + DAY):
        find_what_is_due(at)
    (message,) = letters("did_you_meet")
    assert (message.person, message.moment, message.policy) == (cast.scholar, ASKED, "nudge")


def test_question_says_when_and_with_whom_in_the_readers_zone(cast, mailoutbox):
    cast.scholar.time_zone = "Asia/Tokyo"
    cast.scholar.save()
    find_what_is_due(ASKED)
    sent_all(ASKED)
    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("Did you meet Mira Mentor, Thu 11 Feb 23:00?", [cast.scholar.email])
    assert f"/meetings/{cast.meeting.pk}/" in mail.body
    assert "Say whether you met" in mail.alternatives[0][0]


def away(cast) -> None:
    fields = {"starts_on": PLANNED.date(), "ends_on": PLANNED.date(), "created_at": WEEK_SIX}
    Leave.objects.create(membership=cast.place["scholar"], **fields)


REASONS = {
    "started": (lambda cast: start_meeting(meeting=cast.meeting, by=cast.mentor, at=PLANNED), "was started"),
    "answered": (
        lambda cast: answer_meeting(meeting=cast.meeting, by=cast.mentor, at=PLANNED, outcome="another_day"),
        "answered for",
    ),
    "called off": (lambda cast: call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=PLANNED), "called off"),
    "moved": (lambda cast: moved(cast, at=PLANNED), "was moved"),
    "away": (away, "away"),
    "ill by the log": (
        lambda cast: WeeklyLog.objects.update(is_away=True, submitted_at=WEEK_SIX),
        "away",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_nobody_is_asked_what_is_no_longer_open(cast, reason):
    REASONS[reason][0](cast)
    find_what_is_due(ASKED)
    assert letters("did_you_meet") == []


@pytest.mark.parametrize("reason", REASONS)
def test_question_that_waits_is_dropped_with_its_reason(cast, mailoutbox, reason):
    find_what_is_due(ASKED)
    REASONS[reason][0](cast)
    sent_all(ASKED + MINUTE)
    (message,) = letters("did_you_meet")
    assert (message.sent_at, REASONS[reason][1] in message.dropped_why) == (None, True)


def test_moved_meeting_is_asked_about_again_at_its_new_time(cast):
    find_what_is_due(ASKED)
    moved(cast, at=ASKED)
    find_what_is_due(FRIDAY + 2 * HALF_AN_HOUR)
    assert [message.moment for message in letters("did_you_meet")] == [ASKED, FRIDAY + 2 * HALF_AN_HOUR]


def test_each_scholar_of_a_joint_meeting_is_asked(cast):
    a_week(a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False), meeting=cast.meeting)
    cast.meeting.attendances.create(person=cast.other_scholar, during=cast.meeting.planned)
    find_what_is_due(ASKED)
    assert {message.person for message in letters("did_you_meet")} == {cast.scholar, cast.other_scholar}


def test_silence_of_half_a_day_asks_nothing_late(cast):
    find_what_is_due(ASKED + outbox.NUDGE_LIFE)
    assert letters("did_you_meet") == []


def test_asking_is_one_statement(cast):
    from mentorship.reminders.meeting import queue_did_you_meet

    with CaptureQueriesContext(connection) as asked:
        assert queue_did_you_meet(ASKED) == 1
    assert len(asked) == 1


# Your meeting has moved


def test_everybody_but_the_mover_is_told_once(cast):
    moved(cast)
    find_what_is_due(WEEK_SIX + MINUTE)
    (message,) = letters("meeting_moved")
    assert (message.person, message.policy, message.about_id) == (cast.scholar, "letter", cast.meeting.pk)


def test_letter_says_both_times_in_both_zones_and_why(cast, mailoutbox):
    cast.scholar.time_zone = "Asia/Tokyo"
    cast.scholar.save()
    moved(cast, by=cast.staff, why="The room burned down")
    sent_all(WEEK_SIX)
    mail = next(mail for mail in mailoutbox if mail.to == [cast.scholar.email])
    assert mail.subject == "Your meeting is now Fri 12 Feb 18:00 · 09:00 London"
    for words in ("Stella Staff moved your meeting with Mira Mentor", "it was Thu 11 Feb 23:00 · 14:00 London"):
        assert words in mail.body
    assert "Why: The room burned down" in mail.alternatives[0][0]


def test_letter_to_the_mentor_names_the_scholar_once(cast, mailoutbox):
    moved(cast, by=cast.scholar)
    sent_all(WEEK_SIX)
    (mail,) = mailoutbox
    assert "Sana Scholar moved your meeting. It is now" in mail.body


def test_called_off_meeting_is_told(cast, mailoutbox):
    call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX)
    sent_all(WEEK_SIX)
    (mail,) = mailoutbox
    assert mail.subject == "Called off: your meeting, Thu 11 Feb 14:00"
    assert "Mira Mentor called off your meeting, Thu 11 Feb 14:00." in mail.body


def test_meeting_planned_again_is_told(cast, mailoutbox):
    call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX)
    at, ends_at = WEEK_SIX + MINUTE, FRIDAY + HALF_AN_HOUR
    plan_meeting(week=PairingWeek.objects.get(), by=cast.mentor, at=at, starts_at=FRIDAY, ends_at=ends_at)
    sent_all(at)
    assert [mail.subject for mail in mailoutbox] == ["Your meeting is now Fri 12 Feb 09:00"]


def test_only_the_last_of_several_moves_is_told(cast, mailoutbox):
    for number, starts_at in enumerate([FRIDAY, PLANNED, FRIDAY]):
        moved(cast, starts_at, at=WEEK_SIX + number * MINUTE)
    sent_all(WEEK_SIX + 3 * MINUTE)
    assert [mail.subject for mail in mailoutbox] == ["Your meeting is now Fri 12 Feb 09:00"]
    assert {message.dropped_why for message in letters("meeting_moved")} == {"", "The meeting was moved again since."}


def test_letter_is_dropped_once_its_time_has_gone_by(cast, mailoutbox):
    moved(cast)
    sent_all(FRIDAY)
    assert (mailoutbox, letters("meeting_moved")[0].dropped_why) == ([], "Its time has gone by.")


def test_letter_is_dropped_for_who_is_no_longer_of_it(cast, mailoutbox):
    moved(cast, by=cast.scholar)
    cast.pairing.ends_on = dt.date(2027, 2, 9)
    cast.pairing.save()
    sent_all(WEEK_SIX)
    assert (mailoutbox, letters("meeting_moved")[0].dropped_why) == ([], "The reader is no longer of this meeting.")


def test_calling_off_what_has_gone_by_tells_nobody(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=PLANNED + DAY)
    assert letters("meeting_moved") == []


# The weekly time


@pytest.fixture
def weekly(cast):
    """The other scholar of the mentor, every Friday at ten in London from week six on."""
    slot = {"weekday": 4, "local_time": dt.time(10), "time_zone": LONDON}
    pairing = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False, **slot)
    lay_out(cast.cohort, at=WEEK_SIX)
    return pairing


def test_new_weekly_time_is_told_each_once_for_the_next_meeting(cast, weekly, mailoutbox):
    weekly.local_time = dt.time(11)
    weekly.save()
    lay_out_again(pairing=weekly, at=WEEK_SIX)
    assert {message.person for message in letters("meeting_moved")} == {cast.other_scholar, cast.mentor}
    sent_all(WEEK_SIX)
    mail = next(mail for mail in mailoutbox if mail.to == [cast.other_scholar.email])
    assert mail.subject == "Your weekly meeting is at another time: Fri 12 Feb 11:00"
    assert "those after it are at that time too; it was Fri 12 Feb 10:00" in mail.body


def test_meetings_of_a_new_weekly_time_say_what_they_were(cast, weekly):
    weekly.local_time = dt.time(11)
    weekly.save()
    lay_out_again(pairing=weekly, at=WEEK_SIX)
    meeting = PairingWeek.objects.get(pairing=weekly, number=6).meeting
    assert (meeting.moved_at, meeting.moved_from.hour, meeting.moved_by) == (WEEK_SIX, 10, None)


def test_who_joins_a_team_by_a_new_time_is_told_and_the_team_is_not(cast, weekly, mailoutbox):
    team = a_pairing(
        cast.place["scholar"], cast.place["other_mentor"], is_lead=False, weekday=2, local_time=dt.time(15),
        time_zone=LONDON,
    )  # fmt: skip
    mate = a_pairing(
        cast.place["other_scholar"], cast.place["other_mentor"], is_lead=False, weekday=2, local_time=dt.time(16),
        time_zone=LONDON,
    )  # fmt: skip
    lay_out(cast.cohort, at=WEEK_SIX)
    mate.local_time = team.local_time
    mate.save()
    lay_out_again(pairing=mate, at=WEEK_SIX)
    assert {message.person for message in letters("meeting_moved")} == {cast.other_scholar, cast.other_mentor}
    sent_all(WEEK_SIX)
    assert {mail.subject for mail in mailoutbox} == {"Your weekly meeting is at another time: Wed 10 Feb 15:00"}


def test_corrections_that_move_nothing_tell_nobody(cast, weekly):
    lay_out_again(pairing=weekly, at=WEEK_SIX)
    lay_out_again(cohort=cast.cohort, at=WEEK_SIX)
    assert letters("meeting_moved") == []
