"""Who is asking, told to PostgreSQL for one transaction.

Row-level policies read `mats.person` and `mats.moment`; without them there are no rows. Set per
transaction, never per session: behind a pooler a session is somebody else's a moment later.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def set_identity(person_id: object | None, at: dt.datetime, **context: Any) -> None:
    """Name the person, the moment and the context of history for the open transaction."""
    # Compiling a query costs tens of milliseconds; no page asks one that is worth it.
    facts = {"person": str(person_id) if person_id else None, **context}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('mats.person', %s, true), set_config('mats.moment', %s, true),"
            " set_config('pghistory.context_metadata', %s, true), set_config('jit', 'off', true)",
            [str(person_id or ""), at.isoformat(), json.dumps(facts)],
        )


def clear_identity() -> None:
    """Nobody is asking any more; matters where a test's transaction goes on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('mats.person', '', true), set_config('mats.moment', '', true),"
            " set_config('pghistory.context_metadata', '', true)"
        )


@contextmanager
def acting(person: Any | None, at: dt.datetime, **context: Any) -> Iterator[None]:
    """A transaction in which `person` (or nobody: a task) acts; for tasks, commands and tests."""
    with transaction.atomic():
        set_identity(person.pk if person else None, at, **context)
        yield
        clear_identity()
