"""The rows that exist before anything is done: every scholar's logs, every pairing's weeks and
the meetings in them.

Laid out for a whole cohort at once, at launch and after each correction, in a number of queries
that does not depend on its size. Running it twice changes nothing. What happened stays as it is.
"""

from __future__ import annotations

import datetime as dt
import logging
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cohorts.models import Cohort, Membership
from mats.identity.transaction import acting
from mentorship.actions.layout import AWAY, BUSY, NO_SUCH_TIME, LaidOut, Layout, LeftOut
from mentorship.actions.owed import lay_out_owed
from mentorship.models import Pairing

logger = logging.getLogger(__name__)

__all__ = ["AWAY", "BUSY", "NO_SUCH_TIME", "LaidOut", "LeftOut", "lay_out", "lay_out_again", "plan_ahead"]


def lay_out(cohort: Cohort, *, at: dt.datetime, past: bool = False) -> LaidOut:
    """Add what a cohort's people will owe: logs, pairings' weeks, and planned meetings.

    A log for every scholar's stay and cohort week, a week for every pairing, and in it, where the
    pairing has a weekly time, a meeting of thirty minutes. Meetings that would have started before
    `at` are left out unless `past` is true. Pairings that share their mentor and exactly the same
    weekday, time and zone are a team: one meeting, which stands in each pairing's week. Meetings
    are planned for the weeks of the next eight; `plan_ahead` goes on from there. Where somebody
    already has another planned meeting, or is away, that week stays without one; the
    answer says so.
    """
    with transaction.atomic():
        layout = Layout(cohort, at)
        layout.lay_out_logs()
        layout.lay_out_weeks(past=past)
        lay_out_owed(cohort, at=at)
        return layout.done


def plan_ahead(*, at: dt.datetime) -> int:
    """Plan the meetings of the weeks that have come within reach, in every cohort; how many.

    Each cohort is a transaction of its own, and one that fails does not stop the others. Two runs
    at once plan nothing twice: the second waits for the first one's people.
    """
    yesterday = at.date() - dt.timedelta(days=1)
    going_on = Cohort.objects.filter(launched_at__lte=at, archived_at=None)
    planned = 0
    for cohort in going_on.filter(phases__ends_on__gte=yesterday, phases__archived_at=None).distinct():
        try:
            with acting(None, at, task="plan_ahead"):
                layout = Layout(cohort, at)
                layout.lay_out_weeks()
            planned += layout.done.meetings
        except Exception as error:  # its words may hold values of rows
            logger.error("Planning ahead failed for cohort %s: %s.", cohort.pk, type(error).__name__)
    return planned


def lay_out_again(
    *,
    at: dt.datetime,
    pairing: Pairing | None = None,
    membership: Membership | None = None,
    cohort: Cohort | None = None,
) -> LaidOut:
    """After a correction: plan again what has not happened, for a pairing, a person's place or a cohort.

    Unwritten logs that are not due yet and meetings that have not started follow the corrected
    dates and times; a meeting keeps its agenda and its address when it moves. What is no longer
    owed is archived. Written logs, and meetings held or answered for, stay. So does a meeting that
    somebody planned by hand, as long as its week is still owed. Before launch there is nothing yet.
    What is owed for milestones follows too.
    """
    if place := pairing or membership:
        cohort = place.cohort
    if cohort is None:
        return LaidOut()
    with transaction.atomic():
        lay_out_owed(cohort, at=at)
        if not cohort.is_launched:
            return LaidOut()
        layout = Layout(cohort, at)
        layout.release(_pairings_in(cohort, pairing, membership))
        layout.retire_logs([membership.pk] if membership else [] if pairing else None)
        layout.lay_out_logs()
        layout.lay_out_weeks()
        layout.retire_weeks()
        return layout.done


def _pairings_in(cohort: Cohort, pairing: Pairing | None, membership: Membership | None) -> set[UUID]:
    """Keys of the pairings that a correction touches, ended and archived ones too."""
    if pairing:
        return {pairing.pk}
    found = Pairing.objects.filter(cohort=cohort)
    if membership:
        found = found.filter(Q(scholar=membership) | Q(mentor=membership))
    return set(found.values_list("pk", flat=True))
