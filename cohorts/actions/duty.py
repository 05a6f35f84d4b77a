"""Staff get duties, by date: on the committee that decides extensions, or as duty lead."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Cohort, Duty, Membership, Person
from cohorts.rules.duty import (
    begins_now_or_later,
    duty_days_are_possible,
    duty_exists,
    ends_in_time,
    held_once_at_a_time,
    is_of_the_staff,
)
from cohorts.rules.tie import reason_is_given
from mats.clock import local_date


@transaction.atomic
def give_duty(
    *,
    membership: Membership,
    kind: str,
    by: Person,
    at: dt.datetime,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    reason: str = "",
) -> Duty:
    """Give a place of staff a duty from today, or another day, on; without a last day until further notice."""
    cohort = hold(membership.cohort)
    place = take(membership)
    today = local_date(at, cohort.time_zone)
    starts_on = starts_on or today
    duty_exists(kind)
    is_of_the_staff(place)
    duty_days_are_possible(starts_on, ends_on)
    begins_now_or_later(starts_on, today, launched=cohort.is_launched)
    held_once_at_a_time(place, kind, starts_on, ends_on)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    with in_words():
        return Duty.objects.create(
            cohort=cohort, membership=place, kind=kind, starts_on=starts_on, ends_on=ends_on, created_at=at
        )


@transaction.atomic
def end_duty(
    *, duty: Duty, by: Person, at: dt.datetime, version: int, last_day: dt.date, reason: str = ""
) -> Duty | None:
    """End a duty on a day; one that would begin later is taken away. What was done in it stays."""
    cohort = hold(duty.cohort)
    row = take(duty, version)
    ends_in_time(row, last_day, local_date(at, cohort.time_zone), launched=cohort.is_launched)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    return _end(row, last_day, cohort, at)


def end_duties(place: Membership, last_day: dt.date, cohort: Cohort, at: dt.datetime) -> None:
    """With a place its duties end, in the transaction of whoever removes it: should the place come back,
    they do not."""
    for duty in place.duties.filter(archived_at=None).exclude(ends_on__lte=last_day):
        _end(duty, last_day, cohort, at)


def _end(row: Duty, last_day: dt.date, cohort: Cohort, at: dt.datetime) -> Duty | None:
    if row.starts_on > last_day:
        remove(row, launched=cohort.is_launched, at=at)
        return None
    row.ends_on = last_day
    row.save_edit("ends_on")
    return row
