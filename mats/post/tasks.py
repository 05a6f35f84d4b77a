"""Sending what is due. Every task here is safe to run twice, late, or not at all: the rows of the
outbox decide, and the next sweep makes up for a lost one."""

from __future__ import annotations

import datetime as dt
import logging
from time import monotonic

from celery import shared_task

from mats.clock import now
from mats.identity.transaction import acting
from mats.post import kinds, outbox
from mats.post.models import Beat

logger = logging.getLogger(__name__)

# A sweep stops before the next one starts, so that a thousand reminders never fill every worker
# while somebody waits for a sign-in code.
SWEEP_SECONDS = 45


@shared_task
def note_beat() -> None:
    """Write down that schedule, broker and worker are alive; safe to repeat."""
    Beat.objects.bulk_create(
        [Beat(rang_at=now())], update_conflicts=True, unique_fields=["id"], update_fields=["rang_at"]
    )


@shared_task
def send(message_id: str) -> None:
    """Send one message if it is due and free. At least once, safe to repeat: the row is claimed."""
    at = now()
    if message := outbox.claim(at, pk=message_id):
        outbox.deliver(message, at)


@shared_task
def sweep() -> None:
    """Find what has become due and send it. At least once, safe to repeat: rows are unique and claimed."""
    stop = monotonic() + SWEEP_SECONDS
    find_what_is_due(now())
    while monotonic() < stop and send_next(now()):
        pass


def find_what_is_due(at: dt.datetime) -> None:
    """Put rows for everything due; one finder that fails does not silence the others."""
    for find in kinds.finders():
        try:
            with acting(None, at):
                find(at)
        except Exception as error:  # its words may hold values of rows
            logger.error("Looking for what is due failed: %s.", type(error).__name__)
    with acting(None, at):
        outbox.give_up_what_stopped(at)


def send_next(at: dt.datetime) -> bool:
    """Send the most pressing message; False when nothing is left."""
    message = outbox.claim(at)
    if message is not None:
        outbox.deliver(message, at)
    return message is not None
