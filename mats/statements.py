"""Several questions as one statement, compiled once: querysets, and SQL by hand.

The querysets stay as they are, with the access table inside; how they are compiled once, and what
they may do with their values, is told in `mats.prepared`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from mats.prepared import Filling, Values, as_param, asks_for_a_closed_account, learn, shape_of


class Written:
    """SQL by hand, where the ORM would write one expression many times over.

    `{name}` in it stands for a queryset or a value of that name.
    """

    def __init__(self, sql: str, **parts: Any) -> None:
        self.sql, self.parts = sql, parts

    def sql_with_params(self) -> tuple[str, list[Any]]:
        params: list[Any] = []

        def put(found: re.Match[str]) -> str:
            part = self.parts[found.group(1)]
            if not isinstance(part, QuerySet):
                params.append(as_param(part))
                return "%s"
            sql, given = _sql_of(part)
            params.extend(given)
            return sql

        return PLACE.sub(put, self.sql), params


PLACE = re.compile(r"\{(\w+)\}")
Source = QuerySet[Any] | Written


def _sql_of(source: Source) -> tuple[str, Sequence[Any]]:
    return source.sql_with_params() if isinstance(source, Written) else source.order_by().query.sql_with_params()


class Statement:
    """Some sources as one statement (UNION ALL): they have the same columns in the same order.

    `Statement(build)`: `build(at=…, reader=…)` answers the sources and may only hand its values on, as
    for every compiled question (`mats.prepared`). `ask` answers plain tuples; none for someone whose
    account is closed.
    """

    def __init__(self, build: Callable[..., Sequence[Source]]) -> None:
        self.build = build
        self._fillings: dict[tuple[Any, ...], Filling] = {}

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        if asks_for_a_closed_account(values):
            return []
        shape = shape_of(values)
        if shape not in self._fillings:
            self._fillings[shape] = learn(self.build.__name__, self._compiled, values)
        filling = self._fillings[shape]
        if not filling.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(filling.sql, filling.params_for(values))
            return cursor.fetchall()

    def _compiled(self, stand_ins: Values) -> tuple[str, list[Any]]:
        """The SQL and its parameters; a source that can have no rows is left out."""
        parts: list[str] = []
        params: list[Any] = []
        for source in self.build(**stand_ins):
            try:
                sql, given = _sql_of(source)
            except EmptyResultSet:
                continue
            parts.append(f"({sql})")
            params += given
        return " UNION ALL ".join(parts), params
