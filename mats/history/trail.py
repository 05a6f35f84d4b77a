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
    """The rows of a tracked model in which one of these columns holds the key, or one of several;
    with `by` also what this person did, to whichever rows."""

    model: type[models.Model]
    columns: tuple[str, ...]
    key: Any
    by: Any = None


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


def trail(parts: Iterable[Part], *, limit: int = 20, offset: int = 0) -> list[Change]:
    """The latest changes of these rows, after the first `offset`; one query, whatever their number.

    Each table gives no more than can be among them. What stood in a row before is looked up for these
    alone, so that a long history costs no more than a short one.
    """
    chosen = list(parts)
    query = sql.SQL("SELECT * FROM ({}) AS found ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT {} OFFSET {}").format(
        sql.SQL(" UNION ALL ").join([_of(number, part, limit + offset) for number, part in enumerate(chosen)]),
        sql.Literal(limit),
        sql.Literal(offset),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [_change(chosen, row) for row in cursor.fetchall()]


def _of(number: int, part: Part, limit: int) -> sql.Composed:
    return sql.SQL(
        "(SELECT {number} AS part, pgh_id, pgh_created_at, pgh_label, pgh_context::text, to_jsonb(e)::text,"
        " (SELECT to_jsonb(b)::text FROM {table} b WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id"
        " ORDER BY b.pgh_id DESC LIMIT 1)"
        " FROM {table} e WHERE {matches} ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT {limit})"
    ).format(
        number=sql.Literal(number),
        table=sql.Identifier(f"{part.model._meta.db_table}event"),
        matches=_matches(part),
        limit=sql.Literal(limit),
    )


def _matches(part: Part) -> sql.Composable:
    """By the reference to the row rather than by its key: that one has an index."""
    several = isinstance(part.key, list | tuple | set | frozenset)
    keys = sql.Literal([str(key) for key in (part.key if several else [part.key])])
    ways: list[sql.Composable] = [
        sql.SQL("{} = ANY ({}::uuid[])").format(sql.Identifier("pgh_obj_id" if column == "id" else column), keys)
        for column in part.columns
    ]
    if part.by is not None:
        ways.append(sql.SQL("pgh_context ->> 'person' = {}").format(sql.Literal(str(part.by))))
    return sql.SQL(" OR ").join(ways)


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
