"""Sentences about many rows."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import DateField, F, Func, Model, Q, QuerySet, Value

M = TypeVar("M", bound=Model)

# Of rows with a cohort: before its launch they concern its staff alone.
LAUNCHED = Q(cohort__launched_at__isnull=False)

# Of places: all but those that were removed as a mistake. Figures of the past count whoever has left or completed.
HERE_OR_ENDED = Q(archived_at=None) | Q(ended_at__isnull=False)


def here(prefix: str = "") -> Q:
    """Places that were accepted and have not ended; `prefix` leads to them."""
    return Q(**{f"{prefix}archived_at": None, f"{prefix}accepted_at__isnull": False})


# Of places whose people can sign in, too.
HERE_AND_OPEN = here() & Q(person__is_active=True)


def not_over_on(day: Any) -> Q:
    """Of rows with or without a last day, those that are not over on a day (or an expression for one)."""
    return Q(ends_on=None) | Q(ends_on__gte=day)


class LocalDay(Func):
    """The day on the wall of a zone, a column, at a moment or in a column of moments (an F)."""

    template = "((%(expressions)s)::date)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, at: dt.datetime | F, zone: str) -> None:
        super().__init__(at if isinstance(at, F) else Value(at), F(zone))


def apart_from(rows: QuerySet[M], row: Model | None) -> QuerySet[M]:
    """The rows but this one; all of them where it is not there yet."""
    return rows.exclude(pk=row.pk) if row is not None else rows


def not_over(at: dt.datetime, zone: str, prefix: str = "") -> Q:
    """Rows with `ends_on` that have not ended at this moment, in their cohort's zone, archived aside."""
    return Q(**{f"{prefix}ends_on__gte": LocalDay(at, zone), f"{prefix}archived_at": None})


def running(at: dt.datetime, zone: str, prefix: str = "") -> Q:
    """Rows whose days hold this moment, in their cohort's zone."""
    return not_over(at, zone, prefix) & Q(**{f"{prefix}starts_on__lte": LocalDay(at, zone)})
