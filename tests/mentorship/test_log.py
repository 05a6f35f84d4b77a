"""The weekly log: submitted once, edited later, late without blame, read by whoever may."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.models import Leave, Stay
from mats.history.record import EditedMeanwhile
from mentorship.actions.action import finish_action
from mentorship.actions.log import submit_log
from mentorship.models import Action, Meeting, WeeklyLog
from tests.cast import LONG_AGO, WEEK_SIX, a_log, week_start
from tests.mentorship.counting import questions

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
DUE = dt.datetime(2027, 2, 10, 18, tzinfo=dt.UTC)
MEETS = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)


def submitted(cast, at=WEEK_SIX, version=1, done="Ran the ablation", **texts) -> WeeklyLog:
    return submit_log(log=cast.log, by=cast.scholar, at=at, version=version, done=done, **texts)


def away(cast, first: dt.date, last: dt.date) -> None:
    Leave.objects.create(membership=cast.place["scholar"], starts_on=first, ends_on=last, created_at=LONG_AGO)


def actions_of(log) -> list[str]:
    return list(Action.objects.filter(log=log, archived_at=None).order_by("created_at").values_list("what", flat=True))


def state_of(log, at: dt.datetime) -> str:
    return WeeklyLog.objects.with_state(at).get(pk=log.pk).state


def test_first_submission_never_moves(cast):
    submitted(cast)
    log = submitted(cast, at=WEEK_SIX + HOUR, version=2, done="Ran it twice")
    assert (log.submitted_at, log.edited_at, log.done) == (WEEK_SIX, WEEK_SIX + HOUR, "Ran it twice")


def test_same_text_again_is_no_edit(cast):
    submitted(cast)
    assert submitted(cast, at=WEEK_SIX + HOUR, version=2).edited_at is None


def test_older_version_is_a_conflict(cast):
    submitted(cast)
    with pytest.raises(EditedMeanwhile):
        submitted(cast, version=1, done="Another tab")


def test_empty_log_is_refused(cast):
    with pytest.raises(ValidationError, match="at least a line or a link"):
        submitted(cast, done="")


@pytest.mark.parametrize(
    "fields", [{"links": "https://a.example/draft"}, {"is_away": True}, {"done": "Two sentences."}]
)
def test_link_or_a_line_or_away_is_a_log(cast, fields):
    log = submitted(cast, **{"done": "", **fields})
    assert log.submitted_at == WEEK_SIX


def test_away_is_said_late_and_taken_back_in_an_edit(cast):
    submitted(cast, at=DUE + HOUR, done="", is_away=True)
    assert state_of(cast.log, DUE + HOUR) == "away"
    submitted(cast, at=DUE + 2 * HOUR, version=2, done="I was here after all")
    assert state_of(cast.log, DUE + 2 * HOUR) == "late"


# Links


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,hello",
        "https://",
        "https://[half",
        "arxiv.org/abs/1",
        "//a.example",
        "https://a.example/two words",
        'https://a.example/"onmouseover=x',
        "https://a.example/\u202egnp",
    ],
)
def test_line_that_is_no_web_address_is_refused(cast, link):
    with pytest.raises(ValidationError) as refused:
        submitted(cast, links=f"https://a.example\n{link}")
    assert list(refused.value.message_dict) == ["links"]


def test_links_are_one_a_line(cast):
    log = submitted(cast, links="  https://a.example/x \n\n HTTP://b.example\n")
    assert log.addresses == ["https://a.example/x", "HTTP://b.example"]


@pytest.mark.parametrize("links", ["\n".join(["https://a.example"] * 21), f"https://a.example/{'x' * 500}"])
def test_too_many_or_too_long_links_are_refused(cast, links):
    with pytest.raises(ValidationError, match="at most"):
        submitted(cast, links=links)


# Next


def test_lines_of_next_become_actions_in_their_order(cast):
    submitted(cast, next_up="- Zip the data\n* Ask Hana\n\n1. Write it  up\n☐ Plot\n[ ] Read\n---\nAsk Hana")
    assert actions_of(cast.log) == ["Zip the data", "Ask Hana", "Write it up", "Plot", "Read"]
    action = Action.objects.get(what="Plot")
    assert (action.owner, action.pairing, action.due_on) == (cast.place["scholar"], None, None)


def test_edit_keeps_an_unchanged_line_and_archives_a_vanished_one(cast):
    submitted(cast, next_up="Plot\nAsk Hana\nRead")
    kept, closed = Action.objects.get(what="Plot"), Action.objects.get(what="Read")
    finish_action(action=closed, by=cast.scholar, at=WEEK_SIX)
    submitted(cast, version=2, next_up="Write\n- Plot")
    assert sorted(actions_of(cast.log)) == ["Plot", "Read", "Write"]
    assert Action.objects.get(what="Plot").pk == kept.pk


def test_line_that_comes_back_is_the_same_action(cast):
    submitted(cast, next_up="Plot")
    first = Action.objects.get()
    submitted(cast, version=2)
    submitted(cast, version=3, next_up="Plot")
    assert Action.objects.get(archived_at=None).pk == first.pk


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 400, "becomes an action. This is 400 characters long"),
        ("\n".join(f"Line {number}" for number in range(21)), "at most 20"),
        ("Plot \u202egnp", "invisible direction mark"),
    ],
)
def test_line_that_cannot_be_an_action_is_refused_in_words(cast, text, words):
    with pytest.raises(ValidationError, match=words) as refused:
        submitted(cast, next_up=text)
    assert list(refused.value.message_dict) == ["next_up"]
    assert not Action.objects.exists()


# Edits


@pytest.mark.parametrize(("later", "after"), [(-MINUTE, False), (MINUTE, False), (31 * MINUTE, True)])
def test_edit_after_the_meeting_shows(cast, client, later, after):
    submitted(cast)
    submitted(cast, at=MEETS + later, version=2, done="Ran it twice")
    client.force_login(cast.mentor)
    page = client.get(reverse("log", args=[cast.log.pk])).content
    assert (b"Edited after the meeting" in page, b"Edited since" in page) == (after, not after)


@pytest.mark.parametrize("fields", [{"is_live": False}, {"outcome": "did_not_meet", "outcome_at": DUE}])
def test_meeting_that_did_not_take_place_is_none_to_edit_after(cast, fields):
    Meeting.objects.filter(pk=cast.meeting.pk).update(**fields)
    submitted(cast)
    submitted(cast, at=WEEK_SIX + dt.timedelta(days=3), version=2, done="Ran it twice")
    assert not WeeklyLog.objects.with_edits().get(pk=cast.log.pk).edited_after_meeting


def test_log_opens_with_its_week_on_the_cohorts_wall(cast):
    cast.log.delete()
    cast.log = a_log(cast.place["scholar"], 7)
    opens = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
    with pytest.raises(ValidationError, match="begins on Mon 15 Feb"):
        submitted(cast, at=opens - dt.timedelta(seconds=1))
    assert submitted(cast, at=opens).submitted_at == opens


@pytest.mark.parametrize(
    ("fields", "at", "state"),
    [
        ({}, DUE, "due"),
        ({}, DUE + HOUR, "missing"),
        ({"done": "x", "submitted_at": DUE}, DUE + HOUR, "on_time"),
        ({"done": "x", "submitted_at": DUE + HOUR}, DUE + 2 * HOUR, "late"),
        ({"done": "x", "submitted_at": DUE, "edited_at": DUE + HOUR}, DUE + 2 * HOUR, "on_time"),
        ({"is_away": True, "submitted_at": DUE}, DUE, "away"),
        ({"is_away": True, "submitted_at": DUE + HOUR}, DUE + 2 * HOUR, "away"),
    ],
)
def test_state_of_a_log(cast, fields, at, state):
    WeeklyLog.objects.filter(pk=cast.log.pk).update(**fields)
    assert state_of(cast.log, at) == state


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        (dt.date(2027, 2, 8), dt.date(2027, 2, 12), "away"),
        (dt.date(2027, 2, 1), dt.date(2027, 2, 28), "away"),
        (dt.date(2027, 2, 9), dt.date(2027, 2, 14), "missing"),
        (dt.date(2027, 2, 8), dt.date(2027, 2, 11), "missing"),
    ],
)
def test_leave_of_every_working_day_excuses_the_week(cast, first, last, state):
    away(cast, first, last)
    assert state_of(cast.log, DUE + HOUR) == state


def test_two_leaves_together_excuse_the_week(cast):
    away(cast, dt.date(2027, 2, 8), dt.date(2027, 2, 9))
    away(cast, dt.date(2027, 2, 10), dt.date(2027, 2, 12))
    assert state_of(cast.log, DUE + HOUR) == "away"


def test_short_last_week_counts_only_days_of_the_stay(cast):
    Stay.objects.filter(membership=cast.place["scholar"]).update(ends_on=dt.date(2027, 2, 10))
    away(cast, dt.date(2027, 2, 8), dt.date(2027, 2, 10))
    assert state_of(cast.log, DUE + HOUR) == "away"


def test_weeks_of_another_start_have_their_own_working_days(cast):
    cast.cohort.week_start = 5
    cast.cohort.save()
    WeeklyLog.objects.filter(pk=cast.log.pk).update(week_starts_on=dt.date(2027, 2, 6))
    away(cast, dt.date(2027, 2, 8), dt.date(2027, 2, 12))
    assert state_of(cast.log, DUE + HOUR) == "away"


def test_overdue_leaves_out_written_away_and_archived(cast):
    scholar = cast.place["scholar"]
    a_log(scholar, 5, done="Written")
    a_log(scholar, 4)
    a_log(scholar, 3, archived_at=LONG_AGO)
    open_one = a_log(scholar, 2)
    away(cast, week_start(4), week_start(4) + dt.timedelta(days=6))
    assert list(WeeklyLog.objects.overdue(WEEK_SIX)) == [open_one]


def test_states_of_many_logs_come_in_one_row_a_scholar(cast):
    a_log(cast.place["scholar"], 5, done="Read")
    a_log(cast.place["scholar"], 4)
    logs = WeeklyLog.objects.with_state(WEEK_SIX).values("scholar").order_by()
    states = logs.annotate(states=ArrayAgg("state", order_by="week_starts_on"))
    assert list(states.values_list("states", flat=True)) == [["missing", "on_time", "due"]]


def test_reader_finds_every_part_of_a_log(cast, client):
    submitted(
        cast, done="Probed *layer* 14", next_up="- Ablate", stuck="Labels", links="https://a.example/plot?x=1&y=2"
    )
    client.force_login(cast.mentor)
    page = client.get(reverse("log", args=[cast.log.pk])).content.decode()
    assert "Probed <em>layer</em> 14" in page
    assert '<li><bdi>Ablate</bdi> <span class="quiet">· open</span></li>' in page
    assert 'href="https://a.example/plot?x=1&amp;y=2" rel="nofollow noopener"' in page
    assert "in time" in page


def test_late_log_is_late_and_here(cast, client):
    submitted(cast, at=DUE + HOUR)
    client.force_login(cast.mentor)
    with time_machine.travel(DUE + 2 * HOUR):
        assert b"late, and here" in client.get(reverse("log", args=[cast.log.pk])).content


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [
        ("scholar", 200, 200),
        ("mentor", 200, 403),
        ("coach", 200, 403),
        ("staff", 200, 403),
        ("other_scholar", 404, 404),
        ("other_mentor", 404, 404),
        ("other_coach", 404, 404),
        ("staff_elsewhere", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_log_is_read_by_its_readers_only(cast, client, who, read, write):
    client.force_login(getattr(cast, who))
    opened = [client.get(reverse(name, args=[cast.log.pk])).status_code for name in ("log", "log_write")]
    assert opened == [read, write]


def test_database_refuses_text_that_was_not_submitted(cast):
    with pytest.raises(IntegrityError, match="log_text_was_submitted"), transaction.atomic():
        WeeklyLog.objects.filter(pk=cast.log.pk).update(stuck="A draft in the wrong place")


@pytest.mark.parametrize("page", ["log", "log_changes"])
def test_page_asks_at_most_twelve_questions(cast, client, page):
    a_log(cast.place["scholar"], 5, done="Read", next_up="Compare")
    client.force_login(cast.scholar)
    assert questions(client, reverse(page, args=[cast.log.pk])) <= 12


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_every_reader_finds_the_other_weeks(cast, client, who):
    first = a_log(cast.place["scholar"], 1, done="Read eleven papers.")
    client.force_login(getattr(cast, who))
    page = client.get(reverse("log", args=[cast.log.pk])).content.decode()
    assert reverse("log", args=[first.pk]) in page
