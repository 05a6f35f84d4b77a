"""What is held about a person, kind by kind, and by name who can see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from coaching.models import Opening
from cohorts.access import visible
from cohorts.held import Held, known_places, own, readable, rows, shown
from cohorts.held.circles import Circle, circle_of
from cohorts.models import Membership, Person
from mats.pages.models import DataExport, Erasure
from mats.prepared import prepared
from mats.statements import Statement, Written

OPENINGS = 50


@dataclass(frozen=True)
class Line:
    """One kind: how many rows, who can see them, and where they can be read."""

    words: str
    number: int
    readers: list[str]
    url: str


@dataclass(frozen=True)
class OwnData:
    """Everything for the page; `nothing` are the words of kinds of which there is no row."""

    lines: list[Line]
    nothing: list[str]
    openings: list[Opening]
    export: DataExport | None
    erasure: Erasure | None


def read_own_data(person: Person, at: dt.datetime) -> OwnData:
    """Six queries, however much there is."""
    places, circle = _places(person=person), circle_of(person, at)
    counts = {name: (number, own) for name, number, own in _counts.ask(person=person, at=at)}
    held = [kind for kind in shown() if counts.get(kind.name, (0, 0))[0]]
    return OwnData(
        lines=[_line(kind, places, circle, *counts[kind.name]) for kind in held],
        nothing=[kind.words for kind in shown() if kind not in held],
        openings=openings_about(person=person, at=at)[:OPENINGS],
        export=next(iter(_exports(person=person)), None),
        erasure=next(iter(_erasures(person=person)), None),
    )


def _line(kind: Held, places: list[Membership], circle: Circle, number: int, own: int) -> Line:
    readers = circle.readers(kind, places[0].cohort if places else None, by_name=own > 0 or not kind.words_of_others)
    return Line(kind.words, number, readers, url_of(kind, places))


@prepared
def _places(person: Person) -> QuerySet[Membership]:
    """The newest first; ended ones last."""
    mine = known_places(person).select_related("cohort")
    return mine.order_by(F("archived_at").asc(nulls_first=True), "-cohort__created_at", "role")


def _count(kind: Held, person: Person, at: dt.datetime) -> Written:
    """A kind's name, how many rows there are, and how many are about the person themselves."""
    mine = rows(kind, person, at).order_by().values("pk")
    if not kind.words_of_others:
        return Written(f"SELECT '{kind.name}', count(*), 1 FROM ({{mine}}) AS mine", mine=mine)  # noqa: S608
    theirs = readable(kind, own(kind, person), person, at).order_by().values("pk")
    both = f"SELECT '{kind.name}', (SELECT count(*) FROM ({{mine}}) AS a), (SELECT count(*) FROM ({{theirs}}) AS b)"  # noqa: S608
    return Written(both, mine=mine, theirs=theirs)


def _all_counts(person: Person, at: dt.datetime) -> list[Written]:
    return [_count(kind, person, at) for kind in shown()]


_counts = Statement(_all_counts)


@prepared
def openings_about(person: Person, at: dt.datetime) -> QuerySet[Opening]:
    """Who opened what is confidential about this person, the latest first; not what they opened themselves."""
    about = visible(Opening, "opening", person, at).filter(about__in=known_places(person).values("pk"))
    return about.select_related("reader", "about").order_by("-opened_at")


@prepared
def _exports(person: Person) -> QuerySet[DataExport]:
    return DataExport.objects.filter(person=person).order_by("-asked_at")[:1]


@prepared
def _erasures(person: Person) -> QuerySet[Erasure]:
    return Erasure.objects.filter(person=person, withdrawn_at=None, carried_out_at=None)


def url_of(kind: Held, places: list[Membership]) -> str:
    """Where a kind can be read, of the newest place; nothing without a page, or without a place that is open."""
    name, _, argument = kind.page.partition(" ")
    if not name:
        return ""
    if not argument:
        return reverse(name)
    place = next((one for one in places if one.archived_at is None), None)
    return reverse(name, args=[_ARGUMENTS[argument](place)]) if place else ""


_ARGUMENTS: dict[str, Callable[[Any], Any]] = {"place": lambda place: place.pk, "slug": lambda place: place.cohort.slug}
