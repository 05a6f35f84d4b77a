"""The main phase and the extension terms of a cohort."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts import milestones, ties
from cohorts.actions.cohort import main_phase_is_right
from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Cohort, Person, Phase
from cohorts.rules.days import dates_are_possible
from cohorts.rules.phase import (
    main_comes_before_terms,
    phase_holds_its_milestones,
    phase_holds_its_stays,
    phase_is_empty,
    phase_is_not_endless,
    term_end,
    term_follows_main,
    total_is_six_or_twelve,
)
from mats.clock import local_date


@transaction.atomic
def add_term(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    total_months: int,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Phase:
    """Add an extension term. By default it begins the day after the main phase and ends when the
    total is reached, counted from the main phase's first day."""
    cohort = hold(cohort)
    main = cohort.main_phase
    total_is_six_or_twelve(total_months)
    starts_on = starts_on or main.ends_on + dt.timedelta(days=1)
    ends_on = ends_on or term_end(main, total_months)
    _term_is_right(main, starts_on, ends_on)
    with in_words():
        return Phase.objects.create(
            cohort=cohort,
            kind=Phase.Kind.TERM,
            total_months=total_months,
            starts_on=starts_on,
            ends_on=ends_on,
            created_at=at,
        )


def _term_is_right(main: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    dates_are_possible(starts_on, ends_on)
    term_follows_main(starts_on, main.ends_on)
    phase_is_not_endless(starts_on, ends_on)


@transaction.atomic
def change_phase(
    *,
    phase: Phase,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    ends_on: dt.date,
    is_record: bool = False,
    total_months: int | None = None,
    reason: str = "",
) -> Phase:
    """Move a phase. Stays do not move with it, and it is never made shorter than they are."""
    cohort = hold(phase.cohort)
    phase = take(phase, version)
    if phase.kind == Phase.Kind.MAIN:
        main_phase_is_right(starts_on, ends_on, today=local_date(at, cohort.time_zone), is_record=is_record)
        main_comes_before_terms(phase, ends_on)
        phase.is_record = is_record
    else:
        total_is_six_or_twelve(total_months)
        _term_is_right(cohort.main_phase, starts_on, ends_on)
        phase.total_months = total_months
    phase_holds_its_stays(phase, starts_on, ends_on)
    phase_holds_its_milestones(phase, starts_on, ends_on)
    milestones.agree_on_days(phase, starts_on, ends_on)
    phase.starts_on, phase.ends_on = starts_on, ends_on
    say_why(reason)
    with in_words():
        phase.save_edit("starts_on", "ends_on", "is_record", "total_months")
    ties.replan(at=at, cohort=cohort)
    return phase


@transaction.atomic
def remove_term(*, phase: Phase, by: Person, at: dt.datetime, version: int) -> None:
    """Before launch the row is deleted, afterwards archived."""
    cohort = hold(phase.cohort)
    phase = take(phase, version)
    phase_is_empty(phase)
    with in_words():
        remove(phase, launched=cohort.is_launched, at=at)
