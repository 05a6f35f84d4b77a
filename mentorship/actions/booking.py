"""Planning a meeting by hand for a week that has none."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from cohorts.models import Person
from mats import clock
from mentorship.actions.diary import Span, lock_people
from mentorship.models import Attendance, Meeting, PairingWeek
from mentorship.rules.meeting import check_length, check_week_is_free, check_within_week

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
    people = _people_of(week)
    lock_people(people)
    row = PairingWeek.locked(week.pk)
    check_week_is_free(row)
    check_within_week(row, starts_at, ends_at, at)
    span = (starts_at.astimezone(dt.UTC), ends_at.astimezone(dt.UTC))
    _check_nobody_is_busy(people, span, by.time_zone)
    try:
        with transaction.atomic():
            meeting = _book(row, people, span, by, at)
            _look_now()
    except IntegrityError as refusal:
        # Whatever the constraints found, PostgreSQL's own words name other people's meetings.
        raise ValidationError(TAKEN_ANYWAY) from refusal
    return meeting


def _people_of(week: PairingWeek) -> list[UUID]:
    """Whoever is to come: the pairing's two, or everybody of the meeting that was called off."""
    if week.meeting_id:
        return list(Attendance.objects.filter(meeting=week.meeting_id).values_list("person", flat=True))
    return [week.pairing.scholar.person_id, week.pairing.mentor.person_id]


def _check_nobody_is_busy(people: list[UUID], span: Span, zone: str) -> None:
    """Nobody is in two planned meetings at one time."""
    taken = (
        Attendance.objects.filter(is_live=True, person__in=people, during__overlap=span)
        .order_by("during")
        .select_related("meeting")
        .first()
    )
    if taken:
        when = clock.format_range(taken.meeting.starts_at, taken.meeting.ends_at, zone)
        raise ValidationError(f"One of you has another meeting then: {when}. Choose another time.")


def _book(week: PairingWeek, people: list[UUID], span: Span, by: Person, at: dt.datetime) -> Meeting:
    planned = DateTimeTZRange(*span)
    if meeting := week.meeting:
        meeting.planned, meeting.is_live, meeting.planned_by = planned, True, by
        meeting.save(update_fields=["planned", "is_live", "planned_by"])
        return meeting
    meeting = Meeting.objects.create(cohort_id=week.pairing.cohort_id, planned=planned, planned_by=by, created_at=at)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person_id=person, during=planned) for person in people)
    week.meeting = meeting
    week.save(update_fields=["meeting"])
    return meeting


def _look_now() -> None:
    """Have the deferred constraints looked at here, where their refusal can still be put into words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
