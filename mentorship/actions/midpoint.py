"""What a mentor thinks at mid-point: given, changed, read."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import take
from cohorts.models import Person
from mats.history.record import EditedMeanwhile
from mentorship.actions.support import open_talk
from mentorship.models import MidpointLine
from mentorship.reminders.midpoint import tell_line_given
from mentorship.rules.midpoint import check_open, check_says_why, check_view

SAID = ("view", "because", "would_change")


@transaction.atomic
def give_line(
    *,
    line: MidpointLine,
    by: Person,
    at: dt.datetime,
    version: int | None,
    view: str,
    because: str = "",
    would_change: str = "",
) -> MidpointLine:
    """Say the line, or change it; raises `EditedMeanwhile` for an older version.

    `given_at` never moves. A changed line is to be read again, and its scholar is told again. Where
    it becomes "not as things stand" staff owe a talk from that moment on. The scholar's place is
    held, so that two mentors who say so at once make one talk.
    """
    scholar = take(line.scholar)
    row = take(line, version)
    row.scholar = scholar
    check_open(row, at, by.time_zone)
    check_view(view)
    check_says_why(view, because, would_change)
    was = _said(row)
    row.view, row.because, row.would_change = view, because, would_change
    if was != _said(row):
        _stamp(row, at)
        row.save_edit(*SAID, "given_at", "changed_at", "read_at")
        tell_line_given(row, at)
        if view == MidpointLine.View.NOT_NOW != was[0]:
            open_talk(row, at)
    return row


def _said(row: MidpointLine) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in SAID)


def _stamp(row: MidpointLine, at: dt.datetime) -> None:
    if row.given_at is None:
        row.given_at = at
    else:
        row.changed_at, row.read_at = at, None


@transaction.atomic
def receive_line(*, line: MidpointLine, by: Person, at: dt.datetime, version: int | None) -> MidpointLine:
    """The scholar has read the line as it stands. Pressed twice it is read once, at the first moment.

    Raises `EditedMeanwhile` if the mentor has changed it since: what was read is not what stands there.
    """
    row = take(line)
    if row.given_at is None or row.read_at:
        return row
    if version is not None and row.version != version:
        raise EditedMeanwhile(row)
    row.read_at = at
    row.save(update_fields=["read_at"])  # no new version: a mentor who writes at this moment goes on writing
    return row
