"""What staff give to an action, for tests: short words for common arguments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cohorts.models import Cohort
from tests.cast import LONDON, WEEK_SIX, Cast

STAFF_ONLY = [
    "cohort_change", "cohort_launch", "phase_add", "phase_change", "phase_remove", "site_add", "site_change",
    "site_remove", "person_add", "person_remove", "stay_add", "stay_change", "stay_remove", "pairing_new",
    "pairing_change", "pairing_end", "pairing_hand_over", "pairing_remove", "caseload_new", "caseload_change",
    "caseload_end", "caseload_hand_over", "caseload_remove",
]  # fmt: skip
OF_ONESELF_TOO = ["leave_add", "leave_change", "leave_remove"]
BY_SLUG = {
    "cohort", "people", "pairings", "cohort_change", "cohort_launch", "phase_add", "site_add", "person_add",
    "pairing_new", "caseload_new",
}  # fmt: skip
OF_PERSON = {"stay_add", "leave_add"}


def day(month: int, of_month: int, year: int = 2027) -> dt.date:
    return dt.date(year, month, of_month)


def by_staff(cast: Cast, **more) -> dict:
    return {"by": cast.staff, "at": WEEK_SIX, **more}


def where(**more) -> dict:
    return {"site": None, "time_zone": LONDON, "hours_per_week": Decimal(40), **more}


def unlaunched(cohort: Cohort) -> Cohort:
    cohort.launched_at = None
    cohort.save(update_fields=["launched_at"])
    return cohort


def refused_at(field: str, act, **arguments) -> str:
    """The words with which an action refuses, at the field where they stand."""
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    words = refusal.value.message_dict if hasattr(refusal.value, "error_dict") else {"": refusal.value.messages}
    assert list(words) == [field], words
    return words[field][0]


def events() -> int:
    """How many changes history knows of."""
    tables = ("cohorts_cohort", "cohorts_phase", "cohorts_site", "cohorts_membership", "cohorts_stay", "cohorts_leave")
    with connection.cursor() as cursor:
        found = 0
        for table in (*tables, "cohorts_person", "cohorts_caseload", "mentorship_pairing"):
            cursor.execute(f"SELECT count(*) FROM {table}event")
            found += cursor.fetchone()[0]
    return found
