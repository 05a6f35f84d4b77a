"""Rules of coaching. Each says its sentence; forms and actions call the same one."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Caseload, Cohort, Person
from mats.clock import format_day, local_date


def latest_day(person: Person, cohort: Cohort, at: dt.datetime) -> dt.date:
    """Today, in the cohort or where the person is, whichever is later: a coach may live ahead of the cohort."""
    return max(local_date(at, cohort.time_zone), local_date(at, person.time_zone))


def check_day(field: str, day: dt.date, *, caseload: Caseload, by: Person, at: dt.datetime) -> None:
    """A 1-1 or an entry is of a day that has come, and not from before the coach had the scholar."""
    if day > latest_day(by, caseload.cohort, at):
        raise ValidationError({field: f"{format_day(day)} has not come yet."})
    if day < caseload.starts_on:
        name, since = caseload.scholar.person.name, format_day(caseload.starts_on)
        raise ValidationError({field: f"{name} is with you since {since}; this is earlier."})
