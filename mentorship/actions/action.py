"""Actions: agreed in a meeting, then done, or dropped with a reason."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.models import Membership, Person
from mats.clock import local_date
from mats.history.tracking import because
from mentorship.models import Action, Meeting, Pairing
from mentorship.rules.action import check_due, check_open
from mentorship.rules.meeting import check_live


@transaction.atomic
def add_action(
    *,
    meeting: Meeting,
    pairing: Pairing,
    by: Person,
    at: dt.datetime,
    what: str,
    owner: Membership,
    due_on: dt.date | None = None,
) -> Action:
    """Agree an action; owned by the pairing's scholar or its mentor. `due_on` is cohort-local."""
    check_live(Meeting.locked(meeting.pk))
    if owner.pk not in {pairing.scholar_id, pairing.mentor_id}:
        raise ValidationError({"owner": "Choose one of the people of this meeting."})
    check_due(due_on, local_date(at, pairing.cohort.time_zone))
    return Action.objects.create(
        pairing=pairing, meeting=meeting, owner=owner, added_by=by, what=what, due_on=due_on, created_at=at
    )


@transaction.atomic
def finish_action(*, action: Action, by: Person, at: dt.datetime) -> Action:
    """Mark an action done. Pressed twice it is done once, at the first moment."""
    row = Action.locked(action.pk)
    if row.done_at:
        return row
    check_open(row)
    row.done_at = at
    row.save_edit("done_at")
    return row


@transaction.atomic
def drop_action(*, action: Action, by: Person, at: dt.datetime, why: str) -> Action:
    """Give an action up, with a reason; that counts as kept."""
    row = Action.locked(action.pk)
    check_open(row)
    if not why:
        raise ValidationError({"why": "Say why, in a few words."})
    because(why)
    row.dropped_at, row.dropped_why = at, why
    row.save_edit("dropped_at", "dropped_why")
    return row


@transaction.atomic
def reopen_action(*, action: Action, by: Person, at: dt.datetime) -> Action:
    """Open a closed action again; history keeps when it was closed and why."""
    row = Action.locked(action.pk)
    if row.done_at or row.dropped_at:
        row.done_at, row.dropped_at, row.dropped_why = None, None, ""
        row.save_edit("done_at", "dropped_at", "dropped_why")
    return row
