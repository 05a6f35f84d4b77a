"""A 1-1: planned, moved, called off; that it took place or did not, and taking that back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coaching.actions.caseload import locked_caseload
from coaching.models import OneOnOne
from coaching.querysets import meetings_of, one_on_ones
from coaching.rules import check_day, check_has_begun, check_is_ahead, check_plan, check_was_said
from cohorts.models import Caseload, Membership, Person
from mats.clock import format_day, format_range, local_date
from mentorship.actions.diary import lock_people

TAKEN_ANYWAY = "There is another 1-1 at this time. Choose another time."


@transaction.atomic
def plan_one_on_one(
    *, about: Membership, by: Person, at: dt.datetime, starts_at: dt.datetime, ends_at: dt.datetime
) -> OneOnOne:
    """Plan a 1-1 of the scholar with their coach; UTC moments, at most two hours apart."""
    caseload = locked_caseload(about=about, by=by, at=at)
    _check_time(caseload, starts_at, ends_at, by=by, at=at)
    with _taken_anyway():
        return OneOnOne.objects.create(
            coach=caseload.coach, about=caseload.scholar, planned=DateTimeTZRange(starts_at, ends_at), created_at=at
        )


@transaction.atomic
def move_one_on_one(
    *, one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int, starts_at: dt.datetime, ends_at: dt.datetime
) -> OneOnOne:
    """Another time for a planned 1-1, judged like a new one."""
    caseload, row = _mine(one_on_one, by, at, version)
    check_is_ahead(row)
    _check_time(caseload, starts_at, ends_at, by=by, at=at, row=row)
    row.planned = DateTimeTZRange(starts_at, ends_at)
    with _taken_anyway():
        row.save_edit("planned")
    return row


@transaction.atomic
def call_off_one_on_one(*, one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int) -> OneOnOne:
    """It will not be: the row is archived, its time is free again, history keeps it."""
    _, row = _mine(one_on_one, by, at, version)
    check_is_ahead(row)
    row.archived_at = at
    row.save_edit("archived_at")
    return row


@transaction.atomic
def answer_one_on_one(*, one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int, said: str) -> OneOnOne:
    """Whether a planned 1-1 took place (`took_place`) or not (`missed`); its day is the cohort's."""
    caseload, row = _mine(one_on_one, by, at, version)
    check_is_ahead(row)
    check_has_begun(row, by.time_zone, at)
    if said == "missed":
        row.missed_at = at
        row.save_edit("missed_at")
        return row
    assert row.starts_at
    row.took_place_on = local_date(row.starts_at, caseload.cohort.time_zone)
    with _once_a_day(row.took_place_on):
        row.save_edit("took_place_on")
    return row


@transaction.atomic
def record_one_on_one(*, about: Membership, by: Person, at: dt.datetime, took_place_on: dt.date) -> OneOnOne:
    """Scholar and coach spoke on this day without a plan; one fact a day."""
    caseload = locked_caseload(about=about, by=by, at=at)
    check_day("took_place_on", took_place_on, caseload=caseload, by=by, at=at)
    with _once_a_day(took_place_on):
        return OneOnOne.objects.create(
            coach=caseload.coach, about=caseload.scholar, took_place_on=took_place_on, created_at=at
        )


@transaction.atomic
def take_back_one_on_one(*, one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int) -> OneOnOne:
    """What was said of a 1-1 does not hold. A planned one is asked about again; one that was never
    planned is archived. History keeps both."""
    _, row = _mine(one_on_one, by, at, version)
    check_was_said(row)
    if row.planned is None:
        row.archived_at = at
        row.save_edit("archived_at")
        return row
    row.took_place_on, row.missed_at = None, None
    with _taken_anyway():
        row.save_edit("took_place_on", "missed_at")
    return row


def _mine(one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int) -> tuple[Caseload, OneOnOne]:
    caseload = locked_caseload(about=one_on_one.about, by=by, at=at)
    return caseload, OneOnOne.locked(one_on_one.pk, version=version, coach__person=by)


def _check_time(
    caseload: Caseload, starts_at: dt.datetime, ends_at: dt.datetime, *, by: Person, at: dt.datetime, row: Any = None
) -> None:
    """The time is possible, and neither of the two has another 1-1 or a known meeting then.

    Both are locked in the order in which bookings of meetings lock them, so that two plans of one
    slot come one after the other.
    """
    check_plan(starts_at, ends_at, caseload=caseload, at=at)
    people = {caseload.coach.person_id: "You have", caseload.scholar.person_id: f"{caseload.scholar.person.name} has"}
    lock_people(people)
    found = one_on_ones(by, at, unspoken=True).values()
    others = (plan for some in found for plan in some.plans if row is None or plan.pk != row.pk)
    for plan in (plan for plan in others if plan.overlaps(starts_at, ends_at)):
        who = next((words for key, words in people.items() if key in plan.people), "")
        if who:
            _refuse(f"{who} another 1-1 then", plan.starts_at, plan.ends_at, by.time_zone)
    for person, during in meetings_of(by, at, people, (starts_at, ends_at)):
        _refuse(f"{people[person]} a meeting then", during.lower, during.upper, by.time_zone)


def _refuse(words: str, starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> None:
    raise ValidationError({"day": f"{words}: {format_range(starts_at, ends_at, zone)}. Choose another time."})


@contextmanager
def _taken_anyway() -> Iterator[None]:
    """What the rules could not see the constraints do, and PostgreSQL's own words name other rows."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError({"day": TAKEN_ANYWAY}) from None


@contextmanager
def _once_a_day(day: dt.date) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError({"took_place_on": f"The 1-1 on {format_day(day)} is recorded already."}) from None
