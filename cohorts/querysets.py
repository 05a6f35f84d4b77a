"""Sentences about many rows."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateField, F, Func, Q, Value


class LocalDay(Func):
    """The day on the wall of a zone at a moment: `LocalDay(moment, zone)`."""

    template = "((%(expressions)s)::date)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, at: dt.datetime, zone: str) -> None:
        super().__init__(Value(at), F(zone))


def not_over(at: dt.datetime, zone: str, prefix: str = "") -> Q:
    """Rows with `ends_on` that have not ended at this moment, in their cohort's zone, archived aside."""
    return Q(**{f"{prefix}ends_on__gte": LocalDay(at, zone), f"{prefix}archived_at": None})


def running(at: dt.datetime, zone: str, prefix: str = "") -> Q:
    """Rows whose days hold this moment, in their cohort's zone."""
    return not_over(at, zone, prefix) & Q(**{f"{prefix}starts_on__lte": LocalDay(at, zone)})


