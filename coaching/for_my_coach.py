"""The line for the coach that goes with a scholar's log, as its writer sees it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from coaching.models import ForMyCoach
from cohorts.models import Caseload
from cohorts.querysets import LAUNCHED, not_over, running
from mats.prepared import prepared
from mentorship.models import Pairing, WeeklyLog


@dataclass(frozen=True)
class Reader:
    """The coach who would read it: their place, and their name."""

    pk: uuid.UUID
    name: str


@dataclass(frozen=True)
class Written:
    """What stands there already, and for whom it was written."""

    coach: uuid.UUID
    name: str
    row: ForMyCoach

    @property
    def body(self) -> str:
        return self.row.body


@dataclass(frozen=True)
class Box:
    """`coach` is who would read it (nobody, if nobody coaches), `row` what was written for them with
    this log, `earlier` what was written for somebody who coached before."""

    coach: Reader | None
    row: ForMyCoach | None
    earlier: list[Written]

    @property
    def body(self) -> str:
        return self.row.body if self.row else ""

    @property
    def drawn_for(self) -> str:
        """Names the reader and the state of the text, for the form that is drawn from it."""
        return drawn_for(self.coach.pk if self.coach else None, self.row)


def drawn_for(coach: uuid.UUID | None, row: ForMyCoach | None) -> str:
    return f"{coach}:{row.version if row else 0}" if coach else ""


def caseloads_with_a_reader(scholar: uuid.UUID, at: dt.datetime) -> QuerySet[Caseload]:
    """The caseload of a scholar that runs now, if its coach may read coaching about them: a
    mentor of theirs may not, whatever else the data say."""
    mentors = Pairing.objects.filter(LAUNCHED, mentor__person=OuterRef("coach__person"))
    also_mentor = mentors.filter(not_over(at, "cohort__time_zone"), scholar__person=OuterRef("scholar__person"))
    theirs = Caseload.objects.filter(LAUNCHED, ~Exists(also_mentor), scholar=scholar)
    return theirs.filter(running(at, "cohort__time_zone"))


def read_box(log: WeeklyLog, at: dt.datetime) -> Box:
    """For the scholar who writes this log, and nobody else: ask whether they may write it first. Two queries."""
    coach = next((Reader(*row) for row in _readers(scholar=log.scholar_id, at=at)), None)
    written = _written(log)
    return Box(
        coach=coach,
        row=next((one.row for one in written if coach and one.coach == coach.pk), None),
        earlier=[one for one in written if not (coach and one.coach == coach.pk) and one.body],
    )


@prepared
def _readers(scholar: uuid.UUID, at: dt.datetime) -> QuerySet[Any]:
    return caseloads_with_a_reader(scholar, at).values_list("coach", "coach__person__name")


def _written(log: WeeklyLog) -> list[Written]:
    return [Written(row.coach_id, row.name, row) for row in _rows(log=log.pk, scholar=log.scholar_id)]


@prepared
def _rows(log: uuid.UUID, scholar: uuid.UUID) -> QuerySet[Any]:
    rows = ForMyCoach.objects.filter(log=log, about=scholar).order_by("created_at")
    return rows.annotate(name=F("coach__person__name"))
