"""Questions whose SQL is written once and asked often.

Building a Django query costs more than the question itself on a page that asks ten of them. Here
the querysets stay as they are, with the access table inside: their SQL is compiled the first time,
with stand-ins where the values go, and kept for the life of the process.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet


class Statement:
    """Some querysets as one statement (UNION ALL): they have the same columns in the same order.

    `Statement(build, at=dt.datetime, reader=Person)`: `build(at=…, reader=…)` answers the querysets
    and may only hand its values on to filters, never compute with them or decide by them. The types
    are datetime, UUID, or a model (of which the key counts). `ask` answers plain tuples.
    """

    def __init__(self, build: Callable[..., list[QuerySet]], **types: type) -> None:
        self.build, self.types = build, types

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        sql, names = self._compiled
        if not sql:
            return []
        given = {name: value.pk if isinstance(value, models.Model) else value for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[value] if is_name else value for is_name, value in names])
            return cursor.fetchall()

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[bool, Any]]]:
        """The SQL, and for each of its places whether a name stands there, or a value that is always the same."""
        stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(self.types.items())}
        names = {getattr(value, "pk", value): name for name, value in stand_ins.items()}
        parts, places = [], []
        for queryset in self.build(**stand_ins):
            try:
                sql, params = queryset.order_by().query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(f"({sql})")
            places += [(True, names[value]) if _may_be_name(value, names) else (False, value) for value in params]
        return " UNION ALL ".join(parts), places


def _may_be_name(value: Any, names: dict[Any, str]) -> bool:
    return isinstance(value, (uuid.UUID, dt.datetime)) and value in names


def _stand_in(kind: type, number: int) -> Any:
    """A value of this type that stands nowhere else."""
    if issubclass(kind, models.Model):
        return kind(pk=uuid.uuid4())
    if kind is uuid.UUID:
        return uuid.uuid4()
    if kind is dt.datetime:
        return dt.datetime(1066, 10, 14, 9, number, tzinfo=dt.UTC)
    raise TypeError(f"A statement takes no {kind.__name__}.")
