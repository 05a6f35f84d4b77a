"""The meeting's rules hold in the database too, against whoever writes past the product.

Everything here is raw SQL as the app's own role; deferred constraints are asked for at once.
"""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

HOUR = "'[2027-02-12 09:00Z, 2027-02-12 09:30Z)'"


def run(sql: str, *parameters) -> None:
    """A transaction of its own, judged at its end like every other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(sql: str, *parameters) -> str:
    """The name of the constraint that refused."""
    with pytest.raises(IntegrityError) as refusal:
        run(sql, *parameters)
    return refusal.value.__cause__.diag.constraint_name


def book(cohort, planned: str = HOUR) -> str:
    return (
        "INSERT INTO mentorship_meeting (id, version, created_at, cohort_id, planned, is_live, outcome, notes)"
        f" VALUES (gen_random_uuid(), 1, '2027-01-01Z', '{cohort.pk}', {planned}, true, '', '')"
    )


BAD_RANGES = [
    pytest.param("'[2027-02-12 09:00Z, 2027-02-12 09:31Z)'", id="31 minutes"),
    pytest.param("'[2027-02-12 09:00Z, 2027-02-12 09:30:00.000001Z)'", id="a microsecond over"),
    pytest.param("'[2027-02-12 09:00Z, 2027-02-12 09:00Z)'", id="no time at all"),
    pytest.param("'empty'", id="empty"),
    pytest.param("'[2027-02-12 09:00Z,)'", id="without an end"),
    pytest.param("'(, 2027-02-12 09:30Z)'", id="without a start"),
    pytest.param("'(,)'", id="endless"),
    pytest.param("'[2027-02-12 09:00Z, infinity)'", id="until infinity"),
    pytest.param("'[-infinity, 2027-02-12 09:30Z)'", id="since minus infinity"),
    pytest.param("'[2027-02-12 09:00Z, 2027-02-12 09:30Z]'", id="end included"),
    pytest.param("'(2027-02-12 09:00Z, 2027-02-12 09:30Z)'", id="start excluded"),
    pytest.param("'[2027-10-31 01:45+01, 2027-10-31 02:15+00)'", id="the October night"),
]


@pytest.mark.parametrize("planned", BAD_RANGES)
def test_planned_time_is_within_the_cap(cast, planned):
    sql = f"UPDATE mentorship_meeting SET planned = {planned}"
    assert refused(sql) == "meeting_planned_within_the_cap"


@pytest.mark.parametrize("held", BAD_RANGES)
def test_recorded_time_is_within_the_cap(cast, held):
    assert refused(f"UPDATE mentorship_meeting SET held = {held}") == "meeting_held_within_the_cap"


def test_reversed_range_is_no_range(cast):
    with pytest.raises(Exception, match="lower bound must be less than or equal"), transaction.atomic():
        run("UPDATE mentorship_meeting SET planned = '[2027-02-12 09:30Z, 2027-02-12 09:00Z)'")


def test_end_is_the_end_of_what_was_held(cast):
    sql = f"UPDATE mentorship_meeting SET held = {HOUR}, ended_at = '2027-02-12 10:00Z'"
    assert refused(sql) == "meeting_ended_when_held_ends"


def test_meeting_outside_every_week_is_refused(cast):
    assert refused(book(cast.cohort)) == "meeting_counts_for_a_week"


def test_second_row_for_a_week_is_refused(cast):
    sql = (
        "INSERT INTO mentorship_pairingweek (id, version, created_at, pairing_id, week_starts_on, number, closes_at)"
        " SELECT gen_random_uuid(), 1, created_at, pairing_id, week_starts_on, number, closes_at"
        " FROM mentorship_pairingweek"
    )
    assert refused(sql) == "pairing_week_once"


def test_week_cannot_drop_a_meeting_for_another(cast):
    sql = "UPDATE mentorship_pairingweek SET meeting_id = NULL"
    assert refused(sql) == "meeting_counts_for_a_week"


def test_second_row_for_a_week_under_another_first_day_is_refused(cast):
    sql = (
        "INSERT INTO mentorship_pairingweek (id, version, created_at, pairing_id, week_starts_on, number, closes_at)"
        " SELECT gen_random_uuid(), 1, created_at, pairing_id, week_starts_on + 1, number, closes_at"
        " FROM mentorship_pairingweek"
    )
    assert refused(sql) == "pairing_week_begins_with_its_week"


def test_somebody_else_does_not_stand_in_for_one_of_the_two(cast):
    sql = f"UPDATE mentorship_attendance SET person_id = '{cast.stranger.pk}' WHERE person_id = '{cast.mentor.pk}'"
    assert refused(sql) == "meeting_has_its_people"


def test_one_meeting_does_not_count_for_two_weeks(cast):
    sql = (
        "INSERT INTO mentorship_pairingweek"
        " (id, version, created_at, pairing_id, week_starts_on, number, closes_at, meeting_id)"
        " SELECT gen_random_uuid(), 1, created_at, pairing_id, week_starts_on + 7, number + 1,"
        " closes_at + interval '7 days', meeting_id FROM mentorship_pairingweek"
    )
    assert refused(sql) == "meeting_counts_for_one_week"


def test_meeting_without_its_people_is_refused(cast):
    assert refused("DELETE FROM mentorship_attendance") == "meeting_has_its_people"


def test_attendance_cannot_lie_about_the_time(cast):
    sql = f"UPDATE mentorship_attendance SET during = {HOUR}"
    assert refused(sql) == "attendance_tells_the_meetings_time"


def test_attendance_cannot_lie_about_being_called_off(cast):
    assert refused("UPDATE mentorship_attendance SET is_live = false") == "attendance_tells_the_meetings_time"


def test_person_is_never_in_two_meetings_at_once(cast):
    """A second pairing of the same mentor, with a meeting that overlaps by a minute, in one statement."""
    second = """
        WITH planned AS (SELECT tstzrange(upper(planned) - interval '1 minute', upper(planned) + interval '29 minutes')
                             AS during FROM mentorship_meeting),
             meeting AS (
                 INSERT INTO mentorship_meeting
                     (id, version, created_at, cohort_id, planned, is_live, outcome, notes)
                 SELECT gen_random_uuid(), 1, '2027-01-01Z', %s, during, true, '', '' FROM planned
                 RETURNING id, planned)
        INSERT INTO mentorship_attendance (meeting_id, person_id, during, is_live)
        SELECT meeting.id, %s, meeting.planned, true FROM meeting
    """
    assert refused(second, cast.cohort.pk, cast.mentor.pk) == "attendance_one_meeting_at_a_time"


def test_called_off_meeting_blocks_nobody(cast):
    run("UPDATE mentorship_meeting SET is_live = false")
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_or(is_live) FROM mentorship_attendance")
        assert cursor.fetchone() == (False,)
