"""Where an action drops letters: put in its transaction, and the doorbell rung after its commit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mats.post import outbox
from mats.post.doorbell import ring
from mats.post.kinds import Kind
from mats.post.tasks import sweep


def drop_in(kind: Kind, rows: list[tuple[Any, Any, Any, str]], at: dt.datetime) -> None:
    """Letters of a kind that are due now: rows of the keys of person, cohort and about, and the occurrence."""
    if rows:
        outbox.put_each(kind=kind.name, policy=kind.policy, rows=rows, at=at)
        ring(sweep)
