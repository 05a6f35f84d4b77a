"""The line for the coach that goes with a scholar's log, as its writer sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from coaching.models import ForMyCoach
from coaching.querysets import open_caseloads
from cohorts.access import visible
from cohorts.models import Caseload, Membership, Person
from cohorts.querysets import LAUNCHED, not_over
from mentorship.models import Pairing, WeeklyLog


@dataclass(frozen=True)
class Box:
    """`coach` is who would read it (nobody, if nobody coaches), `row` what was written for them with
    this log, `earlier` what was written for somebody who coached before."""

    coach: Membership | None
    row: ForMyCoach | None
    earlier: list[ForMyCoach]

    @property
    def body(self) -> str:
        return self.row.body if self.row else ""

    @property
    def drawn_for(self) -> str:
        """Names the reader and the state of the text, for the form that is drawn from it."""
        return drawn_for(self.coach, self.row)


def drawn_for(coach: Membership | None, row: ForMyCoach | None) -> str:
    return f"{coach.pk}:{row.version if row else 0}" if coach else ""


def caseloads_with_a_reader(log: WeeklyLog, at: dt.datetime) -> QuerySet[Caseload]:
    """The caseload of the log's scholar that runs now, if its coach may read coaching about them: a
    mentor of theirs may not, whatever else the data say."""
    mentors = Pairing.objects.filter(LAUNCHED, mentor__person=OuterRef("coach__person"))
    also_mentor = mentors.filter(not_over(at, "cohort__time_zone"), scholar__person=OuterRef("scholar__person"))
    return open_caseloads(at).filter(~Exists(also_mentor), scholar=log.scholar_id)


def read_box(log: WeeklyLog, writer: Person, at: dt.datetime) -> Box:
    """Two queries."""
    caseload = caseloads_with_a_reader(log, at).first()
    coach = caseload.coach if caseload else None
    rows = visible(ForMyCoach, "for_my_coach", writer, at, "write").filter(log=log.pk)
    written = list(rows.select_related("coach__person"))
    return Box(
        coach=coach,
        row=next((row for row in written if coach and row.coach_id == coach.pk), None),
        earlier=[row for row in written if (coach is None or row.coach_id != coach.pk) and row.body],
    )
