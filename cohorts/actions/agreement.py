"""Staff write what everybody agrees to, version by version; each person ticks it once a version."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.agreements import agreement_of, ticks_of
from cohorts.models import Agreement, AgreementTick, Cohort, Membership, Person
from cohorts.rules.first_hour import is_the_version_that_holds
from cohorts.rules.tie import reason_is_given
from mats.history.record import EditedMeanwhile
from mats.history.tracking import for_this_alone


@transaction.atomic
def publish_agreement(
    *, cohort: Cohort, by: Person, at: dt.datetime, version: int, text: str, reason: str = ""
) -> Agreement:
    """Publish the next version, with a reason in a launched cohort; everybody is asked to tick it again.

    `version` is the number of the one it was drawn from; raises `EditedMeanwhile` with the latest one if
    somebody published since. The same words again are no version.
    """
    cohort = hold(cohort)
    latest = agreement_of(cohort)
    if latest.number != version:
        latest.version = latest.number
        raise EditedMeanwhile(latest)
    if latest.text == text:
        return latest
    reason_is_given(reason, launched=cohort.is_launched)
    latest = as_row(latest, at)
    say_why(reason)
    with in_words():
        return Agreement.objects.create(cohort=cohort, number=latest.number + 1, text=text, created_at=at)


def as_row(agreement: Agreement, at: dt.datetime) -> Agreement:
    """The version with a row: the words that every cohort begins with get theirs when they are first needed."""
    if not agreement._state.adding:
        return agreement
    agreement.created_at = at
    try:
        with transaction.atomic(), for_this_alone("The words that every cohort begins with."):
            agreement.save(force_insert=True)
    except IntegrityError:  # somebody else has just needed it
        return Agreement.objects.get(cohort=agreement.cohort_id, number=agreement.number)
    return agreement


@transaction.atomic
def tick(*, membership: Membership, by: Person, at: dt.datetime, number: int | None) -> AgreementTick:
    """Agree to the version that holds, which must be the one that was read; a second tick is the first."""
    place = take(membership)
    agreement = agreement_of(place.cohort)
    is_the_version_that_holds(number, agreement)
    before = ticks_of([place.pk]).get(place.pk)
    if before and before.agreement.number == agreement.number:
        return before
    return AgreementTick.objects.create(membership=place, agreement=as_row(agreement, at), created_at=at)
