"""Many people are invited in one act: accounts, places, stays and letters, in a handful of statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts import ties
from cohorts.actions.holding import hold, in_words
from cohorts.actions.invitation import issue_all
from cohorts.actions.membership import come_back, first_day_of_new
from cohorts.invite_list import MOST, Entry, Judged, judge
from cohorts.models import Cohort, Membership, Person, Phase, Stay
from cohorts.rules.membership import role_exists


@dataclass(frozen=True)
class Done:
    """What became of a list: who was invited, how many letters go out now, and what is left over."""

    invited: int
    letters: int
    rest: list[str]


@transaction.atomic
def invite_people(*, cohort: Cohort, by: Person, at: dt.datetime, role: str, listed: list[Entry]) -> Done:
    """Give everybody on a list who can be invited a place for all of the main phase, and invite them.

    Who can is judged here, anew. Before launch nothing is sent: the invitations go out with it.
    """
    cohort = hold(cohort)
    role_exists(role)
    is_not_too_long(listed)
    judged = judge(cohort, role, listed, at, by.time_zone)
    good = [one for one in judged if one.is_good]
    if not good:
        raise ValidationError({"lines": "Nobody on this list can be invited. What is wrong stands beside each line."})
    with in_words():
        people = _accounts(good, cohort, at)
        places = _places(cohort, role, people, at)
    letters = (
        issue_all(cohort=cohort, by=by, at=at, places=[place.pk for place in places]) if cohort.is_launched else []
    )
    ties.replan(at=at, cohort=cohort)
    return Done(len(good), len(letters), [one.entry.text for one in judged if not one.is_good])


def is_not_too_long(listed: list[Entry]) -> None:
    """A list is short enough to be looked through."""
    if len(listed) > MOST:
        words = f"At most {MOST} people at once; this list names {len(listed)}. Send it in parts."
        raise ValidationError({"lines": words})


def _accounts(good: list[Judged], cohort: Cohort, at: dt.datetime) -> list[Person]:
    """Accounts without a password, for those who have none; others keep their name and zone."""
    there = Person.objects.filter(email__in=[one.email for one in good]).order_by("pk")
    known = {person.email: person for person in there.select_for_update(no_key=True, of=("self",))}
    new = []
    for one in good:
        if one.email not in known:
            person = Person(email=one.email, name=one.name, time_zone=cohort.time_zone, created_at=at)
            person.set_unusable_password()
            new.append(person)
    Person.objects.bulk_create(new)
    known |= {person.email: person for person in new}
    return [known[one.email] for one in good]


def _places(cohort: Cohort, role: str, people: list[Person], at: dt.datetime) -> list[Membership]:
    """Places of this role with a stay in the main phase, from today where it runs; whoever was removed
    earlier gets theirs back."""
    there = {place.person_id: place for place in Membership.objects.filter(cohort=cohort, role=role, person__in=people)}
    new = [
        Membership(cohort=cohort, person=person, role=role, created_at=at)
        for person in people
        if person.pk not in there
    ]
    phase = cohort.main_phase
    Membership.objects.bulk_create(new)
    starts_on = first_day_of_new(cohort, phase, at)
    Stay.objects.bulk_create(_stay(place, phase, at, starts_on) for place in new)
    for place in there.values():
        if place.archived_at:
            come_back(place)
            _stay_again(place, phase, at)
    return [*new, *there.values()]


def _stay(place: Membership, phase: Phase, at: dt.datetime, starts_on: dt.date) -> Stay:
    return Stay(
        membership=place, phase=phase, starts_on=starts_on, ends_on=phase.ends_on,
        time_zone=phase.cohort.time_zone, created_at=at,
    )  # fmt: skip


def _stay_again(place: Membership, phase: Phase, at: dt.datetime) -> None:
    """To the end of the main phase, whenever the stay had ended."""
    stay = place.stays.filter(phase=phase, archived_at=None).first()
    if stay is None:
        _stay(place, phase, at, first_day_of_new(place.cohort, phase, at)).save()
        return
    stay.ends_on = phase.ends_on
    stay.save_edit("ends_on")
