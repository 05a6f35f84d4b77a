"""Writing a weekly log."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.models import Person
from mentorship.models import WeeklyLog
from mentorship.rules.log import check_open, check_says_something

TEXTS = ("done", "next_up", "stuck")


@transaction.atomic
def submit_log(
    *, log: WeeklyLog, by: Person, at: dt.datetime, version: int | None, done: str, next_up: str = "", stuck: str = ""
) -> WeeklyLog:
    """Submit a log, or edit a submitted one; raises `EditedMeanwhile` for an older version.

    The first submission fixes `submitted_at`, which says whether the log was in time; every later
    change sets `edited_at`, which readers see.
    """
    row = WeeklyLog.locked(log.pk, version=version)
    check_open(row, at)
    check_says_something(done)
    texts = (done, next_up, stuck)
    if row.submitted_at is None:
        row.submitted_at = at
    elif texts != (row.done, row.next_up, row.stuck):
        row.edited_at = at
    else:
        return row
    row.done, row.next_up, row.stuck = texts
    row.save_edit(*TEXTS, "submitted_at", "edited_at")
    return row
