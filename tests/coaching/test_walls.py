"""Each wall is tested with the other off, on notes that could leak."""

from __future__ import annotations

import pytest
from django.db import connection

from coaching.models import Note
from cohorts.access import visible
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX

SECRET = "cinnamon-lighthouse"


@pytest.fixture
def note(cast):
    with acting(cast.coach, WEEK_SIX):
        note = Note(
            author=cast.place["coach"],
            about=cast.place["scholar"],
            audience=Note.Audience.WITH_SCHOLAR,
            dated=WEEK_SIX.date(),
            created_at=WEEK_SIX,
        )
        note.body = SECRET
        note.save()
    return note


def rows_seen(person) -> int:
    """Through PostgreSQL alone: no filter of the application."""
    with acting(person, WEEK_SIX):
        return Note.objects.count()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("coach", 1),
        ("scholar", 1),
        ("mentor", 0),
        ("other_scholar", 0),
        ("other_coach", 0),
        ("staff", 0),
        ("staff_elsewhere", 0),
        ("stranger", 0),
    ],
)
def test_database_alone_shows_a_shared_note_to_its_two_people(cast, note, who, seen):
    assert rows_seen(getattr(cast, who)) == seen


def test_no_identity_means_no_rows(cast, note):
    assert Note.objects.count() == 0


def test_text_is_nowhere_in_clear(cast, note):
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM coaching_note t WHERE t::text LIKE %s", [f"%{SECRET}%"])
        (in_table,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE t::text LIKE %s) FROM coaching_noteevent t", [f"%{SECRET}%"]
        )
        events, in_history = cursor.fetchone()
    assert (in_table, events, in_history) == (0, 1, 0)


def test_coach_reads_through_both_walls(cast, note):
    with acting(cast.coach, WEEK_SIX):
        assert visible(Note, "note", cast.coach, WEEK_SIX).get().body == SECRET
