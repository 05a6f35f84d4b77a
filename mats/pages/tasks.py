"""Storing confirmed imports. Rows decide what is done: a lost or doubled task changes nothing."""

from __future__ import annotations

import uuid

from celery import shared_task

from mats.clock import now
from mats.pages.importing import runs


@shared_task
def store_import(run_id: str) -> None:
    """Store one confirmed import. At least once, safe to repeat: the run is claimed."""
    runs.carry_out(uuid.UUID(run_id), now())


@shared_task
def store_waiting_imports() -> None:
    """Store what the doorbell missed, and forget old uploads. At least once, safe to repeat."""
    for run_id in runs.waiting(now()):
        runs.carry_out(run_id, now())
    runs.forget_old(now())
