"""What is held about a person, kind by kind: one declaration a model, made by the app that knows it.

The page of one's own data, the export, and erasure all come from here, so a model that is declared
joins all three, and one that is not fails a test. Rows are *theirs* if they are about the person or
stand for their own doing (`about`): these lose their text when the person is erased. What the person
wrote about somebody else (`by`) is shown and exported to them, and stays with that other person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from cohorts.access import NOBODY, condition
from cohorts.models import Membership, Person

# What erasure leaves where a text was. The database wants some word in most places, and so do readers.
REMOVED, NO_ADDRESS = "(removed)", "https://removed.invalid/"
# How a column is emptied; any other text stands there as it is. WORDS and LINK leave what was empty empty.
WORDS, LINK, ALIAS, ADDRESS, UNUSABLE = "words", "link", "alias", "address", "unusable"


FOR_ONESELF = ("self", "scholar", "former", "author", "holder")
MENTORING = (*FOR_ONESELF, "mentor")


@dataclass(frozen=True, eq=False)
class Held:
    """One kind of row, by its model.

    `about`: paths of foreign keys that make a row theirs, to the person or to a row of another kind that
    is theirs; `by`: look-ups to the person where they wrote it about somebody else. `theirs_sql` says it
    in SQL where no foreign key does (a condition on the table's own columns, with `p` for the person's key).

    `thing` is the access table's word; `path` leads from the row to the thing (by default the row is it).
    Only what the table lets them read in the relations of `reads_as` (for themselves, not by an office of
    theirs) is counted and exported, unless `is_plain`: facts that are the person's whatever happens.
    `stands` names a relation's people where the table's word for it is another one here; without a
    `thing`, `seen_by` says who can see it. `words_of_others`: rows that they only wrote are about people
    they do not work with, and their readers are told in the table's words, not by name.

    `columns` are exported: look-ups, sealed text opened; `written_columns` only with rows they wrote about
    others, and none of these if `is_for_others`: what was written for somebody else's eyes alone is no
    copy to carry away, and neither are the rows of `stays`. `removed` is text that goes at erasure, and
    how; `kept` is text that stays, with the reason; where it is `renamed`, the person's name in it is
    replaced. `is_deleted`: whole rows go.
    `page` is where it can be read: the name of an address, "slug" or "place" after a blank for its argument.
    """

    name: str
    words: str
    model: type[models.Model]
    about: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    theirs_sql: str = ""
    thing: str = ""
    path: str = ""
    reads_as: tuple[str, ...] = FOR_ONESELF
    is_plain: bool = False
    stands: Mapping[str, str] = field(default_factory=dict)
    seen_by: str = ""
    words_of_others: bool = False
    columns: tuple[str, ...] = ()
    written_columns: tuple[str, ...] = ()
    is_for_others: bool = False
    stays: Q = NOBODY
    removed: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    renamed: tuple[str, ...] = ()
    is_deleted: bool = False
    page: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether the kind stands on the page and in the export; some only lose their text."""
        return bool(self.columns)


KINDS: dict[type[models.Model], Held] = {}
LEFT_OUT: dict[type[models.Model], str] = {}


def register(*kinds: Held) -> None:
    """Declare kinds; each app does when it is ready, after the apps below it."""
    KINDS.update({kind.model: kind for kind in kinds})


def leave_out(reason: str, *some: type[models.Model]) -> None:
    """Say why the rows of these models are nobody's own data."""
    LEFT_OUT.update(dict.fromkeys(some, reason))


def shown() -> Iterator[Held]:
    return (kind for kind in KINDS.values() if kind.is_shown)


def known_places(person: Person) -> QuerySet[Membership]:
    """Places that the person knows of, ended ones included: before its launch a cohort is its staff's."""
    return Membership.objects.filter(person=person, accepted_at__isnull=False, cohort__launched_at__isnull=False)


def rows(kind: Held, person: Person, at: dt.datetime) -> QuerySet[Any]:
    """The rows of a kind that are this person's, or written by them, as far as they may read them."""
    return readable(kind, own(kind, person) | written(kind, person), person, at)


def readable(kind: Held, which: Q, person: Person, at: dt.datetime) -> QuerySet[Any]:
    """These rows of a kind, as far as the access table lets the person read them."""
    found = kind.model._default_manager.filter(which)
    if kind.is_plain or not kind.thing:
        return found
    allowed = condition(person, "read", kind.thing, at, relations=kind.reads_as)
    if not kind.path:
        return found.filter(allowed)
    things = model_at(kind.model, kind.path)._default_manager.filter(allowed)
    return found.filter(**{f"{kind.path}__in": things.order_by().values("pk")})


def model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model to which a path of foreign keys leads."""
    for name in path.split("__") if path else []:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def own(kind: Held, person: Person) -> Q:
    """Theirs: about them, or in their own name."""
    return reduce(or_, (_at(kind.model, path, person) for path in kind.about), NOBODY)


def written(kind: Held, person: Person) -> Q:
    """What they wrote about others; by subqueries, as a look-up may lead to many rows."""
    found = (kind.model._default_manager.filter(**{look_up: person}) for look_up in kind.by)
    return reduce(or_, (Q(pk__in=some.order_by().values("pk")) for some in found), NOBODY)


def _at(model: type[models.Model], path: str, person: Person) -> Q:
    """The rows of a model whose path leads to the person, or to a row that is theirs."""
    target = model_at(model, path) if path != "id" else None
    if target is None:
        return Q(pk=person.pk)
    if target is Person:
        return Q(**{path: person})
    if target is Membership:
        return Q(**{f"{path}__in": known_places(person).order_by().values("pk")})
    kind = KINDS[target]
    theirs = target._default_manager.filter(own(kind, person) if kind.about else written(kind, person))
    return Q(**{f"{path}__in": theirs.order_by().values("pk")})
