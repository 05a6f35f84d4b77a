"""The overdue-log reminder: for whom, when, and never for what is done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Cohort, Leave, Membership, Person, Stay
from mats.post import outbox
from mats.post.models import Message
from mentorship.models import WeeklyLog
from mentorship.reminders.log import (
    LOG_DUE_SOON,
    LOG_OVERDUE,
    drop_due_soon,
    drop_overdue,
    queue_logs_due_soon,
    queue_overdue_logs,
)
from tests.cast import LONG_AGO, a_log, week_start

DUE = dt.datetime(2027, 2, 10, 18, 0, tzinfo=dt.UTC)
AT = DUE + dt.timedelta(minutes=1)
MONDAY = week_start(6)
DAY = dt.timedelta(days=1)
SOON = DUE - DAY  # when the log is due within 24 hours


def leave(cast, first: int, last: int) -> None:
    """Away from one day of week six to another; 0 is Monday."""
    Leave.objects.create(
        membership=cast.place["scholar"],
        starts_on=MONDAY + dt.timedelta(days=first),
        ends_on=MONDAY + dt.timedelta(days=last),
        created_at=LONG_AGO,
    )


def test_overdue_log_is_queued_once_for_its_scholar(cast):
    assert (queue_overdue_logs(AT), queue_overdue_logs(AT)) == (1, 0)
    message = Message.objects.get()
    assert (message.person, message.cohort, message.about_id, message.occurrence, message.moment) == (
        cast.scholar,
        cast.cohort,
        cast.log.pk,
        str(cast.log.pk),
        DUE,
    )
    assert message.message_id == f"<{message.pk}@127.0.0.1>"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (dt.timedelta(0), 0),
        (dt.timedelta(seconds=1), 1),
        (dt.timedelta(hours=3), 1),
        (outbox.NUDGE_LIFE - dt.timedelta(seconds=1), 1),
        (outbox.NUDGE_LIFE, 0),
    ],
)
def test_log_is_chased_after_its_moment_for_twelve_hours(cast, after, found):
    assert queue_overdue_logs(DUE + after) == found


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (dt.timedelta(seconds=-1), 0),
        (dt.timedelta(0), 1),
        (dt.timedelta(hours=3), 1),
        (outbox.NUDGE_LIFE - dt.timedelta(seconds=1), 1),
        (outbox.NUDGE_LIFE, 0),
        (DAY, 0),
    ],
)
def test_log_is_announced_within_24_hours_of_its_moment(cast, after, found):
    assert queue_logs_due_soon(SOON + after) == found


def test_log_due_soon_is_queued_once_for_its_scholar(cast):
    assert (queue_logs_due_soon(SOON), queue_logs_due_soon(SOON + dt.timedelta(hours=1))) == (1, 0)
    message = Message.objects.get()
    assert (message.person, message.kind, message.occurrence, message.moment) == (
        cast.scholar,
        "log_due_soon",
        str(cast.log.pk),
        SOON,
    )


def test_log_due_on_the_first_day_of_its_week_is_announced_when_the_week_opens(cast):
    opens = dt.datetime(2027, 2, 15, 0, 0, tzinfo=dt.UTC)
    a_log(cast.place["scholar"], 7, due_at=opens + dt.timedelta(hours=9))
    assert (queue_logs_due_soon(opens - dt.timedelta(hours=1)), queue_logs_due_soon(opens)) == (0, 1)
    assert Message.objects.get().moment == opens


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(2, 2, 0), (0, 4, 0), (-7, 6, 0), (0, 1, 1), (3, 6, 1), (7, 9, 1)],
    ids=["that day", "the working week", "longer", "days before", "days after", "next week"],
)
def test_whoever_is_away_is_not_chased(cast, first, last, found):
    leave(cast, first, last)
    assert (queue_logs_due_soon(SOON), queue_overdue_logs(AT)) == (found, found)


def test_archived_leave_does_not_count(cast):
    leave(cast, 2, 2)
    Leave.objects.update(archived_at=LONG_AGO)
    assert (queue_logs_due_soon(SOON), queue_overdue_logs(AT)) == (1, 1)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (WeeklyLog, {"done": "it", "submitted_at": SOON}),
        (WeeklyLog, {"is_away": True, "submitted_at": SOON}),
        (WeeklyLog, {"archived_at": DUE}),
        (Membership, {"archived_at": DUE}),
        (Person, {"is_active": False}),
        (Cohort, {"launched_at": None}),
        (Cohort, {"archived_at": DUE}),
        (Stay, {"ends_on": MONDAY}),
    ],
)
def test_nothing_is_owed_by(cast, model, change):
    model.objects.update(**change)
    assert (queue_logs_due_soon(SOON), queue_overdue_logs(AT)) == (0, 0)


def test_reminder_is_dropped_when_leave_came_in_meanwhile(cast):
    queue_overdue_logs(AT)
    leave(cast, 0, 6)
    assert drop_overdue(Message.objects.get(), AT).startswith("The log is not owed any more")


@pytest.mark.parametrize(
    ("change", "at", "why"),
    [
        ({}, SOON + DAY, "The log was due by then."),
        ({"done": "it", "submitted_at": SOON}, SOON, "The log was submitted."),
        ({"is_away": True, "submitted_at": SOON}, SOON, "The log was submitted."),
        ({"archived_at": SOON}, SOON, "The log is not owed any more: away, or no longer in the cohort."),
        ({}, SOON, ""),
    ],
)
def test_reminder_of_a_log_due_soon_is_dropped_when_it_is_no_longer_true(cast, change, at, why):
    queue_logs_due_soon(SOON)
    WeeklyLog.objects.update(**change)
    assert drop_due_soon(Message.objects.get(), at) == why


def test_both_letters_say_when_in_the_readers_zone_in_text_and_html(cast):
    Person.objects.filter(pk=cast.scholar.pk).update(time_zone="Asia/Tokyo")
    queue_logs_due_soon(SOON)
    queue_overdue_logs(AT)
    for message, words in ((LOG_DUE_SOON, "is due Thu 03:00"), (LOG_OVERDUE, "was due Thu 03:00")):
        letter = message.write(Message.objects.get(kind=message.name), AT)
        assert letter.subject == f"Your log for week 6 {words}"
        assert words in letter.text
        assert words in letter.html


def test_reminder_speaks_the_cohorts_words(cast):
    Cohort.objects.update(staff_label_plural="programme team")
    queue_overdue_logs(AT)
    assert "or tell your programme team" in LOG_OVERDUE.write(Message.objects.get(), AT).text


# A hundred scholars with a hundred weeks each, all begun and due at one moment.
TEN_THOUSAND = """
WITH people AS (
    INSERT INTO cohorts_person (id, version, created_at, password, email, name, time_zone, is_active, starts_cohorts,
                                is_superuser)
    SELECT gen_random_uuid(), 1, %(long_ago)s, '', 'p' || n || '@example.org', 'P' || n, 'UTC', true, false, false
      FROM generate_series(1, 100) n RETURNING id),
places AS (
    INSERT INTO cohorts_membership (id, version, created_at, accepted_at, person_id, cohort_id, role, ended_how)
    SELECT gen_random_uuid(), 1, %(long_ago)s, %(long_ago)s, id, %(cohort)s, 'scholar', '' FROM people RETURNING id),
stays AS (
    INSERT INTO cohorts_stay (id, version, created_at, membership_id, phase_id, starts_on, ends_on, time_zone,
                              hours_per_week, weeks_per_log)
    SELECT gen_random_uuid(), 1, %(long_ago)s, places.id, phase.id, phase.starts_on, phase.ends_on, 'UTC', 40, 1
      FROM places, cohorts_phase phase WHERE phase.cohort_id = %(cohort)s)
INSERT INTO mentorship_weeklylog (id, version, created_at, scholar_id, week_starts_on, number, due_at, done,
                                 next_up, stuck, links, is_away)
SELECT gen_random_uuid(), 1, %(long_ago)s, id, %(monday)s::date - week * 7, 6, %(due)s, '', '', '', '', false
  FROM places, generate_series(1, 100) week
"""


@pytest.mark.parametrize(("find", "at"), [(queue_logs_due_soon, SOON), (queue_overdue_logs, AT)])
def test_ten_thousand_logs_are_queued_by_one_statement(cast, find, at):
    with connection.cursor() as cursor:
        cursor.execute(TEN_THOUSAND, {"long_ago": LONG_AGO, "cohort": cast.cohort.pk, "monday": MONDAY, "due": DUE})
    with CaptureQueriesContext(connection) as asked:
        found = find(at)
    assert (found, len(asked)) == (10_001, 1)


def test_whoever_joined_after_the_moment_is_not_chased(cast):
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(created_at=DUE + dt.timedelta(minutes=1))
    assert queue_overdue_logs(DUE + dt.timedelta(hours=1)) == 0
