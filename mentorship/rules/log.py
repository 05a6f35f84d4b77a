"""When a weekly log may be written, and what makes one."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from mats import clock
from mentorship.models import WeeklyLog


def has_begun(log: WeeklyLog, at: dt.datetime) -> bool:
    """A log is open from the first day of its week, on the cohort's wall, and never closes."""
    return clock.local_date(at, log.scholar.cohort.time_zone) >= log.week_starts_on


def check_open(log: WeeklyLog, at: dt.datetime) -> None:
    """A log is open from the first day of its week, on the cohort's wall, and never closes."""
    if log.archived_at:
        raise ValidationError("This log is no longer owed. Your text is still here; nothing was sent.")
    if not has_begun(log, at):
        opens = clock.format_day(log.week_starts_on)
        raise ValidationError(f"This week begins on {opens}. Until then your draft is kept.")


def check_says_something(done: str) -> None:
    """A log says what was done or learned; a link and two sentences are enough."""
    if not done:
        raise ValidationError({"done": "Write at least a line or a link here: what you did or learned."})
