"""The calendar of a round: when people apply, and what staff promise by when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.models import Cohort, Person
from cohorts.rules.tie import reason_is_given
from mats.history.record import EditedMeanwhile
from mentorship.deadlines import RoundDates, round_moments
from mentorship.models import Round
from mentorship.rules.round import (
    dates_in_order,
    midpoint_of,
    not_kept_yet,
    promise_is_due_to_be_kept,
    promise_stands,
    two_weeks_from_midpoint,
    within_the_main_phase,
)

DAYS = ("opens_on", "closes_on", "answers_on", "letters_on")
KEPT = {"answers": ("answers_given_at", "answers_given_by"), "letters": ("letters_sent_at", "letters_sent_by")}


@transaction.atomic
def set_round(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    version: int,
    opens_on: dt.date,
    closes_on: dt.date,
    answers_on: dt.date,
    letters_on: dt.date,
    reason: str = "",
) -> Round:
    """Set the days of the main phase's round, or move them, with a reason once the cohort is launched.

    `version` is that of the round it was drawn from, 0 where there was none; raises `EditedMeanwhile`.
    A promised day that has gone by is not moved. The same days again change nothing.
    """
    cohort = hold(cohort)
    phase = cohort.main_phase
    row = Round.objects.select_for_update(no_key=True, of=("self",)).filter(phase=phase, archived_at=None).first()
    if (row.version if row else 0) != version:
        raise EditedMeanwhile(row or Round(cohort=cohort, phase=phase, version=0))
    days = RoundDates(opens_on, closes_on, answers_on, letters_on)
    if row and all(getattr(row, day) == getattr(days, day) for day in DAYS):
        return row
    _days_are_right(cohort, days)
    if row:
        promise_stands(row, at, answers_on, letters_on)
        reason_is_given(reason, launched=cohort.is_launched)
    else:
        row = Round(cohort=cohort, phase=phase, created_at=at)
    say_why(reason)
    return _keep(row, days, cohort.time_zone)


def _days_are_right(cohort: Cohort, days: RoundDates) -> None:
    midpoint = midpoint_of(cohort)
    dates_in_order(days.opens_on, days.closes_on, days.answers_on, days.letters_on)
    two_weeks_from_midpoint(midpoint.due_on, days.closes_on)
    within_the_main_phase(cohort.main_phase, days.opens_on, days.answers_on, days.letters_on)


def _keep(row: Round, days: RoundDates, zone: str) -> Round:
    values = {day: getattr(days, day) for day in DAYS} | round_moments(days, zone)
    for field, value in values.items():
        setattr(row, field, value)
    with in_words():
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save_edit(*values)
    return row


@transaction.atomic
def keep_promise(*, row: Round, which: str, by: Person, at: dt.datetime) -> Round:
    """Say that the answers were given, or the letters sent ("answers", "letters"): once, by whom and when."""
    hold(row.cohort)
    row = take(row)
    not_kept_yet(row, which)
    promise_is_due_to_be_kept(row, at)
    kept_at, kept_by = KEPT[which]
    setattr(row, kept_at, at)
    setattr(row, kept_by, by)
    row.save_edit(kept_at, kept_by)
    return row
