"""What of a history is read by those it touches: the act, who did it, when and why.

A reason that staff give is promised to those it touches. The rest of a row's history is its staff's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from cohorts.models import Cohort, Milestone, Rubric
from cohorts.trail import NOBODY, Line, in_lines, names_in
from mats.history.trail import Change, Part, trail
from mentorship.actions.reader import WHY
from mentorship.models import Standard, Submission

MANY = 200  # changes of one row
SHOWN = 20
DUE_ON = str(Milestone._meta.get_field("due_on").verbose_name)


@dataclass(frozen=True)
class OfMilestone:
    """Of a milestone: when its date was moved, who published the rubric in force, and for staff what was changed."""

    moves: list[Line]
    published: Line | None
    history: list[Line]


def moves(lines: Iterable[Line], titles: Collection[str]) -> list[Line]:
    """Of these lines the ones in which a date of these titles was moved, with nothing else of them."""
    told = ((line, [(title, words) for title, words in line.facts if title in titles]) for line in lines)
    return [replace(line, what="Date moved", facts=facts) for line, facts in told if facts]


def of_milestone(row: Milestone, rubric: Rubric | None) -> OfMilestone:
    """The latest first; two queries."""
    changes = trail([Part(Milestone, ("id",), row.pk), Part(Rubric, ("milestone_id",), row.pk)], limit=MANY)
    lines = in_lines(changes)
    by_whom = (line for change, line in zip(changes, lines, strict=True) if rubric and _is_of(change, rubric))
    published = next((line for line in by_whom if line.who != NOBODY), None)
    return OfMilestone(moves(lines, {DUE_ON}), published, lines[:SHOWN])


def _is_of(change: Change, rubric: Rubric) -> bool:
    return change.model is Rubric and change.now["id"] == str(rubric.pk)


def why_published(cohort: Cohort, number: int) -> str:
    """Why this version of what a cohort looks for replaced the one before."""
    if number <= 1:
        return ""
    changes = trail([Part(Standard, ("cohort_id",), cohort.pk)], limit=MANY)
    return next((str(one.context.get("why") or "") for one in changes if one.now["number"] == number), "")


# --- a scholar's own submission -------------------------------------------------------------------


@dataclass(frozen=True)
class Touch:
    """A change of a scholar's date or reader, as they read it; None or "" where there was, or is, none."""

    at: dt.datetime
    who: str
    why: str
    due: tuple[dt.datetime, dt.datetime] | None = None
    reader: tuple[str, str] | None = None


def of_submission(row: Submission) -> list[Touch]:
    """The latest first; two queries. Where a reader may no longer read it, that is a fact of theirs: it says
    neither why nor through whose act, since both would tell of a conflict, or of who coaches whom."""
    changes = trail([Part(Submission, ("id",), row.pk)], limit=MANY)
    changes = [change for change in changes if {"due_at", "reader"} & {one.name for one in change.fields}]
    names = names_in(changes) if changes else {}
    return [_touch(change, names) for change in changes]


def _touch(change: Change, names: dict[str, str]) -> Touch:
    moved = {one.name: change.values(one) for one in change.fields}
    due, reader = moved.get("due_at"), moved.get("reader")
    who, why = names.get(str(change.context.get("person")), NOBODY), str(change.context.get("why") or "")
    if why in WHY.values():
        who = why = ""
    return Touch(
        at=change.at,
        who=who,
        why=why,
        due=_both(dt.datetime.fromisoformat, due),
        reader=_both(lambda key: names.get(str(key), ""), reader),
    )


def _both(read: Any, values: tuple[Any, Any] | None) -> Any:
    return (read(values[0]), read(values[1])) if values else None
