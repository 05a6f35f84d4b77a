"""What is open at a place and closes when the place ends, and what its person reads afterwards.

`cohorts` knows pairings and caseloads (`cohorts.ties`) and duties. What else is open is known by the
apps above: each registers what it lists and how that closes, and what a person reads of their own
after the end. Everything closes in the one transaction of `cohorts.actions.ending`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cohorts.models import Duty, Ending, Membership, Person
from cohorts.querysets import not_over_on
from cohorts.rules.days import in_words
from cohorts.ties import open_ties
from mats.clock import local_date
from mats.prepared import prepared

READS_FOR = dt.timedelta(days=60)

Find = Callable[[Membership, Person, dt.datetime], "list[Group]"]
Close = Callable[[Membership, Person, dt.datetime], None]


@dataclass(frozen=True)
class Item:
    """One thing that is open, in words; `at` is when it is to be, or is due."""

    words: str
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Group:
    """A kind with what is open of it. A bare fact has no items, and is told without a number."""

    title: str
    items: list[Item] = field(default_factory=list)
    is_bare: bool = False

    @property
    def first(self) -> dt.datetime | None:
        """When the next of them is."""
        return min((item.at for item in self.items if item.at), default=None)


@dataclass(frozen=True)
class Open:
    """What an app knows to be open at a place. `find(place, reader, at)` gives what the reader may know of
    it; `close(place, by, at)` closes all of it, and where that follows from the end itself there is none."""

    name: str
    find: Find
    close: Close | None = None


_open: dict[str, Open] = {}
_keeps: list[Callable[[list[UUID], dt.datetime], dict[UUID, str]]] = []


def register(kind: Open) -> None:
    """Called by each app when it is ready; kinds are listed and closed in this order."""
    _open[kind.name] = kind


def keep_open(find: Callable[[list[UUID], dt.datetime], dict[UUID, str]]) -> None:
    """`find(places, at)` says of places why they are not completed yet, beside their days."""
    _keeps.append(find)


def why_kept(places: Iterable[UUID], at: dt.datetime) -> dict[UUID, str]:
    """Of these places (keys) those that something still keeps open, with what that is."""
    keys, found = list(places), {}
    for find in reversed(_keeps):
        found.update(find(keys, at))
    return found


def what_is_open(place: Membership, reader: Person, at: dt.datetime) -> list[Group]:
    """All that ends with a place, by kind, as far as this reader may know of it."""
    groups = [_ties(place, at), Group("Duties", [_duty(duty) for duty in duties_at(place, at)])]
    for kind in _open.values():
        groups += kind.find(place, reader, at)
    return [group for group in groups if group.items or group.is_bare]


def close_all(place: Membership, by: Person, at: dt.datetime) -> None:
    """Close what the apps have registered, in the transaction of whoever ends the place."""
    for kind in _open.values():
        if kind.close:
            kind.close(place, by, at)


def _ties(place: Membership, at: dt.datetime) -> Group:
    found = open_ties(place, local_date(at, place.cohort.time_zone))
    return Group("Who works with whom", [Item(f"{tie.words}, until {in_words(tie.row.ends_on)}") for tie in found])


@prepared
def _duties(place: UUID, today: dt.date) -> QuerySet[Duty]:
    theirs = Duty.objects.filter(Q(membership=place) | Q(for_membership=place), archived_at=None)
    theirs = theirs.filter(not_over_on(today))
    return theirs.select_related("membership__person", "for_membership__person").order_by("kind", "starts_on")


def duties_at(place: Membership, at: dt.datetime) -> list[Duty]:
    """The duties of a place that are not over, and those that others have for it."""
    return _duties(place=place.pk, today=local_date(at, place.cohort.time_zone))


def _duty(duty: Duty) -> Item:
    of = f" for {duty.for_membership.person.name}" if duty.for_membership else ""
    return Item(f"{duty.membership.person.name}: {duty.get_kind_display()}{of}")


@prepared
def _proposed(place: UUID) -> QuerySet[Ending]:
    return Ending.objects.filter(membership=place, confirmed_at=None, dropped_at=None).select_related("proposed_by")


def proposal_for(place: Membership) -> Ending | None:
    """The ending that is proposed for a place and waits for a second person."""
    return next(iter(_proposed(place=place.pk)), None)


# --- what is read after the end --------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One thing of one's own that can still be read: its name, where, and a day or a word beside it."""

    words: str
    url: str
    beside: str = ""


@dataclass(frozen=True)
class Shelf:
    """A kind of one's own things, with how they are found."""

    title: str
    find: Callable[[Membership, Person, dt.datetime], list[Kept]]


_shelves: list[Shelf] = []


def keep_readable(title: str, find: Callable[[Membership, Person, dt.datetime], list[Kept]]) -> None:
    """`find(place, person, at)` gives what somebody whose place has ended reads of their own."""
    _shelves.append(Shelf(title, find))


def what_is_kept(place: Membership, person: Person, at: dt.datetime) -> list[tuple[str, list[Kept]]]:
    """What a person still reads of a place that has ended, by kind."""
    found: list[tuple[str, list[Any]]] = [(shelf.title, shelf.find(place, person, at)) for shelf in _shelves]
    return [(title, things) for title, things in found if things]
