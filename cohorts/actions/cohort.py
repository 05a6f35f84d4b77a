"""Starting a cohort, and correcting what it says about itself."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cohorts import ties
from cohorts.actions.holding import in_words, take
from cohorts.models import Cohort, Membership, Person, Phase, Role, Stay
from cohorts.rules.cohort import MAY_NOT_START, may_start_cohorts, slug_is_free, stays_fixed_after_launch
from cohorts.rules.days import dates_are_possible, zone_is_known
from cohorts.rules.phase import main_phase_is_long_enough, phase_is_not_endless, record_is_over
from mats.clock import local_date

WEDNESDAY, SIX_IN_THE_EVENING = 2, dt.time(18)


@transaction.atomic
def create_cohort(
    *,
    by: Person,
    at: dt.datetime,
    name: str,
    slug: str,
    time_zone: str,
    starts_on: dt.date,
    ends_on: dt.date,
    is_record: bool = False,
    week_start: int = 0,
    log_weekday: int = WEDNESDAY,
    log_time: dt.time = SIX_IN_THE_EVENING,
) -> Cohort:
    """Make a cohort with its main phase; whoever makes it is its first staff member."""
    if not may_start_cohorts(by):
        raise PermissionDenied(MAY_NOT_START)
    zone_is_known(time_zone)
    slug_is_free(slug)
    main_phase_is_right(starts_on, ends_on, today=local_date(at, time_zone), is_record=is_record)
    with in_words():
        cohort = Cohort.objects.create(
            name=name,
            slug=slug,
            time_zone=time_zone,
            week_start=week_start,
            log_weekday=log_weekday,
            log_time=log_time,
            created_at=at,
        )
        days = {"starts_on": starts_on, "ends_on": ends_on}
        phase = Phase.objects.create(cohort=cohort, is_record=is_record, created_at=at, **days)
        place = Membership.objects.create(person=by, cohort=cohort, role=Role.STAFF, accepted_at=at, created_at=at)
        Stay.objects.create(membership=place, phase=phase, time_zone=by.time_zone, created_at=at, **days)
    return cohort


def main_phase_is_right(starts_on: dt.date, ends_on: dt.date, *, today: dt.date, is_record: bool) -> None:
    """All that is asked of the dates of a main phase."""
    dates_are_possible(starts_on, ends_on)
    record_is_over(ends_on, today, is_record=is_record)
    main_phase_is_long_enough(starts_on, ends_on, is_record=is_record)
    phase_is_not_endless(starts_on, ends_on)


@transaction.atomic
def change_cohort(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    version: int,
    name: str,
    log_weekday: int,
    log_time: dt.time,
    slug: str | None = None,
    time_zone: str | None = None,
    week_start: int | None = None,
    **labels: str,
) -> Cohort:
    """Correct a cohort; address, zone and start of the week only before its launch.

    `labels` are the six words for its people. A moved deadline moves the logs and milestones that are not due yet.
    """
    cohort = take(cohort, version)
    fixed = {"slug": slug, "time_zone": time_zone, "week_start": week_start}
    stays_fixed_after_launch(cohort, **fixed)
    if time_zone is not None:
        zone_is_known(time_zone)
    if slug is not None:
        slug_is_free(slug, cohort=cohort)
    deadline = (cohort.log_weekday, cohort.log_time, cohort.time_zone)
    values = {"name": name, "log_weekday": log_weekday, "log_time": log_time} | labels
    values |= {field: value for field, value in fixed.items() if value is not None}
    for field, value in values.items():
        setattr(cohort, field, value)
    with in_words():
        cohort.save_edit(*values)
    if deadline != (cohort.log_weekday, cohort.log_time, cohort.time_zone):
        ties.replan(at=at, cohort=cohort)
    return cohort
