"""Who sees what: one table of rows, read by pages, querysets, forms, docs and tests.

A row says which relation to a thing allows which acts. A denial beats every grant, because one
person can hold several roles. Relations are registered by the apps that know them (person → Q);
`may`, `visible_to`, the line "who can read this" and the printed table all come from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import BooleanField, Case, CharField, Q, QuerySet, Value, When
from django.http import Http404

from cohorts.access.table import TABLE, Row
from mats.history.tracking import acting_as
from mats.prepared import prepared

if TYPE_CHECKING:
    from cohorts.models import Person

M = TypeVar("M", bound=models.Model)
Relation = Callable[["Person", dt.datetime], Q]
Rows = Callable[[dt.datetime], "QuerySet[Any]"]

NOBODY = Q(pk__in=[])

_models: dict[str, type[models.Model]] = {}
_relations: dict[tuple[str, str], Relation] = {}


def register(thing: str, model: type[models.Model], **relations: Relation) -> None:
    """Say what a thing of the table is and how a person can stand to it; called in `relations.py`."""
    _models[thing] = model
    _relations.update({(thing, name): relation for name, relation in relations.items()})


def rows_of(thing: str, act: str) -> list[Row]:
    return [row for row in TABLE if row.thing == thing and act in row.acts]


def condition(person: Person, act: str, thing: str, at: dt.datetime, *, relations: Collection[str] | None = None) -> Q:
    """The things of a kind on which a person may act, as one Q: grants or-ed, denials taken away.

    `relations` narrows the grants to what they may do as one of these.
    """
    if not person.is_active:
        return NOBODY
    grants: list[Q] = []
    denials: list[Q] = []
    for row in rows_of(thing, act):
        if relations is not None and not row.denies and row.relation not in relations:
            continue
        (denials if row.denies else grants).append(_relations[thing, row.relation](person, at))
    if not grants:
        return NOBODY
    allowed = reduce(or_, grants)
    return allowed & ~reduce(or_, denials) if denials else allowed


def visible(model: type[M], thing: str, person: Person, at: dt.datetime, act: str = "read") -> QuerySet[M]:
    """The rows of a model on which a person may act."""
    return model._default_manager.filter(condition(person, act, thing, at))


def may(person: Person, act: str, thing: str, row: models.Model, at: dt.datetime) -> bool:
    return bool(_may(thing, act)(person=person, at=at, pk=row.pk))


@cache
def _may(thing: str, act: str) -> Callable[..., list[Any]]:
    rows = _models[thing]._default_manager
    return prepared(
        lambda person, at, pk: rows.filter(condition(person, act, thing, at), pk=pk).order_by().values_list("pk")
    )


def find(
    thing: str,
    person: Person,
    at: dt.datetime,
    *,
    act: str = "read",
    rows: Rows | None = None,
    **lookup: Any,
) -> Any:
    """The one row, if this person may act on it.

    Nobody's business at all is 404; a thing they may read but not act on is 403, with the reason. From
    an act on, history says as what it was done.
    `rows` says what to bring along, as a function of the moment that always asks the same: it is
    compiled once.
    """
    found = _one(thing, act, rows, tuple(lookup))(person=person, at=at, **lookup)
    if not found:
        raise Http404
    if act != "read":
        _stamp(found[0].allowed_as, act, thing)
    return found[0]


def _stamp(relation: str | None, act: str, thing: str) -> None:
    """What is changed from here on in this transaction was done as this; 403 where nothing allows it."""
    if not relation:
        raise PermissionDenied(refusal(act, thing))
    acting_as(relation)


def _found(thing: str, act: str, rows: Any, *, person: Person, at: dt.datetime, lookup: dict[str, Any]) -> Any:
    """Found by whoever may read it, and by whoever may do this act on it without reading the rest."""
    shown = condition(person, "read", thing, at)
    if act == "read":
        return rows.filter(shown, **lookup)
    if _is_done_unread(thing, act):
        shown |= condition(person, act, thing, at)
    return rows.filter(shown, **lookup).annotate(allowed_as=_relation_for(person, act, thing, at))


def _is_done_unread(thing: str, act: str) -> bool:
    """Whether some do the act who may not read the thing."""
    readers = {row.relation for row in rows_of(thing, "read")}
    return any(row.relation not in readers for row in rows_of(thing, act) if not row.denies)


def _relation_for(person: Person, act: str, thing: str, at: dt.datetime) -> Case:
    """The first relation in the table's printed order that allows the act; none where a denial stands."""
    rows = rows_of(thing, act)
    denied = [When(_relations[thing, row.relation](person, at), then=Value("")) for row in rows if row.denies]
    granted = [
        When(_relations[thing, row.relation](person, at), then=Value(row.relation)) for row in rows if not row.denies
    ]
    return Case(*denied, *granted, default=Value(""), output_field=CharField())


@cache
def _one(thing: str, act: str, rows: Rows | None, names: tuple[str, ...]) -> Callable[..., list[Any]]:
    def build(person: Person, at: dt.datetime, **lookup: Any) -> Any:
        base = rows(at) if rows else _models[thing]._default_manager.all()
        return _found(thing, act, base, person=person, at=at, lookup=lookup)[:1]

    return prepared(build)


def _holds(rows: Q) -> Case:
    return Case(When(rows, then=True), default=False, output_field=BooleanField())


def find_related(thing: str, person: Person, at: dt.datetime, *, act: str = "read", rows: Rows, **lookup: Any) -> Any:
    """As `find`, for a page that asks for several acts: the row says in `relations` how the person
    stands to it, and `acts_of` what they may do, denials taken away; all in one question."""
    found = _related(thing, rows, tuple(lookup))(person=person, at=at, **lookup)
    if not found:
        raise Http404
    row = found[0]
    row.relations = frozenset(name for name in _relations_to(thing) if getattr(row, f"is_{name}"))
    acts = acts_of(thing, row.relations)
    if not acts & {"read", act}:
        raise Http404
    if act not in acts:
        raise PermissionDenied(refusal(act, thing))
    if act != "read":
        _stamp(next(one.relation for one in rows_of(thing, act) if one.relation in row.relations), act, thing)
    return row


@cache
def _related(thing: str, rows: Rows, names: tuple[str, ...]) -> Callable[..., list[Any]]:
    def build(person: Person, at: dt.datetime, **lookup: Any) -> Any:
        stands = {f"is_{name}": _holds(_relations[thing, name](person, at)) for name in _relations_to(thing)}
        return rows(at).filter(**lookup).annotate(**stands)[:1]

    return prepared(build)


def find_with_acts(thing: str, person: Person, at: dt.datetime, *, rows: Rows, **lookup: Any) -> Any:
    """As `find`, for a page that offers several acts: the row says in `acts` which of them this person
    may do, denials taken away; all in one question."""
    found = _acting(thing, rows, tuple(lookup))(person=person, at=at, **lookup)
    if not found:
        raise Http404
    row = found[0]
    row.acts = frozenset(act for act in _acts_on(thing) if getattr(row, f"may_{act}"))
    return row


@cache
def _acting(thing: str, rows: Rows, names: tuple[str, ...]) -> Callable[..., list[Any]]:
    def build(person: Person, at: dt.datetime, **lookup: Any) -> Any:
        acts = {f"may_{act}": _holds(condition(person, act, thing, at)) for act in _acts_on(thing)}
        return rows(at).filter(condition(person, "read", thing, at), **lookup).annotate(**acts)[:1]

    return prepared(build)


def _acts_on(thing: str) -> list[str]:
    return sorted({act for row in TABLE if row.thing == thing for act in row.acts})


def _relations_to(thing: str) -> list[str]:
    return list(dict.fromkeys(row.relation for row in TABLE if row.thing == thing))


def acts_of(thing: str, relations: frozenset[str]) -> frozenset[str]:
    """What somebody who stands so to a thing may do, denials taken away."""
    theirs = [row for row in TABLE if row.thing == thing and row.relation in relations]
    denied = {act for row in theirs if row.denies for act in row.acts}
    return frozenset(act for row in theirs if not row.denies for act in row.acts if act not in denied)


def refusal(act: str, thing: str) -> str:
    """Why not, in words."""
    allowed = dict.fromkeys(row.who for row in rows_of(thing, act) if not row.denies)
    return f"This is for {' and '.join(allowed) or 'nobody'}."


def readers(thing: str, *, relations: tuple[str, ...] | None = None) -> list[str]:
    """Who can read a thing, in words, from the table; `relations` narrows it to some rows."""
    rows = [row for row in rows_of(thing, "read") if not row.denies]
    return list(dict.fromkeys(row.who for row in rows if relations is None or row.relation in relations))
