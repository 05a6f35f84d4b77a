"""What somebody with the app's own connection may not do, whatever they write into it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from coaching.models import Note
from mats.identity.transaction import acting
from mats.sealing import CannotOpen
from tests.access.things import build_things
from tests.cast import WEEK_SIX, week_start


def run(sql: str, parameters: object = ()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(sql: str, *parameters: object) -> str:
    """The SQLSTATE with which PostgreSQL refuses."""
    with pytest.raises(DatabaseError) as refusal:
        run(sql, parameters)
    return refusal.value.__cause__.pgcode


NOT_ALLOWED = "42501"
BEYOND = [
    "SET ROLE mats_owner",
    "SET SESSION AUTHORIZATION mats_owner",
    "ALTER TABLE coaching_note DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE coaching_note NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE mentorship_meeting DISABLE TRIGGER ALL",
    "ALTER TABLE mentorship_meeting DROP CONSTRAINT meeting_planned_within_the_cap",
    "DROP POLICY mentor_never ON coaching_note",
    "CREATE POLICY open ON coaching_note USING (true)",
    "DROP TABLE coaching_note",
    "CREATE TABLE public.mine (id int)",
    "CREATE EXTENSION dblink",
    "CREATE OR REPLACE FUNCTION mentorship_meeting_is_whole() RETURNS trigger LANGUAGE sql AS ''",
    "GRANT ALL ON coaching_note TO PUBLIC",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "CREATE ROLE another SUPERUSER",
    "SET session_replication_role = replica",
    "COPY coaching_note TO '/tmp/notes'",
    "COPY coaching_note FROM '/etc/passwd'",
    "COPY coaching_note TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "UPDATE django_migrations SET name = name",
]


PUBLIC = (
    "SELECT count(*) FROM information_schema.role_table_grants"
    " WHERE grantee = 'PUBLIC' AND table_name = 'coaching_note'"
)


@pytest.mark.parametrize("sql", BEYOND)
def test_role_of_the_app_is_refused(db, sql):
    if sql.startswith("GRANT"):  # PostgreSQL only warns, and grants nothing
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute(PUBLIC)
            assert cursor.fetchone() == (0,)
    else:
        assert refused(sql) in {NOT_ALLOWED, "42000"}


def tables(like: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE %s", [like])
        return [name for (name,) in cursor.fetchall()]


def test_history_is_never_rewritten(cast):
    events = tables("%event")
    assert len(events) >= 12
    for table in events:
        for sql in (f"UPDATE {table} SET pgh_label = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert refused(sql) == NOT_ALLOWED, sql


def test_no_table_is_emptied_at_once(db):
    for table in tables("%"):
        assert refused(f"TRUNCATE {table}") == NOT_ALLOWED, table


NO_ROWS = [
    "SELECT count(*) FROM coaching_note",
    "SELECT set_config('mats.purpose', 'dump', true); SELECT count(*) FROM coaching_note",
    "SELECT set_config('mats.person', '', true); SELECT count(*) FROM coaching_noteevent",
    "SELECT set_config('mats.moment', 'infinity', true); SELECT count(*) FROM coaching_oneonone",
]


@pytest.mark.parametrize("sql", NO_ROWS)
def test_purpose_of_the_owner_opens_nothing_for_the_app(cast, sql):
    build_things(cast)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchone() == (0,)


def test_row_security_switched_off_is_an_error_and_no_way_round(cast):
    build_things(cast)
    assert refused("SET LOCAL row_security = off; SELECT count(*) FROM coaching_note") == NOT_ALLOWED


def test_forged_moment_opens_no_caseload_to_a_mentor(cast):
    """A person can be forged by whoever runs SQL, as docs/design.md says; a mentor's denial holds all the same."""
    build_things(cast)
    for moment in ("2027-01-05T00:00Z", "2027-02-10T12:00Z", "2027-04-11T00:00Z"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('mats.person', %s, true)", [str(cast.mentor.pk)])
            cursor.execute("SELECT set_config('mats.moment', %s, true)", [moment])
            assert list(Note.objects.all()) == []


def test_coach_hands_no_note_to_another_scholar(cast):
    things = build_things(cast)
    with acting(cast.coach, WEEK_SIX):
        assert (
            refused(
                "UPDATE coaching_note SET about_id = %s WHERE id = %s",
                cast.place["other_scholar"].pk,
                things.working.pk,
            )
            == NOT_ALLOWED
        )


def test_text_of_one_note_opens_in_no_other(cast):
    """A ciphertext copied into another row is worthless."""
    things = build_things(cast)
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coaching_note SET sealed_body = (SELECT sealed_body FROM coaching_note n WHERE n.id = %s)"
            " WHERE id = %s",
            [things.working.pk, things.shared.pk],
        )
        with pytest.raises(CannotOpen):
            _ = Note.objects.get(pk=things.shared.pk).body


SECOND = """
WITH made AS (
    INSERT INTO mentorship_meeting (id, version, created_at, cohort_id, planned, is_live, outcome, notes)
    SELECT gen_random_uuid(), 1, created_at, cohort_id, '[2027-02-12 09:00Z, 2027-02-12 09:30Z)', true, '', ''
      FROM mentorship_meeting WHERE id = %(meeting)s RETURNING id, planned
), people AS (
    INSERT INTO mentorship_attendance (meeting_id, person_id, during, is_live)
    SELECT made.id, a.person_id, made.planned, true FROM made, mentorship_attendance a WHERE a.meeting_id = %(meeting)s
)
"""
WAYS = {
    "of no week": "SELECT 1 FROM made",
    "in the place of the first": """
        UPDATE mentorship_pairingweek SET meeting_id = (SELECT id FROM made) WHERE meeting_id = %(meeting)s""",
    "in a second row of the week": """
        INSERT INTO mentorship_pairingweek
               (id, version, created_at, pairing_id, week_starts_on, number, closes_at, meeting_id)
        SELECT gen_random_uuid(), 1, w.created_at, pairing_id, week_starts_on, number, closes_at, made.id
          FROM mentorship_pairingweek w, made WHERE w.meeting_id = %(meeting)s""",
}


@pytest.mark.parametrize("way", WAYS)
def test_second_meeting_of_a_week_has_nowhere_to_stand(cast, way):
    with pytest.raises(IntegrityError):
        run(SECOND + WAYS[way], {"meeting": cast.meeting.pk})


def test_attendance_is_not_moved_away(cast):
    assert refused("UPDATE mentorship_attendance SET during = '[2027-02-12 09:00Z, 2027-02-12 09:30Z)'") == "23503"
    assert refused("UPDATE mentorship_attendance SET is_live = false") == "23503"
    assert refused("DELETE FROM mentorship_attendance") == "23514"
    assert refused("UPDATE mentorship_pairingweek SET meeting_id = NULL") == "23514"


def test_meeting_does_not_change_into_another_week_beside_its_own(cast):
    again = """
        INSERT INTO mentorship_pairingweek
               (id, version, created_at, pairing_id, week_starts_on, number, closes_at, meeting_id)
        SELECT gen_random_uuid(), 1, created_at, pairing_id, %s, 7, closes_at, meeting_id FROM mentorship_pairingweek"""
    assert refused(again, week_start(7)) == "23505"


ENDLESS = ["'empty'", "'(,)'", "'[2027-02-12 09:30Z, 2027-02-12 09:00Z)'", "'[2027-02-12 09:00Z, infinity)'", "NULL"]


@pytest.mark.parametrize("planned", ENDLESS)
def test_meeting_without_a_length_is_no_meeting(cast, planned):
    assert refused(f"UPDATE mentorship_meeting SET planned = {planned}") in {"23514", "22000", "23502"}
