"""Each wall is tested with the other off, on notes that could leak."""

from __future__ import annotations

import pytest
from django.db import connection

from coaching.models import ForMyCoach, Note, OneOnOne
from cohorts.access import visible
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX
from tests.coaching.conftest import a_line, a_plan

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


ITS_TWO_PEOPLE = {"coach", "scholar"}
EVERYBODY = [
    "coach", "scholar", "mentor", "other_scholar", "other_coach", "staff", "staff_elsewhere", "mentor_and_coach",
    "stranger",
]  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("make", [a_plan, a_line])
def test_database_alone_shows_a_plan_and_a_line_to_their_two_people(cast, make, who):
    row = make(cast)
    with acting(getattr(cast, who), WEEK_SIX):
        seen = (type(row).objects.count(), row.events.count())
    assert seen == ((1, 1) if who in ITS_TWO_PEOPLE else (0, 0))


def test_no_identity_means_no_rows(cast, note):
    a_plan(cast)
    a_line(cast)
    assert [model.objects.count() for model in (Note, OneOnOne, ForMyCoach)] == [0, 0, 0]


def test_line_for_the_coach_is_nowhere_in_clear(cast):
    a_line(cast, SECRET)
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        for table in ("coaching_formycoach", "coaching_formycoachevent"):
            cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE t::text LIKE %s) FROM {table} t", [f"%{SECRET}%"])
            assert cursor.fetchone() == (1, 0)


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
