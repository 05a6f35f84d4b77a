"""Rules about the mid-point line: when it may be given, and what makes one."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from mats import clock
from mentorship.models import MidpointLine

GIVEN_BEFORE = dt.timedelta(days=14)


def opens_at(line: MidpointLine) -> dt.datetime:
    """A line may be given from fourteen days before it is due, and changed at any time after."""
    return line.due_at - GIVEN_BEFORE


def check_open(line: MidpointLine, at: dt.datetime, zone: str) -> None:
    """A line may be given from fourteen days before it is due; the moment is told in the giver's zone."""
    if at < opens_at(line):
        opens = clock.format_moment(opens_at(line), zone, date=True)
        raise ValidationError(
            f"This line can be given from {opens} on, fourteen days before it is due. Until then your draft is kept."
        )


def check_view(view: str) -> None:
    """A line is one of three: on course, too early to say, not as things stand."""
    if view not in MidpointLine.View.values:
        raise ValidationError({"view": "Choose one of the three."})


def check_says_why(view: str, because: str, would_change: str) -> None:
    """ "Not as things stand" says why, and what would change it: nobody can act on less."""
    if view != MidpointLine.View.NOT_NOW:
        return
    missing = {}
    if not because:
        missing["because"] = "Say why, in a line or two."
    if not would_change:
        missing["would_change"] = "Say what would change it, so that there is something to act on."
    if missing:
        raise ValidationError(missing)
