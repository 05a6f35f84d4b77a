"""Who works with whom, by date. A change of mentor makes periods; it overwrites nothing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.actions.membership import end_by
from cohorts.actions.tie import end_tie, remove_tie
from cohorts.models import Membership, Person, Role
from cohorts.rules.days import DAY, dates_are_possible
from cohorts.rules.tie import (
    days_together,
    hands_over_in_between,
    hands_over_to_another,
    in_one_cohort,
    nobody_is_mentor_and_coach,
    of_two_people,
    reason_is_given,
    within_both_stays,
)
from mentorship.actions.weeks import lay_out_again
from mentorship.models import Pairing
from mentorship.rules.pairing import nobody_is_in_two_meetings, one_lead_at_a_time, paired_once_at_a_time, time_is_whole


def pairing_is_right(pairing: Pairing) -> None:
    """All that is asked of a pairing, saved or not."""
    scholar, mentor = pairing.scholar, pairing.mentor
    days = (pairing.starts_on, pairing.ends_on)
    row = None if pairing._state.adding else pairing
    dates_are_possible(*days)
    time_is_whole(pairing.weekday, pairing.local_time, pairing.time_zone)
    within_both_stays(scholar, mentor, Role.MENTOR, *days)
    nobody_is_mentor_and_coach(scholar, mentor, Role.MENTOR, *days)
    paired_once_at_a_time(scholar, mentor, *days, row=row)
    one_lead_at_a_time(scholar, *days, is_lead=pairing.is_lead, row=row)
    nobody_is_in_two_meetings(pairing)


def _may_be_paired(scholar: Membership, mentor: Membership) -> None:
    in_one_cohort(scholar, mentor, Role.MENTOR)
    of_two_people(scholar, mentor, Role.MENTOR)


@transaction.atomic
def pair(
    *,
    scholar: Membership,
    mentor: Membership,
    by: Person,
    at: dt.datetime,
    is_lead: bool = True,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    weekday: int | None = None,
    local_time: dt.time | None = None,
    time_zone: str = "",
) -> Pairing:
    """Pair a scholar with a mentor, by default for as long as both are here.

    In a launched cohort their weeks and meetings are laid out in the same transaction.
    """
    cohort = hold(scholar.cohort)
    _may_be_paired(scholar, mentor)
    scholar = take(scholar)
    first, last = (starts_on, ends_on) if starts_on and ends_on else days_together(scholar, mentor, Role.MENTOR)
    pairing = Pairing(
        cohort=cohort,
        scholar=scholar,
        mentor=mentor,
        is_lead=is_lead,
        starts_on=starts_on or first,
        ends_on=ends_on or last,
        weekday=weekday,
        local_time=local_time,
        time_zone=time_zone,
        created_at=at,
    )
    pairing_is_right(pairing)
    with in_words():
        pairing.save()
    lay_out_again(at=at, pairing=pairing)
    return pairing


@transaction.atomic
def correct_pairing(
    *,
    pairing: Pairing,
    by: Person,
    at: dt.datetime,
    version: int,
    is_lead: bool,
    starts_on: dt.date,
    ends_on: dt.date,
    weekday: int | None = None,
    local_time: dt.time | None = None,
    time_zone: str = "",
    reason: str = "",
) -> Pairing:
    """Correct dates, lead or weekly time; another mentor is a change of hands, not a correction."""
    hold(pairing.cohort)
    take(pairing.scholar)
    pairing = take(pairing, version)
    values = {"is_lead": is_lead, "starts_on": starts_on, "ends_on": ends_on}
    values |= {"weekday": weekday, "local_time": local_time, "time_zone": time_zone}
    for field, value in values.items():
        setattr(pairing, field, value)
    pairing_is_right(pairing)
    say_why(reason)
    with in_words():
        pairing.save_edit(*values)
    lay_out_again(at=at, pairing=pairing)
    return pairing


@transaction.atomic
def end_pairing(
    *, pairing: Pairing, by: Person, at: dt.datetime, version: int, last_day: dt.date, reason: str = ""
) -> Pairing:
    """End a pairing early, with a reason once the cohort is launched."""
    pairing = end_tie(pairing, at=at, version=version, last_day=last_day, reason=reason)
    lay_out_again(at=at, pairing=pairing)
    return pairing


@transaction.atomic
def remove_pairing(*, pairing: Pairing, by: Person, at: dt.datetime, version: int, reason: str = "") -> None:
    """Take away a pairing that has not begun: deleted before launch, archived with a reason afterwards."""
    pairing = remove_tie(pairing, at=at, version=version, reason=reason)
    lay_out_again(at=at, pairing=pairing)


@transaction.atomic
def hand_over(
    *,
    pairing: Pairing,
    mentor: Membership,
    by: Person,
    at: dt.datetime,
    version: int,
    starts_on: dt.date,
    reason: str = "",
    weekday: int | None = None,
    local_time: dt.time | None = None,
    time_zone: str = "",
) -> Pairing:
    """Another mentor takes over on a day: the old pairing ends the day before, a new one begins.

    The new one is lead if the old one was, and lasts as long as that would have. It has its own
    weekly time, or none yet.
    """
    cohort = hold(pairing.cohort)
    scholar = take(pairing.scholar)
    pairing = take(pairing, version)
    _may_be_paired(scholar, mentor)
    hands_over_to_another(pairing, mentor, Role.MENTOR)
    hands_over_in_between(pairing, starts_on)
    reason_is_given(reason, launched=cohort.is_launched)
    successor = Pairing(
        cohort=cohort,
        scholar=scholar,
        mentor=mentor,
        is_lead=pairing.is_lead,
        starts_on=starts_on,
        ends_on=pairing.ends_on,
        weekday=weekday,
        local_time=local_time,
        time_zone=time_zone,
        created_at=at,
    )
    say_why(reason)
    with in_words():
        end_by(pairing, starts_on - DAY, reason, at)
        pairing_is_right(successor)
        successor.save()
    lay_out_again(at=at, pairing=pairing)
    lay_out_again(at=at, pairing=successor)
    return successor
