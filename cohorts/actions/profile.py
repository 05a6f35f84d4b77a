"""What a person changes about themselves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.models import Person


@transaction.atomic
def change_profile(*, person: Person, by: Person, at: dt.datetime, version: int, name: str, time_zone: str) -> Person:
    """Save a person's own name and zone; raises `EditedMeanwhile` for an older version."""
    person = Person.locked(person.pk, version=version)
    person.name, person.time_zone = name, time_zone
    person.save_edit("name", "time_zone")
    return person
