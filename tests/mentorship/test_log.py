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
from mentorship.actions.log import submit_log
from mentorship.models import WeeklyLog
from tests.cast import LONG_AGO, WEEK_SIX, a_log, week_start
from tests.mentorship.counting import questions

HOUR = dt.timedelta(hours=1)
DUE = dt.datetime(2027, 2, 10, 18, tzinfo=dt.UTC)


def submitted(cast, at=WEEK_SIX, version=1, done="Ran the ablation", **texts) -> WeeklyLog:
    return submit_log(log=cast.log, by=cast.scholar, at=at, version=version, done=done, **texts)


def write_page(log) -> str:
    return reverse("log_write", args=[log.pk])


def away(cast, first: dt.date, last: dt.date) -> None:
    Leave.objects.create(membership=cast.place["scholar"], starts_on=first, ends_on=last, created_at=LONG_AGO)


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


def test_scholar_writes_and_mentor_reads(cast, client):
    client.force_login(cast.scholar)
    answer = client.post(write_page(cast.log), {"done": "Probed *layer* 14", "next_up": "Ablate", "_version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("log", args=[cast.log.pk]))
    client.force_login(cast.mentor)
    page = client.get(answer["Location"]).content.decode()
    assert "Probed <em>layer</em> 14" in page
    assert "in time" in page


def test_draft_is_seen_by_its_writer_only(cast, client):
    client.force_login(cast.scholar)
    sent = {"_form": "weekly-log", "_about": str(cast.log.pk), "done": "cardamom", "_page": write_page(cast.log)}
    client.post(reverse("draft"), sent)
    assert b"cardamom" in client.get(write_page(cast.log)).content
    client.force_login(cast.mentor)
    assert b"cardamom" not in client.get(reverse("log", args=[cast.log.pk])).content


def test_late_log_is_late_and_here(cast, client):
    submitted(cast, at=DUE + HOUR)
    client.force_login(cast.mentor)
    with time_machine.travel(DUE + 2 * HOUR):
        assert b"late, and here" in client.get(reverse("log", args=[cast.log.pk])).content


def test_last_weeks_next_stands_above_the_boxes(cast, client):
    a_log(cast.place["scholar"], 5, done="Read", next_up="Compare saffron runs")
    client.force_login(cast.scholar)
    assert b"Compare saffron runs" in client.get(write_page(cast.log)).content


def test_two_tabs_keep_both_texts(cast, client):
    submitted(cast, done="From the first tab")
    client.force_login(cast.scholar)
    page = client.post(write_page(cast.log), {"done": "From the second tab", "_version": "1"})
    assert page.status_code == 409
    assert b"From the first tab" in page.content
    assert b"From the second tab" in page.content


@pytest.mark.parametrize("text", ["", "\u200b\u2060", "  \n "])
def test_log_that_shows_nothing_comes_back(cast, client, text):
    client.force_login(cast.scholar)
    page = client.post(write_page(cast.log), {"done": text, "stuck": "Kept text", "_version": "1"})
    assert (page.status_code, b"Kept text" in page.content) == (422, True)


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


def test_forged_fields_change_nothing_else(cast, client):
    client.force_login(cast.scholar)
    sent = {"done": "Text", "_version": "1", "submitted_at": "2020-01-01", "scholar": str(cast.place["mentor"].pk)}
    client.post(write_page(cast.log), sent)
    log = WeeklyLog.objects.get(pk=cast.log.pk)
    assert (log.scholar, log.submitted_at.year) == (cast.place["scholar"], 2027)


def test_database_refuses_text_that_was_not_submitted(cast):
    with pytest.raises(IntegrityError, match="log_text_was_submitted"), transaction.atomic():
        WeeklyLog.objects.filter(pk=cast.log.pk).update(stuck="A draft in the wrong place")


@pytest.mark.parametrize("page", ["log", "log_write"])
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
