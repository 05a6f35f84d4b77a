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
    log_rhythm_is_possible,
    of_the_same_cohort,
    one_per_phase,
    stay_that_covers,
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
    weeks_per_log: int,
) -> None:
    zone_is_known(time_zone)
    of_the_same_cohort(cohort, phase=phase, site=site)
    dates_are_possible(starts_on, ends_on)
    within_its_phase(phase, starts_on, ends_on)
    hours_are_possible(hours_per_week)
    log_rhythm_is_possible(weeks_per_log)
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
    weeks_per_log: int = 1,
) -> Stay:
    """Add a stay in another phase, by default for all of it."""
    cohort = hold(membership.cohort)
    membership = take(membership)
    values: dict[str, Any] = {"phase": phase, "site": site, "time_zone": time_zone, "hours_per_week": hours_per_week}
    values |= {"starts_on": starts_on or phase.starts_on, "ends_on": ends_on or phase.ends_on}
    values |= {"weeks_per_log": weeks_per_log}
    stay = put_stay(membership, cohort=cohort, at=at, **values)
    ties.replan(at=at, membership=membership)
    return stay


def put_stay(membership: Membership, *, cohort: Cohort, at: dt.datetime, **values: Any) -> Stay:
    """A new stay with all its values. The caller holds the cohort, and lays out once it is through."""
    _stay_is_right(cohort, membership, None, **values)
    with in_words():
        return Stay.objects.create(membership=membership, created_at=at, **values)


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
    weeks_per_log: int | None = None,
    reason: str = "",
) -> Stay:
    """Correct a stay; its pairings and caseloads must still fit. `weeks_per_log` left out stays as it is."""
    cohort = hold(stay.membership.cohort)
    membership = take(stay.membership)
    stay = take(stay, version)
    values: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on, "site": site}
    values |= {"time_zone": time_zone, "hours_per_week": hours_per_week}
    values |= {"weeks_per_log": stay.weeks_per_log if weeks_per_log is None else weeks_per_log}
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


def be_here(membership: Membership, phase: Phase, wanted: Days, *, at: dt.datetime) -> None:
    """Let a place be here on all the wanted days (`stay_that_covers`). The caller holds the cohort, and lays
    out once it is through."""
    stay = stay_that_covers(membership, phase, wanted)
    if stay is None:
        return
    with in_words():
        if stay._state.adding:
            stay.created_at = at
            stay.save(force_insert=True)
        else:
            stay.save_edit("starts_on", "ends_on")
