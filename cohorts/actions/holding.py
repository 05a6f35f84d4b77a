"""What every act of staff does first: hold the cohort, take the row, speak where the database refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from cohorts.models import Cohort
from mats.history.record import Record
from mats.history.tracking import because

R = TypeVar("R", bound=Record)

GONE = "Somebody removed this meanwhile. Look at the page again."
ELSEWHERE = "This can't be saved beside what is there already. Look at the page again."

# The words of constraints that a rule has judged before: they speak where two people act at once.
WORDS: dict[str, str | dict[str, str]] = {
    "cohort_slug_key": {"slug": "There is a cohort at this address already."},
    "cohorts_cohort_slug_key": {"slug": "There is a cohort at this address already."},
    "site_name_once_per_cohort": {"name": "There is a site of this name in this cohort already."},
    "phase_main_is_three_months": {"ends_on": "A main phase lasts at least three calendar months."},
    "phase_ends_after_it_starts": {"ends_on": "The last day comes before the first."},
    "phase_one_main_per_cohort": "A cohort has one main phase.",
    "membership_once_per_role": {"email": "This person has this place already."},
    "stay_one_per_phase": {"phase": "There is a stay in this phase already."},
    "stay_days_once": {"starts_on": "There is another stay on some of these days."},
    "leave_days_once": {"starts_on": "Away on some of these days already."},
    "caseload_one_coach_at_a_time": {"coach": "There is another coach on some of these days."},
    "pairing_one_lead_at_a_time": {"is_lead": "There is another lead mentor on some of these days."},
    "milestone_once_per_cohort": {"kind": "There is one in this cohort already."},
    "pairing_once_at_a_time": {"mentor": "These two are paired on some of these days already."},
}


def hold(cohort: Cohort) -> Cohort:
    """The cohort, locked until the transaction ends.

    Staff of one cohort, and imports into it, act one after the other: what a rule has looked at
    across rows is still so when the act is stored. Logs and meetings do not wait for it.
    """
    return Cohort.locked(cohort.pk)


def take(row: R, version: int | None = None) -> R:
    """The row as it stands, locked; raises `EditedMeanwhile`, or in words if it was removed."""
    try:
        return type(row).locked(row.pk, version=version, archived_at=None)
    except type(row).DoesNotExist:
        raise ValidationError(GONE) from None


@contextmanager
def in_words() -> Iterator[None]:
    """A savepoint in which a refusal of the database becomes a `ValidationError`; its DETAIL, which
    names rows and values, is never shown."""
    try:
        with transaction.atomic():
            yield
    except ProtectedError:
        raise ValidationError("Something is written about this already; it can't be taken away.") from None
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        raise ValidationError(WORDS.get(name, ELSEWHERE)) from None


def say_why(reason: str) -> None:
    """Put a reason, where one was given, into the history of what follows in this transaction."""
    if reason:
        because(reason)


def remove(row: Record, *, launched: bool, at: dt.datetime) -> None:
    """Before launch rows are really deleted; afterwards they are archived, with their history."""
    if not launched:
        row.delete()
        return
    row.archived_at = at
    row.save_edit("archived_at")
