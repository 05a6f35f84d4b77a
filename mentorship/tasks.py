"""Tasks of mentorship; what is due stands in rows, a task only looks."""

from __future__ import annotations

from celery import shared_task

from mats.clock import now
from mats.identity.transaction import acting
from mentorship.actions import check, meeting, weeks


@shared_task
def end_meetings_that_are_over() -> None:
    """Write the end of meetings whose time is up. At least once, safe to repeat and to run twice at
    a time: a meeting that has its end is left alone, and the end never depends on when this runs."""
    at = now()
    with acting(None, at, task="end_meetings_that_are_over"):
        meeting.end_meetings_that_are_over(at=at)


@shared_task
def plan_meetings_ahead() -> None:
    """Plan the meetings of weeks that have come within eight weeks. At least once, safe to repeat and
    to run twice at a time; after a long silence one run makes up for all."""
    weeks.plan_ahead(at=now())


@shared_task
def check_extensions() -> None:
    """Lay out what is owed for milestones and extensions, and put the reminders that are due. At least
    once, safe to repeat and to run twice at a time: rows are unique. Reminders are also found every
    minute by `mats.post.tasks.sweep`."""
    check.check_extensions(at=now())
