"""Saying that one should not judge a scholar's work, and taking that back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.models import Cohort, Membership, Person
from mentorship.actions.reader import free_readers
from mentorship.models import Conflict
from mentorship.rules.conflict import is_declared_once, is_of_this_cohort, is_over_another


@transaction.atomic
def declare_conflict(
    *, cohort: Cohort, person: Person, scholar: Membership, by: Person, at: dt.datetime, why: str
) -> Conflict:
    """A person declares a conflict over a scholar's work, or staff do for them. If they were to read
    something of that scholar's, somebody else has to."""
    cohort = hold(cohort)
    is_of_this_cohort(cohort, person, scholar)
    is_over_another(person, scholar)
    is_declared_once(person, scholar)
    with in_words():
        conflict = Conflict.objects.create(
            cohort=cohort, person=person, scholar=scholar, declared_by=by, why=why, created_at=at
        )
    free_readers(cohort, at)
    return conflict


@transaction.atomic
def withdraw_conflict(*, conflict: Conflict, by: Person, at: dt.datetime, version: int, reason: str) -> Conflict:
    """It holds no longer, for a reason. Whoever was taken off stays off until somebody assigns them."""
    hold(conflict.cohort)
    row = take(conflict, version)
    say_why(reason)
    row.archived_at = at
    row.save_edit("archived_at")
    return row
