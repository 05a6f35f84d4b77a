"""Who sees what: one table of rows, read by pages, querysets, forms, docs and tests.

A row says which relation to a thing allows which acts. A denial beats every grant, because one
person can hold several roles. Relations are registered by the apps that know them (person → Q);
`may`, `visible_to`, the line "who can read this" and the printed table all come from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.http import Http404

from mats.prepared import prepared

if TYPE_CHECKING:
    from cohorts.models import Person

M = TypeVar("M", bound=models.Model)
Relation = Callable[["Person", dt.datetime], Q]
Rows = Callable[[dt.datetime], "QuerySet[Any]"]

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Row:
    """Whoever stands in `relation` to a `thing` may do `acts`; `denies` turns it round; `who` in words for people."""

    relation: str
    thing: str
    acts: tuple[str, ...]
    denies: bool = False
    who: str = ""


def _rows(thing: str, *lines: tuple[str, str, str]) -> list[Row]:
    return [Row(relation, thing, tuple(acts.split()), who=who) for relation, acts, who in lines]


# relation, acts, the words for "who can read this"
TABLE: list[Row] = [
    *_rows(
        "person",
        ("self", "read change", "you"),
    ),
    *_rows(
        "cohort",
        ("member", "read", "everyone in the cohort"),
        ("member", "declare_conflict", "everyone in the cohort"),
        (
            "staff",
            "read change launch see_health see_evidence see_cases import see_messages see_history declare_conflict",
            "the cohort’s staff",
        ),
    ),
    *_rows(
        "milestone",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_submissions", "the cohort’s staff"),
    ),
    *_rows(
        "membership",
        ("self", "read", "you"),
        ("self", "be_away", "the person themselves"),
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change be_away see_history see_timeline", "the cohort’s staff"),
    ),
    *_rows(
        "pairing",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_history", "the cohort’s staff"),
    ),
    *_rows(
        "caseload",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_history", "the cohort’s staff"),
    ),
    *_rows(
        "duty",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "log",
        ("scholar", "read write", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
    ),
    *_rows(
        "meeting",
        ("scholar", "read write hold plan", "the scholar"),
        ("mentor", "read write hold plan", "the mentor"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read plan", "the cohort’s staff"),
    ),
    *_rows(
        "pairing_week",
        ("scholar", "read plan", "the scholar"),
        ("mentor", "read plan", "the mentor"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read plan", "the cohort’s staff"),
    ),
    *_rows(
        "action",
        ("scholar", "read write", "the scholar"),
        ("mentor", "read write", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
    ),
    *_rows(
        "absence",
        ("author", "read write", "you"),
        ("staff", "read", "the cohort’s staff, unless it is a meeting of theirs"),
    ),
    *_rows(
        "own_note",
        ("author", "read write", "you alone"),
    ),
    *_rows(
        "coached",
        ("coach", "read write", "the scholar’s coach"),
    ),
    Row("mentor", "coached", ("read", "write"), denies=True, who="a mentor of this scholar"),
    *_rows(
        "note",
        ("author", "read write", "you (working notes)"),
        ("scholar", "read", "you and the scholar"),
    ),
    Row("mentor", "note", ("read", "write"), denies=True, who="a mentor of this scholar"),
    *_rows(
        "one_on_one",
        ("coach", "read", "the scholar’s coach"),
        ("holder", "read write", "the coach who held it"),
        ("scholar", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff, unless they mentor or mentored the scholar"),
    ),
    Row("mentor", "one_on_one", ("read", "write"), denies=True, who="a mentor of this scholar"),
    # A scholar's 1-1s as bare facts: whether they take place, and by when the next one is due.
    *_rows(
        "one_on_ones",
        ("coach", "read", "the scholar’s coach"),
        ("scholar", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff, unless they mentor or mentored the scholar"),
    ),
    Row("mentor", "one_on_ones", ("read",), denies=True, who="a mentor of this scholar"),
    *_rows(
        "for_my_coach",
        ("scholar", "read write", "you"),
        ("coach", "read", "your coach"),
    ),
    Row("mentor", "for_my_coach", ("read", "write"), denies=True, who="a mentor of this scholar"),
    *_rows(
        "submission",
        ("scholar", "read write", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("reader", "read", "its reader"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "review",
        ("reader", "read write", "its reader"),
        ("scholar", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
    ),
    Row("own_mentor", "review", ("write",), denies=True, who="a mentor of this scholar"),
    *_rows(
        "conflict",
        ("holder", "read change", "whoever it is about"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "midpoint_line",
        ("author", "read write", "the mentor who says it"),
        ("scholar", "read receive", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("staff", "read", "the cohort’s staff"),
    ),
    *_rows(
        "talk",
        ("scholar", "read know", "the scholar"),
        ("mentor", "know", "the scholar’s mentors"),
        ("staff", "read know write", "the cohort’s staff"),
    ),
    *_rows(
        "support_plan",
        ("scholar", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("staff", "read write", "the cohort’s staff"),
    ),
    *_rows(
        "round",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    # Where a scholar stands on what we look for, with the rows behind it.
    *_rows(
        "evidence",
        ("scholar", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who is asked to approve"),
        ("staff", "read support", "the cohort’s staff"),
        ("invited", "read", "an outside member of the committee, for this case"),
    ),
    *_rows(
        "case",
        ("scholar", "read apply", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who is asked to approve"),
        ("staff", "read administer", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee, for this case"),
    ),
    # Nobody decides, or does the work of the committee, on their own request, as a mentor or coach of the
    # scholar (now, before or to come), as one who is asked to approve, or with a declared conflict.
    Row("recused", "case", ("judge", "administer"), denies=True, who="whoever is recused"),
    # "read" is what is shown to the scholar; "judge" is what is for the committee as well.
    *_rows(
        "approval",
        ("author", "read write", "the mentor who writes it"),
        ("scholar", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee, for this case"),
        ("duty_lead", "read read_named_why", "the duty leads"),
    ),
    Row("recused", "approval", ("judge", "read_named_why"), denies=True, who="whoever is recused"),
    *_rows(
        "opinion",
        ("author", "read", "you"),
        ("peer", "read", "whoever of the committee has written theirs"),
    ),
    Row("recused", "opinion", ("read",), denies=True, who="whoever is recused"),
    # A decision and its letter are read by those they touch once the letter is released.
    *_rows(
        "decision",
        ("scholar", "read answer", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who was asked to approve"),
        ("staff", "read administer", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee, for this case"),
    ),
    Row("kept_out", "decision", ("read",), denies=True, who="whoever is recused"),
    Row("recused", "decision", ("judge", "administer"), denies=True, who="whoever is recused"),
    *_rows(
        "letter",
        ("scholar", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who was asked to approve"),
        ("staff", "read release", "the cohort’s staff"),
    ),
    Row("kept_out", "letter", ("read",), denies=True, who="whoever is recused"),
    Row("recused", "letter", ("release",), denies=True, who="whoever is recused"),
    *_rows(
        "sheet",
        ("scholar", "read agree", "the scholar"),
        ("mentor", "read agree", "the mentors of the term"),
        ("coach", "read", "the coach of the term"),
        ("staff", "read write", "the cohort’s staff"),
    ),
    Row("recused", "sheet", ("write",), denies=True, who="whoever is recused"),
    *_rows(
        "output",
        ("scholar", "read write", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
        ("member", "read", "everyone in the cohort, where the scholar chose so"),
    ),
    *_rows(
        "chance",
        ("scholar", "read write", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
    ),
    *_rows(
        "import_run",
        ("uploader", "read confirm", "whoever uploaded the files"),
        ("staff", "read confirm", "the cohort’s staff"),
    ),
]

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
    queryset: Any = None,
    **lookup: Any,
) -> Any:
    """The one row, if this person may act on it.

    Nobody's business at all is 404; a thing they may read but not act on is 403, with the reason.
    `rows` says what to bring along, as a function of the moment that always asks the same (it is
    compiled once); `queryset` is for what differs from one request to the next.
    """
    if queryset is not None:
        found = list(_found(thing, act, queryset, person=person, at=at, lookup=lookup)[:1])
    else:
        found = _one(thing, act, rows, tuple(lookup))(person=person, at=at, **lookup)
    if not found:
        raise Http404
    if act != "read" and not found[0].is_allowed:
        raise PermissionDenied(refusal(act, thing))
    return found[0]


def _found(thing: str, act: str, rows: Any, *, person: Person, at: dt.datetime, lookup: dict[str, Any]) -> Any:
    readable = rows.filter(condition(person, "read", thing, at), **lookup)
    if act == "read":
        return readable
    return readable.annotate(is_allowed=_holds(condition(person, act, thing, at)))


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
    if "read" not in acts:
        raise Http404
    if act not in acts:
        raise PermissionDenied(refusal(act, thing))
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
    allowed = [row.who for row in rows_of(thing, act) if not row.denies]
    return f"This is for {' and '.join(allowed) or 'nobody'}."


def readers(thing: str, *, relations: tuple[str, ...] | None = None) -> list[str]:
    """Who can read a thing, in words, from the table; `relations` narrows it to some rows."""
    return [
        row.who for row in rows_of(thing, "read") if not row.denies and (relations is None or row.relation in relations)
    ]
