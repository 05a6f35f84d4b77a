"""How many of a phase's scholars could apply, applied, were granted and stay: each share says of whom.

A grant or refusal counts once its letter is out: before, it is nobody's to know. A case withdrawn
counts as applied; a scholar counts once, however many cases they have in a round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, When

from cohorts.models import Cohort, Membership, Person, Role
from cohorts.querysets import HERE_OR_ENDED
from cohorts.rules.days import in_words
from mats.clock import local_date, round_half_up
from mats.prepared import prepared
from mentorship.committee.filters import ALL, BY_CASE, BY_NUMBER
from mentorship.committee.reading import CaseRow, chosen_round, read_rows
from mentorship.models import Round

SMALLEST_GROUP = 3
NOT_SHOWN = "not shown: fewer than 3"


@dataclass(frozen=True)
class Step:
    """One line of the funnel: how many, and what share of three groups; `show` is the filter of the
    committee's table that leads to the rows, None where they are no cases."""

    words: str
    number: int
    shares: tuple[str, str, str]
    show: str | None = None


@dataclass(frozen=True)
class Figure:
    """A number beside the funnel, in words; `show` as in a step."""

    title: str
    said: str
    show: str | None = None


@dataclass(frozen=True)
class Funnel:
    cohort: Cohort
    rounds: list[Round]
    round: Round | None
    steps: list[Step]
    figures: list[Figure]

    @property
    def query(self) -> str:
        """What a link to the rows says of the round; nothing for the latest."""
        return f"round={self.round.pk}&" if self.round and len(self.rounds) > 1 else ""


def share(part: int, whole: int) -> str:
    """`63 % of 8`; of a group under three nothing is shown."""
    if whole < SMALLEST_GROUP:
        return NOT_SHOWN
    return f"{round_half_up(Fraction(part * 100, whole))} % of {whole}"


@prepared
def _scholars(phase: UUID, opens_on: dt.date, closes_on: dt.date) -> QuerySet[Any]:
    """The scholars with a stay in a phase, and whether they were here on a day on which people could apply."""
    here = Q(stays__starts_on__lte=closes_on, stays__ends_on__gte=opens_on)
    scholars = Membership.objects.filter(HERE_OR_ENDED, role=Role.SCHOLAR)
    scholars = scholars.filter(stays__phase=phase, stays__archived_at=None)
    could = Case(When(here, then=True), default=False, output_field=BooleanField())
    return scholars.order_by().values_list("pk", could)


def read_funnel(cohort: Cohort, reader: Person, at: dt.datetime, wanted: str = "") -> Funnel:
    """The funnel of a round, by default the latest; five questions."""
    found, row, _ = chosen_round(cohort, wanted, at)
    if row is None:
        return Funnel(cohort, found, None, [], [])
    scholars = dict(_scholars(phase=row.phase_id, opens_on=row.opens_on, closes_on=row.closes_on))
    cases = read_rows(row, reader, at)
    return Funnel(cohort, found, row, _steps(cohort, scholars, cases), _figures(cohort, row, cases, at))


def _people(cases: Iterable[CaseRow], fits: Callable[[CaseRow], bool]) -> set[UUID]:
    return {row.case.scholar_id for row in cases if fits(row)}


def _steps(cohort: Cohort, scholars: dict[UUID, bool], cases: list[CaseRow]) -> list[Step]:
    applied = _people(cases, lambda row: True)
    # Whoever was let in late, or has left since, applied all the same.
    eligible = {key for key, could in scholars.items() if could} | applied
    everybody = set(scholars) | applied
    groups = (len(everybody), len(eligible), len(applied))

    def step(words: str, people: set[UUID], show: str | None, *of: bool) -> Step:
        shares = [share(len(people), whole) if is_asked else "" for whole, is_asked in zip(groups, of, strict=True)]
        return Step(words, len(people), (shares[0], shares[1], shares[2]), show)

    later = {name: _people(cases, BY_NUMBER[name][1]) for name in ("yes", "granted", "accepted", "in_force")}
    return [
        step(f"{cohort.scholar_label_plural} in the phase", everybody, None, False, False, False),
        step("could apply (eligible)", eligible, None, True, False, False),
        step("applied", applied, "", True, True, False),
        step("a mentor’s approval says yes", later["yes"], "yes", True, True, True),
        step("granted", later["granted"], "granted", True, True, True),
        step("accepted", later["accepted"], "accepted", True, True, True),
        step("in force", later["in_force"], "in_force", True, True, True),
    ]


def _figures(cohort: Cohort, row: Round, cases: list[CaseRow], at: dt.datetime) -> list[Figure]:
    def number(name: str) -> int:
        return sum(ALL[name][1](one) for one in cases)

    contested = sum(BY_CASE["contested"][1](one) for one in cases)
    return [
        Figure("A no or refusal without an earlier warning", _of(number("surprise"), cases), "surprise"),
        Figure("Contested", _of(contested, cases), "contested"),
        Figure("Changed after an appeal", _of(number("changed"), cases), "changed"),
        Figure(f"Days late, after {in_words(row.answers_on)}", _days_late(cohort, row, cases, at), "late"),
    ]


def _of(number: int, cases: list[CaseRow]) -> str:
    return f"{number} of {len(cases)} case{'s' * (len(cases) != 1)}"


def _days_late(cohort: Cohort, row: Round, cases: list[CaseRow], at: dt.datetime) -> str:
    """How many letters came late, and by how many days: mean and median of all letters, those in time
    counting as 0. Late entries were promised nothing."""
    promised = [one for one in cases if one.case.late_entry_id is None]
    days_out = [local_date(one.letters[0][1], cohort.time_zone) for one in promised if one.letters]
    days = [max((day - row.answers_on).days, 0) for day in days_out]
    waiting = sum(one.case.is_open and not one.letters for one in promised) if at >= row.answers_due_at else 0
    parts = [f"{sum(day > 0 for day in days)} of {len(days)} letter{'s' * (len(days) != 1)} late"]
    if len(days) >= SMALLEST_GROUP:
        mean = round_half_up(Fraction(sum(days), len(days)), 1)
        parts.append(f"mean {mean}, median {round_half_up(Fraction(median(days)), 1)} days, of {len(days)}")
    elif days:
        parts.append(f"mean and median {NOT_SHOWN}")
    if waiting:
        parts.append(f"{waiting} still wait{'s' * (waiting == 1)}")
    return "; ".join(parts)
