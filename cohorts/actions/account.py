"""Accounts that are made outside any cohort."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cohorts.actions.membership import account_of
from cohorts.models import Person
from cohorts.rules.account import of_somebody_else
from cohorts.rules.membership import account_is_open
from mats.history.tracking import because

NOT_FREE = "Your account keeps its address: the new one cannot be used. Ask your cohort’s staff."


@transaction.atomic
def invite(*, email: str, name: str, time_zone: str, at: dt.datetime) -> Person:
    """Let somebody start cohorts; their account is made if there is none, and else kept as it is."""
    return _allow("starts_cohorts", account_of(email, name=name, time_zone=time_zone, at=at))


@transaction.atomic
def change_address(*, person: Person, email: str, by: Person, at: dt.datetime) -> Person:
    """Give a person's account an address that they have shown to be theirs (`email` is normalised)."""
    person = Person.locked(person.pk)
    person.email = email
    try:
        with transaction.atomic():
            person.save_edit("email")
    except IntegrityError as error:  # somebody else has had it since the code was sent
        raise ValidationError(NOT_FREE) from error
    return person


@transaction.atomic
def set_open(*, person: Person, is_active: bool, reason: str, by: Person, at: dt.datetime) -> Person:
    """Close an account, or open it again. A closed one is signed out everywhere, at once."""
    of_somebody_else(person, by)
    person = Person.locked(person.pk)
    if person.is_active != is_active:
        because(reason)
        person.is_active = is_active
        person.save_edit("is_active")
    if not is_active:
        _sign_out_everywhere(person)
    return person


def _sign_out_everywhere(person: Person) -> None:
    """Of a closed account: it opens nothing anyway, and with this it does not wake up signed in when opened again."""
    theirs = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(theirs.values_list("session_key", flat=True))).delete()
    theirs.delete()


@transaction.atomic
def make_superuser(*, email: str, name: str, time_zone: str, at: dt.datetime) -> Person:
    """Let somebody into the admin pages; their account is made if there is none."""
    return _allow("is_superuser", account_of(email, name=name, time_zone=time_zone, at=at))


def _allow(right: str, person: Person) -> Person:
    """Give an open account a right that it keeps; given again it changes nothing. `account_of` has locked it."""
    account_is_open(person)
    if not getattr(person, right):
        setattr(person, right, True)
        person.save_edit(right)
    return person


@transaction.atomic
def forget_second_factor(*, person: Person, at: dt.datetime) -> int:
    """Take every authenticator and code from an account, for somebody who lost them all; it is signed out
    everywhere. Answers with the number of what there was. Whoever owes a second factor sets one up anew."""
    person = Person.locked(person.pk)
    number, _ = Authenticator.objects.filter(user=person).delete()
    _sign_out_everywhere(person)
    return number
