"""Storing confirmed imports and putting exports together. Rows decide what is done: a lost or doubled task
changes nothing."""

from __future__ import annotations

import uuid

from celery import shared_task

from mats.clock import now
from mats.pages.importing import runs
from mats.pages.own_data import exports


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


@shared_task
def build_export(export_id: str) -> None:
    """Put one export together. At least once, safe to repeat: the row is claimed."""
    exports.carry_out(uuid.UUID(export_id), now())


@shared_task
def build_waiting_exports() -> None:
    """Put together what the doorbell missed, and delete what is a week old. At least once, safe to repeat."""
    for export_id in exports.waiting(now()):
        exports.carry_out(export_id, now())
    exports.forget_old(now())
