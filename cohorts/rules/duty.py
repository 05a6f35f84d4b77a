"""Rules about the duties of a cohort."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import HELD_BY, Caseload, Cohort, Duty, Membership, Person, Role
from cohorts.querysets import not_over_on
from cohorts.rules.days import DAY, dates_are_possible, in_words
from cohorts.ties import KINDS

FURTHER_NOTICE = "until further notice"
FOR_A_MENTOR = (Duty.Kind.DELEGATE, Duty.Kind.STAND_IN)


def duty_exists(kind: str) -> None:
    """A duty is one of those that the programme knows."""
    if kind not in Duty.Kind.values:
        raise ValidationError({"kind": f"A duty is {' or '.join(Duty.Kind.labels)}."})


def is_of_the_right_role(place: Membership, kind: str) -> None:
    """A duty is given to a place of a role that may have it, of somebody who can sign in."""
    if place.role not in HELD_BY[kind] or place.archived_at or not place.person.is_active:
        words = f"{Duty.Kind(kind).label.capitalize()} is a duty of {holders(place.cohort, kind)}: choose one of them."
        raise ValidationError({"membership": words})


def holders(cohort: Cohort, kind: str) -> str:
    """Whose duty it can be, in the cohort's words: `staff` or `mentors, staff`."""
    return ", ".join(cohort.label(role, plural=True) for role in HELD_BY[kind])


def names_whom_it_is_for(place: Membership, kind: str, mentor: Membership | None) -> None:
    """A delegate and a stand-in are somebody's: of one mentor of the cohort, who is not themselves. Other
    duties are nobody's."""
    if kind not in FOR_A_MENTOR:
        if mentor is not None:
            raise ValidationError({"for_membership": "This duty is for no mentor: leave it empty."})
        return
    if mentor is None or mentor.role != Role.MENTOR or mentor.cohort_id != place.cohort_id or mentor.archived_at:
        raise ValidationError({"for_membership": "Choose a mentor of this cohort."})
    if mentor.person_id == place.person_id:
        raise ValidationError({"for_membership": f"This is {place.person.name} themselves: choose another mentor."})


def is_the_mentors_own(mentor: Membership, person: Person) -> None:
    """Whoever keeps a mentor's times is named by that mentor."""
    if mentor.role != Role.MENTOR or mentor.person_id != person.pk:
        raise ValidationError({"delegate": "A mentor names their own delegate."})


def stands_in_for_none_they_coach(place: Membership, mentor: Membership, today: dt.date) -> None:
    """Whoever stands in for a mentor coaches none of that mentor's scholars, in any cohort: the wall stands
    from the day on which the duty is given, so it is asked of everything that is not over today."""
    mentored = KINDS[Role.MENTOR].rows().filter(mentor=mentor, ends_on__gte=today)
    people = set(mentored.values_list("scholar__person", flat=True))
    coached = KINDS[Role.COACH].rows().filter(coach__person=place.person_id, ends_on__gte=today)
    if row := coached.filter(scholar__person__in=people).first():
        raise ValidationError({"membership": _coaches(row, place, mentor)})


def _coaches(row: Caseload, place: Membership, mentor: Membership) -> str:
    """Who coaches whom is open within a cohort, and not beyond it."""
    if row.cohort_id != place.cohort_id:
        return f"{place.person.name} can’t stand in for {mentor.person.name}. Choose somebody else."
    cohort = place.cohort
    return (
        f"{place.person.name} is {cohort.coach_label} of {row.scholar.person.name}, whom {mentor.person.name} mentors. "
        f"Nobody stands in for the mentor of a {cohort.scholar_label} whom they coach: choose somebody else, or end "
        "the other first."
    )


def duty_days_are_possible(starts_on: dt.date, ends_on: dt.date | None) -> None:
    """A duty has a first day, and a last one that is not before it, or none."""
    dates_are_possible(starts_on, ends_on or starts_on)


def begins_now_or_later(starts_on: dt.date, today: dt.date, *, launched: bool) -> None:
    """After launch nobody is given a duty for days that have gone by."""
    if launched and starts_on < today:
        raise ValidationError({"starts_on": f"A duty begins today, {in_words(today)}, or later."})


def held_once_at_a_time(
    place: Membership, kind: str, starts_on: dt.date, ends_on: dt.date | None, mentor: Membership | None = None
) -> None:
    """Somebody has a duty once at a time; where it is for a mentor, once for each."""
    same = Duty.objects.filter(membership=place, kind=kind, for_membership=mentor, archived_at=None)
    same = same.filter(not_over_on(starts_on))
    if ends_on:
        same = same.filter(starts_on__lte=ends_on)
    if found := same.first():
        until = f"until {in_words(found.ends_on)}" if found.ends_on else FURTHER_NOTICE
        words = f"{place.person.name} has this duty already, from {in_words(found.starts_on)} {until}."
        raise ValidationError({"starts_on": words})


def ends_in_time(duty: Duty, last_day: dt.date, today: dt.date, *, launched: bool) -> None:
    """A duty ends earlier than it would have. After launch its last day is yesterday or later: what was done
    in it stays done."""
    if duty.ends_on and last_day >= duty.ends_on:
        raise ValidationError({"last_day": f"It ends on {in_words(duty.ends_on)} anyway: choose an earlier day."})
    if launched and last_day < today - DAY:
        words = f"Choose yesterday, {in_words(today - DAY)}, or a later day: then it ends at once."
        raise ValidationError({"last_day": words})
