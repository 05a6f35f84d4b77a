"""Chances as they are read: with their log, scholar by scholar, for a cohort, and by their author alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from cohorts.access import condition, visible
from cohorts.models import Cohort, Milestone, Person
from mats.clock import local_date, round_half_up
from mats.prepared import prepared
from mentorship.models import Chance, Submission, WeeklyLog
from mentorship.rules.chance import ahead

NEEDED = 10  # resolved chances, before they say something of their author
SHOWN_FROM = 3  # people, before a group is shown
TREND = 3  # chances, the latest of which make a trend

MILESTONES = dict(Milestone.Kind.choices)


def percent_in_words(percent: int) -> str:
    """`60 %`, on one line."""
    return f"{percent}\u00a0%"


# --- writing: what a log can say a chance of ------------------------------------------------------


@dataclass(frozen=True)
class Ahead:
    """A submission that is ahead, and the chance that stands in this log, if one does."""

    pk: UUID
    milestone: str
    due_on: dt.date
    percent: int | None


def next_submission(log: WeeklyLog, at: dt.datetime) -> Ahead | None:
    """What this log can say a chance of: the scholar's next milestone, or the one it spoke of before.

    None where nothing is ahead, and where what it spoke of is sent or past its date: that stays as
    it stands. One query.
    """
    found = next(iter(_next(log=log.pk, scholar=log.scholar_id, at=at)), None)
    if found is None:
        return None
    pk, kind, due_at, percent, is_ahead = found
    due_on = local_date(due_at, log.scholar.cohort.time_zone)
    return Ahead(pk, MILESTONES[kind], due_on, percent) if is_ahead else None


@prepared
def _next(log: UUID, scholar: UUID, at: dt.datetime) -> QuerySet[Any]:
    spoken = FilteredRelation("chances", condition=Q(chances__log=log, chances__archived_at=None))
    theirs = Submission.objects.filter(scholar=scholar).annotate(said=spoken)
    found = theirs.filter(Q(said__isnull=False) | ahead(at)).annotate(is_ahead=Q(ahead(at)))
    rows = found.order_by(F("said__percent").asc(nulls_last=True), "due_at", "pk")
    return rows.values_list("pk", "milestone__kind", "due_at", "said__percent", "is_ahead")[:1]


# --- reading: with a log, and scholar by scholar --------------------------------------------------


@dataclass(frozen=True)
class LogChance:
    """What one log says; `was` is what the latest week before it said of the same milestone."""

    milestone: str
    due_on: dt.date
    percent: int
    was: int | None

    @property
    def words(self) -> str:
        """`60 % (was 80 %)`"""
        now = percent_in_words(self.percent)
        return now if self.was is None else f"{now} (was {percent_in_words(self.was)})"


def chances_of_logs(reader: Person, at: dt.datetime, logs: Iterable[WeeklyLog]) -> dict[UUID, LogChance]:
    """Of these logs, what the reader may read, by the log's key; one query."""
    rows = _of_logs(reader=reader, at=at, logs=[log.pk for log in logs])
    return {
        log: LogChance(MILESTONES[kind], local_date(due_at, zone), percent, was)
        for log, kind, due_at, zone, percent, was in rows
    }


@prepared
def _of_logs(reader: Person, at: dt.datetime, logs: list[UUID]) -> QuerySet[Any]:
    before = Chance.objects.filter(
        submission=OuterRef("submission"), archived_at=None, log__week_starts_on__lt=OuterRef("log__week_starts_on")
    ).order_by("-log__week_starts_on")
    read = visible(Chance, "chance", reader, at).filter(log__any=logs, archived_at=None)
    return read.order_by("pk").values_list(
        "log", "submission__milestone__kind", "submission__due_at", "log__scholar__cohort__time_zone", "percent",
        Subquery(before.values("percent")[:1]),
    )  # fmt: skip


def chance_trends(reader: Person, at: dt.datetime, scholars: Iterable[UUID]) -> dict[UUID, str]:
    """`research plan 80 → 60 %` by scholar's place: the latest chances of the milestone that comes
    next for them, as far as the reader may read them; one query."""
    said: dict[UUID, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for scholar, kind, percent in _of_scholars(reader=reader, at=at, scholars=list(scholars)):
        said[scholar][kind].append(percent)
    return {scholar: _trend(*next(iter(kinds.items()))) for scholar, kinds in said.items()}


def _trend(kind: str, percents: list[int]) -> str:
    *earlier, latest = percents[-TREND:]
    return f"{MILESTONES[kind]} {' → '.join([*map(str, earlier), percent_in_words(latest)])}"


@prepared
def _of_scholars(reader: Person, at: dt.datetime, scholars: list[UUID]) -> QuerySet[Any]:
    still_to_come = Submission.objects.filter(ahead(at)).values("pk")
    read = visible(Chance, "chance", reader, at).filter(
        log__scholar__any=scholars, archived_at=None, submission__in=still_to_come
    )
    rows = read.order_by("submission__due_at", "log__week_starts_on")
    return rows.values_list("log__scholar", "submission__milestone__kind", "percent")


# --- a cohort, for its staff ----------------------------------------------------------------------


@dataclass(frozen=True)
class CohortChance:
    """The next milestone of a cohort: the median of what `n` scholars said of it last, in percent."""

    milestone: str
    due_at: dt.datetime
    n: int
    median: int


def cohort_chances(cohort: Cohort, at: dt.datetime) -> CohortChance | None:
    """All that staff see of chances; None where no milestone is ahead, and for fewer than three people.

    Whoever has sent theirs meanwhile stays counted: a group that shrank would tell who is left. One query.
    """
    rows = _of_cohort(cohort=cohort, at=at)
    if len(rows) < SHOWN_FROM:
        return None
    kind, due_at, _ = rows[0]
    middle = int(round_half_up(Fraction(median(percent for *_, percent in rows))))
    return CohortChance(MILESTONES[kind], due_at, len(rows), middle)


@prepared
def _of_cohort(cohort: Cohort, at: dt.datetime) -> QuerySet[Any]:
    """The latest of each scholar who is here."""
    milestones = Milestone.objects.filter(cohort=cohort, archived_at=None, due_at__gt=at)
    said = Chance.objects.filter(
        submission__milestone__in=milestones.order_by("due_at").values("pk")[:1],
        submission__archived_at=None,
        log__scholar__archived_at=None,
        archived_at=None,
    )
    latest = said.order_by("log__scholar_id", "-log__week_starts_on").distinct("log__scholar_id")
    return latest.values_list("submission__milestone__kind", "submission__milestone__due_at", "percent")


# --- their author, and nobody else ----------------------------------------------------------------

HELD, DID_NOT, OPEN, GONE = "held", "did not hold", "open", "no longer asked"


@dataclass(frozen=True)
class OwnChance:
    """One that the reader said, and what became of it."""

    log: UUID
    week: int
    cohort: str
    milestone: str
    due_on: dt.date
    percent: int
    became: str


def own_chances(person: Person, at: dt.datetime) -> list[OwnChance]:
    """Everything this person said themselves, the latest first; one query."""
    return [
        OwnChance(
            log, week, cohort, MILESTONES[kind], local_date(due_at, zone), percent, _became(due_at, sent, gone, at)
        )
        for log, week, cohort, zone, kind, percent, due_at, sent, gone in _own(person=person, at=at)
    ]


def _became(
    due_at: dt.datetime, submitted_at: dt.datetime | None, archived_at: dt.datetime | None, at: dt.datetime
) -> str:
    """A milestone held if it was submitted by its moment, and did not once that has gone by. One that
    is asked of nobody any more tells nothing."""
    if archived_at:
        return GONE
    if submitted_at and submitted_at <= due_at:
        return HELD
    return DID_NOT if submitted_at or due_at < at else OPEN


@prepared
def _own(person: Person, at: dt.datetime) -> QuerySet[Any]:
    theirs = condition(person, "read", "chance", at, relations=("scholar", "former"))
    mine = Chance.objects.filter(theirs, archived_at=None, log__archived_at=None)
    return mine.order_by("-log__week_starts_on", "pk").values_list(
        "log", "log__number", "log__scholar__cohort__name", "log__scholar__cohort__time_zone",
        "submission__milestone__kind", "percent",
        "submission__due_at", "submission__submitted_at", "submission__archived_at",
    )  # fmt: skip


@dataclass(frozen=True)
class ByPercent:
    """All chances of one percent: how many were resolved, and of these how many held."""

    percent: int
    n: int
    held: int

    @property
    def share(self) -> int:
        """Percent of `n`, half rounded up."""
        return int(round_half_up(Fraction(100 * self.held, self.n)))

    # Its dot in the figure, of which 0 and 100 % are 220 units apart; the area grows with `n`.

    @property
    def x(self) -> int:
        return 50 + 220 * self.percent // 100

    @property
    def y(self) -> int:
        return 240 - 220 * self.share // 100

    @property
    def radius(self) -> int:
        return 2 + isqrt(6 * self.n)


@dataclass(frozen=True)
class Calibration:
    """How what somebody said compares with what came, percent by percent; of resolved chances alone."""

    rows: list[ByPercent]

    @property
    def n(self) -> int:
        return sum(row.n for row in self.rows)

    @property
    def held(self) -> int:
        return sum(row.held for row in self.rows)

    @property
    def share(self) -> int:
        return int(round_half_up(Fraction(100 * self.held, self.n)))

    @property
    def mean(self) -> int:
        """The mean of what was said, in percent."""
        return int(round_half_up(Fraction(sum(row.percent * row.n for row in self.rows), self.n)))


def calibration(chances: Iterable[OwnChance]) -> Calibration:
    """Of chances that are resolved; only those percents that were said."""
    became: dict[int, list[bool]] = defaultdict(list)
    for chance in chances:
        if chance.became in {HELD, DID_NOT}:
            became[chance.percent].append(chance.became == HELD)
    return Calibration([ByPercent(percent, len(held), sum(held)) for percent, held in sorted(became.items())])
