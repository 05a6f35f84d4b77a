"""Where an action drops letters: put in its transaction, and the doorbell rung after its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from mats.post import outbox
from mats.post.doorbell import ring
from mats.post.kinds import Kind
from mats.post.tasks import sweep


def drop_in(
    kind: Kind, rows: list[tuple[Any, Any, Any, str]], at: dt.datetime, *, secrets: Mapping[Any, str] | None = None
) -> None:
    """Letters of a kind that are due now: rows of the keys of person, cohort and about, and the occurrence;
    `secrets`, by the key of what a letter is about, are sealed in it."""
    if rows:
        outbox.put_each(kind=kind.name, policy=kind.policy, rows=rows, at=at, secrets=secrets)
        ring(sweep)
