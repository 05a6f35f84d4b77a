"""Ringing for a worker: a favour, never a condition. What is due stands in rows, and the sweep
finds whatever the bell missed."""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)

# After a failure this process rings nobody for a while: without it every form would wait out
# the socket timeout while the broker is silent.
QUIET_SECONDS = 30

_quiet_until = 0.0


def ring(task: Task, *args: Any) -> None:
    """Ask a worker to run `task` once the open transaction is committed; never raises.

    Waits at most one socket timeout (half a second), and then not again for half a minute.
    """
    transaction.on_commit(partial(_publish, task, args), robust=True)


def _publish(task: Task, args: tuple[Any, ...]) -> None:
    global _quiet_until  # noqa: PLW0603  (one bell per process)
    if monotonic() < _quiet_until:
        return
    try:
        task.apply_async(args, retry=False)
    except Exception as error:  # whatever is wrong with the broker, the form is saved
        _quiet_until = monotonic() + QUIET_SECONDS
        logger.warning("The broker did not answer (%s); the sweep will find what is due.", type(error).__name__)
