"""Asking for the rows of one scholar, and for the figures of a whole cohort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from cohorts.access import condition, visible
from cohorts.models import Cohort, Membership, Person, Phase, Role
from cohorts.querysets import HERE_OR_ENDED
from mats.clock import local_date, weeks_between
from mats.prepared import prepared
from mats.statements import Statement, Written
from mentorship.evidence.sql import AHEAD, COUNTS, ROWS
from mentorship.models import Absence, Action, Meeting


class Row(NamedTuple):
    """One row behind a line; the columns are told in `mentorship.evidence.sql`. `path` leads nowhere
    where this reader may not open it."""

    scholar: UUID
    line: str
    day: dt.date
    number: int | None
    word: str
    counts: bool
    kept: bool
    why: str
    about: str
    path: str | None
    what: str | None
    more: str | None
    since: dt.datetime | None


class Count(NamedTuple):
    """A line's rows in figures: `counted` count, `kept` of these are kept; the others do not count, are
    not known, or lie ahead."""

    counted: int = 0
    kept: int = 0
    not_counted: int = 0
    unknown: int = 0
    ahead: int = 0


def rows_of(place: Membership, reader: Person, at: dt.datetime) -> list[Row]:
    """Everything behind a scholar's five lines, the oldest first. Whether this reader may see it is asked
    before ("evidence"); what they may not open has no path, and no text where that tells more."""
    moment = _moment(place.cohort, reader, at)
    asked = [Row._make(row) for row in _rows().ask(place=place.pk, **moment)]
    opens = {(kind, str(key)) for kind, key in _opens().ask(place=place.pk, reader=reader, at=at)}
    return sorted((_as_read(row, opens) for row in asked), key=lambda row: (row.day, row.what or "", row.about))


def _as_read(row: Row, opens: set[tuple[str, str]]) -> Row:
    if row.line not in {"meetings", "actions"} or (row.line, row.about) in opens:
        return row
    return row._replace(path=None) if row.line == "meetings" else row._replace(path=None, what=None, more=None)


def counts_of(cohort: Cohort, reader: Person, at: dt.datetime) -> dict[tuple[UUID, str], Count]:
    """The figures of every scholar of a cohort by scholar and line, as far as this reader may see them;
    a line without any row is not among them."""
    asked = _counts().ask(**_moment(cohort, reader, at))
    return {(scholar, line): Count(*figures) for scholar, line, *figures in asked}


def counts_of_one(place: Membership, reader: Person, at: dt.datetime) -> dict[str, Count]:
    """The figures of one scholar by line. Whether this reader may see them is asked before."""
    asked = _counts_of_one().ask(place=place.pk, **_moment(place.cohort, reader, at))
    return {line: Count(*figures) for _, line, *figures in asked}


def count(rows: Iterable[Row]) -> Count:
    """The figures of one line's rows."""
    found = list(rows)
    others = [row.why for row in found if not row.counts]
    unknown, ahead = others.count("unknown"), sum(why in AHEAD for why in others)
    return Count(
        counted=len(found) - len(others),
        kept=sum(row.counts and row.kept for row in found),
        not_counted=len(others) - unknown - ahead,
        unknown=unknown,
        ahead=ahead,
    )


def _moment(cohort: Cohort, reader: Person, at: dt.datetime) -> dict[str, Any]:
    """What both questions are filled with. Weeks are those of every phase that have begun."""
    today = local_date(at, cohort.time_zone)
    phases = [weeks_between(first, last, cohort.week_start) for first, last in _phases(cohort=cohort.pk)]
    weeks = [week.starts_on for weeks in phases for week in weeks if week.starts_on <= today]
    zone, week_start = cohort.time_zone, cohort.week_start
    return {"cohort": cohort.pk, "reader": reader, "at": at, "zone": zone, "week_start": week_start, "weeks": weeks}


@prepared
def _phases(cohort: UUID) -> QuerySet[Any]:
    return Phase.objects.filter(cohort=cohort, archived_at=None).values_list("starts_on", "ends_on")


def _written(sql: str, scholars: QuerySet[Membership], *, reader: Person, at: dt.datetime, **values: Any) -> Written:
    absences = visible(Absence, "absence", reader, at).values("pk")
    return Written(sql, scholars=scholars.values("pk"), absences=absences, at=at, **values)


@cache
def _rows() -> Statement:
    def evidence_rows(place: UUID, **moment: Any) -> list[Written]:
        return [_written(ROWS, Membership.objects.filter(pk=place), **moment)]

    return Statement(evidence_rows)


@cache
def _counts() -> Statement:
    def evidence_counts(cohort: UUID, reader: Person, at: dt.datetime, **values: Any) -> list[Written]:
        scholars = Membership.objects.filter(condition(reader, "read", "evidence", at))
        scholars = scholars.filter(HERE_OR_ENDED, cohort=cohort, role=Role.SCHOLAR)
        return [_written(COUNTS, scholars, reader=reader, at=at, cohort=cohort, **values)]

    return Statement(evidence_counts)


@cache
def _counts_of_one() -> Statement:
    def evidence_counts_of_one(place: UUID, **moment: Any) -> list[Written]:
        return [_written(COUNTS, Membership.objects.filter(pk=place), **moment)]

    return Statement(evidence_counts_of_one)


@cache
def _opens() -> Statement:
    """Which of a scholar's meetings and actions this reader may open: a co-mentor is in some of them only."""

    def evidence_opens(place: UUID, reader: Person, at: dt.datetime) -> list[QuerySet[Any]]:
        kind = CharField()
        meetings = visible(Meeting, "meeting", reader, at).filter(pairing_weeks__pairing__scholar=place)
        actions = visible(Action, "action", reader, at).filter(owner=place)
        return [
            meetings.values_list(Value("meetings", output_field=kind), "pk"),
            actions.values_list(Value("actions", output_field=kind), "pk"),
        ]

    return Statement(evidence_opens)
