"""A cohort begins: from now on its people see it, and what they owe is there before it is due."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import take
from cohorts.actions.invitation import issue_all
from cohorts.models import Cohort, Person
from cohorts.rules.cohort import launch_is_possible
from mentorship.actions.weeks import LaidOut, lay_out


@transaction.atomic
def launch_cohort(
    *, cohort: Cohort, by: Person | None, at: dt.datetime, version: int | None = None, past: bool = False
) -> LaidOut:
    """Launch a cohort once and lay out its weeks; the answer says where no meeting could be planned.

    No message goes out before this, and by it the invitations alone: reminders come when something is due.
    `past` also plans the meetings of weeks gone by, for a cohort entered late.
    """
    cohort = take(cohort, version)
    launch_is_possible(cohort)
    cohort.launched_at = at
    cohort.save_edit("launched_at")
    issue_all(cohort=cohort, by=by, at=at)
    return lay_out(cohort, at=at, past=past)
