"""The page of one extension case, for everybody who may read it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find, find_with_acts, readers, visible
from cohorts.models import Person
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship import told
from mentorship.approvals import approvals_of, disagreement
from mentorship.letters import ANSWERS
from mentorship.models import Decision, DecisionLetter, ExtensionCase, MentorSearch, State, TermSheet
from mentorship.turn import Look, Press, in_a_word, turn_of


@dataclass(frozen=True)
class Decided:
    """A decision as the reader may read it; `is_replaced` by a later one that they may read, too."""

    decision: Decision
    words: str
    is_replaced: bool
    letter: str
    may_say_met: bool


def _cases(at: dt.datetime) -> QuerySet[ExtensionCase]:
    """With `is_searched`: whether staff owe a search for a mentor."""
    searches = MentorSearch.objects.filter(case=OuterRef("pk"), closed_at=None, archived_at=None)
    live = ExtensionCase.objects.filter(archived_at=None).annotate(is_searched=Exists(searches))
    return live.select_related("cohort", "scholar__person", "round", "late_entry__opened_by")


def find_case(request: Request, pk: uuid.UUID, act: str) -> ExtensionCase:
    return find("case", request.user, request.now, act=act, rows=_cases, pk=pk)


def case_url(case: ExtensionCase) -> str:
    return reverse("case", args=[case.pk])


def not_now(request: Request, case: ExtensionCase, check: Callable[..., Any], *facts: Any) -> HttpResponse | None:
    """A form that can do nothing in this state is not drawn: the case is shown, with the rule's words. What was
    sent nevertheless keeps its text."""
    if request.method == "POST":
        return None
    try:
        check(*facts)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect(case_url(case))
    return None


def who_reads(thing: str, *, is_scholar: bool) -> list[str]:
    """Who can read a thing, from the access table; said to the scholar themselves as "you"."""
    who = readers(thing)
    return [one.replace("the scholar’s", "your").replace("the scholar", "you") for one in who] if is_scholar else who


def case(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Where it stands and who has it, the application, what mentors say, what is decided, and what happened.

    Staff and committee who are not recused read what is not released yet; nobody else learns that it is there.
    """
    row = find_with_acts("case", request.user, request.now, rows=_cases, pk=pk)
    look = Look(row, request.user, request.now, is_inside=bool({"administer", "judge"} & row.acts))
    reads = {"reader": request.user, "at": request.now, "case": row.pk}
    sheet = next(iter(_sheets(**reads)), None)
    approvals = approvals_of(row, request.user, request.now)
    context = {
        "case": row,
        "cohort": row.cohort,
        "is_mine": look.is_mine,
        "is_inside": look.is_inside,
        "turn": turn_of(look),
        "asked": look.total(row.total_months),
        "others": _others(look),
        "who_reads": who_reads("case", is_scholar=look.is_mine),
        "approvals": approvals,
        "disagreement": disagreement(approvals),
        "decisions": _decided(look, _decisions(**reads)),
        "sheet": sheet,
        "acts": _acts(row, sheet),
        "history": told.of_case(row, is_inside=look.is_inside),
    }
    return render(request, "mentorship/case.html", context)


@dataclass(frozen=True)
class Other:
    """Another case of the same scholar: `Earlier: case 1, withdrawn`."""

    case: ExtensionCase
    words: str
    is_earlier: bool


def _others(look: Look) -> list[Other]:
    """Those that the reader may read, too; one question."""
    mine, found = look.case, _of_scholar(reader=look.reader, at=look.at, scholar=look.case.scholar_id)
    others = [one for one in found if one.pk != mine.pk]
    for one in others:
        one.scholar, one.cohort = mine.scholar, mine.cohort
    return [Other(one, in_a_word(Look(one, look.reader, look.at)), one.number < mine.number) for one in others]


@prepared
def _of_scholar(reader: Person, at: dt.datetime, scholar: uuid.UUID) -> QuerySet[ExtensionCase]:
    return visible(ExtensionCase, "case", reader, at).filter(scholar=scholar, archived_at=None).order_by("number")


@prepared
def _decisions(reader: Person, at: dt.datetime, case: uuid.UUID) -> QuerySet[Decision]:
    letters = visible(DecisionLetter, "letter", reader, at).filter(decision=OuterRef("pk"), archived_at=None)
    theirs = visible(Decision, "decision", reader, at).filter(case=case, confirmed_at__isnull=False, archived_at=None)
    rows = theirs.select_related("letter", "proposed_by", "confirmed_by").annotate(reads_letter=Exists(letters))
    return rows.order_by("-number")


def _decided(look: Look, decisions: list[Decision]) -> list[Decided]:
    """The latest first."""
    return [_one_decided(look, decision, is_replaced=place > 0) for place, decision in enumerate(decisions)]


def _one_decided(look: Look, decision: Decision, *, is_replaced: bool) -> Decided:
    words, case = ANSWERS.get(Decision.Outcome(decision.outcome), "Asked for more"), look.case
    if decision.total_months:
        words = f"{words}: {look.total(decision.total_months)}"
    return Decided(
        decision,
        words,
        is_replaced,
        letter=reverse("letter", args=[decision.letter.pk]) if decision.reads_letter else "",  # type: ignore[attr-defined]
        may_say_met="administer" in case.acts and case.is_open and not decision.conditions_met_at,  # type: ignore[attr-defined]
    )


@prepared
def _sheets(reader: Person, at: dt.datetime, case: uuid.UUID) -> QuerySet[TermSheet]:
    return visible(TermSheet, "sheet", reader, at).filter(case=case, archived_at=None)


# What staff can do with a case in each state.
STAFF: dict[State, list[tuple[str, str]]] = {
    State.MENTOR: [("Name another approver", "case_approver")],
    State.TALK: [("Record the talk with the mentor", "case_talk"), ("Name another approver", "case_approver")],
    State.OFFERED: [("Let it lapse", "case_lapse")],
    State.WAITLISTED: [("Let it lapse", "case_lapse")],
    State.ACCEPTED: [("Let it lapse", "case_lapse")],
    State.IN_FORCE: [("End it early", "case_end")],
}


def _acts(case: ExtensionCase, sheet: TermSheet | None) -> list[Press]:
    """The doors of staff and committee; for others there are none."""
    acts: frozenset[str] = case.acts  # type: ignore[attr-defined]  # by find_with_acts
    found = []
    if "judge" in acts:
        found.append(Press("For the committee", reverse("case_committee", args=[case.pk]), is_first=True))
    if "administer" not in acts:
        return found
    names = STAFF.get(State(case.state), [])
    if case.is_open and case.is_searched:  # type: ignore[attr-defined]  # by _cases
        names = [*names, ("Find a mentor for the term", "mentor_search")]
    found += [Press(words, reverse(name, args=[case.pk])) for words, name in names]
    if case.state == State.DECIDED:
        found.append(Press("Letters", reverse("letters", args=[case.cohort.slug])))
    if sheet and not sheet.shared_at:
        found.append(Press("Prepare the next-term sheet", reverse("sheet", args=[sheet.pk])))
    return found
