"""Days away, of any place in a cohort."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts import ties
from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Leave, Membership, Person
from cohorts.rules.days import dates_are_possible
from cohorts.rules.stay import days_gone_by_have_a_reason, leave_is_within_the_stays, leaves_apart
from mats.clock import local_date


@transaction.atomic
def add_leave(
    *, membership: Membership, by: Person, at: dt.datetime, starts_on: dt.date, ends_on: dt.date, reason: str = ""
) -> Leave:
    """Somebody is away between two days, both included. Planned meetings on these days are freed."""
    hold(membership.cohort)
    membership = take(membership)
    _leave_is_right(membership, starts_on, ends_on)
    _say_why(membership, by, starts_on, at, reason)
    with in_words():
        leave = Leave.objects.create(membership=membership, starts_on=starts_on, ends_on=ends_on, created_at=at)
    ties.replan(at=at, membership=membership)
    return leave


def _leave_is_right(membership: Membership, starts_on: dt.date, ends_on: dt.date, leave: Leave | None = None) -> None:
    dates_are_possible(starts_on, ends_on)
    leave_is_within_the_stays(membership, starts_on, ends_on)
    leaves_apart(membership, starts_on, ends_on, leave=leave)


def _say_why(membership: Membership, by: Person, first_day: dt.date, at: dt.datetime, reason: str) -> None:
    days_gone_by_have_a_reason(membership, by, first_day, local_date(at, membership.cohort.time_zone), reason)
    say_why(reason)


@transaction.atomic
def change_leave(
    *,
    leave: Leave,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str = "",
) -> Leave:
    hold(leave.membership.cohort)
    leave = take(leave, version)
    _leave_is_right(leave.membership, starts_on, ends_on, leave)
    _say_why(leave.membership, by, min(starts_on, leave.starts_on), at, reason)
    leave.starts_on, leave.ends_on = starts_on, ends_on
    with in_words():
        leave.save_edit("starts_on", "ends_on")
    ties.replan(at=at, membership=leave.membership)
    return leave


@transaction.atomic
def remove_leave(*, leave: Leave, by: Person, at: dt.datetime, version: int, reason: str = "") -> None:
    """Before launch the row is deleted, afterwards archived."""
    cohort = hold(leave.membership.cohort)
    leave = take(leave, version)
    _say_why(leave.membership, by, leave.starts_on, at, reason)
    with in_words():
        remove(leave, launched=cohort.is_launched, at=at)
    ties.replan(at=at, membership=leave.membership)
