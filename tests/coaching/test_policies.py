"""The database's policies say what the access table says, for everybody and every row.

The table is asked with the database's wall off (as the owner, in a named purpose), the policies
with the application's wall off (plain SQL as the app's role).
"""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from coaching.models import ForMyCoach, Note, OneOnOne
from cohorts.access import visible
from cohorts.models import Membership
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, a_caseload, a_log, build_cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

VISITORS = [
    "scholar", "other_scholar", "mentor", "other_mentor", "coach", "other_coach", "staff", "staff_elsewhere",
    "mentor_and_coach", "stranger", "disabled",
]  # fmt: skip
MODELS = {"note": Note, "one_on_one": OneOnOne, "for_my_coach": ForMyCoach}

# Who may do what with which row; `other_coach` coached the scholar until the end of January.
EXPECTED = {
    ("coach", "note", "read"): {"working", "shared", "archived"},
    ("coach", "note", "write"): {"working", "shared", "archived"},
    ("scholar", "note", "read"): {"shared", "shared by the coach before"},
    ("other_scholar", "note", "read"): {"shared by mentor-and-coach"},
    ("coach", "one_on_one", "read"): {"held", "taken back", "planned", "missed", "held by the coach before"},
    ("coach", "one_on_one", "write"): {"held", "taken back", "planned", "missed"},
    ("scholar", "one_on_one", "read"): {"held", "taken back", "planned", "missed", "held by the coach before"},
    ("other_scholar", "one_on_one", "read"): {"held by mentor-and-coach"},
    ("staff", "one_on_one", "read"): {"held", "taken back", "held by the coach before", "held by mentor-and-coach"},
    ("coach", "for_my_coach", "read"): {"for the coach"},
    ("scholar", "for_my_coach", "read"): {"for the coach", "for the coach before"},
    ("scholar", "for_my_coach", "write"): {"for the coach", "for the coach before"},
    ("other_scholar", "for_my_coach", "read"): {"for mentor-and-coach"},
    ("other_scholar", "for_my_coach", "write"): {"for mentor-and-coach"},
}


def make_note(author: Membership, about: Membership, **fields) -> Note:
    note = Note(author=author, about=about, dated=WEEK_SIX.date(), created_at=WEEK_SIX, **fields)
    note.body = "cinnamon-lighthouse"
    note.save(force_insert=True)
    return note


def make_one_on_one(coach: Membership, about: Membership, day: int, **fields) -> OneOnOne:
    return OneOnOne.objects.create(
        coach=coach, about=about, took_place_on=dt.date(2027, 1, day), created_at=WEEK_SIX, **fields
    )


def make_plan(coach: Membership, about: Membership, after: dt.timedelta, **fields) -> OneOnOne:
    span = (WEEK_SIX + after, WEEK_SIX + after + dt.timedelta(hours=1))
    return OneOnOne.objects.create(coach=coach, about=about, planned=span, created_at=WEEK_SIX, **fields)


def make_line(coach: Membership, about: Membership, log) -> ForMyCoach:
    line = ForMyCoach(coach=coach, about=about, log=log, created_at=WEEK_SIX)
    line.body = "cinnamon-lighthouse"
    line.save(force_insert=True)
    return line


@pytest.fixture
def world(week_six):
    """The cast, and rows by name in every state; made as the owner, as no one person could."""
    with transaction.atomic():
        cast = build_cast()
        cast.caseload.starts_on = dt.date(2027, 2, 1)
        cast.caseload.save()
        a_caseload(cast.place["scholar"], cast.place["other_coach"], ends_on=dt.date(2027, 1, 31))
    place, with_scholar = cast.place, {"audience": Note.Audience.WITH_SCHOLAR}
    with as_owner(purpose="dump"):
        rows = {
            "working": make_note(place["coach"], place["scholar"]),
            "shared": make_note(place["coach"], place["scholar"], **with_scholar),
            "archived": make_note(place["coach"], place["scholar"], archived_at=WEEK_SIX, **with_scholar),
            "by the coach before": make_note(place["other_coach"], place["scholar"]),
            "shared by the coach before": make_note(place["other_coach"], place["scholar"], **with_scholar),
            "by mentor-and-coach": make_note(place["both_as_coach"], place["other_scholar"]),
            "shared by mentor-and-coach": make_note(place["both_as_coach"], place["other_scholar"], **with_scholar),
            "held": make_one_on_one(place["coach"], place["scholar"], 20),
            "taken back": make_one_on_one(place["coach"], place["scholar"], 21, archived_at=WEEK_SIX),
            "planned": make_plan(place["coach"], place["scholar"], dt.timedelta(days=1)),
            "missed": make_plan(place["coach"], place["scholar"], dt.timedelta(days=-1), missed_at=WEEK_SIX),
            "for the coach": make_line(place["coach"], place["scholar"], cast.log),
            "for the coach before": make_line(place["other_coach"], place["scholar"], a_log(place["scholar"], 3)),
            "for mentor-and-coach": make_line(
                place["both_as_coach"], place["other_scholar"], a_log(place["other_scholar"], 6)
            ),
            "held by the coach before": make_one_on_one(place["other_coach"], place["scholar"], 10),
            "held by mentor-and-coach": make_one_on_one(place["both_as_coach"], place["other_scholar"], 20),
        }
    return cast, {row.pk: name for name, row in rows.items()}


def each_question():
    return [(who, thing, act) for who in VISITORS for thing in MODELS for act in ("read", "write")]


def by_table(cast, names) -> dict:
    """The application's wall alone."""
    with as_owner(purpose="dump"):
        return {
            (who, thing, act): {
                names[row.pk] for row in visible(MODELS[thing], thing, getattr(cast, who), WEEK_SIX, act)
            }
            for who, thing, act in each_question()
        }


def by_policy(cast, names) -> dict:
    """The database's wall alone: a read is a SELECT of everything, a write an UPDATE of everything."""
    found = {}
    for who, thing, act in each_question():
        table = MODELS[thing]._meta.db_table
        statement = f"SELECT id FROM {table}" if act == "read" else f"UPDATE {table} SET version = version RETURNING id"
        with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
            cursor.execute(statement)
            found[who, thing, act] = {names[pk] for (pk,) in cursor.fetchall()}
    return found


def test_table_and_policies_agree_for_everybody_and_every_row(world):
    table, policies = by_table(*world), by_policy(*world)
    assert table == policies


def test_they_agree_on_what_is_meant(world):
    expected = {question: EXPECTED.get(question, set()) for question in each_question()}
    assert by_table(*world) == expected


def test_history_is_read_by_whoever_reads_the_row_and_by_nobody_else(world):
    cast, _ = world
    counts = {}
    for who in VISITORS:
        with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM coaching_noteevent), (SELECT count(*) FROM coaching_oneononeevent),"
                " (SELECT count(*) FROM coaching_formycoachevent)"
            )
            counts[who] = cursor.fetchone()
    readers = {"coach": (3, 5, 1), "scholar": (2, 5, 2), "other_scholar": (1, 1, 1), "staff": (0, 4, 0)}
    assert counts == {who: readers.get(who, (0, 0, 0)) for who in VISITORS}


INSERT_NOTE = """INSERT INTO coaching_note (id, version, created_at, author_id, about_id, audience, dated,
                                            topics, sealed_body)
                 VALUES (%s, 1, %s, %s, %s, 'with_scholar', '2027-02-10', '{}', 'forged')"""
INSERT_ONE_ON_ONE = """INSERT INTO coaching_oneonone (id, version, created_at, coach_id, about_id, took_place_on)
                       VALUES (%s, 1, %s, %s, %s, '2027-02-09')"""


INSERT_PLAN = """INSERT INTO coaching_oneonone (id, version, created_at, coach_id, about_id, planned)
                 VALUES (%s, 1, %s, %s, %s, '[2027-03-01 09:00+00,2027-03-01 10:00+00)')"""
INSERT_LINE = """INSERT INTO coaching_formycoach (id, version, created_at, coach_id, about_id, log_id, sealed_body)
                 SELECT %s, 1, %s, %s, about.id, (SELECT id FROM mentorship_weeklylog ORDER BY number LIMIT 1), 'forged'
                   FROM cohorts_membership about WHERE about.id = %s"""


class UndoneError(Exception):
    """Raised to leave nothing behind."""


def may_insert(person, statement: str, author, about) -> bool:
    try:
        with acting(person, WEEK_SIX), connection.cursor() as cursor:
            cursor.execute(statement, [uuid.uuid4(), WEEK_SIX, author.pk, about.pk])
            raise UndoneError
    except UndoneError:
        return True
    except ProgrammingError:  # new row violates row-level security policy
        return False


@pytest.mark.parametrize("statement", [INSERT_NOTE, INSERT_ONE_ON_ONE, INSERT_PLAN], ids=["note", "1-1", "plan"])
def test_only_the_scholars_coach_can_add_and_only_in_their_own_name(world, statement):
    cast, _ = world
    allowed = {
        (who, author, about)
        for who in VISITORS
        for author in ("coach", "other_coach", "both_as_coach", "mentor", "staff")
        for about in ("scholar", "other_scholar")
        if may_insert(getattr(cast, who), statement, cast.place[author], cast.place[about])
    }
    assert allowed == {("coach", "coach", "scholar")}


def test_only_a_scholar_adds_a_line_and_only_about_themselves(world):
    cast, _ = world
    allowed = {
        (who, about)
        for who in VISITORS
        for about in ("scholar", "other_scholar", "mentor", "coach")
        if may_insert(getattr(cast, who), INSERT_LINE, cast.place["both_as_mentor"], cast.place[about])
    }
    assert allowed == {("scholar", "scholar"), ("other_scholar", "other_scholar")}


def moved(person, place: Membership, table: str = "coaching_note") -> int:
    try:
        with acting(person, WEEK_SIX), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET about_id = %s", [place.pk])
            return cursor.rowcount
    except ProgrammingError:  # new row violates row-level security policy
        return 0


@pytest.mark.parametrize("who", VISITORS)
def test_nobody_deletes_and_nobody_hands_a_row_to_another_scholar(world, who):
    cast, _ = world
    tables = [model._meta.db_table for model in MODELS.values()]
    with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
            assert cursor.rowcount == 0
    place = cast.place["scholar" if who == "other_scholar" else "other_scholar"]
    assert [moved(getattr(cast, who), place, table) for table in tables] == [0, 0, 0]
