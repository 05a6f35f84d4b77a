"""What was decided of a case stays in the database too, against whoever writes past the product.

Everything here is raw SQL, and as the app's own role where it does not say that it is the owner's.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from cohorts.models import Site
from mats.identity.roles import as_owner
from mentorship.models import Decision, ExtensionCase, State
from mentorship.models.case import OPEN
from tests.cast import LONDON, LONG_AGO, WEEK_SIX, Cast, build_cast
from tests.mentorship.cases import DAY, a_case, a_decision, a_letter, a_sheet, an_opinion

CASE, OPINION, SHEET = "mentorship_extensioncase", "mentorship_opinion", "mentorship_termsheet"
DECISION, LETTER, PERSON = "mentorship_decision", "mentorship_decisionletter", "cohorts_person"
HOLDS, PROPOSED = "confirmed_at IS NOT NULL", "confirmed_at IS NULL"
RELEASED, DRAFT = "released_at IS NOT NULL", "released_at IS NULL"
SECOND = dt.timedelta(seconds=1)


def run(sql: str) -> int:
    """In a savepoint; how many rows were written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def refused(sql: str) -> str:
    """The name of what refused."""
    with pytest.raises(IntegrityError) as refusal:
        run(sql)
    return refusal.value.__cause__.diag.constraint_name


def decided_cases(cast: Cast) -> None:
    """One case was refused and then granted, both letters are out; of another the letter is a draft, and somebody
    proposes otherwise."""
    two = {"proposed_by": cast.staff, "confirmed_by": cast.staff_elsewhere}
    case, other = a_case(cast, "offered"), a_case(cast, "decided", "other_scholar")
    condition = {"conditions": "A visa.", "conditions_by": WEEK_SIX.date(), "conditions_due_at": WEEK_SIX + DAY}
    a_letter(a_decision(case, "refuse", replaced_at=WEEK_SIX, **two), released_by=cast.staff)
    a_letter(a_decision(case, **condition, **two), released_by=cast.staff)
    a_letter(a_decision(other, "waitlist", **two))
    a_decision(other, proposed_by=cast.staff, is_agreed_list=True)
    an_opinion(case, cast.staff)
    a_sheet(case, cast.place["mentor"])
    Site.objects.create(cohort=cast.other_cohort, name="Elsewhere", time_zone=LONDON, created_at=LONG_AGO)


def later(column: str) -> str:
    return f"{column} = {column} + interval '1 day'"


def other(column: str, table: str, where: str = "true") -> str:
    """Another row of the table instead."""
    return f"{column} = (SELECT o.id FROM {table} o WHERE o.id <> {column} AND {where} LIMIT 1)"


def updates(table: str, where: str, *changes: str) -> list[str]:
    return [f"UPDATE {table} SET {change} WHERE {where}" for change in changes]


REFUSED = {
    "extension_case_stays_as_applied": updates(
        CASE, "true",
        other("scholar_id", "cohorts_membership"), other("round_id", "mentorship_round"), "number = 7",
        later("applied_at"),
    ),
    "extension_case_open_is_not_archived": updates(CASE, "true", "archived_at = now()"),
    "opinion_stays_as_given": updates(
        OPINION, "true",
        "band = 'not_now'", "reasons = 'x'", "is_appeal = true", later("given_at"), other("author_id", PERSON),
        other("case_id", CASE),
    ),
    "opinion_is_kept": [f"DELETE FROM {OPINION}"],
    "decision_stays_as_proposed": updates(
        DECISION, PROPOSED,
        later("opens_at"), later("proposed_at"), "is_agreed_list = false", other("proposed_by_id", PERSON),
        other("case_id", CASE),
    ),
    "decision_stays_as_confirmed": updates(
        DECISION, HOLDS,
        "confirmed_at = NULL, confirmed_by_id = NULL", later("confirmed_at"), other("confirmed_by_id", PERSON),
        "outcome = 'more', total_months = NULL", "total_months = 12", "reason = 'x'", "would_change = 'x'",
        "conditions = 'x'", "conditions_due_at = now()", "answer_due_at = now()", "number = number + 7",
        "is_appeal = true", "pulled_why = 'x'", "archived_at = now()", later("created_at"),
    ),
    "decision_stays_replaced": updates(
        DECISION, "replaced_at IS NOT NULL", "replaced_at = NULL", later("replaced_at")
    ),
    "decision_is_kept": [f"DELETE FROM {DECISION} WHERE {state}" for state in (HOLDS, PROPOSED)],
    "letter_stays_as_released": [
        *updates(
            LETTER, RELEASED,
            "body = 'x'", "outcome = 'waitlist'", "released_at = NULL, released_by_id = NULL", later("released_at"),
            other("released_by_id", PERSON), other("case_id", CASE), other("decision_id", DECISION, PROPOSED),
        ),
        *updates(
            LETTER, "talked_at IS NOT NULL",
            "talked_at = NULL, talked_by_id = NULL", later("talked_at"), other("talked_by_id", PERSON),
        ),
    ],
    "letter_released_is_kept": [f"DELETE FROM {LETTER} WHERE {RELEASED}"],
    "letter_is_of_its_decision": updates(
        LETTER, DRAFT, "outcome = 'refuse'", other("case_id", CASE), other("decision_id", DECISION, PROPOSED)
    ),
    "termsheet_site_of_this_cohort": updates(
        SHEET, "true", "site_id = (SELECT id FROM cohorts_site WHERE name = 'Elsewhere')"
    ),
}  # fmt: skip
# What the product does.
ALLOWED = [
    f"UPDATE {DECISION} SET replaced_at = now(), version = version + 1 WHERE {HOLDS} AND replaced_at IS NULL",
    f"UPDATE {DECISION} SET conditions_met_at = now(), conditions_met_by_id = proposed_by_id WHERE conditions <> ''",
    f"UPDATE {DECISION} SET archived_at = now() WHERE {PROPOSED}",
    f"UPDATE {LETTER} SET accept_by = accept_by + 1, {later('accept_due_at')} WHERE {RELEASED} AND outcome = 'grant'",
    f"UPDATE {LETTER} SET body = 'x', archived_at = now() WHERE {DRAFT}",
    f"DELETE FROM {LETTER} WHERE {DRAFT}",
    f"UPDATE {CASE} SET state = 'withdrawn', archived_at = now()",
]


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_decided_stays_as_it_was(cast, name):
    decided_cases(cast)
    assert [(sql, refused(sql)) for sql in REFUSED[name]] == [(sql, name) for sql in REFUSED[name]]


def test_what_happens_afterwards_is_written(cast):
    decided_cases(cast)
    assert [sql for sql in ALLOWED if run(sql) == 0] == []


def test_agreed_list_waits_to_the_second(cast):
    case = a_case(cast, "committee")
    days = {"proposed_at": WEEK_SIX - 2 * DAY, "opens_at": WEEK_SIX - SECOND, "proposed_by": cast.staff}
    with pytest.raises(IntegrityError, match="decision_agreed_list_waits"), transaction.atomic():
        a_decision(case, is_agreed_list=True, **days)
    a_decision(case, is_agreed_list=True, **days | {"opens_at": WEEK_SIX})


def _is_archived_in_sql(case: ExtensionCase, state: State) -> bool:
    ExtensionCase.objects.filter(pk=case.pk).delete()
    case.state = state
    case.save(force_insert=True)
    try:
        return bool(run(f"UPDATE {CASE} SET archived_at = now()"))
    except IntegrityError:
        return False


def test_case_is_archived_in_no_open_state(cast):
    case = a_case(cast)
    assert {state for state in State if not _is_archived_in_sql(case, state)} == set(OPEN)


@pytest.mark.parametrize("purpose", ["migrate", "rotate", "erase"])
def test_purpose_of_the_owner_lets_the_app_take_nothing_away(cast, purpose):
    decided_cases(cast)
    named = f"SELECT set_config('mats.purpose', '{purpose}', true);"
    assert refused(f"{named} DELETE FROM {OPINION}") == "opinion_is_kept"


@pytest.mark.django_db(transaction=True)
def test_owner_erases_for_that_purpose_alone(week_six):
    with transaction.atomic():
        decided_cases(build_cast())
    with as_owner():
        assert refused(f"DELETE FROM {OPINION}") == "opinion_is_kept"
    with as_owner(purpose="erase"):
        assert [run(f"DELETE FROM {table}") for table in (OPINION, LETTER, DECISION)] == [1, 3, 4]
    assert not Decision.objects.exists()
