"""History by database trigger: who did what, when, from where, and why where a reason was asked.

Triggers see every write, `bulk_create` and raw SQL included. The context of a change is kept in
the event row itself, so a confidential table's history stands behind the same policies as the
table, with nothing about it elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import connection


def tracked(**options: Any):
    """Class decorator: keep every insert, update and delete of a model, with its context."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        **options,
    )


def acting_as(relation: str) -> None:
    """Say in the history rows that follow in this transaction which relation allowed the act."""
    _add_to_context({"as": relation})


def because(reason: str, **facts: Any) -> None:
    """Add the reason of an act (and other facts) to the history rows that follow in this transaction."""
    _add_to_context({"why": reason, **facts})


def _add_to_context(facts: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_metadata',"
            " (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '{}')::jsonb"
            " || %s::jsonb)::text, true)",
            [json.dumps(facts)],
        )


@contextmanager
def for_this_alone(reason: str) -> Iterator[None]:
    """As `because`, for what happens inside: what follows in this transaction has other reasons, or none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pghistory.context_metadata', true)")
        (before,) = cursor.fetchone()
    because(reason)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [before or ""])
