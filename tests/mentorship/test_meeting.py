"""Holding a meeting: the clock, its end, notes, agenda, and whether they met."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from mats.history.record import EditedMeanwhile
from mentorship.actions.agenda import add_agenda_item
from mentorship.actions.meeting import (
    answer_meeting,
    call_off_meeting,
    end_meeting,
    start_meeting,
    write_notes,
)
from mentorship.models import Action, Meeting
from mentorship.tasks import end_meetings_that_are_over
from tests.cast import LONG_AGO, WEEK_SIX, a_log, a_meeting, a_pairing
from tests.mentorship.counting import questions

PLANNED = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
DAY = dt.timedelta(days=1)


def started(cast, at=PLANNED) -> Meeting:
    return start_meeting(meeting=cast.meeting, by=cast.mentor, at=at)


def answered(cast, outcome, at=PLANNED + DAY, by=None) -> Meeting:
    return answer_meeting(meeting=cast.meeting, by=by or cast.scholar, at=at, outcome=outcome)


def second_meeting(cast, starts, **fields) -> Meeting:
    """Another meeting of the same mentor, with another scholar."""
    pairing = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    return a_meeting(pairing, 6, starts, **fields)


def page(cast) -> str:
    return reverse("meeting", args=[cast.meeting.pk])


def opened(cast, client, who, at, name="meeting", **options):
    """A page, opened by somebody at a moment; they signed in when the story began."""
    client.force_login(getattr(cast, who))
    with time_machine.travel(at, tick=False):
        return client.get(reverse(name, args=[cast.meeting.pk]), **options)


def sent(cast, client, who, at, name, data=None):  # noqa: PLR0917  (a sentence: who, when, what)
    client.force_login(getattr(cast, who))
    with time_machine.travel(at, tick=False):
        return client.post(reverse(name, args=[cast.meeting.pk]), data or {})


# Start and end


def test_started_meeting_has_its_latest_end(cast):
    meeting = started(cast)
    assert (meeting.held.lower, meeting.held.upper, meeting.ended_at) == (PLANNED, PLANNED + HALF_AN_HOUR, None)


def test_meeting_ends_when_the_mentors_next_one_is_planned(cast):
    second_meeting(cast, PLANNED + HALF_AN_HOUR)
    assert started(cast, at=PLANNED + 10 * MINUTE).held.upper == PLANNED + HALF_AN_HOUR


def test_called_off_meeting_of_the_mentor_does_not_shorten_another(cast):
    second_meeting(cast, PLANNED + HALF_AN_HOUR, is_live=False)
    assert started(cast, at=PLANNED + 10 * MINUTE).held.upper == PLANNED + 40 * MINUTE


def test_second_press_of_start_finds_it_running(cast):
    started(cast)
    again = start_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED + MINUTE)
    assert again.held.lower == PLANNED


def test_start_is_possible_from_fifteen_minutes_before(cast):
    early = PLANNED - 15 * MINUTE
    with pytest.raises(ValidationError, match="can be started from Thu 11 Feb 13:45"):
        started(cast, at=early - dt.timedelta(seconds=1))
    assert started(cast, at=early).held.lower == early


def test_start_is_refused_four_days_after_the_week(cast):
    closes = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
    with pytest.raises(ValidationError, match="week is over"):
        started(cast, at=closes + 4 * DAY)
    assert started(cast, at=closes + 4 * DAY - MINUTE).held is not None


def test_start_is_refused_once_it_ended(cast):
    started(cast)
    with pytest.raises(ValidationError, match="has ended"):
        started(cast, at=PLANNED + HALF_AN_HOUR)


def test_meeting_that_was_ended_too_early_goes_on_within_its_thirty_minutes(cast, client):
    end_meeting(meeting=started(cast), by=cast.scholar, at=PLANNED + MINUTE)
    assert b"It goes on" in opened(cast, client, "mentor", PLANNED + 2 * MINUTE).content
    again = started(cast, at=PLANNED + 2 * MINUTE)
    assert (again.held.lower, again.held.upper) == (PLANNED, PLANNED + HALF_AN_HOUR)
    assert (again.ended_at, again.outcome) == (None, "")
    with pytest.raises(ValidationError, match="has ended"):
        started(cast, at=PLANNED + HALF_AN_HOUR)


def test_meeting_does_not_go_on_into_the_mentors_next_one(cast):
    second_meeting(cast, PLANNED + HALF_AN_HOUR)
    end_meeting(meeting=started(cast, at=PLANNED + 10 * MINUTE), by=cast.scholar, at=PLANNED + 11 * MINUTE)
    assert started(cast, at=PLANNED + 12 * MINUTE).held.upper == PLANNED + HALF_AN_HOUR
    end_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED + 13 * MINUTE)
    with pytest.raises(ValidationError, match="next one of its mentor has begun"):
        started(cast, at=PLANNED + 35 * MINUTE)


def test_start_is_refused_while_another_runs(cast):
    other = second_meeting(cast, PLANNED + HALF_AN_HOUR)
    started(cast, at=PLANNED + 20 * MINUTE)
    with pytest.raises(ValidationError, match="still in another meeting"):
        start_meeting(meeting=other, by=cast.mentor, at=PLANNED + 25 * MINUTE)


def test_start_is_refused_for_a_called_off_meeting(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX)
    with pytest.raises(ValidationError, match="called off"):
        started(cast)


def test_end_shortens_what_was_held(cast):
    started(cast)
    meeting = end_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED + 20 * MINUTE)
    assert (meeting.held.upper, meeting.ended_at) == (PLANNED + 20 * MINUTE, PLANNED + 20 * MINUTE)
    assert (meeting.outcome, meeting.outcome_by) == ("met", cast.scholar)


def test_end_pressed_late_keeps_the_end_it_had(cast):
    started(cast)
    meeting = end_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED + DAY)
    assert meeting.ended_at == PLANNED + HALF_AN_HOUR


def test_end_is_refused_before_the_start(cast):
    with pytest.raises(ValidationError, match="not been started"):
        end_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED)


@pytest.mark.parametrize("late", [dt.timedelta(0), MINUTE, DAY])
def test_task_writes_the_end_it_had_and_not_its_own_moment(cast, late):
    started(cast)
    with time_machine.travel(PLANNED + HALF_AN_HOUR + late, tick=False):
        end_meetings_that_are_over()
    meeting = Meeting.objects.get()
    assert (meeting.ended_at, meeting.outcome) == (PLANNED + HALF_AN_HOUR, "met")
    assert (meeting.outcome_at, meeting.outcome_by) == (PLANNED + HALF_AN_HOUR, None)


def test_task_leaves_running_and_answered_ones_alone(cast):
    started(cast)
    with time_machine.travel(PLANNED + HALF_AN_HOUR - MINUTE, tick=False):
        end_meetings_that_are_over()
    assert Meeting.objects.get().ended_at is None
    answered(cast, "did_not_meet")
    with time_machine.travel(PLANNED + 2 * DAY, tick=False):
        end_meetings_that_are_over()
    assert Meeting.objects.get().outcome == "did_not_meet"


def test_meeting_is_over_on_its_page_before_any_task_ran(cast, client):
    started(cast)
    body = opened(cast, client, "mentor", PLANNED + HALF_AN_HOUR).content.decode()
    assert "14:00–14:30" in body
    assert "Met." in body
    assert "data-clock" not in body


# Whether they met


def test_answer_is_replaced_with_history(cast):
    answered(cast, "did_not_meet")
    meeting = answered(cast, "met", by=cast.mentor)
    kept = list(meeting.events.order_by("pgh_id").values_list("outcome", flat=True))
    assert (meeting.outcome, meeting.outcome_by, kept) == ("met", cast.mentor, ["", "did_not_meet", "met"])


def test_answer_waits_for_the_planned_time(cast):
    with pytest.raises(ValidationError, match="can be said from Thu 11 Feb 14:00"):
        answered(cast, "met", at=PLANNED - MINUTE)


def test_answer_waits_for_the_end(cast):
    started(cast)
    with pytest.raises(ValidationError, match="end it first"):
        answered(cast, "met", at=PLANNED + MINUTE)


def test_scholar_is_asked_first_where_nobody_pressed_start(cast, client):
    late = PLANNED + HALF_AN_HOUR
    asked = {who: opened(cast, client, who, late).content.decode() for who in ("scholar", "mentor", "staff")}
    assert {who: "Did you meet?" in body for who, body in asked.items()} == {
        "scholar": True,
        "mentor": False,
        "staff": False,
    }
    assert "Sana Scholar is asked first whether you met. You can say it, too." in asked["mentor"]
    assert asked["scholar"].index("We did not meet") < asked["scholar"].index(">Start<")


def test_what_was_ended_by_mistake_before_its_time_can_be_answered_for(cast, client):
    started(cast, at=PLANNED - 10 * MINUTE)
    end_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED - 9 * MINUTE)
    assert b"We did not meet" in opened(cast, client, "scholar", PLANNED - 8 * MINUTE).content
    assert answered(cast, "did_not_meet", at=PLANNED - 8 * MINUTE).outcome == "did_not_meet"


def test_they_met_on_another_day(cast, client):
    body = {"outcome": "another_day"}
    assert sent(cast, client, "scholar", PLANNED + DAY, "meeting_outcome", body).status_code == 302
    assert b"Met on another day." in opened(cast, client, "mentor", PLANNED + DAY).content


@pytest.mark.parametrize("outcome", ["next week", "", "maybe"])
def test_only_three_answers_are_taken(cast, client, outcome):
    answer = sent(cast, client, "mentor", PLANNED + DAY, "meeting_outcome", {"outcome": outcome})
    assert (answer.status_code, Meeting.objects.get().outcome) == (422, "")


def test_meeting_can_be_started_after_all(cast):
    answered(cast, "did_not_meet", at=PLANNED + 5 * MINUTE)
    assert started(cast, at=PLANNED + 10 * MINUTE).outcome == ""


# Notes, agenda, calling off


def test_notes_of_an_older_version_are_a_conflict(cast):
    write_notes(meeting=cast.meeting, by=cast.mentor, at=PLANNED, version=1, notes="Mentor's text")
    with pytest.raises(EditedMeanwhile):
        write_notes(meeting=cast.meeting, by=cast.scholar, at=PLANNED, version=1, notes="Scholar's text")


def test_clock_does_not_disturb_who_writes_notes(cast):
    started(cast)
    meeting = write_notes(meeting=cast.meeting, by=cast.mentor, at=PLANNED, version=1, notes="Text")
    end_meeting(meeting=cast.meeting, by=cast.mentor, at=PLANNED + MINUTE)
    assert (Meeting.objects.get().notes, meeting.version) == ("Text", 2)


def test_conflict_page_keeps_both_notes(cast, client):
    write_notes(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, version=1, notes="Saved turmeric")
    answer = sent(cast, client, "scholar", PLANNED, "meeting_notes", {"notes": "Typed sumac", "_version": "1"})
    assert answer.status_code == 409
    assert b"Saved turmeric" in answer.content
    assert b"Typed sumac" in answer.content


def test_nothing_is_added_to_a_called_off_meeting(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=WEEK_SIX)
    with pytest.raises(ValidationError, match="called off"):
        add_agenda_item(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, text="Anything")


def test_called_off_meeting_frees_everybodys_time(cast):
    call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=WEEK_SIX)
    assert list(cast.meeting.attendances.values_list("is_live", flat=True)) == [False, False]


def test_staff_say_why_they_call_off_a_meeting(cast, client):
    assert sent(cast, client, "staff", WEEK_SIX, "meeting_call_off").status_code == 422
    assert sent(cast, client, "staff", WEEK_SIX, "meeting_call_off", {"why": "Fire drill"}).status_code == 302
    event = Meeting.objects.get().events.order_by("pgh_id").last()
    assert (event.is_live, event.pgh_context["why"]) == (False, "Fire drill")


def test_held_meeting_is_not_called_off(cast):
    started(cast)
    with pytest.raises(ValidationError, match="has taken place"):
        call_off_meeting(meeting=cast.meeting, by=cast.scholar, at=PLANNED + MINUTE)


# The page


def test_page_shows_both_zones_and_the_week(cast, client):
    cast.scholar.time_zone = "Asia/Tokyo"
    cast.scholar.save()
    body = opened(cast, client, "mentor", WEEK_SIX).content.decode()
    assert "Thu 11 Feb 14:00–14:30" in body
    assert "23:00 Tokyo" in body
    assert "counts for week 6" in body


def test_page_leads_to_the_meetings_before_and_after(cast, client):
    before = a_meeting(cast.pairing, 5, PLANNED - 7 * DAY)
    after = a_meeting(cast.pairing, 8, PLANNED + 14 * DAY)
    a_meeting(cast.pairing, 9, PLANNED + 21 * DAY)
    body = opened(cast, client, "mentor", WEEK_SIX).content.decode()
    assert f'href="/meetings/{before.pk}/">Previous meeting' in body
    assert f'href="/meetings/{after.pk}/">Next meeting' in body


def test_page_shows_the_scholars_next_of_their_log_among_the_actions(cast, client):
    log = a_log(cast.place["scholar"], 5, done="Read", next_up="Probe layer 15")
    Action.objects.create(log=log, owner=log.scholar, added_by=cast.scholar, what="Probe layer 15", created_at=WEEK_SIX)
    seen = {who: b"Probe layer 15" in opened(cast, client, who, WEEK_SIX).content for who in ("scholar", "mentor")}
    assert seen == {"scholar": True, "mentor": True}


def test_page_shows_the_submitted_log_only(cast, client):
    cast.log.delete()
    a_log(cast.place["scholar"], 6, done="Probed layer 14")
    assert b"Probed layer 14" in opened(cast, client, "mentor", PLANNED).content


def test_running_page_counts_on_the_servers_clock(cast, client):
    started(cast)
    body = opened(cast, client, "scholar", PLANNED + 5 * MINUTE + dt.timedelta(seconds=50)).content.decode()
    assert "25 minutes left" in body
    assert 'data-now="2027-02-11T14:05:50+00:00" data-ends="2027-02-11T14:30:00+00:00"' in body


def test_start_is_pressed_on_the_page(cast, client):
    answer = sent(cast, client, "scholar", PLANNED, "meeting_start")
    assert (answer["Location"], Meeting.objects.get().held.lower) == (page(cast), PLANNED)


def test_refused_start_says_why_on_the_page(cast, client):
    answer = sent(cast, client, "scholar", PLANNED - DAY, "meeting_start")
    assert answer.status_code == 422
    assert b"It is too early" in answer.content


def test_unchanged_page_answers_nothing(cast, client):
    started(cast)
    address = reverse("meeting_now", args=[cast.meeting.pk])
    client.force_login(cast.scholar)
    with time_machine.travel(PLANNED + MINUTE, tick=False):
        changed = client.get(address, headers={"hx-request": "true"})
        seen = changed.content.decode().split("?seen=")[1].split('"')[0]
        same = client.get(f"{address}?seen={seen}", headers={"hx-request": "true"})
        add_agenda_item(meeting=cast.meeting, by=cast.mentor, at=PLANNED, text="A fresh thought")
        fresh = client.get(f"{address}?seen={seen}", headers={"hx-request": "true"})
    assert (changed.status_code, same.status_code, fresh.status_code) == (200, 204, 200)
    assert b"A fresh thought" in fresh.content


def test_page_of_the_other_no_longer_offers_to_move_what_has_started(cast, client):
    move, options = reverse("meeting_move", args=[cast.meeting.pk]), {"headers": {"hx-request": "true"}}
    assert move in opened(cast, client, "scholar", PLANNED - MINUTE, "meeting_now", **options).content.decode()
    started(cast)
    body = opened(cast, client, "scholar", PLANNED + MINUTE, "meeting_now", **options).content.decode()
    assert ('id="meeting-when"' in body, move in body) == (True, False)


def test_every_box_of_the_page_says_who_reads_it(cast, client):
    body = opened(cast, client, "scholar", PLANNED, "meeting").content.decode()
    boxes = [part.split("</form>")[0] for part in body.split("<form")[1:]]
    written = [box for box in boxes if "<textarea" in box or 'type="text"' in box]
    assert (len(written), all("Who can read this" in box for box in written)) == (4, True)


def test_page_stops_asking_when_it_is_over(cast, client):
    started(cast)
    options = {"headers": {"hx-request": "true"}}
    answer = opened(cast, client, "scholar", PLANNED + HALF_AN_HOUR, "meeting_now", **options)
    assert b"meeting-watch" not in answer.content


@pytest.mark.parametrize(
    ("who", "read", "hold"),
    [
        ("scholar", 200, {302, 422}),
        ("mentor", 200, {302, 422}),
        ("coach", 200, {403}),
        ("staff", 200, {403}),
        ("other_scholar", 404, {404}),
        ("other_mentor", 404, {404}),
        ("other_coach", 404, {404}),
        ("staff_elsewhere", 404, {404}),
        ("stranger", 404, {404}),
    ],
)
def test_meeting_is_held_by_its_people_only(cast, client, who, read, hold):
    assert opened(cast, client, who, PLANNED).status_code == read
    names = ("meeting_start", "meeting_end", "meeting_outcome", "meeting_notes", "agenda_add", "action_add")
    texts = {"text": "x", "notes": "x", "outcome": "met", "_version": "1"}  # No action: that comes back with 422.
    assert {sent(cast, client, who, PLANNED, name, texts).status_code for name in names} == hold
    assert (Meeting.objects.get().held is not None) == (302 in hold)


def test_team_mate_reads_neither_log_nor_actions_of_another(cast, client):
    third = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    week = third.weeks.create(
        week_starts_on=dt.date(2027, 2, 8), number=6, closes_at=PLANNED + 4 * DAY, created_at=LONG_AGO
    )
    week.meeting = cast.meeting
    week.save()
    cast.meeting.attendances.create(person=cast.other_scholar, during=cast.meeting.planned)
    a_log(cast.place["other_scholar"], 6, done="Otto's private struggle")
    Action.objects.create(
        pairing=third, owner=third.scholar, added_by=cast.mentor, what="Otto's own task", created_at=WEEK_SIX
    )
    seen = {who: opened(cast, client, who, PLANNED).content.decode() for who in ("scholar", "other_scholar", "mentor")}
    for text in ("private struggle", "own task"):
        assert {who: text in body for who, body in seen.items()} == {
            "scholar": False,
            "other_scholar": True,
            "mentor": True,
        }


@pytest.mark.parametrize("text", ["", "\u200b", "two\nlines", "over\u202eride", "x" * 301, "a\x00b"])
def test_bad_agenda_text_comes_back_with_words(cast, client, text):
    answer = sent(cast, client, "scholar", WEEK_SIX, "agenda_add", {"text": text})
    assert (answer.status_code, cast.meeting.agenda.count()) == (422, 0)


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_page_asks_at_most_twelve_questions(cast, client, who):
    started(cast)
    client.force_login(getattr(cast, who))
    with time_machine.travel(PLANNED + MINUTE, tick=False):
        counts = []
        for number in (1, 10):
            for _ in range(number):
                add_agenda_item(meeting=cast.meeting, by=cast.mentor, at=PLANNED, text="Item")
            counts.append(questions(client, page(cast)))
    assert counts[0] == counts[1] <= 12
