"""Which coach looks after which scholar, by date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts import milestones
from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.actions.membership import end_by
from cohorts.actions.tie import end_tie, remove_tie
from cohorts.models import Caseload, Cohort, Membership, Person, Role
from cohorts.models.caseload import DEFAULT_CADENCE_DAYS
from cohorts.rules.days import DAY, Days, dates_are_possible
from cohorts.rules.stay import days_here
from cohorts.rules.tie import (
    days_together,
    hands_over_in_between,
    hands_over_to_another,
    in_one_cohort,
    nobody_is_mentor_and_coach,
    of_two_people,
    one_coach_at_a_time,
    reason_is_given,
    within_both_stays,
)
from mats.clock import local_date


def caseload_is_right(
    scholar: Membership, coach: Membership, starts_on: dt.date, ends_on: dt.date, *, row: Caseload | None = None
) -> None:
    """All that is asked of a caseload."""
    dates_are_possible(starts_on, ends_on)
    within_both_stays(scholar, coach, Role.COACH, starts_on, ends_on)
    nobody_is_mentor_and_coach(scholar, coach, Role.COACH, starts_on, ends_on)
    one_coach_at_a_time(scholar, starts_on, ends_on, row=row)


@transaction.atomic
def assign(
    *,
    scholar: Membership,
    coach: Membership,
    by: Person,
    at: dt.datetime,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    cadence_days: int = DEFAULT_CADENCE_DAYS,
) -> Caseload:
    """Give a scholar a coach, by default for as long as both are here; `cadence_days` lie between 1-1s."""
    cohort = hold(scholar.cohort)
    in_one_cohort(scholar, coach, Role.COACH)
    of_two_people(scholar, coach, Role.COACH)
    scholar = take(scholar)
    first, last = days_together(scholar, coach, Role.COACH) if not (starts_on and ends_on) else (starts_on, ends_on)
    starts_on, ends_on = starts_on or first, ends_on or last
    caseload_is_right(scholar, coach, starts_on, ends_on)
    with in_words():
        caseload = Caseload.objects.create(
            cohort=cohort,
            scholar=scholar,
            coach=coach,
            starts_on=starts_on,
            ends_on=ends_on,
            cadence_days=cadence_days,
            created_at=at,
        )
    _keep_coaching_apart(cohort, at)
    return caseload


def _keep_coaching_apart(cohort: Cohort, at: dt.datetime) -> None:
    """Whoever begins to coach a scholar reads nothing of theirs that counts for an extension."""
    if cohort.is_launched:
        milestones.replan(cohort, at=at)


@transaction.atomic
def correct_caseload(
    *,
    caseload: Caseload,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    ends_on: dt.date,
    cadence_days: int,
) -> Caseload:
    """Correct dates or cadence; another coach is a change of hands, not a correction."""
    hold(caseload.cohort)
    scholar = take(caseload.scholar)
    caseload = take(caseload, version)
    caseload_is_right(scholar, caseload.coach, starts_on, ends_on, row=caseload)
    caseload.starts_on, caseload.ends_on, caseload.cadence_days = starts_on, ends_on, cadence_days
    with in_words():
        caseload.save_edit("starts_on", "ends_on", "cadence_days")
    return caseload


@transaction.atomic
def end_caseload(
    *, caseload: Caseload, by: Person, at: dt.datetime, version: int, last_day: dt.date, reason: str = ""
) -> Caseload:
    """End a caseload early, with a reason once the cohort is launched."""
    return end_tie(caseload, at=at, version=version, last_day=last_day, reason=reason)


@transaction.atomic
def remove_caseload(*, caseload: Caseload, by: Person, at: dt.datetime, version: int, reason: str = "") -> None:
    """Take away a caseload that should never have been: deleted before launch, archived afterwards."""
    remove_tie(caseload, at=at, version=version, reason=reason)


@transaction.atomic
def hand_over_caseload(
    *,
    caseload: Caseload,
    coach: Membership,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    reason: str = "",
) -> Caseload:
    """Another coach takes over on a day: the old row ends the day before, a new one begins."""
    cohort = hold(caseload.cohort)
    scholar = take(caseload.scholar)
    caseload = take(caseload, version)
    in_one_cohort(scholar, coach, Role.COACH)
    of_two_people(scholar, coach, Role.COACH)
    hands_over_to_another(caseload, coach, Role.COACH)
    hands_over_in_between(caseload, starts_on)
    reason_is_given(reason, launched=cohort.is_launched)
    until = caseload.ends_on
    say_why(reason)
    with in_words():
        end_by(caseload, starts_on - DAY, reason, at)
        caseload_is_right(scholar, coach, starts_on, until)
        successor = Caseload.objects.create(
            cohort=cohort,
            scholar=scholar,
            coach=coach,
            starts_on=starts_on,
            ends_on=until,
            cadence_days=caseload.cadence_days,
            created_at=at,
        )
    _keep_coaching_apart(cohort, at)
    return successor


def coach_through(
    *, scholar: Membership, coach: Membership, here_until: dt.date, term: Days, reason: str, at: dt.datetime
) -> Caseload:
    """Let a coach look after a scholar through a term that follows their last day so far, `here_until`.

    The same coach goes on: their caseload is made longer, so that nothing is closed to them between the
    two. Another one begins as the last caseload is over, and not before today. The caller holds the
    cohort, opens the transaction, and lays out once it is through.
    """
    last = Caseload.objects.filter(scholar=scholar, archived_at=None).order_by("-ends_on").first()
    if last and last.coach_id == coach.pk and last.ends_on >= here_until:
        caseload_is_right(scholar, coach, last.starts_on, term[1], row=last)
        last.ends_on = term[1]
        with in_words():
            last.save_edit("ends_on")
        return last
    with in_words():
        if last and last.ends_on >= term[0]:
            end_by(last, term[0] - DAY, reason, at)
        starts_on = _takes_over_on(coach, max(here_until, last.ends_on) if last else here_until, term[0], at)
        caseload_is_right(scholar, coach, starts_on, term[1])
        return Caseload.objects.create(
            cohort_id=scholar.cohort_id,
            scholar=scholar,
            coach=coach,
            starts_on=starts_on,
            ends_on=term[1],
            cadence_days=last.cadence_days if last else DEFAULT_CADENCE_DAYS,
            created_at=at,
        )


def _takes_over_on(coach: Membership, after: dt.date, latest: dt.date, at: dt.datetime) -> dt.date:
    """The day after a day, but neither before today nor before the coach is here; and not later than `latest`."""
    today = local_date(at, coach.cohort.time_zone)
    here_from = min((first for first, _ in days_here(coach)), default=latest)
    return min(max(after + DAY, today, here_from), latest)
