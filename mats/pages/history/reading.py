"""A history as one reader may read it at a moment: a page of lines, the latest first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from coaching.relations import people_ever_mentored_by
from cohorts.models import Caseload, Cohort, Membership, Person, Phase, Role, Site
from cohorts.querysets import LAUNCHED
from cohorts.relations import ended_memberships, my_memberships
from cohorts.trail import Line, Manner, in_lines, many
from mats.history.trail import Change, Part, trail
from mats.pages.history.kinds import Kind
from mats.pages.history.own import TOLD

PAGE = 100  # changes
LAST_PAGE = 50
MANY = 4  # rows that were added at once stand in one line from here on


@dataclass(frozen=True)
class History:
    """`page` counts from 1; `older` is the number of the next one, if there is one."""

    lines: list[Line]
    page: int
    older: int | None


def page_number(wish: str) -> int:
    """The page that was wished for; nonsense is the first."""
    is_number = wish.isascii() and wish.isdigit() and len(wish) <= len(str(LAST_PAGE))
    return min(max(int(wish), 1), LAST_PAGE) if is_number else 1


# --- of one thing, for its staff ------------------------------------------------------------------


def read_history(kind: Kind, row: Any, reader: Person, at: dt.datetime, *, page: int) -> History:
    cohort = kind.cohort(row)
    changes, older = _page(kind.parts(row, reader, at), page)
    manner = Manner(zone=reader.time_zone, cohort=cohort, names=_names(cohort), told=kind.told)
    lines = _without_reasons(changes, in_lines(changes, manner=manner), reader)
    told = [(change, line) for change, line in zip(changes, lines, strict=True) if _says_something(change, line)]
    return History(_in_short(told), page, older)


def _page(parts: Iterable[Part], page: int) -> tuple[list[Change], int | None]:
    changes = trail(parts, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return changes[:PAGE], page + 1 if len(changes) > PAGE and page < LAST_PAGE else None


def _names(cohort: Cohort) -> dict[str, str]:
    """Phases and sites of a cohort by key, for changes that point to them."""
    rows: list[Phase | Site] = [*Phase.objects.filter(cohort=cohort), *Site.objects.filter(cohort=cohort)]
    return {str(row.pk): str(row) for row in rows}


def _without_reasons(changes: list[Change], lines: list[Line], reader: Person) -> list[Line]:
    """Why somebody's coach was changed is not for a mentor of theirs, staff or not."""
    coached = {change.now["scholar_id"] for change in changes if change.model is Caseload}
    if not coached:
        return lines
    mentored = Membership.objects.filter(pk__in=coached, person__in=people_ever_mentored_by(reader))
    walled = {str(key) for key in mentored.values_list("pk", flat=True)}
    return [
        replace(line, why="", facts=[fact for fact in line.facts if fact[0] != WHY_ENDED])
        if change.model is Caseload and change.now["scholar_id"] in walled
        else line
        for change, line in zip(changes, lines, strict=True)
    ]


WHY_ENDED = "reason for the end"


def _says_something(change: Change, line: Line) -> bool:
    """Not where only what is never told has changed."""
    return bool(line.facts or line.texts or line.why) or not line.what.endswith(" changed")


def _in_short(told: list[tuple[Change, Line]]) -> list[Line]:
    """Rows of one kind that were added in one act stand in one line, with each of them folded."""
    acts: dict[Any, list[tuple[Change, Line]]] = defaultdict(list)
    for change, line in told:
        is_new = change.what == "insert"
        key = (change.model, change.at, line.who, line.whence, line.why) if is_new else id(change)
        acts[key].append((change, line))
    return [line for act in acts.values() for line in _one_for_many(act)]


def _one_for_many(act: list[tuple[Change, Line]]) -> list[Line]:
    lines = [line for _, line in act]
    if len(act) < MANY:
        return lines
    each = [": ".join([line.what.removesuffix(" added"), *_in_a_row(line)]) for line in lines]
    return [replace(lines[0], what=f"{many(act[0][0], len(act))} added", facts=[], each=each)]


def _in_a_row(line: Line) -> list[str]:
    return ["; ".join(f"{title} {words}" for title, words in line.facts)] if line.facts else []


# --- of oneself -----------------------------------------------------------------------------------


def read_my_history(person: Person, at: dt.datetime, *, page: int) -> History:
    """What the person did, and what others did to their places: of each model what `TOLD` says."""
    mine = {str(key) for key in _my_keys(person, at)}
    parts = [Part(model, told.mine, list(mine), by=person.pk) for model, told in TOLD.items()]
    changes, older = _page(parts, page)
    manner = Manner(zone=person.time_zone, told=lambda change: TOLD[change.model].fields_of(change, mine))
    told = [
        (change, line if TOLD[change.model].tells_why else replace(line, why=""))
        for change, line in zip(changes, in_lines(changes, manner=manner), strict=True)
        if TOLD[change.model].tells_of(change)
    ]
    return History(_in_short(told), page, older)


def _my_keys(person: Person, at: dt.datetime) -> list[Any]:
    """The person, and their places; of a cohort that is not launched its staff know alone."""
    open_to_me = LAUNCHED | Q(role=Role.STAFF)
    places = my_memberships(person).filter(open_to_me).order_by().values_list("pk", flat=True)
    ended = ended_memberships(person, at).order_by().values_list("pk", flat=True)
    return [person.pk, *places.union(ended)]
