"""Rows to facts, each with the line it stands on; blanks are filled with what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from mats.pages.importing import cells
from mats.pages.importing.formats import CASELOADS, PAIRINGS, PEOPLE, BadRow, Source
from mats.pages.importing.reading import Row, Sheet

HALF_A_TIME = "A weekly meeting has a weekday and a time, or neither."


@dataclass(frozen=True)
class PersonRow:
    """Somebody in a role. `site` is empty for remote; dates are None where the phase's are meant."""

    line: int
    email: str
    name: str
    role: str
    time_zone: str
    site: str
    starts_on: dt.date
    ends_on: dt.date
    hours_per_week: Decimal


@dataclass(frozen=True)
class PairingRow:
    """A scholar and a mentor; dates are None where the days on which both are here are meant."""

    line: int
    scholar: str
    mentor: str
    is_lead: bool
    starts_on: dt.date | None
    ends_on: dt.date | None
    weekday: int | None
    local_time: dt.time | None
    time_zone: str


@dataclass(frozen=True)
class CaseloadRow:
    line: int
    scholar: str
    coach: str
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass
class Batch:
    """What the files say. `names` has a name for every kind, `given` the kinds that were handed in.

    `half_read` holds the addresses of people's rows that were bad, and `people_unread` says that
    some of the file could not be read at all: what depends on those is not called wrong as well.
    """

    names: dict[str, str] = field(
        default_factory=lambda: {kind: f"{kind}.csv" for kind in (PEOPLE, PAIRINGS, CASELOADS)}
    )
    given: set[str] = field(default_factory=set)
    people: list[PersonRow] = field(default_factory=list)
    pairings: list[PairingRow] = field(default_factory=list)
    caseloads: list[CaseloadRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    half_read: set[str | None] = field(default_factory=set)
    people_unread: bool = False

    def refuse(self, kind: str, line: int, column: str, reason: str) -> None:
        self.bad.append(BadRow(self.names[kind], line, column, reason))


@dataclass(frozen=True)
class Blanks:
    """What blank cells mean in this cohort."""

    time_zone: str
    starts_on: dt.date
    ends_on: dt.date


class RowReader:
    """Takes the cells of one row, collecting what is wrong with each; `is_good` once all were taken."""

    def __init__(self, batch: Batch, kind: str, row: Row) -> None:
        self.batch, self.kind, self.row = batch, kind, row
        self.is_good = True

    def take(self, column: str, convert: Callable[..., Any], *more: Any) -> Any:
        try:
            return convert(self.row.cells[column], *more)
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return None

    def refuse(self, column: str, reason: str) -> None:
        self.is_good = False
        self.batch.refuse(self.kind, self.row.line, column, reason)

    def days(self, blanks: Blanks | None = None) -> tuple[dt.date | None, dt.date | None]:
        """First and last day; a last day before the first is bad here, with both at hand."""
        first, last = self.take("starts_on", cells.day), self.take("ends_on", cells.day)
        if blanks and self.is_good:
            first, last = first or blanks.starts_on, last or blanks.ends_on
        if first and last and last < first:
            self.refuse("ends_on", f"The last day, {last}, is before the first, {first}.")
        return first, last


def parse(sources: list[Source], blanks: Blanks) -> Batch:
    """Every file's rows as facts; what is wrong stands in `bad`, in the order of files and lines."""
    batch = Batch()
    readers = {PEOPLE: _person, PAIRINGS: _pairing, CASELOADS: _caseload}
    for source in sorted(sources, key=lambda source: list(readers).index(source.kind)):
        batch.names[source.kind] = source.name
        batch.given.add(source.kind)
        sheet = Sheet(source)
        into = getattr(batch, source.kind)
        for row in sheet.rows():
            if fact := readers[source.kind](RowReader(batch, source.kind, row), blanks):
                into.append(fact)
        batch.bad += sheet.bad
        batch.people_unread |= source.kind == PEOPLE and bool(sheet.bad)
    return batch


def _person(reader: RowReader, blanks: Blanks) -> PersonRow | None:
    email = reader.take("email", cells.email)
    name = reader.take("name", cells.name)
    role = reader.take("role", cells.role)
    zone = reader.take("time_zone", cells.zone, blanks.time_zone)
    site = reader.take("site", cells.site)
    hours = reader.take("hours_per_week", cells.hours)
    first, last = reader.days(blanks)
    if not reader.is_good or first is None or last is None:
        reader.batch.half_read.add(email)
        return None
    return PersonRow(reader.row.line, email, name, role, zone, site, first, last, hours)


def _pairing(reader: RowReader, blanks: Blanks) -> PairingRow | None:
    scholar, mentor = reader.take("scholar", cells.email), reader.take("mentor", cells.email)
    is_lead = reader.take("lead", cells.yes_or_no)
    weekday, time = reader.take("weekday", cells.weekday), reader.take("local_time", cells.clock_time)
    zone = reader.take("time_zone", cells.zone, blanks.time_zone)
    first, last = reader.days()
    if not reader.is_good:
        return None
    if (weekday is None) != (time is None):
        reader.refuse("weekday" if weekday is None else "local_time", HALF_A_TIME)
        return None
    return PairingRow(
        reader.row.line, scholar, mentor, is_lead, first, last, weekday, time, zone if time is not None else ""
    )


def _caseload(reader: RowReader, blanks: Blanks) -> CaseloadRow | None:
    scholar, coach = reader.take("scholar", cells.email), reader.take("coach", cells.email)
    first, last = reader.days()
    return CaseloadRow(reader.row.line, scholar, coach, first, last) if reader.is_good else None
