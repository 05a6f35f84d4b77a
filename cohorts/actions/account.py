"""Accounts that are made outside any cohort."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.actions.membership import account_of
from cohorts.models import Person


@transaction.atomic
def invite(*, email: str, name: str, time_zone: str, at: dt.datetime) -> Person:
    """Let somebody start cohorts; their account is made if there is none, and else kept as it is."""
    person = account_of(email, name=name, time_zone=time_zone, at=at)
    if not person.is_active:
        raise ValidationError("The account with this address is disabled.")
    if not person.starts_cohorts:
        person = Person.locked(person.pk)
        person.starts_cohorts = True
        person.save_edit("starts_cohorts")
    return person
