"""What pairings and caseloads have in common: they are ended early, or taken away.

A tie is a row with `cohort`, `scholar`, dates and `end_reason` (see `cohorts.ties`). The caller
opens the transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.actions.membership import end_by
from cohorts.rules.tie import has_not_begun, last_day_is_within, reason_is_given
from mats.clock import local_date


def end_tie(tie: Any, *, at: dt.datetime, version: int, last_day: dt.date, reason: str) -> Any:
    """End it on a day within its dates, with a reason once the cohort is launched; the row as it is then."""
    cohort = hold(tie.cohort)
    take(tie.scholar)
    tie = take(tie, version)
    last_day_is_within(tie, last_day)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    with in_words():
        end_by(tie, last_day, reason, at)
    return tie


def remove_tie(tie: Any, *, at: dt.datetime, version: int, reason: str) -> Any:
    """Take it away if it has not begun: deleted before launch, archived with a reason afterwards."""
    cohort = hold(tie.cohort)
    tie = take(tie, version)
    has_not_begun(tie, local_date(at, cohort.time_zone), launched=cohort.is_launched)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    with in_words():
        remove(tie, launched=cohort.is_launched, at=at)
    return tie
