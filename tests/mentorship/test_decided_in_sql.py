"""What was decided stays in the database too, against whoever writes past the product.

Everything here is raw SQL as the app's own role.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from cohorts.models import Site
from mats.identity.roles import owner_role
from mentorship.models import ExtensionCase, State
from mentorship.models.case import OPEN
from tests.cast import LONDON, LONG_AGO, WEEK_SIX, Cast
from tests.mentorship.cases import DAY, a_case, a_decision, a_letter, a_sheet, an_open_round, an_opinion

DECISION, LETTER, OPINION = "mentorship_decision", "mentorship_decisionletter", "mentorship_opinion"
CASE, SHEET = "mentorship_extensioncase", "mentorship_termsheet"
HELD, REPLACED, OPEN_ONE = "confirmed_at IS NOT NULL", "replaced_at IS NOT NULL", "confirmed_at IS NULL"
OUT, DRAFT = "released_at IS NOT NULL", "released_at IS NULL"
A_DAY_ON = "{0} = {0} + interval '1 day'"


def run(sql: str) -> int:
    """In a savepoint, judged at its end; the number of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return rows


def refused(sql: str) -> str:
    """The name of what refused."""
    with pytest.raises(IntegrityError) as refusal:
        run(sql)
    return refusal.value.__cause__.diag.constraint_name


def decided_cases(cast: Cast) -> None:
    """A decision that was replaced, one that holds, with their letters, and a proposal; two cases."""
    two = {"proposed_by": cast.staff, "confirmed_by": cast.staff_elsewhere}
    case, other = a_case(cast, "offered"), a_case(cast, "committee", "other_scholar")
    condition = {"conditions": "A visa.", "conditions_by": WEEK_SIX.date(), "conditions_due_at": WEEK_SIX + DAY}
    a_letter(a_decision(case, "refuse", replaced_at=WEEK_SIX, **two), released_by=cast.staff)
    a_letter(a_decision(case, **condition, **two), released_by=cast.staff)
    a_letter(a_decision(other, "waitlist", **two))
    a_decision(other, proposed_by=cast.staff, is_agreed_list=True)
    an_opinion(case, cast.staff)
    Site.objects.create(cohort=cast.other_cohort, name="Elsewhere", time_zone=LONDON, created_at=LONG_AGO)
    a_sheet(case, cast.place["mentor"])


def changes(table: str, where: str, refusal: str, *ways: str) -> Iterator[tuple[str, str]]:
    """Each way to write is refused for itself."""
    for way in ways:
        yield f"UPDATE {table} SET {way} WHERE {where}", refusal


def another(column: str, table: str, where: str = "true") -> str:
    """Another row of the table in this column."""
    return f"{column} = (SELECT o.id FROM {table} o WHERE o.id <> {column} AND {where} LIMIT 1)"


A_PERSON = "cohorts_person"
REFUSED = [
    *changes(
        CASE, "state = 'offered'", "extension_case_stays_as_applied",
        another("scholar_id", "cohorts_membership"), another("round_id", "mentorship_round"), "number = 7",
        A_DAY_ON.format("applied_at"),
    ),
    *changes(CASE, "true", "extension_case_open_is_not_archived", "archived_at = now()"),
    *changes(
        OPINION, "true", "opinion_stays_as_given",
        "band = 'not_now'", "reasons = 'x'", "is_appeal = true", A_DAY_ON.format("given_at"),
        another("author_id", A_PERSON), another("case_id", CASE),
    ),
    (f"DELETE FROM {OPINION}", "opinion_is_kept"),
    *changes(
        DECISION, OPEN_ONE, "decision_stays_as_proposed",
        A_DAY_ON.format("opens_at"), A_DAY_ON.format("proposed_at"), "is_agreed_list = false",
        another("proposed_by_id", A_PERSON), another("case_id", CASE),
    ),
    *changes(
        DECISION, HELD, "decision_stays_as_confirmed",
        "outcome = 'more', total_months = NULL", "reason = 'x'", "would_change = 'x'", "number = number + 7",
        "confirmed_at = NULL, confirmed_by_id = NULL", A_DAY_ON.format("confirmed_at"),
        another("confirmed_by_id", A_PERSON), "archived_at = now()", "created_at = now()",
        "pulled_why = 'x'", "answer_due_at = now()", "conditions = 'x'", "id = gen_random_uuid()",
    ),
    *changes(DECISION, f"{HELD} AND outcome = 'grant'", "decision_stays_as_confirmed", "total_months = 12"),
    *changes(DECISION, REPLACED, "decision_stays_replaced", "replaced_at = NULL", A_DAY_ON.format("replaced_at")),
    (f"DELETE FROM {DECISION} WHERE {OPEN_ONE}", "decision_is_kept"),
    *changes(
        LETTER, OUT, "letter_stays_as_released",
        "body = 'x'", "outcome = 'waitlist'", "released_at = NULL, released_by_id = NULL",
        A_DAY_ON.format("released_at"), another("released_by_id", A_PERSON), another("case_id", CASE),
        another("decision_id", DECISION, OPEN_ONE),
    ),
    *changes(
        LETTER, f"{OUT} AND outcome = 'refuse'", "letter_stays_as_released",
        "talked_at = NULL, talked_by_id = NULL", A_DAY_ON.format("talked_at"), another("talked_by_id", A_PERSON),
    ),
    (f"DELETE FROM {LETTER} WHERE {OUT}", "letter_released_is_kept"),
    *changes(
        LETTER, DRAFT, "letter_is_of_its_decision",
        "outcome = 'refuse'", another("case_id", CASE), another("decision_id", DECISION, OPEN_ONE),
    ),
    *changes(
        SHEET, "true", "termsheet_site_of_this_cohort",
        "site_id = (SELECT id FROM cohorts_site WHERE name = 'Elsewhere')",
    ),
]  # fmt: skip
# What the product does stays possible.
ALLOWED = [
    f"UPDATE {DECISION} SET replaced_at = now(), version = version + 1 WHERE {HELD} AND replaced_at IS NULL",
    f"UPDATE {DECISION} SET conditions_met_at = now(), conditions_met_by_id = proposed_by_id WHERE conditions <> ''",
    f"UPDATE {LETTER} SET accept_by = accept_by + 1, accept_due_at = accept_due_at + interval '1 day',"
    f" version = version + 1 WHERE {OUT} AND outcome = 'grant'",
    f"UPDATE {LETTER} SET body = 'x', archived_at = now() WHERE {DRAFT}",
    f"DELETE FROM {LETTER} WHERE {DRAFT}",
    f"UPDATE {SHEET} SET site_id = (SELECT id FROM cohorts_site WHERE name = 'London' AND cohort_id = {SHEET}.cohort_id)",
]


def test_what_was_decided_stays_in_the_database(cast):
    decided_cases(cast)
    an_open_round(cast.other_cohort)
    assert [(sql, refused(sql)) for sql, _ in REFUSED] == REFUSED
    assert [sql for sql in ALLOWED if not run(sql)] == []


@pytest.mark.parametrize("outcome", ["decision_agreed_list_waits"])
def test_agreed_list_waits_48_hours(cast, outcome):
    pass


def test_nobody_but_the_owner_passes_by_naming_a_purpose(cast):
    decided_cases(cast)
