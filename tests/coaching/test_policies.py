"""The database's policies say what the access table says, for everybody and every row.

The table is asked with the database's wall off (as the owner, in a named purpose), the policies
with the application's wall off (plain SQL as the app's role).
"""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from coaching.models import ForMyCoach, Note, OneOnOne, Opening
from cohorts.access import visible
from cohorts.models import Membership
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from tests.access.visitors import add_ended
from tests.cast import WEEK_SIX, a_caseload, a_log, a_pairing, a_person, a_place, build_cast
from tests.mentorship.cases import a_duty

DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

VISITORS = [
    "scholar", "other_scholar", "mentor", "other_mentor", "coach", "other_coach", "staff", "staff_elsewhere",
    "mentor_and_coach", "stranger", "disabled",
]  # fmt: skip
# `stand_in` is staff, takes the meetings of the mentor, and stands in the data as the coach of another scholar of that
# mentor, which no form allows; `ended` left ten days ago, `long_ended` reads nothing any more.
EVERYBODY = [*VISITORS, "stand_in", "ended", "long_ended"]
MODELS = {"note": Note, "one_on_one": OneOnOne, "for_my_coach": ForMyCoach, "opening": Opening}

# Who may do what with which row; `other_coach` coached the scholar until the end of January.
EXPECTED = {
    ("coach", "note", "read"): {"working", "shared", "archived"},
    ("coach", "note", "write"): {"working", "shared", "archived"},
    ("scholar", "note", "read"): {"shared", "shared by the coach before"},
    ("other_scholar", "note", "read"): {"shared by mentor-and-coach"},
    ("ended", "note", "read"): {"shared with who has left"},
    ("ended", "one_on_one", "read"): {"held with who has left"},
    ("ended", "for_my_coach", "read"): {"of who has left"},
    ("coach", "one_on_one", "read"): {"held", "taken back", "planned", "missed", "held by the coach before"},
    ("coach", "one_on_one", "write"): {"held", "taken back", "planned", "missed"},
    ("scholar", "one_on_one", "read"): {"held", "taken back", "planned", "missed", "held by the coach before"},
    ("other_scholar", "one_on_one", "read"): {"held by mentor-and-coach"},
    ("staff", "one_on_one", "read"): {
        "held",
        "taken back",
        "held by the coach before",
        "held by mentor-and-coach",
        "held with who has left",
    },
    ("stand_in", "one_on_one", "read"): {"held by mentor-and-coach", "held with who has left"},
    ("coach", "for_my_coach", "read"): {"for the coach"},
    ("scholar", "for_my_coach", "read"): {"for the coach", "for the coach before"},
    ("scholar", "for_my_coach", "write"): {"for the coach", "for the coach before"},
    ("other_scholar", "for_my_coach", "read"): {"for mentor-and-coach"},
    ("other_scholar", "for_my_coach", "write"): {"for mentor-and-coach"},
    ("scholar", "opening", "read"): {"opened", "opened by the coach before"},
    ("other_scholar", "opening", "read"): {"opened by mentor-and-coach"},
    ("coach", "opening", "read"): {"opened"},
    ("other_coach", "opening", "read"): {"opened by the coach before"},
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


def make_opening(reader, about: Membership, line: ForMyCoach) -> Opening:
    return Opening.objects.create(
        reader=reader, about=about, what="for_my_coach", row_id=line.pk, day=WEEK_SIX.date(), opened_at=WEEK_SIX
    )


def add_who_stands_in(cast) -> None:
    cast.stand_in = a_person("Sid Stands In")
    cast.place["stand_in"] = a_place(cast.stand_in, cast.cohort, "staff")
    cast.place["stand_in_as_coach"] = a_place(cast.stand_in, cast.cohort, "coach")
    cast.place["coached"] = a_place(a_person("Cass Coached"), cast.cohort, "scholar")
    a_pairing(cast.place["coached"], cast.place["mentor"])
    a_caseload(cast.place["coached"], cast.place["stand_in_as_coach"])
    a_duty(cast.place["stand_in"], "stand_in", for_membership=cast.place["mentor"])


@pytest.fixture
def world(week_six):
    """The cast, and rows by name in every state; made as the owner, as no one person could."""
    with transaction.atomic():
        cast = build_cast()
        cast.caseload.starts_on = dt.date(2027, 2, 1)
        cast.caseload.save()
        a_caseload(cast.place["scholar"], cast.place["other_coach"], ends_on=dt.date(2027, 1, 31))
        add_who_stands_in(cast)
        for name, days in (("ended", 50), ("long_ended", -1)):
            setattr(cast, name, a_person(name))
            add_ended(cast, name, ended_at=WEEK_SIX - 10 * DAY, reads_until=WEEK_SIX + days * DAY)
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
            "by who stands in": make_note(place["stand_in_as_coach"], place["coached"]),
            "working on who has left": make_note(place["coach"], place["ended"]),
            "shared with who has left": make_note(place["coach"], place["ended"], **with_scholar),
            "held with who has left": make_one_on_one(place["coach"], place["ended"], 12),
            "of who has left": make_line(place["coach"], place["ended"], a_log(place["ended"], 2)),
            "shared with who left long ago": make_note(place["coach"], place["long_ended"], **with_scholar),
        }
        rows |= {
            "opened": make_opening(cast.coach, place["scholar"], rows["for the coach"]),
            "opened by the coach before": make_opening(
                cast.other_coach, place["scholar"], rows["for the coach before"]
            ),
            "opened by mentor-and-coach": make_opening(
                cast.mentor_and_coach, place["other_scholar"], rows["for mentor-and-coach"]
            ),
        }
    return cast, {row.pk: name for name, row in rows.items()}


def each_question():
    return [(who, thing, act) for who in EVERYBODY for thing in MODELS for act in ("read", "write")]


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
        statement = f"SELECT id FROM {table}" if act == "read" else f"UPDATE {table} SET id = id RETURNING id"
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
    for who in EVERYBODY:
        with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM coaching_noteevent), (SELECT count(*) FROM coaching_oneononeevent),"
                " (SELECT count(*) FROM coaching_formycoachevent)"
            )
            counts[who] = cursor.fetchone()
    readers = {"coach": (3, 5, 1), "scholar": (2, 5, 2), "other_scholar": (1, 1, 1), "staff": (0, 5, 0)}
    readers |= {"ended": (1, 1, 1), "stand_in": (0, 2, 0)}
    assert counts == {who: readers.get(who, (0, 0, 0)) for who in EVERYBODY}


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


INSERT_OPENING = """INSERT INTO coaching_opening (id, what, row_id, day, opened_at, reader_id, about_id)
                    VALUES (%s, 'for_my_coach', gen_random_uuid(), '2027-02-10', %s, %s, %s)"""


def test_only_the_scholars_coach_writes_that_they_opened_something_and_only_of_themselves(world):
    cast, _ = world
    allowed = {
        (who, reader, about)
        for who in VISITORS
        for reader in ("coach", "scholar", "other_coach")
        for about in ("scholar", "other_scholar")
        if may_insert(getattr(cast, who), INSERT_OPENING, getattr(cast, reader), cast.place[about])
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
    assert [moved(getattr(cast, who), place, table) for table in tables] == [0] * len(tables)
