"""A request to be erased: asked for, withdrawn, carried out, and carried out again after a restore."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cohorts.models import Person
from mats.history.tracking import because
from mats.pages.models import Erasure
from mats.pages.own_data import ledger
from mats.pages.own_data.erasing import NAME
from mats.pages.own_data.letter import tell_staff
from mats.pages.own_data.rules import (
    has_no_place_any_more,
    has_or_had_a_place,
    is_about_somebody_else,
    is_open,
    reason_is_given,
)

logger = logging.getLogger(__name__)

NO_LEDGER = (
    "Nothing was erased: the ledger of erasures can’t be written, and without its line a restored backup would"
    " bring everything back. Whoever runs this installation has to look after it."
)


@transaction.atomic
def ask_erasure(*, by: Person, at: dt.datetime) -> Erasure:
    """Ask for one's own; there is one open request a person. Staff are told that somebody asks."""
    has_or_had_a_place(by)
    standing = Erasure.objects.filter(person=by, withdrawn_at=None, carried_out_at=None)
    if found := standing.first():
        return found
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(person=by, created_at=at)
    except IntegrityError:  # pressed twice at once
        return standing.get()
    tell_staff(erasure, at)
    return erasure


@transaction.atomic
def withdraw_erasure(*, erasure: Erasure, by: Person, at: dt.datetime, version: int) -> Erasure:
    """Take the request back; possible until it is carried out."""
    row = Erasure.locked(erasure.pk, version=version)
    is_open(row)
    row.withdrawn_at = at
    row.save_edit("withdrawn_at")
    return row


@transaction.atomic
def carry_out_erasure(*, erasure: Erasure, by: Person, at: dt.datetime, version: int, reason: str) -> Erasure:
    """Remove name, address and text of the person, history included, and keep the facts.

    The ledger has its line before anything is committed: better a line too many than a person whom a
    restored backup brings back.
    """
    Person.objects.select_for_update(no_key=True).get(pk=erasure.person_id)
    row = Erasure.locked(erasure.pk, version=version)
    is_open(row)
    is_about_somebody_else(row, by)
    has_no_place_any_more(row.person)
    reason_is_given(reason)
    because(reason)
    row.carried_out_at, row.carried_out_by, row.reason = at, by, reason
    row.save_edit("carried_out_at", "carried_out_by", "reason")
    _erase(row)
    try:
        ledger.append(ledger.Entry(row.person_id, at, by.pk, reason))
    except OSError as error:
        logger.error("The ledger of erasures can't be written: %s.", type(error).__name__)
        raise ValidationError(NO_LEDGER) from None
    return row


def _erase(row: Erasure) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAME}(%s)", [str(row.pk)])


@transaction.atomic
def erase_again(entry: ledger.Entry) -> str:
    """Carry out one line of the ledger in a database that does not know of it; says what was done."""
    person = Person.objects.select_for_update(no_key=True).filter(pk=entry.person).first()
    if person is None:
        return "is not in this database"
    if person.erased_at:
        return "is erased already"
    because(entry.reason)
    standing = Erasure.objects.filter(person=person, withdrawn_at=None, carried_out_at=None).first()
    row = standing or Erasure(person=person, created_at=entry.at, version=0)
    row.carried_out_at, row.reason = entry.at, entry.reason
    by = Person.objects.filter(pk=entry.by) if entry.by else Person.objects.none()
    row.carried_out_by = by.exclude(pk=person.pk).first()
    row.version += 1
    row.save()
    _erase(row)
    open_places = person.memberships.filter(archived_at=None).count()
    return "was erased again" + (f"; {open_places} open place(s) of theirs: end them" if open_places else "")
