"""What is due of milestones and extensions: laid out, and said. Each day for every cohort, or by hand for one."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction

from cohorts.models import Cohort
from mats.identity.transaction import acting
from mentorship.actions.owed import lay_out_owed
from mentorship.owed import Owed, owed_in
from mentorship.reminders.owed import OWED_LATE, OWED_SOON, queue
from mentorship.window import Window, window

logger = logging.getLogger(__name__)

LOOKS_AHEAD = dt.timedelta(weeks=2)


@dataclass(frozen=True)
class Checked:
    """What a check of one cohort changed: rows laid out and reminders put, by kind; what is owed now and
    in the next two weeks, the earliest first; and who may apply, who did not, and where the cases stand."""

    laid_out: dict[str, int]
    reminders: dict[str, int]
    owed: list[Owed]
    window: Window


def check_extension(cohort: Cohort, *, at: dt.datetime, dry_run: bool = False) -> Checked:
    """Lay out what a cohort's people owe at a moment, and put the reminders that are due.

    A second check of the same moment finds nothing new. `dry_run` answers alike and changes nothing.
    """
    with transaction.atomic():
        laid_out = lay_out_owed(cohort, at=at)
        reminders = {kind: queue(at, kind=kind, cohort=cohort.pk) for kind in (OWED_SOON.name, OWED_LATE.name)}  # type: ignore[arg-type]
        checked = Checked(laid_out, reminders, owed_in(cohort.pk, until=at + LOOKS_AHEAD), window(cohort, at))
        if dry_run:
            transaction.set_rollback(True)
    return checked


def check_extensions(*, at: dt.datetime) -> int:
    """Check every cohort that goes on; how many were checked.

    Each cohort is a transaction of its own, and one that fails does not stop the others.
    """
    yesterday = at.date() - dt.timedelta(days=1)
    going_on = Cohort.objects.filter(launched_at__lte=at, archived_at=None)
    done = 0
    for cohort in going_on.filter(phases__ends_on__gte=yesterday, phases__archived_at=None).distinct():
        try:
            with acting(None, at, task="check_extensions"):
                check_extension(cohort, at=at)
            done += 1
        except Exception as error:  # its words may hold values of rows
            logger.error("The check of cohort %s failed: %s.", cohort.pk, type(error).__name__)
    return done
