"""Planning a meeting by hand for a week that has none, and moving one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from cohorts.models import Person
from mats import clock
from mentorship.actions.diary import Span, lock_people, make_way, people_of, say_why
from mentorship.models import Attendance, Meeting, PairingWeek
from mentorship.reminders.meeting import tell_moved
from mentorship.rules.meeting import (
    check_is_another_time,
    check_length,
    check_may_move,
    check_week_is_free,
    check_within_week,
)

TAKEN_ANYWAY = "This time was taken a moment ago. Choose another one."


@transaction.atomic
def plan_meeting(
    *, week: PairingWeek, by: Person, at: dt.datetime, starts_at: dt.datetime, ends_at: dt.datetime
) -> Meeting:
    """Plan the meeting of a pairing's week; UTC moments, at most thirty minutes apart.

    A week whose meeting was called off gets the same meeting again, with its agenda and everybody
    who was to come. Refused where one of them has another planned meeting then; the words name the
    time and nothing else of it. Its people are locked before anything is looked at.
    """
    check_length(starts_at, ends_at)
    people = _coming(week)
    lock_people(people)
    row = PairingWeek.locked(week.pk)
    check_week_is_free(row)
    check_within_week(row, starts_at, ends_at, at)
    span = _in_utc(starts_at, ends_at)
    _check_nobody_is_busy(people, span, by.time_zone)
    with _in_words():
        meeting = _plan_again(row, span, by, at) if row.meeting else _book(row, people, span, by, at)
    make_way(dict.fromkeys(people, span[0]))
    return meeting


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, by: Person, at: dt.datetime, starts_at: dt.datetime, ends_at: dt.datetime, why: str = ""
) -> Meeting:
    """Move one meeting, for everybody who comes; it stays the meeting of its week, with all that is in it.

    Refused in the same words as a booking. Whoever is not one of its people says why. Everybody
    else of it gets a letter. Moving it back is a move.
    """
    check_length(starts_at, ends_at)
    lock_people(people_of(meeting))
    row = Meeting.locked(meeting.pk)
    check_may_move(row)
    span, people = _in_utc(starts_at, ends_at), people_of(row)
    check_is_another_time(row, *span)
    for week in PairingWeek.objects.filter(meeting=row, archived_at=None).select_related("pairing__cohort"):
        check_within_week(week, starts_at, ends_at, at)
    _check_nobody_is_busy(people, span, by.time_zone, besides=row)
    say_why(why, by=by, people=people)
    with _in_words():
        _change_time(row, span, by, at, was=row.starts_at)
    make_way(dict.fromkeys(people, span[0]))
    return row


def _in_utc(starts_at: dt.datetime, ends_at: dt.datetime) -> Span:
    return starts_at.astimezone(dt.UTC), ends_at.astimezone(dt.UTC)


def _coming(week: PairingWeek) -> list[UUID]:
    """Whoever is to come: the pairing's two, or everybody of the meeting that was called off."""
    if week.meeting:
        return people_of(week.meeting)
    return [week.pairing.scholar.person_id, week.pairing.mentor.person_id]


def _check_nobody_is_busy(people: list[UUID], span: Span, zone: str, besides: Meeting | None = None) -> None:
    """Nobody is in two planned meetings at one time."""
    taken = (
        Attendance.objects.filter(is_live=True, person__in=people, during__overlap=span)
        .exclude(meeting=besides)
        .order_by("during")
        .select_related("meeting")
        .first()
    )
    if taken:
        when = clock.format_range(taken.meeting.starts_at, taken.meeting.ends_at, zone)
        raise ValidationError(f"One of you has another meeting then: {when}. Choose another time.")


def _book(week: PairingWeek, people: list[UUID], span: Span, by: Person, at: dt.datetime) -> Meeting:
    planned = DateTimeTZRange(*span)
    meeting = Meeting.objects.create(cohort_id=week.pairing.cohort_id, planned=planned, planned_by=by, created_at=at)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person_id=person, during=planned) for person in people)
    week.meeting = meeting
    week.save(update_fields=["meeting"])
    return meeting


def _plan_again(week: PairingWeek, span: Span, by: Person, at: dt.datetime) -> Meeting:
    """The meeting that was called off, at a time once more."""
    assert week.meeting_id
    row = Meeting.locked(week.meeting_id)
    row.is_live = True
    _change_time(row, span, by, at, was=row.moved_from or row.starts_at)
    return row


def _change_time(meeting: Meeting, span: Span, by: Person, at: dt.datetime, *, was: dt.datetime) -> None:
    meeting.planned, meeting.planned_by = DateTimeTZRange(*span), by
    meeting.moved_at, meeting.moved_from, meeting.moved_by = at, was, by
    meeting.save(update_fields=["planned", "planned_by", "is_live", "moved_at", "moved_from", "moved_by"])
    tell_moved(meeting, people_of(meeting), was=was, now=span[0], by=by, at=at)


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever the constraints find, PostgreSQL's own words name other people's meetings: say it in ours."""
    try:
        with transaction.atomic():
            yield
            _look_now()
    except IntegrityError as refusal:
        raise ValidationError(TAKEN_ANYWAY) from refusal


def _look_now() -> None:
    """Have the deferred constraints looked at here, where their refusal can still be put into words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
