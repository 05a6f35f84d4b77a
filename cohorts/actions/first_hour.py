"""What a person says in their first hour, and changes later on the same page."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.agreement import tick
from cohorts.actions.duty import name_delegate
from cohorts.actions.holding import hold, take
from cohorts.first_hours import read_first_hour
from cohorts.models import Contact, Membership, Person, Role
from cohorts.rules.days import zone_is_known
from cohorts.rules.first_hour import contact_is_somebody_or_nobody, is_agreed
from mats.history.record import EditedMeanwhile


@transaction.atomic
def save_first_hour(
    *,
    membership: Membership,
    by: Person,
    at: dt.datetime,
    version: int,
    name: str,
    time_zone: str,
    agreed_to: int | None = None,
    agrees: bool = False,
    delegate: Membership | None = None,
    **contact: str | bool,
) -> Membership:
    """Save what the page says; done once, the first hour is over.

    Name and zone are of the account; `contact` is asked of a scholar, `delegate` of a mentor. Raises
    `EditedMeanwhile` where any of it was changed since the page was drawn.
    """
    if membership.role == Role.MENTOR:  # whose delegate is judged across rows; staff hold the cohort first, too
        hold(membership.cohort)
    place = take(membership)
    place.person = Person.locked(place.person_id)
    hour = read_first_hour(place, at)
    if hour.version != version:
        raise EditedMeanwhile(hour)  # type: ignore[arg-type]  # a row for the page, of several
    zone_is_known(time_zone)
    _save_account(place.person, name, time_zone)
    if place.role == Role.SCHOLAR:
        _save_contact(place.person, at, **contact)  # type: ignore[arg-type]
    if place.role == Role.MENTOR:
        name_delegate(mentor=place, delegate=delegate, by=by, at=at)
    if not hour.has_agreed:
        is_agreed(agrees)
        tick(membership=place, by=by, at=at, number=agreed_to)
    if place.first_hour_at is None:
        place.first_hour_at = at
        place.save_edit("first_hour_at")
    return place


def _save_account(person: Person, name: str, time_zone: str) -> None:
    if (person.name, person.time_zone) != (name, time_zone):
        person.name, person.time_zone = name, time_zone
        person.save_edit("name", "time_zone")


def _save_contact(
    person: Person,
    at: dt.datetime,
    *,
    phone: str = "",
    emergency_name: str = "",
    emergency_phone: str = "",
    is_nobody: bool = False,
) -> None:
    contact_is_somebody_or_nobody(emergency_name, emergency_phone, is_nobody)
    said = {
        "phone": phone,
        "emergency_name": emergency_name,
        "emergency_phone": emergency_phone,
        "is_nobody": is_nobody,
    }
    contact = Contact.objects.select_for_update(no_key=True).filter(person=person).first()
    if contact is None:
        Contact.objects.create(person=person, created_at=at, **said)
        return
    changed = [field for field, value in said.items() if getattr(contact, field) != value]
    for field in changed:
        setattr(contact, field, said[field])
    if changed:
        contact.save_edit(*changed)
