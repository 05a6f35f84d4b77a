"""Rules about two places tied together by date: a pairing, or a caseload.

`role` is the role of the place beside the scholar's, and the name of its field.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from cohorts.models import Duty, Membership, Role
from cohorts.querysets import apart_from, not_over_on
from cohorts.rules.days import Days, in_words, share_a_day
from cohorts.rules.stay import days_for, days_here
from cohorts.ties import KINDS

OTHER_SIDE = {Role.MENTOR: Role.COACH, Role.COACH: Role.MENTOR}


def in_one_cohort(scholar: Membership, other: Membership, role: str) -> None:
    """Nothing crosses cohorts, and both places are of the roles that are tied, and not removed."""
    if scholar.role != Role.SCHOLAR or scholar.archived_at:
        raise ValidationError({"scholar": f"Choose a {scholar.cohort.scholar_label} of this cohort."})
    if other.cohort_id != scholar.cohort_id or other.role != role or other.archived_at:
        raise ValidationError({role: f"Choose a {scholar.cohort.label(role)} of this cohort."})


def of_two_people(scholar: Membership, other: Membership, role: str) -> None:
    """Nobody is their own mentor or coach, also not through two places."""
    if scholar.person_id == other.person_id:
        raise ValidationError({role: f"{scholar.person.name} can't be their own {scholar.cohort.label(role)}."})


def days_together(scholar: Membership, other: Membership, role: str) -> Days:
    """The first run of days on which both are here; raises where there is none."""
    for one in days_here(scholar):
        for two in days_here(other):
            if share_a_day(one, two):
                return max(one[0], two[0]), min(one[1], two[1])
    raise ValidationError({role: f"{scholar.person.name} and {other.person.name} are not here on the same days."})


def within_both_stays(scholar: Membership, other: Membership, role: str, starts_on: dt.date, ends_on: dt.date) -> None:
    """Pairings and caseloads lie within the stays of both people; a caseload goes on between two of them."""
    for place in (scholar, other):
        here = days_for(role, days_here(place))
        if any(first <= starts_on and ends_on <= last for first, last in here):
            continue
        field = "ends_on" if any(first <= starts_on <= last for first, last in here) else "starts_on"
        said = " and ".join(f"from {in_words(first)} to {in_words(last)}" for first, last in here) or "on no day"
        raise ValidationError({field: f"{place.person.name} is here {said}."})


def nobody_is_mentor_and_coach(
    scholar: Membership, other: Membership, role: str, starts_on: dt.date, ends_on: dt.date
) -> None:
    """Nobody is mentor and coach of one scholar at a time: compared as people, in every cohort."""
    against = KINDS[OTHER_SIDE[Role(role)]]
    rows = against.rows().filter(
        scholar__person=scholar.person_id,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
        **{f"{against.role}__person": other.person_id},
    )
    if row := rows.first():
        if row.cohort_id != scholar.cohort_id:
            raise ValidationError({role: _tied_elsewhere(scholar, other)})
        label, other_label = scholar.cohort.label(against.role), scholar.cohort.label(role)
        raise ValidationError(
            {
                role: f"{other.person.name} is {label} of {scholar.person.name} until {in_words(row.ends_on)}. "
                f"Nobody is mentor and {scholar.cohort.coach_label} of one {scholar.cohort.scholar_label} at a time: "
                f"choose another {other_label}, or end the other first."
            }
        )
    nobody_stands_in_and_coaches(scholar, other, role, starts_on, ends_on)


def nobody_stands_in_and_coaches(
    scholar: Membership, other: Membership, role: str, starts_on: dt.date, ends_on: dt.date
) -> None:
    """Nobody coaches a scholar for whose mentor they stand in: compared as people, in every cohort. It is
    asked when either of the two is tied to the scholar; whoever stands in is asked when they get the duty."""
    both = KINDS[OTHER_SIDE[Role(role)]].rows().filter(scholar__person=scholar.person_id)
    both = both.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    duties = Duty.objects.filter(not_over_on(starts_on), kind=Duty.Kind.STAND_IN, archived_at=None)
    if role == Role.COACH:
        duties = duties.filter(membership__person=other.person_id, for_membership__in=both.values("mentor"))
    else:
        duties = duties.filter(membership__person__in=both.values("coach__person"), for_membership=other)
    if duty := duties.select_related("membership__person", "for_membership__person").first():
        here = both.filter(cohort=scholar.cohort_id)
        is_open = role == Role.COACH or here.filter(coach__person=duty.membership.person_id).exists()
        if duty.cohort_id != scholar.cohort_id or not is_open:
            raise ValidationError({role: _tied_elsewhere(scholar, other)})
        assert duty.for_membership
        raise ValidationError(
            {
                role: f"{duty.membership.person.name} stands in for {duty.for_membership.person.name}. Nobody coaches "
                f"a {scholar.cohort.scholar_label} for whose mentor they stand in: choose another "
                f"{scholar.cohort.label(role)}, or end the duty first."
            }
        )


def _tied_elsewhere(scholar: Membership, other: Membership) -> str:
    """Who coaches whom is open within a cohort, and not beyond it."""
    return (
        f"{other.person.name} and {scholar.person.name} stand to each other in another cohort in a way that rules "
        "this out. Choose somebody else."
    )


def one_coach_at_a_time(scholar: Membership, starts_on: dt.date, ends_on: dt.date, *, row: Any = None) -> None:
    """A scholar has one coach at a time."""
    others = KINDS[Role.COACH].rows().filter(scholar=scholar, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := apart_from(others, row).first():
        raise ValidationError(
            {
                "coach": f"{other.coach.person.name} is {scholar.cohort.coach_label} of {scholar.person.name} "
                f"from {in_words(other.starts_on)} to {in_words(other.ends_on)}. End that first, or hand over."
            }
        )


def last_day_is_within(row: Any, last_day: dt.date) -> None:
    """What ends, ends between its first day and the last day it had."""
    if not row.starts_on <= last_day <= row.ends_on:
        raise ValidationError(
            {"last_day": f"The last day lies between {in_words(row.starts_on)} and {in_words(row.ends_on)}."}
        )


def has_not_begun(row: Any, today: dt.date, *, launched: bool) -> None:
    """After launch only what has not begun is removed; what has begun is ended, and stays on record."""
    if launched and row.starts_on <= today:
        raise ValidationError(f"This began on {in_words(row.starts_on)}. End it instead: then it stays on record.")


def hands_over_in_between(row: Any, starts_on: dt.date) -> None:
    """Whoever takes over begins after the first day and not after the last day of what they take over."""
    if not row.starts_on < starts_on <= row.ends_on:
        raise ValidationError(
            {
                "starts_on": f"The change lies after {in_words(row.starts_on)} and not after {in_words(row.ends_on)}. "
                "If it was never as it stands, remove it and add the right one."
            }
        )


def hands_over_to_another(row: Any, other: Membership, role: str) -> None:
    """A change of person is to somebody else."""
    if getattr(row, role).person_id == other.person_id:
        raise ValidationError({role: f"{other.person.name} has this already."})


def reason_is_given(reason: str, *, launched: bool) -> None:
    """After launch an act on somebody else has a reason."""
    if launched and not reason:
        raise ValidationError({"reason": "Say why: those it touches, and staff later, can read it in the history."})
