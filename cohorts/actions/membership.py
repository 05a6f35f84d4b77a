"""A person comes into a cohort, and leaves it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction

from cohorts import ties
from cohorts.actions.duty import end_duties
from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.actions.invitation import issue, revoke_open
from cohorts.models import Cohort, Membership, Person, Phase, Site, Stay
from cohorts.rules.days import dates_are_possible, zone_is_known
from cohorts.rules.membership import (
    account_is_open,
    cohort_keeps_its_staff,
    place_is_new,
    role_exists,
    was_never_accepted,
)
from cohorts.rules.stay import hours_are_possible, of_the_same_cohort, within_its_phase
from cohorts.rules.tie import reason_is_given
from cohorts.ties import Tie, open_ties
from mats.clock import local_date
from mats.text import normalise_email

FULL_TIME = Decimal(40)
DAY = dt.timedelta(days=1)


def account_of(email: str, *, name: str, time_zone: str, at: dt.datetime) -> Person:
    """The account with this address, made without a password if there is none.

    An account that exists keeps its name and zone: they are its owner's to change. It is locked: whoever
    corrects an address meanwhile (`cohorts.actions.invitation.change_address`) then sees the place that
    comes of this, or this finds the account no more.
    """
    email = normalise_email(email)
    if found := Person.objects.select_for_update(no_key=True, of=("self",)).filter(email=email).first():
        return found
    try:
        with transaction.atomic():
            return Person.objects.create_user(email, name=name, time_zone=time_zone, created_at=at)
    except IntegrityError:  # somebody else has just made it
        return Person.objects.get(email=email)


@transaction.atomic
def add_person(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    email: str,
    name: str,
    role: str,
    time_zone: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    site: Site | None = None,
    hours_per_week: Decimal = FULL_TIME,
    phase: Phase | None = None,
) -> Membership:
    """Give a person a place with a stay in a phase (the main one), by default for all of it.

    In a launched cohort their invitation goes out at once, before it with the launch; one's own place is
    accepted by whoever gives it. Somebody who was removed earlier gets their place back, with its history.
    """
    cohort = hold(cohort)
    phase = phase or cohort.main_phase
    starts_on, ends_on = starts_on or first_day_of_new(cohort, phase, at), ends_on or phase.ends_on
    role_exists(role)
    zone_is_known(time_zone)
    of_the_same_cohort(cohort, phase=phase, site=site)
    dates_are_possible(starts_on, ends_on)
    within_its_phase(phase, starts_on, ends_on)
    hours_are_possible(hours_per_week)
    person = account_of(email, name=name, time_zone=time_zone, at=at)
    account_is_open(person)
    place_is_new(cohort, person, role)
    with in_words():
        membership = _place(cohort, person, role, at)
        stay = membership.stays.filter(phase=phase, archived_at=None).first() or Stay(
            membership=membership, phase=phase, created_at=at, version=0
        )
        stay.starts_on, stay.ends_on, stay.site = starts_on, ends_on, site
        stay.time_zone, stay.hours_per_week = time_zone, hours_per_week
        stay.version += 1
        stay.save()
    ties.replan(at=at, membership=membership)
    if cohort.is_launched or person.pk == by.pk:
        issue(membership=membership, by=by, at=at)
        membership.refresh_from_db(fields=["accepted_at", "version"])
    return membership


def first_day_of_new(cohort: Cohort, phase: Phase, at: dt.datetime) -> dt.date:
    """From when somebody stays of whom nobody says: who is added while a phase runs was not there before."""
    today = local_date(at, cohort.time_zone)
    return today if cohort.is_launched and phase.starts_on < today <= phase.ends_on else phase.starts_on


def _place(cohort: Cohort, person: Person, role: str, at: dt.datetime) -> Membership:
    removed = Membership.objects.filter(cohort=cohort, person=person, role=role).first()
    if removed is None:
        return Membership.objects.create(cohort=cohort, person=person, role=role, created_at=at)
    come_back(removed)
    return removed


def come_back(place: Membership) -> None:
    """A place that was taken away is there again, with its history. One that had ended is invited to anew."""
    back = {"archived_at": None, "ended_at": None, "ended_how": "", "reads_until": None}
    if place.ended_at:
        back |= {"accepted_at": None, "first_hour_at": None}  # they were asked once, for what has ended
    for field, value in back.items():
        setattr(place, field, value)
    place.save_edit(*back)


def what_ends_with(membership: Membership, at: dt.datetime) -> list[Tie]:
    """Pairings and caseloads that end when this place is removed now."""
    if not membership.cohort.is_launched:
        return ties.ties_of(membership)
    return open_ties(membership, local_date(at, membership.cohort.time_zone))


@transaction.atomic
def remove_person(
    *, membership: Membership, by: Person, at: dt.datetime, version: int, reason: str = ""
) -> Membership | None:
    """Take a place away, and with it its open pairings, caseloads and duties.

    Before launch everything is deleted and nothing is returned. Afterwards the place is archived,
    and what hangs on it ends with yesterday, so that from this moment nothing more is opened by it;
    what would begin today or later never begins.
    """
    cohort = hold(membership.cohort)
    membership = take(membership, version)
    cohort_keeps_its_staff(membership)
    was_never_accepted(membership, launched=cohort.is_launched)
    reason_is_given(reason, launched=cohort.is_launched)
    ending = what_ends_with(membership, at)
    say_why(reason)
    with in_words():
        if not cohort.is_launched:
            _delete(membership, ending)
            return None
        yesterday = local_date(at, cohort.time_zone) - DAY
        for tie in ending:
            end_by(tie.row, yesterday, reason, at)
        for stay in membership.stays.filter(archived_at=None, ends_on__gt=yesterday):
            end_by(stay, yesterday, "", at)
        end_duties(membership, yesterday, cohort, at)
        revoke_open(membership, at)
        remove(membership, launched=True, at=at)
    ties.replan(at=at, membership=membership)
    return membership


def _delete(membership: Membership, ending: list[Tie]) -> None:
    for tie in ending:
        tie.row.delete()
    membership.leaves.all().delete()
    membership.duties.all().delete()
    membership.stays.all().delete()
    membership.delete()


def end_by(row, last_day: dt.date, reason: str, at: dt.datetime) -> None:
    """End a dated row on a day; one that would begin later is archived instead."""
    fields = ["ends_on"]
    if row.starts_on > last_day:
        row.archived_at, fields = at, ["archived_at"]
    else:
        row.ends_on = last_day
    if reason:
        row.end_reason = reason
        fields.append("end_reason")
    row.save_edit(*fields)
