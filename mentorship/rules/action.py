"""What holds for actions."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from mats.clock import add_months
from mentorship.models import Action

MONTHS_AHEAD = 12


def check_due(due_on: dt.date | None, today: dt.date) -> None:
    """An action is due today or later, within a year; or without a day."""
    if due_on is None:
        return
    if due_on < today:
        raise ValidationError({"due_on": "This day has gone by; choose today or a later one."})
    if due_on > add_months(today, MONTHS_AHEAD):
        raise ValidationError({"due_on": "This is more than a year ahead; choose an earlier day."})


def check_open(action: Action) -> None:
    """Only an open action is done or dropped."""
    if action.archived_at:
        raise ValidationError("This action is no longer there.")
    if action.done_at or action.dropped_at:
        raise ValidationError("This action is closed already. Reopen it first.")
