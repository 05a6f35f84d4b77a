"""When the next 1-1 should be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cohorts.models import Caseload
from cohorts.rules.days import Days, runs
from mats.clock import DAY, local_date


@dataclass(frozen=True)
class NextOneOnOne:
    """The last 1-1 there was and the day by which the next one is due, in the cohort's days."""

    last: dt.date | None
    due_on: dt.date
    today: dt.date

    @property
    def days_since(self) -> int | None:
        return (self.today - self.last).days if self.last else None

    @property
    def since_in_words(self) -> str:
        days = self.days_since
        if days is None:
            return "no 1-1 yet"
        return {0: "today", 1: "1 day"}.get(days, f"{days} days")

    @property
    def is_late(self) -> bool:
        return self.due_on < self.today

    @property
    def in_words(self) -> str:
        """Says what is, without blame: `due in 3 days`, `due today`, `was due 2 days ago`."""
        days = (self.due_on - self.today).days
        number = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
        if days == 0:
            return "due today"
        return f"due in {number}" if days > 0 else f"was due {number} ago"


def next_one_on_one(
    caseload: Caseload, last: dt.date | None, at: dt.datetime, away: Iterable[Days] = ()
) -> NextOneOnOne:
    """The promised time between 1-1s runs from the last one, at first from the first day of the caseload.

    Where it falls on a day on which one of the two is away (`away`, first and last days), the 1-1 is
    due on the first day after it.
    """
    due_on = (last or caseload.starts_on) + dt.timedelta(days=caseload.cadence_days)
    for first, last_day in runs(away):
        if first <= due_on <= last_day:
            due_on = last_day + DAY
    return NextOneOnOne(last, due_on, local_date(at, caseload.cohort.time_zone))
