"""What is owed in this app: a scholar's weekly log, and a pairing's week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, QuerySet, Value

from cohorts.access import condition
from cohorts.expectations import register
from cohorts.models import Person
from cohorts.querysets import LocalDay
from mentorship.models import PairingWeek, WeeklyLog


def _logs(*, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    logs = WeeklyLog.objects.filter(condition(reader, "read", "log", at), archived_at=None)
    begun = logs.filter(week_starts_on__lte=LocalDay(until, "scholar__cohort__time_zone"))
    return begun.with_state(at).values_list(
        Value("log", output_field=CharField()),
        "scholar_id",
        "scholar_id",
        "scholar__cohort_id",
        "number",
        "week_starts_on",
        "due_at",
        "submitted_at",
        "state",
        "pk",
    )


def _weeks(*, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """A pairing's week is owed by the close of the cohort week; its mentor owns it."""
    weeks = PairingWeek.objects.filter(condition(reader, "read", "pairing_week", at), archived_at=None)
    begun = weeks.filter(week_starts_on__lte=LocalDay(until, "pairing__cohort__time_zone"))
    return begun.with_state(at).values_list(
        Value("meeting", output_field=CharField()),
        "pairing__mentor_id",
        "pairing__scholar_id",
        "pairing__cohort_id",
        "number",
        "week_starts_on",
        "closes_at",
        "met_at",
        "state",
        "pk",
    )


register("log", _logs, scholar="scholar", owner="scholar")
register("meeting", _weeks, scholar="pairing__scholar", owner="pairing__mentor")
