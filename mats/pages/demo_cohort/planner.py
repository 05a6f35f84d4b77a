"""What the database's planner is told while a cohort is laid out in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_for_many_rows() -> Iterator[None]:
    """Rows written in this transaction have no statistics yet: the planner would take them for a
    handful and visit each of some thousands again and again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT")


@contextmanager
def planned_for_one_row() -> Iterator[None]:
    """A booking has the database look at every meeting so far, each by its key: as usual, then."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
        yield
        cursor.execute("SET LOCAL enable_nestloop = off")
