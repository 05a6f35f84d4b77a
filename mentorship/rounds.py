"""The calendar of a round as it is read: who owes what by when, and whether it was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from cohorts.models import Cohort, Membership, Milestone, Person, Phase, Stay
from cohorts.rules.days import in_words
from cohorts.trail import Line
from mats.prepared import prepared
from mentorship.models import ExtensionCase, Round, State
from mentorship.models.case import PLACE_TAKEN


@dataclass(frozen=True)
class Step:
    """One line of the calendar. `kept_at` and `kept_by` where a promise was kept; `press` is where staff say so,
    `url` where there is more to read."""

    what: str
    day: str
    who: str
    state: str
    is_late: bool = False
    kept_at: dt.datetime | None = None
    kept_by: str = ""
    press: str = ""
    url: str = ""


class Promise(NamedTuple):
    """What staff promise by the end of a day, and who said when that it was kept."""

    what: str
    day: dt.date
    due_at: dt.datetime
    kept_at: dt.datetime | None
    kept_by: Person | None


@prepared
def _rounds(cohort: UUID) -> QuerySet[Round]:
    """With `has_cases`: whether somebody has applied, and not withdrawn; with the day of the mid-point; and with
    `taken`, how many places are: of those whose letter is out, for the others are not known yet."""
    cases = ExtensionCase.objects.filter(round=OuterRef("pk"), archived_at=None).exclude(state=State.WITHDRAWN)
    taken = cases.filter(state__in=PLACE_TAKEN).order_by().values("round").annotate(n=Count("pk"))
    live = Round.objects.filter(cohort=cohort, archived_at=None, phase__archived_at=None)
    midpoint = Milestone.objects.filter(cohort=cohort, kind=Milestone.Kind.MIDPOINT, archived_at=None)
    live = live.annotate(
        has_cases=Exists(cases),
        taken=Coalesce(Subquery(taken.values("n")), 0),
        midpoint_on=Subquery(midpoint.values("due_on")[:1]),
        midpoint_at=Subquery(midpoint.values("due_at")[:1]),
    )
    return live.select_related("phase", "answers_given_by", "letters_sent_by").order_by("-opens_on")


@prepared
def _midpoints(cohort: UUID) -> QuerySet[Milestone]:
    return Milestone.objects.filter(cohort=cohort, kind=Milestone.Kind.MIDPOINT, archived_at=None)


def rounds_of(cohort: Cohort) -> list[Round]:
    """The rounds of the main phase and of the terms, the latest first."""
    return _rounds(cohort=cohort.pk)


def round_of(cohort: Cohort) -> Round | None:
    """The main phase's."""
    return _main_of(rounds_of(cohort))


def _main_of(rows: list[Round]) -> Round | None:
    return next((row for row in rows if row.phase.kind == Phase.Kind.MAIN), None)


@prepared
def _stays(scholar: UUID) -> QuerySet[Stay]:
    stays = Stay.objects.filter(membership=scholar, archived_at=None)
    return stays.select_related("phase").order_by("-starts_on")[:1]


def latest_stay(scholar: Membership) -> Stay | None:
    """Where a scholar is, or will be once their term begins; it brings them the total of its phase."""
    return next(iter(_stays(scholar=scholar.pk)), None)


def round_for(scholar: Membership) -> Round | None:
    """The round in which a scholar applies: of the main phase, or of the term that they are in or have
    been given."""
    return round_of_stay(rounds_of(scholar.cohort), latest_stay(scholar))


def round_of_stay(rows: list[Round], stay: Stay | None) -> Round | None:
    return next((row for row in rows if stay and row.phase_id == stay.phase_id), None)


@prepared
def _terms(cohort: UUID) -> QuerySet[Phase]:
    return Phase.objects.filter(cohort=cohort, kind=Phase.Kind.TERM, archived_at=None).order_by("-starts_on", "-pk")


def terms(cohort: Cohort) -> dict[int, Phase]:
    """The cohort's terms by their totals, in order; of two with one total the earlier."""
    found = {term.total_months: term for term in _terms(cohort=cohort.pk) if term.total_months}
    return dict(sorted(found.items()))


def midpoint_day(cohort: Cohort) -> Milestone | None:
    return next(iter(_midpoints(cohort=cohort.pk)), None)


def steps(cohort: Cohort, row: Round | None, midpoint: Milestone | None, at: dt.datetime) -> list[Step]:
    """The calendar in its order: mid-point, window, answers, letters; what is not set yet is left out."""
    found = []
    if midpoint:
        who = f"every {cohort.scholar_label}; every mentor says one line"
        state, url = "ahead" if at <= midpoint.due_at else "gone by", reverse("midpoint", args=[cohort.slug])
        found.append(Step("Mid-point", in_words(midpoint.due_on), who, state, url=url))
    if row:
        days = f"{in_words(row.opens_on)} – {in_words(row.closes_on)}"
        who = f"{cohort.scholar_label_plural} who want to, from this page"
        found.append(Step("Applications", f"{days}{_places(row)}", who, _window(row, at)))
        answers = Promise("Answers", row.answers_on, row.answers_due_at, row.answers_given_at, row.answers_given_by)
        letters = Promise("Letters", row.letters_on, row.letters_due_at, row.letters_sent_at, row.letters_sent_by)
        for promise, press in ((answers, "round_answers"), (letters, "round_letters")):
            # Nobody is answered before the last day to apply is over; of cases the last one keeps the promise.
            by_hand = at >= row.closes_at and not getattr(row, "has_cases", False)
            url = reverse(press, args=[row.pk]) if by_hand else ""
            found.append(_promised(promise, cohort.staff_label_plural, at, url))
    return found


def _places(row: Round) -> str:
    """`· 4 of 30 places left`; nothing where as many are granted as apply."""
    if row.places is None:
        return ""
    left = max(row.places - getattr(row, "taken", 0), 0)
    return f" · {left} of {row.places} place{'s' * (row.places != 1)} left"


def _window(row: Round, at: dt.datetime) -> str:
    if at < row.opens_at:
        return "not open yet"
    return "open now" if at < row.closes_at else "closed"


def _promised(one: Promise, who: str, at: dt.datetime, press: str) -> Step:
    day = f"promised by {in_words(one.day)}"
    if one.kept_at and one.kept_by:
        is_late = one.kept_at > one.due_at
        return Step(one.what, day, who, "kept, late" if is_late else "kept", is_late, one.kept_at, one.kept_by.name)
    is_late = one.due_at <= at
    return Step(one.what, day, who, "late: not kept yet" if is_late else "ahead", is_late, press=press)


@dataclass(frozen=True)
class Calendar:
    """One round as it is read: of the main phase, or of the term it names (with its `key`)."""

    title: str
    steps: list[Step]
    moves: list[Line]
    is_set: bool
    key: UUID | None = None


def calendars(cohort: Cohort, rows: list[Round], moved: Mapping[UUID, list[Line]], at: dt.datetime) -> list[Calendar]:
    """The calendar of each of these rounds, with when its days were `moved`; the main phase's first, which
    is there before its round is set."""
    main = _main_of(rows)
    first = steps(cohort, main, _midpoint_of(main) if main else midpoint_day(cohort), at)
    found = [Calendar("The calendar", first, moved[main.pk] if main else [], is_set=main is not None)]
    for row in reversed(rows):
        if row is not main:
            title = f"For whoever has {row.phase}"
            found.append(Calendar(title, steps(cohort, row, None, at), moved[row.pk], is_set=True, key=row.pk))
    return found


def _midpoint_of(row: Round) -> Milestone | None:
    """As far as the calendar shows it."""
    if row.midpoint_on is None:  # type: ignore[attr-defined]  # by _rounds
        return None
    return Milestone(due_on=row.midpoint_on, due_at=row.midpoint_at)  # type: ignore[attr-defined]
