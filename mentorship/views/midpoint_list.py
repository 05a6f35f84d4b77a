"""Everything of a cohort's mid-point by scholar; what a template would loop over is joined here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cohorts.access import may, visible
from cohorts.models import Cohort, Person
from mats import clock
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.models import MidpointLine, SupportPlan, Talk


class Line(NamedTuple):
    pk: UUID
    scholar: UUID
    name: str
    mentor: str
    view: str
    due_at: dt.datetime
    given_at: dt.datetime | None
    read_at: dt.datetime | None


class TalkRow(NamedTuple):
    pk: UUID
    scholar: UUID
    name: str
    owner: str | None
    due_at: dt.datetime
    talked_on: dt.date | None


class PlanRow(NamedTuple):
    pk: UUID
    scholar: UUID
    name: str
    by_when: dt.date
    review_on: dt.date
    review_due_at: dt.datetime
    reviewed_at: dt.datetime | None


@dataclass
class Row:
    """One scholar."""

    scholar: UUID
    name: str
    lines: list[Line] = field(default_factory=list)
    talks: list[TalkRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)


@dataclass(frozen=True)
class Midpoint:
    """What one reader may know of a cohort's mid-point, at one moment."""

    cohort: Cohort
    reader: Person
    at: dt.datetime
    is_staff: bool
    rows: list[Row]
    to_give: list[Line]

    @classmethod
    def of(cls, cohort: Cohort, request: Request) -> Midpoint:
        asked = {"reader": request.user, "at": request.now, "cohort": cohort.pk}
        is_staff = may(request.user, "see_evidence", "cohort", cohort, request.now)
        mine = {key for (key,) in _mine(**asked)}
        rows = _by_scholar(map(Line._make, _lines(**asked)), _talks(**asked), _plans(**asked))
        to_give = [line for row in rows for line in row.lines if line.pk in mine]
        return cls(cohort, request.user, request.now, is_staff, rows, sorted(to_give, key=lambda line: line.due_at))

    @property
    def shows_talks(self) -> bool:
        """Mentors read no talk: for them there is no column, and not an empty one."""
        return self.is_staff or any(row.talks for row in self.rows)

    @property
    def summary(self) -> str:
        """`2 of 3 lines are given; 1 is not read yet; 1 talk is owed.`"""
        lines = [line for row in self.rows for line in row.lines]
        given = [line for line in lines if line.given_at]
        unread = sum(not line.read_at for line in given)
        parts = [f"{len(given)} of {len(lines)} line{_s(len(lines))} {_are(len(given))} given"]
        if unread:
            parts.append(f"{unread} {_are(unread)} not read yet")
        if owed := sum(not talk.talked_on for row in self.rows for talk in row.talks):
            parts.append(f"{owed} talk{_s(owed)} {_are(owed)} owed")
        return f"{'; '.join(parts)}."

    @property
    def body(self) -> SafeString:
        """The body of the table."""
        return mark_safe("".join(map(self._row, self.rows)))  # noqa: S308 - names are escaped, keys are the database's

    def _row(self, row: Row) -> str:
        talks = f"<td>{_listed(map(self._talk, row.talks))}</td>" if self.shows_talks else ""
        return (
            f'<tr><th scope="row"><a href="/people/{row.scholar}/">{escape(row.name)}</a></th>'
            f"<td>{_listed(map(self._line, row.lines))}</td>{talks}<td>{_listed(map(self._plan, row.plans))}</td></tr>"
        )

    def _line(self, line: Line) -> str:
        return f'<a href="/midpoint/{line.pk}/">{escape(line.mentor)}</a>: {self._state(line)}'

    def _state(self, line: Line) -> str:
        if line.given_at:
            return f"{MidpointLine.View(line.view).label}, {'read' if line.read_at else 'not read yet'}"
        return self._due(line.due_at)

    def _due(self, due_at: dt.datetime) -> str:
        when = clock.format_moment(due_at, self.reader.time_zone, date=True)
        return f"due {when}" if due_at > self.at else f'<span class="late">owed since {when}</span>'

    def _talk(self, talk: TalkRow) -> str:
        who = escape(talk.owner or self.cohort.staff_label_plural)
        state = (
            f"took place {clock.format_day(talk.talked_on)}" if talk.talked_on else f"{who}, {self._due(talk.due_at)}"
        )
        return f'<a href="/talks/{talk.pk}/">talk</a>: {state}'

    def _plan(self, plan: PlanRow) -> str:
        again = clock.format_day(plan.review_on)
        if plan.reviewed_at:
            state = "closed"
        elif plan.review_due_at > self.at:
            state = f"until {clock.format_day(plan.by_when)}, looked at again {again}"
        else:
            state = f'<span class="late">to be looked at again since {again}</span>'
        return f'<a href="/support/{plan.pk}/">plan</a>: {state}'


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _listed(parts: Iterable[str]) -> str:
    return "".join(f"<div>{part}</div>" for part in parts) or '<span class="quiet">–</span>'


def _by_scholar(lines: Iterable[Line], talks: Iterable[Any], plans: Iterable[Any]) -> list[Row]:
    """A row for everybody of whom there is something, by name."""
    rows: dict[UUID, Row] = {}
    for line in lines:
        rows.setdefault(line.scholar, Row(line.scholar, line.name)).lines.append(line)
    for talk in map(TalkRow._make, talks):
        rows.setdefault(talk.scholar, Row(talk.scholar, talk.name)).talks.append(talk)
    for plan in map(PlanRow._make, plans):
        rows.setdefault(plan.scholar, Row(plan.scholar, plan.name)).plans.append(plan)
    return sorted(rows.values(), key=lambda row: (row.name.casefold(), str(row.scholar)))


@prepared
def _lines(reader: Person, at: dt.datetime, cohort: UUID) -> QuerySet[Any]:
    lines = visible(MidpointLine, "midpoint_line", reader, at).filter(cohort=cohort, archived_at=None)
    return lines.order_by("mentor__person__name", "pk").values_list(
        "pk", "scholar", "scholar__person__name", "mentor__person__name", "view", "due_at", "given_at", "read_at"
    )


@prepared
def _mine(reader: Person, at: dt.datetime, cohort: UUID) -> QuerySet[Any]:
    """Lines that the reader is to give."""
    mine = visible(MidpointLine, "midpoint_line", reader, at, "write")
    return mine.filter(cohort=cohort, archived_at=None, given_at=None).order_by().values_list("pk")


@prepared
def _talks(reader: Person, at: dt.datetime, cohort: UUID) -> QuerySet[Any]:
    talks = visible(Talk, "talk", reader, at).filter(cohort=cohort, archived_at=None)
    return talks.order_by("-due_at").values_list(
        "pk", "scholar", "scholar__person__name", "owner__person__name", "due_at", "talked_on"
    )


@prepared
def _plans(reader: Person, at: dt.datetime, cohort: UUID) -> QuerySet[Any]:
    plans = visible(SupportPlan, "support_plan", reader, at).filter(cohort=cohort, archived_at=None)
    return plans.order_by("-created_at").values_list(
        "pk", "scholar", "scholar__person__name", "by_when", "review_on", "review_due_at", "reviewed_at"
    )
