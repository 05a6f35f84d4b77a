"""What ties two places of a cohort together by date: pairings and caseloads.

Rules about one look at the other (nobody is mentor and coach of one scholar), and a stay or a
place can't go while they hang on it. `cohorts` may not import `mentorship`, so each app registers
the kind it knows when it is ready, and what has to follow when dates change; access relations are
registered in the same way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from cohorts.models import Cohort, Membership, Person
from cohorts.rules.days import Days
from mats.prepared import prepared


@dataclass(frozen=True)
class Kind:
    """Rows with `scholar`, a field named like the `role` of the other place, and dates."""

    role: str
    model: type[models.Model]

    def rows(self) -> QuerySet[Any]:
        live = self.model._default_manager.filter(archived_at=None)
        return live.select_related("cohort", "scholar__person", f"{self.role}__person").order_by("starts_on")

    def of(self, membership: Membership) -> list[Any]:
        return _rows_of(self)(place=membership)

    def of_any(self, places: list[UUID], day: dt.date) -> list[Any]:
        """Those of any of these places that are not over before this day."""
        return _rows_of_any(self)(keys=places, day=day)

    def other(self, row: Any) -> Membership:
        return getattr(row, self.role)


@dataclass(frozen=True)
class Tie:
    """One pairing or caseload, whichever it is."""

    kind: Kind
    row: Any

    @property
    def days(self) -> Days:
        return self.row.starts_on, self.row.ends_on

    @property
    def words(self) -> str:
        """`Mira Mentor, mentor of Sana Scholar`"""
        label = self.row.cohort.label(self.kind.role)
        return f"{self.kind.other(self.row).person.name}, {label} of {self.row.scholar.person.name}"


@dataclass(frozen=True)
class Appointment:
    """Something planned ahead that a day away touches; `others` are the names of who else comes.

    `by_hand`: somebody chose this time, so that it stays until somebody moves it or calls it off.
    """

    key: UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    others: tuple[str, ...]
    by_hand: bool
    url: str


@cache
def _rows_of_any(kind: Kind) -> Callable[..., list[Any]]:
    return prepared(
        lambda keys, day: kind.rows().filter(Q(scholar__any=keys) | Q(**{f"{kind.role}__any": keys}), ends_on__gte=day)
    )


@cache
def _rows_of(kind: Kind) -> Callable[..., list[Any]]:
    return prepared(lambda place: kind.rows().filter(Q(scholar=place) | Q(**{kind.role: place})))


KINDS: dict[str, Kind] = {}
_followers: list[Callable[..., Any]] = []
_movers: list[Callable[..., Any]] = []
_diaries: list[Callable[..., list[Appointment]]] = []


def register(role: str, model: type[models.Model]) -> None:
    KINDS[role] = Kind(role, model)


def follow(replan: Callable[..., Any]) -> None:
    """`replan(at=…, membership=… | cohort=…)` is called after dates of a launched cohort changed."""
    _followers.append(replan)


def replan(*, at: dt.datetime, membership: Membership | None = None, cohort: Cohort | None = None) -> None:
    for follower in _followers:
        follower(at=at, membership=membership, cohort=cohort)


def follow_move(rename: Callable[..., Any]) -> None:
    """`rename(membership=…, was=…)` is called after a place that nobody has accepted went to another account."""
    _movers.append(rename)


def moved(*, membership: Membership, was: Person) -> None:
    for rename in _movers:
        rename(membership=membership, was=was)


def keep_diary(find: Callable[..., list[Appointment]]) -> None:
    """`find(membership, first day, last day, at)` gives what is planned for a place on some days."""
    _diaries.append(find)


def appointments(membership: Membership, days: Days, at: dt.datetime) -> list[Appointment]:
    """What is planned for a place between two days, both included, in the order of time."""
    found = [one for find in _diaries for one in find(membership, *days, at)]
    return sorted(found, key=lambda one: one.starts_at)


def ties_of(membership: Membership) -> list[Tie]:
    """Every live pairing and caseload of a place, past ones too."""
    return [Tie(kind, row) for kind in KINDS.values() for row in kind.of(membership)]


def open_ties(membership: Membership, day: dt.date) -> list[Tie]:
    """Those that are not over before this day."""
    return [tie for tie in ties_of(membership) if tie.row.ends_on >= day]
