"""The calendar of a round as it is read: who owes what by when, and whether it was kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cohorts.models import Cohort, Milestone, Person
from cohorts.rules.days import in_words
from cohorts.trail import Line, history
from mats.history.trail import Part
from mats.prepared import prepared
from mentorship import told
from mentorship.models import Round

DAYS = frozenset({"opens_on", "closes_on", "answers_on", "letters_on"})
MOVED = frozenset(str(field.verbose_name) for field in Round._meta.concrete_fields if field.name in DAYS)


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
    live = Round.objects.filter(cohort=cohort, archived_at=None, phase__archived_at=None)
    return live.select_related("phase", "answers_given_by", "letters_sent_by").order_by("-opens_on")


@prepared
def _midpoints(cohort: UUID) -> QuerySet[Milestone]:
    return Milestone.objects.filter(cohort=cohort, kind=Milestone.Kind.MIDPOINT, archived_at=None)


def round_of(cohort: Cohort) -> Round | None:
    return next(iter(_rounds(cohort=cohort.pk)), None)


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
        who = f"{cohort.scholar_label_plural} who want to; {cohort.staff_label_plural} say how to apply"
        found.append(Step("Applications", days, who, _window(row, at)))
        answers = Promise("Answers", row.answers_on, row.answers_due_at, row.answers_given_at, row.answers_given_by)
        letters = Promise("Letters", row.letters_on, row.letters_due_at, row.letters_sent_at, row.letters_sent_by)
        for promise, press in ((answers, "round_answers"), (letters, "round_letters")):
            # Nobody is answered before the last day to apply is over.
            url = reverse(press, args=[row.pk]) if at >= row.closes_at else ""
            found.append(_promised(promise, cohort.staff_label_plural, at, url))
    return found


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


def moves(row: Round | None) -> list[Line]:
    """When its days were moved, by whom and why, the latest first."""
    if row is None:
        return []
    return told.moves(history([Part(Round, ("id",), row.pk)]), MOVED)
