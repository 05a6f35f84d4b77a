"""Rules about the duties of a cohort's staff."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q

from cohorts.models import Duty, Membership, Role
from cohorts.rules.days import DAY, dates_are_possible, in_words

FURTHER_NOTICE = "until further notice"


def duty_exists(kind: str) -> None:
    """A duty is one of those that the programme knows."""
    if kind not in Duty.Kind.values:
        raise ValidationError({"kind": f"A duty is {' or '.join(Duty.Kind.labels)}."})


def is_of_the_staff(place: Membership) -> None:
    """Duties are given to places of staff, of people who can sign in."""
    if place.role != Role.STAFF or place.archived_at or not place.person.is_active:
        raise ValidationError({"membership": f"Choose somebody of this cohort’s {place.cohort.staff_label_plural}."})


def duty_days_are_possible(starts_on: dt.date, ends_on: dt.date | None) -> None:
    """A duty has a first day, and a last one that is not before it, or none."""
    dates_are_possible(starts_on, ends_on or starts_on)


def begins_now_or_later(starts_on: dt.date, today: dt.date, *, launched: bool) -> None:
    """After launch nobody is given a duty for days that have gone by."""
    if launched and starts_on < today:
        raise ValidationError({"starts_on": f"A duty begins today, {in_words(today)}, or later."})


def held_once_at_a_time(place: Membership, kind: str, starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Somebody has a duty once at a time."""
    same = Duty.objects.filter(membership=place, kind=kind, archived_at=None)
    same = same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
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
