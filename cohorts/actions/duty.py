"""People get duties, by date: on the committee that decides extensions, as duty lead, for a mentor."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Cohort, Duty, Membership, Person
from cohorts.querysets import not_over_on
from cohorts.rules.days import DAY
from cohorts.rules.duty import (
    begins_now_or_later,
    duty_days_are_possible,
    duty_exists,
    ends_in_time,
    held_once_at_a_time,
    is_of_the_right_role,
    is_the_mentors_own,
    names_whom_it_is_for,
    stands_in_for_none_they_coach,
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
    for_membership: Membership | None = None,
    reason: str = "",
) -> Duty:
    """Give a place a duty from today, or another day, on; without a last day until further notice. A delegate
    and a stand-in have it for the mentor at `for_membership`."""
    cohort = hold(membership.cohort)
    place = take(membership)
    today = local_date(at, cohort.time_zone)
    starts_on = starts_on or today
    duty_exists(kind)
    is_of_the_right_role(place, kind)
    names_whom_it_is_for(place, kind, for_membership)
    duty_days_are_possible(starts_on, ends_on)
    begins_now_or_later(starts_on, today, launched=cohort.is_launched)
    held_once_at_a_time(place, kind, starts_on, ends_on, for_membership)
    if for_membership and kind == Duty.Kind.STAND_IN:
        stands_in_for_none_they_coach(place, for_membership, today)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    with in_words():
        return Duty.objects.create(
            cohort=cohort,
            membership=place,
            for_membership=for_membership,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            created_at=at,
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
    """With a place its duties end, and those that others have for it, in the transaction of whoever removes
    it: should the place come back, they do not."""
    duties = Duty.objects.filter(Q(membership=place) | Q(for_membership=place), archived_at=None)
    for duty in duties.exclude(ends_on__lte=last_day):
        _end(duty, last_day, cohort, at)


def _end(row: Duty, last_day: dt.date, cohort: Cohort, at: dt.datetime) -> Duty | None:
    if row.starts_on > last_day:
        remove(row, launched=cohort.is_launched, at=at)
        return None
    row.ends_on = last_day
    row.save_edit("ends_on")
    return row


@transaction.atomic
def name_delegate(*, mentor: Membership, delegate: Membership | None, by: Person, at: dt.datetime) -> Duty | None:
    """A mentor lets somebody plan and move their meetings from today on, in place of whoever did; or nobody.

    Their own act: no reason is asked. Whoever did so until today does not any more.
    """
    cohort = hold(mentor.cohort)
    mentor = take(mentor)
    is_the_mentors_own(mentor, by)
    today = local_date(at, cohort.time_zone)
    held = Duty.objects.filter(kind=Duty.Kind.DELEGATE, for_membership=mentor, archived_at=None)
    standing = list(held.filter(not_over_on(today)))
    if delegate and [(duty.membership_id, duty.ends_on) for duty in standing] == [(delegate.pk, None)]:
        return standing[0]
    for duty in standing:
        _end(duty, today - DAY, cohort, at)
    if delegate is None:
        return None
    place = take(delegate)
    is_of_the_right_role(place, Duty.Kind.DELEGATE)
    names_whom_it_is_for(place, Duty.Kind.DELEGATE, mentor)
    with in_words():
        return Duty.objects.create(
            cohort=cohort, membership=place, for_membership=mentor, kind=Duty.Kind.DELEGATE, starts_on=today,
            created_at=at,
        )  # fmt: skip
