"""The evidence as HTML: rows that a template would loop over some hundred times are joined here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cohorts.access import condition
from cohorts.models import Cohort, Membership, Milestone, Person, Role
from mats.prepared import prepared
from mentorship.evidence.leave import Leaves
from mentorship.evidence.reading import Count, Row, count, counts_of, rows_of
from mentorship.evidence.words import Figure, Said, figure, said
from mentorship.standard import WhatWeLookFor

UNITS = {"rhythm": "week", "meetings": "week", "milestones": "milestone", "actions": "action", "outputs": "output"}
EMPTY = {
    "rhythm": "Each week’s log will stand here once its week has begun.",
    "meetings": "Each week’s meeting with a mentor will stand here once its week has begun.",
    "milestones": "Each milestone will stand here with its date.",
    "actions": "What is agreed as next will stand here, done, dropped with a reason, or open.",
    "outputs": "Papers, posts, code, datasets and talks will stand here once they are entered.",
}
LINKED = '<li><a class="what" href="{2}"><bdi>{0}</bdi></a> <span>{1}</span></li>'
OUTSIDE = '<li><a class="what" href="{2}" rel="nofollow noopener"><bdi>{0}</bdi></a> <span>{1}</span></li>'
UNLINKED = '<li><span class="what"><bdi>{0}</bdi></span> <span>{1}</span></li>'


@dataclass(frozen=True)
class Band:
    """One line of the evidence, as a scholar's page shows it."""

    line: str
    title: str
    expectation: str
    figure: Figure
    number: str
    rows: SafeString
    empty: str


def bands(place: Membership, standard: WhatWeLookFor, reader: Person, at: dt.datetime) -> list[Band]:
    """The lines of what we look for, in its order, each with the rows behind it."""
    by_line: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(place, reader, at):
        by_line[row.line].append(row)
    leaves = Leaves(place)
    has_milestones = bool(_milestones(cohort=place.cohort_id))
    return [
        Band(
            line=line,
            title=title,
            expectation=expectation,
            figure=figure(line, count(by_line[line]), standard, has_milestones=has_milestones),
            number=_number(len(by_line[line]), UNITS[line]),
            rows=_rows(said(row, place.cohort, leaves.noted_afterwards(row)) for row in by_line[line]),
            empty=EMPTY[line],
        )
        for line, title, expectation in standard.shown
    ]


def _number(number: int, unit: str) -> str:
    return f"the {unit}" if number == 1 else f"the {number} {unit}s"


def _rows(rows: Iterable[Said]) -> SafeString:
    return format_html_join("", "{}", ((format_html(_form(row), *row),) for row in rows))


def _form(row: Said) -> str:
    if not row.url:
        return UNLINKED
    return LINKED if row.url.startswith("/") else OUTSIDE


@prepared
def _milestones(cohort: UUID) -> QuerySet[Any]:
    return Milestone.objects.filter(cohort=cohort, archived_at=None).values_list("pk")[:1]


@prepared
def _scholars(cohort: UUID, reader: Person, at: dt.datetime) -> QuerySet[Any]:
    scholars = Membership.objects.filter(condition(reader, "read", "evidence", at))
    scholars = scholars.filter(cohort=cohort, role=Role.SCHOLAR, archived_at=None)
    return scholars.order_by("person__name", "pk").values_list("pk", "person__name")


def table(cohort: Cohort, standard: WhatWeLookFor, reader: Person, at: dt.datetime) -> tuple[SafeString, bool]:
    """A row a scholar, by name; each cell leads to that line of their page. And whether there are milestones."""
    scholars = _scholars(cohort=cohort.pk, reader=reader, at=at)
    counts = counts_of(cohort, reader, at)
    has_milestones = bool(_milestones(cohort=cohort.pk))
    lines = [line for line, _, _ in standard.shown]
    parts = []
    for key, name in scholars:
        page = f"/people/{key}/standing/"
        figures = (
            (line, figure(line, counts.get((key, line), Count()), standard, has_milestones=has_milestones))
            for line in lines
        )
        cells = "".join(_cell(page, line, words) for line, words in figures)
        parts.append(f'<tr><th scope="row"><a href="{page}">{escape(name)}</a></th>{cells}</tr>')
    return mark_safe("".join(parts)), has_milestones  # noqa: S308 - names are escaped, words and keys are ours


def _cell(page: str, line: str, words: Figure) -> str:
    rest = f'; <span class="quiet">{words.rest}</span>' if words.rest else ""
    return f'<td><a href="{page}?open={line}#{line}">{words.said}</a>{rest}</td>'
