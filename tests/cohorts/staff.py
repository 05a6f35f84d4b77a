"""What staff give to an action, for tests: short words for common arguments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Cohort
from tests.cast import LONDON, WEEK_SIX, Cast


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
