"""Questions to the database that are built and compiled once, and from then on only filled.

Building a queryset through the access table and compiling it takes Django several times as long
as PostgreSQL takes to answer. The SQL of a page's question is the same for everybody, only its
values differ:

    @prepared
    def _logs(person: Person, at: dt.datetime) -> QuerySet[WeeklyLog]:
        return visible(WeeklyLog, "log", person, at).order_by("number")

    logs = _logs(person=request.user, at=request.now)  # a list

The first call builds it twice with stand-ins for its values, to learn where each value goes. What
the function would compute from its values (a day later, say) has no place to go, and is an error
then: give it as a value of its own. Of a row among the values only the key may be used.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connections
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet

R = TypeVar("R")

Values = dict[str, Any]

# What a question may compute without its values being taken for one another: a bit over ten years.
FAR_APART = dt.timedelta(days=4001)


@ForeignObject.register_lookup
@Field.register_lookup
class EqualsAny(Lookup):
    """`pk__any=keys`: one of a list of keys given as one value, so that the SQL is the same for any number."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::uuid[])", [*params, [str(key) for key in self.rhs]]


@dataclass(frozen=True)
class Filling:
    """SQL with the values of a question in it; `places` says which of `params` is which value, by name."""

    sql: str
    params: tuple[Any, ...]
    places: dict[int, str]

    def params_for(self, values: Values) -> tuple[Any, ...]:
        params = list(self.params)
        for place, name in self.places.items():
            params[place] = as_param(values[name])
        return tuple(params)


def learn(name: str, compiled: Callable[[Values], tuple[str, Sequence[Any]]], values: Values) -> Filling:
    """Where each value goes, from two compilations with other stand-ins; raises in words where the
    question computes with its values, or asks something else for others. `name` is the question's."""
    stand_ins = [
        {name: _stand_in(value, turn, number) for number, (name, value) in enumerate(values.items())}
        for turn in range(2)
    ]
    (sql, params), (other_sql, other_params) = map(compiled, stand_ins)
    if sql != other_sql:
        raise ImproperlyConfigured(f"{name} asks something else for other values.")
    names = {repr(as_param(value)): name for name, value in stand_ins[0].items() if value is not None}
    moving = [place for place, pair in enumerate(zip(params, other_params, strict=True)) if pair[0] != pair[1]]
    places = {place: names.get(repr(params[place]), "") for place in moving}
    if not all(places.values()):
        raise ImproperlyConfigured(f"{name} computes with its values; give what it computes as a value.")
    return Filling(sql, tuple(params), places)


def shape_of(values: Values) -> tuple[Any, ...]:
    """Values of one shape have one SQL: the same names, and nothing where there was nothing."""
    return tuple((name, value is None) for name, value in values.items())


def asks_for_a_closed_account(values: Values) -> bool:
    """The one thing that the access table asks of a person and a compiled question cannot: it was
    compiled for a stand-in."""
    return any(getattr(value, "is_active", True) is False for value in values.values())


@dataclass(frozen=True)
class _Plan:
    """A compiled queryset."""

    queryset: QuerySet[Any]
    compiler: Any
    filling: Filling

    def ask(self, values: Values) -> list[Any]:
        filled = (self.filling.sql, self.filling.params_for(values))
        compiler = _twin(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *args, **options: filled
        asked = _twin(self.queryset)
        asked._query = _twin(asked._query)  # where Django keeps it
        asked._query.get_compiler = lambda *args, **options: compiler
        return list(asked)


def _twin(thing: Any) -> Any:
    """A second one with the same parts. (Python's own copy of a queryset would first ask it.)"""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


class _Prepared(Generic[R]):
    """A function that answers with a queryset, asked through its plan."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self.__doc__, self.__name__ = build.__doc__, build.__name__
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}

    def __call__(self, **values: Any) -> list[Any]:
        if asks_for_a_closed_account(values):
            return []
        shape = shape_of(values)
        if shape not in self._plans:
            self._plans[shape] = self._plan(values)
        plan = self._plans[shape]
        return plan.ask(values) if plan else []

    def _plan(self, values: Values) -> _Plan | None:
        """None for a question that nothing can answer."""
        made: list[tuple[QuerySet[Any], Any]] = []

        def compiled(stand_ins: Values) -> tuple[str, Sequence[Any]]:
            queryset = self.build(**stand_ins)
            made.append((queryset, queryset.query.get_compiler(queryset.db)))
            return made[-1][1].as_sql()

        try:
            filling = learn(self.__name__, compiled, values)
        except EmptyResultSet:
            return None
        return _Plan(*made[0], filling)


def as_param(value: Any) -> Any:
    """As a value stands among the parameters of a statement."""
    if isinstance(value, Model):
        return value.pk
    return [str(key) for key in value] if isinstance(value, list | tuple | set | frozenset) else value


def _stand_in(value: Any, turn: int, number: int) -> Any:
    """A value of the same kind that nobody else uses, another one each turn.

    They lie far apart, and no two moments on the same part of a second: what is computed from one (a
    week later, the next number) must never look like another.
    """
    if value is None:
        return None
    key, day = uuid.UUID(int=(turn + 1) * 10**6 + number), dt.date(1000 + turn, 1, 1) + number * FAR_APART
    if isinstance(value, Model):
        return _known_by_its_key(value.__class__, key)  # request.user is lazy
    kinds: list[tuple[type | tuple[type, ...], Any]] = [
        (uuid.UUID, key),
        (dt.datetime, dt.datetime.combine(day, dt.time(12, microsecond=number + 1), tzinfo=dt.UTC)),
        (dt.date, day),
        (str, f"stand-in {turn} {number}"),
        (int, (turn + 1) * 10_007 + number * 1_001),  # a small-integer column would refuse a larger one
        ((list, tuple, set, frozenset), [key]),
    ]
    for kind, stand_in in kinds:
        if isinstance(value, kind) and not isinstance(value, bool):
            return stand_in
    raise ImproperlyConfigured(f"A {type(value).__name__} can't be a value of a prepared question.")


def _known_by_its_key(model: type[Model], key: uuid.UUID) -> Model:
    """A row of which only the key can be read: a question that looked at more would freeze it."""
    stand_in = model.from_db(None, [model._meta.pk.attname], [key])
    if hasattr(model, "is_active"):
        stand_in.is_active = True  # type: ignore[attr-defined]  # as for everybody who is asked for
    return stand_in


def prepared(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Ask the queryset that `build` answers with, compiled once; the rows as a list.

    Values are keyword arguments: people and other rows, keys, moments, days, texts, numbers, and
    lists of keys (for `…__any`). Someone whose account is closed gets no rows.
    """
    return _Prepared(build)
