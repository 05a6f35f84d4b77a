"""When, where and for how many hours somebody is here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from cohorts import ties
from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Cohort, Membership, Person, Phase, Site, Stay
from cohorts.rules.days import Days, dates_are_possible, runs, zone_is_known
from cohorts.rules.stay import (
    hours_are_possible,
    of_the_same_cohort,
    one_per_phase,
    stays_apart,
    stays_hold_what_hangs_on_them,
    within_its_phase,
)


def _stay_is_right(
    cohort: Cohort,
    membership: Membership,
    stay: Stay | None,
    *,
    phase: Phase,
    starts_on: dt.date,
    ends_on: dt.date,
    site: Site | None,
    time_zone: str,
    hours_per_week: Decimal,
) -> None:
    zone_is_known(time_zone)
    of_the_same_cohort(cohort, phase=phase, site=site)
    dates_are_possible(starts_on, ends_on)
    within_its_phase(phase, starts_on, ends_on)
    hours_are_possible(hours_per_week)
    one_per_phase(membership, phase, stay=stay)
    stays_apart(membership, starts_on, ends_on, stay=stay)


def _other_days(membership: Membership, stay: Stay) -> list[Days]:
    others = membership.stays.filter(archived_at=None).exclude(pk=stay.pk)
    return list(others.values_list("starts_on", "ends_on"))


@transaction.atomic
def add_stay(
    *,
    membership: Membership,
    by: Person,
    at: dt.datetime,
    phase: Phase,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    site: Site | None,
    time_zone: str,
    hours_per_week: Decimal,
) -> Stay:
    """Add a stay in another phase, by default for all of it."""
    cohort = hold(membership.cohort)
    membership = take(membership)
    values: dict[str, Any] = {"phase": phase, "site": site, "time_zone": time_zone, "hours_per_week": hours_per_week}
    values |= {"starts_on": starts_on or phase.starts_on, "ends_on": ends_on or phase.ends_on}
    _stay_is_right(cohort, membership, None, **values)
    with in_words():
        stay = Stay.objects.create(membership=membership, created_at=at, **values)
    ties.replan(at=at, membership=membership)
    return stay


@transaction.atomic
def change_stay(
    *,
    stay: Stay,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    ends_on: dt.date,
    site: Site | None,
    time_zone: str,
    hours_per_week: Decimal,
    reason: str = "",
) -> Stay:
    """Correct a stay; its pairings and caseloads must still fit."""
    cohort = hold(stay.membership.cohort)
    membership = take(stay.membership)
    stay = take(stay, version)
    values: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on, "site": site}
    values |= {"time_zone": time_zone, "hours_per_week": hours_per_week}
    _stay_is_right(cohort, membership, stay, phase=stay.phase, **values)
    stays_hold_what_hangs_on_them(membership, runs([*_other_days(membership, stay), (starts_on, ends_on)]))
    for field, value in values.items():
        setattr(stay, field, value)
    say_why(reason)
    with in_words():
        stay.save_edit(*values)
    ties.replan(at=at, membership=membership)
    return stay


@transaction.atomic
def remove_stay(*, stay: Stay, by: Person, at: dt.datetime, version: int) -> None:
    """Take a stay away; before launch the row is deleted, afterwards archived."""
    cohort = hold(stay.membership.cohort)
    membership = take(stay.membership)
    stay = take(stay, version)
    stays_hold_what_hangs_on_them(membership, runs(_other_days(membership, stay)))
    with in_words():
        remove(stay, launched=cohort.is_launched, at=at)
    ties.replan(at=at, membership=membership)
