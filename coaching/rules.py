"""Rules of coaching. Each says its sentence; forms and actions call the same one."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from coaching.models import OneOnOne
from coaching.models.one_on_one import LONGEST
from cohorts.models import Caseload, Cohort, Person
from mats.clock import format_day, format_moment, local_date, minutes_between, round_half_up

LONGEST_MINUTES = int(LONGEST.total_seconds()) // 60


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


def check_length(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """A 1-1 is planned for more than no time and at most two hours, measured in UTC."""
    minutes = minutes_between(starts_at, ends_at)
    if minutes <= 0:
        raise ValidationError("A 1-1 ends after it starts.")
    if minutes > LONGEST_MINUTES:
        raise ValidationError(f"A 1-1 lasts at most two hours; this would be {round_half_up(minutes)} minutes.")


def check_plan(starts_at: dt.datetime, ends_at: dt.datetime, *, caseload: Caseload, at: dt.datetime) -> None:
    """A 1-1 is planned ahead, and on days of the caseload, which lie within the stays of both."""
    check_length(starts_at, ends_at)
    if starts_at <= at:
        raise ValidationError({"day": "This time has gone by; plan a 1-1 that lies ahead."})
    zone, name = caseload.cohort.time_zone, caseload.scholar.person.name
    first, last = local_date(starts_at, zone), local_date(ends_at - dt.timedelta(microseconds=1), zone)
    if first < caseload.starts_on:
        raise ValidationError({"day": f"{name} is with you from {format_day(caseload.starts_on)}; this is earlier."})
    if last > caseload.ends_on:
        raise ValidationError({"day": f"{name} is with you until {format_day(caseload.ends_on)}; this is later."})


def check_is_ahead(one_on_one: OneOnOne) -> None:
    """A 1-1 is moved, called off or answered for while it is planned and nothing was said of it."""
    if one_on_one.archived_at:
        raise ValidationError("This 1-1 was called off.")
    if one_on_one.took_place_on or one_on_one.missed_at:
        raise ValidationError("It was said of this 1-1 already whether it took place.")


def check_has_begun(one_on_one: OneOnOne, zone: str, at: dt.datetime) -> None:
    """Whether it took place is said from its planned start on; `zone` is the reader's, for the words."""
    if one_on_one.starts_at and at < one_on_one.starts_at:
        raise ValidationError(f"This can be said from {format_moment(one_on_one.starts_at, zone, date=True)} on.")


def check_was_said(one_on_one: OneOnOne) -> None:
    """What was said of a 1-1 is taken back; nothing else is."""
    if not (one_on_one.took_place_on or one_on_one.missed_at):
        raise ValidationError("Nothing was said of this 1-1 yet.")
