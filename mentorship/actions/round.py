"""The calendar of a round: when people apply, and what staff promise by when."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.models import Cohort, Person, Phase
from cohorts.rules.stay import of_the_same_cohort
from cohorts.rules.tie import reason_is_given
from mats.history.record import EditedMeanwhile
from mentorship.deadlines import RoundDates, round_moments
from mentorship.models import Decision, DecisionLetter, ExtensionCase, Round, State
from mentorship.rules.round import (
    dates_in_order,
    kept_by_its_cases,
    midpoint_of,
    not_kept_yet,
    places_hold_what_is_granted,
    promise_is_due_to_be_kept,
    promise_stands,
    two_weeks_from_midpoint,
    within_its_phase,
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
    phase: Phase | None = None,
    places: int | None = None,
    reason: str = "",
) -> Round:
    """Set the days and places of the round of a phase (the main one), or move them, with a reason once the
    cohort is launched.

    `version` is that of the round it was drawn from, 0 where there was none; raises `EditedMeanwhile`.
    A promised day that has gone by is not moved, and places are never fewer than what is granted. The
    same again changes nothing.
    """
    cohort = hold(cohort)
    phase = take(phase) if phase else cohort.main_phase
    of_the_same_cohort(cohort, phase=phase, site=None)
    row = Round.objects.select_for_update(no_key=True, of=("self",)).filter(phase=phase, archived_at=None).first()
    if (row.version if row else 0) != version:
        raise EditedMeanwhile(row or Round(cohort=cohort, phase=phase, version=0))
    days = RoundDates(opens_on, closes_on, answers_on, letters_on)
    if row and row.places == places and all(getattr(row, day) == getattr(days, day) for day in DAYS):
        return row
    _days_are_right(phase, days)
    if row:
        promise_stands(row, at, answers_on, letters_on)
        places_hold_what_is_granted(row, places)
        reason_is_given(reason, launched=cohort.is_launched)
    else:
        row = Round(cohort=cohort, phase=phase, created_at=at)
    say_why(reason)
    row.places = places
    return _keep(row, days, cohort.time_zone)


def _days_are_right(phase: Phase, days: RoundDates) -> None:
    """The mid-point is the main phase's."""
    midpoint = midpoint_of(phase.cohort) if phase.kind == Phase.Kind.MAIN else None
    dates_in_order(days.opens_on, days.closes_on, days.answers_on, days.letters_on)
    if midpoint:
        two_weeks_from_midpoint(midpoint.due_on, days.closes_on)
    within_its_phase(phase, days.opens_on, days.answers_on, days.letters_on)


def _keep(row: Round, days: RoundDates, zone: str) -> Round:
    values = {day: getattr(days, day) for day in DAYS} | round_moments(days, zone)
    for field, value in values.items():
        setattr(row, field, value)
    with in_words():
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save_edit(*values, "places")
    return row


@transaction.atomic
def keep_promise(*, row: Round, which: str, by: Person, at: dt.datetime) -> Round:
    """Say that the answers were given, or the letters sent ("answers", "letters"): once, by whom and when.

    Only of a round in which nobody waits for one: otherwise the last answer and the last letter say it.
    """
    hold(row.cohort)
    row = take(row)
    not_kept_yet(row, which)
    kept_by_its_cases(row)
    promise_is_due_to_be_kept(row, at)
    kept_at, kept_by = KEPT[which]
    setattr(row, kept_at, at)
    setattr(row, kept_by, by)
    row.save_edit(kept_at, kept_by)
    return row


def _first(rows: QuerySet[Any], at: str, by: str) -> dict[str, Subquery]:
    """When the first of these rows of a case was given, and by whom."""
    first = rows.filter(case=OuterRef("pk"), **{f"{at}__isnull": False}).order_by(at)
    return {at: Subquery(first.values(at)[:1]), by: Subquery(first.values(by)[:1])}


def settle_promises(key: UUID, at: dt.datetime) -> None:
    """Write that the answers of a round were given, or its letters sent, once its last case has its own.

    When and by whom is the last of these acts, so it is the same whenever this runs: after a decision
    or release, and in the daily check. Nothing is kept while people can still apply. A case withdrawn
    before its answer needs none. A case may be locked already, and rounds are locked before cases: so
    nobody waits for a round here, and one that is taken is left to whoever comes next.
    """
    free = Round.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    row = free.filter(pk=key, closes_at__lte=at, letters_sent_at=None, archived_at=None).first()
    if row is None:
        return
    answers = _first(Decision.objects.exclude(outcome="more"), "confirmed_at", "confirmed_by")
    letters = _first(DecisionLetter.objects.all(), "released_at", "released_by")
    cases = ExtensionCase.objects.filter(round=row, archived_at=None).annotate(**answers, **letters)
    found = list(cases.order_by().values("state", *answers, *letters))
    changed: list[str] = []
    for which, (given_at, given_by) in {"answers": answers, "letters": letters}.items():
        kept_at, kept_by = KEPT[which]
        waiting = [case for case in found if case[given_at] or case["state"] != State.WITHDRAWN]
        if getattr(row, kept_at) is None and waiting and all(case[given_at] for case in waiting):
            last = max(waiting, key=lambda case: case[given_at])
            setattr(row, kept_at, last[given_at])
            setattr(row, f"{kept_by}_id", last[given_by])
            changed += [kept_at, kept_by]
    if changed:
        row.save_edit(*changed)
