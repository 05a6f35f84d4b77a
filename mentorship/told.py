"""What of a history is read by those it touches: the act, who did it, when and why.

A reason that staff give is promised to those it touches. The rest of a row's history is its staff's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cohorts.models import Cohort, Milestone, Rubric
from cohorts.trail import NOBODY, Line, in_lines, names_in
from mats.history.trail import Change, Part, trail
from mentorship.actions.reader import WHY
from mentorship.models import Approval, ExtensionCase, Round, Standard, State, Submission

MANY = 200  # changes of one row
SHOWN = 20
DAYS = frozenset({"opens_on", "closes_on", "answers_on", "letters_on", "places"})
MOVED = frozenset(str(field.verbose_name) for field in Round._meta.concrete_fields if field.name in DAYS)
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


@dataclass(frozen=True)
class OfExtension:
    """When the days of each round were moved, the latest first; and why the version shown replaced the one before."""

    moves: dict[UUID, list[Line]]
    why_published: str


def of_extension(cohort: Cohort, rows: Sequence[Round], number: int) -> OfExtension:
    """Of these rounds and of the version of this number; two queries, or one where nothing was moved."""
    parts = [Part(Round, ("id",), row.pk) for row in rows]
    if number > 1:
        parts.append(Part(Standard, ("cohort_id",), cohort.pk))
    changes = trail(parts, limit=MANY) if parts else []
    moved = [one for one in changes if one.model is Round and DAYS & {field.name for field in one.fields}]
    found: dict[UUID, list[Line]] = {row.pk: [] for row in rows}
    for change, line in zip(moved, in_lines(moved) if moved else [], strict=True):
        found[UUID(change.now["id"])] += moves([line], MOVED)
    whys = (
        str(one.context.get("why") or "") for one in changes if one.model is Standard and one.now["number"] == number
    )
    return OfExtension(found, next(whys, ""))


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


# --- an extension case ----------------------------------------------------------------------------

MOVED_TO = {
    State.MENTOR: "Back with the mentor",
    State.TALK: "{staff} talk with the mentor",
    State.COMMITTEE: "With the committee",
    State.MORE: "The committee asks for more",
    State.DECIDED: "Decided; the letter comes next",
    State.OFFERED: "Answered: granted",
    State.WAITLISTED: "Answered: on the waitlist",
    State.REFUSED: "Answered: refused",
    State.APPEALED: "Appealed",
    State.ACCEPTED: "Accepted; the next-term sheet comes next",
    State.IN_FORCE: "In force: everything about the term is set",
    State.DECLINED: "Declined",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "Lapsed",
    State.ENDED: "Ended early",
}
RELEASED = (State.OFFERED, State.WAITLISTED, State.REFUSED)
# Why another approver was named is private; what was said in a talk, or decided, stands in its own place.
WHY_IS_ELSEWHERE = (State.MENTOR, State.TALK, State.COMMITTEE, State.DECIDED)
APPLICATION = ("total_months", "plan", "if_refused")


@dataclass(frozen=True)
class OfCase:
    """One line of a case's history; `before` are the fields of the application as they stood until then."""

    what: str
    at: dt.datetime
    who: str
    why: str = ""
    before: list[tuple[str, str]] = field(default_factory=list)


def of_case(case: ExtensionCase, *, is_inside: bool) -> list[OfCase]:
    """The latest first; two queries. A decision is told to those outside the committee once its letter is out."""
    changes = trail([Part(ExtensionCase, ("id",), case.pk), Part(Approval, ("case_id",), case.pk)], limit=MANY)
    names, later, found = names_in(changes), None, []
    for change in changes:
        to = _moved_to(change)
        if is_inside or to != State.DECIDED or later in RELEASED:
            found += _of_case(change, to, names, staff=case.cohort.staff_label_plural)
        later = to or later
    return found


def _moved_to(change: Change) -> State | None:
    moved = change.model is ExtensionCase and "state" in {one.name for one in change.fields}
    return State(change.now["state"]) if moved else None


def _of_case(change: Change, to: State | None, names: dict[str, str], *, staff: str) -> list[OfCase]:
    """What one change says: a move, an application, an approver whom staff have named; of anything else nothing."""
    if to:
        why = "" if to in WHY_IS_ELSEWHERE else str(change.context.get("why") or "")
        moved_at, by = dt.datetime.fromisoformat(change.now["state_since"]), str(change.now["state_by_id"])
        return [OfCase(MOVED_TO[to].format(staff=staff.capitalize()), moved_at, names.get(by, NOBODY), why)]
    who = names.get(str(change.context.get("person")), NOBODY)
    if change.model is Approval:
        is_named = change.what == "insert" and change.now["named_by_id"]
        asked = names.get(str(change.now["mentor_id"]), NOBODY)
        return [OfCase(f"{asked} is asked to approve", change.at, who)] if is_named else []
    if change.what == "insert":
        applied_at, by = dt.datetime.fromisoformat(change.now["applied_at"]), str(change.now["state_by_id"])
        words = f"Applied for {change.now['total_months']} months in total"
        return [OfCase(words, applied_at, names.get(by, NOBODY))]
    before = [
        (str(one.verbose_name), str(change.values(one)[0] or "")) for one in change.fields if one.name in APPLICATION
    ]
    return [OfCase("Application changed", change.at, who, before=before)] if before else []
