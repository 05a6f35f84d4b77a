"""Reading history: what changed in some rows, latest first, with who, when, from where and why."""

from __future__ import annotations

import datetime as dt
import json
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from psycopg2 import sql

# What counts as no change that a person made.
MACHINE = frozenset({"id", "version", "created_at"})


@dataclass(frozen=True)
class Part:
    """The rows of a tracked model in which one of these columns holds the key."""

    model: type[models.Model]
    columns: tuple[str, ...]
    key: Any


@dataclass(frozen=True)
class Change:
    """One event: the row after it and (of an update) before it, by column."""

    model: type[models.Model]
    what: str  # insert, update or delete
    at: dt.datetime
    context: dict[str, Any]
    now: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def fields(self) -> list[models.Field]:
        """The fields whose value an update changed."""
        if self.before is None:
            return []
        ours = (field for field in self.model._meta.concrete_fields if field.name not in MACHINE)
        return [field for field in ours if operator.ne(*self.values(field))]

    def values(self, field: models.Field) -> tuple[Any, Any]:
        """What stood in a field before (None in a new row) and what stands there since."""
        column = field.column or ""
        return (self.before or {}).get(column), self.now.get(column)


def trail(parts: Iterable[Part], *, limit: int = 20) -> list[Change]:
    """The latest changes of these rows; one query, whatever their number."""
    chosen = list(parts)
    query = sql.SQL("{} ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT {}").format(
        sql.SQL(" UNION ALL ").join([_of(number, part) for number, part in enumerate(chosen)]), sql.Literal(limit)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [_change(chosen, row) for row in cursor.fetchall()]


def _of(number: int, part: Part) -> sql.Composed:
    matches = sql.SQL(" OR ").join(
        [sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(str(part.key))) for column in part.columns]
    )
    return sql.SQL(
        "SELECT {number} AS part, pgh_id, pgh_created_at, pgh_label, pgh_context::text, to_jsonb(e)::text,"
        " (lag(to_jsonb(e)) OVER (PARTITION BY id ORDER BY pgh_id))::text FROM {table} e WHERE {matches}"
    ).format(number=sql.Literal(number), table=sql.Identifier(f"{part.model._meta.db_table}event"), matches=matches)


def _change(parts: list[Part], row: tuple[Any, ...]) -> Change:
    number, _, at, label, context, now, before = row
    return Change(
        model=parts[number].model,
        what=label,
        at=at,
        context=json.loads(context or "{}") or {},
        now=json.loads(now),
        before=json.loads(before) if before and label == "update" else None,
    )
