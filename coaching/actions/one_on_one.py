"""That a 1-1 took place, and taking that back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from coaching.actions.caseload import locked_caseload
from coaching.models import OneOnOne
from coaching.rules import check_day
from cohorts.models import Membership, Person
from mats.clock import format_day


@transaction.atomic
def record_one_on_one(*, about: Membership, by: Person, at: dt.datetime, took_place_on: dt.date) -> OneOnOne:
    """Scholar and coach met on this day; one fact a day."""
    caseload = locked_caseload(about=about, by=by, at=at)
    check_day("took_place_on", took_place_on, caseload=caseload, by=by, at=at)
    try:
        with transaction.atomic():
            return OneOnOne.objects.create(
                coach=caseload.coach, about=caseload.scholar, took_place_on=took_place_on, created_at=at
            )
    except IntegrityError:
        words = f"The 1-1 on {format_day(took_place_on)} is recorded already."
        raise ValidationError({"took_place_on": words}) from None


@transaction.atomic
def take_back_one_on_one(*, one_on_one: OneOnOne, by: Person, at: dt.datetime, version: int) -> OneOnOne:
    """It did not take place after all: the row is archived, history keeps it."""
    locked_caseload(about=one_on_one.about, by=by, at=at)
    one_on_one = OneOnOne.locked(one_on_one.pk, version=version, coach__person=by)
    one_on_one.archived_at = at
    one_on_one.save_edit("archived_at")
    return one_on_one
