"""The letter of a committee's decision: drafted, changed, released; and what lapses afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cohorts.access import visible
from cohorts.actions.holding import say_why, take
from cohorts.models import Person
from cohorts.querysets import not_over
from mats.history.record import EditedMeanwhile
from mentorship.actions.case import move, take_case
from mentorship.actions.round import settle_promises
from mentorship.deadlines import accept_by as usual_accept_by
from mentorship.deadlines import accept_by_at_release, end_of_day
from mentorship.letters import drafted
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, Pairing, Round, State
from mentorship.reminders.case import tell_moved
from mentorship.reminders.letter import tell_letters
from mentorship.rules.letter import (
    check_accept_by,
    check_is_a_no,
    check_is_draft,
    check_may_release,
    check_moves_later,
    check_says_something,
    check_still_holds,
    check_talked_first,
    check_waits_for_acceptance,
    check_waits_for_conditions,
    may_lapse,
    says_why_it_lapses,
)

Outcome = Decision.Outcome
BECOMES = {Outcome.GRANT: State.OFFERED, Outcome.WAITLIST: State.WAITLISTED, Outcome.REFUSE: State.REFUSED}
RELEASED = "The letter of the committee’s decision was released."
CHANGED = "Somebody changed this letter meanwhile. Read it again first."

# --- the draft ------------------------------------------------------------------------------------


@transaction.atomic
def draft_letter(decision: Decision, *, at: dt.datetime) -> DecisionLetter:
    """Draft the letter of a decision that was just confirmed, whose case the caller has locked.

    A draft of a decision that was replaced is archived. Where this was the last answer of the round,
    the promise of answers is kept by it.
    """
    case = decision.case
    for former in DecisionLetter.objects.filter(case=case, released_at=None, archived_at=None):
        row = take(former)
        row.archived_at = at
        row.save_edit("archived_at")
    letter = DecisionLetter(
        cohort_id=case.cohort_id, case=case, decision=decision, outcome=decision.outcome, body=drafted(decision),
        created_at=at,
    )  # fmt: skip
    if decision.outcome == Outcome.GRANT:
        _accepted_by(letter, usual_accept_by(at, case.cohort.time_zone))
    letter.save(force_insert=True)
    settle_promises(case.round_id, at)
    return letter


def _accepted_by(letter: DecisionLetter, day: dt.date) -> None:
    letter.accept_by, letter.accept_due_at = day, end_of_day(day, letter.cohort.time_zone)


def _take_letter(letter: DecisionLetter, version: int | None) -> tuple[ExtensionCase, DecisionLetter]:
    """The case and then its letter, locked in this order as for everybody else."""
    case = take_case(letter.case)
    return case, take(letter, version)


@transaction.atomic
def change_letter(
    *,
    letter: DecisionLetter,
    by: Person,
    at: dt.datetime,
    version: int | None,
    body: str,
    accept_by: dt.date | None = None,
) -> DecisionLetter:
    """Change a draft: its words, and for a grant the day by which it is accepted."""
    case, row = _take_letter(letter, version)
    check_is_draft(row)
    check_still_holds(row, case)
    check_says_something(body)
    check_accept_by(row, accept_by, at)
    row.body = body
    if accept_by:
        _accepted_by(row, accept_by)
    row.save_edit("body", "accept_by", "accept_due_at")
    return row


@transaction.atomic
def say_talked(
    *, letter: DecisionLetter, by: Person, at: dt.datetime, version: int | None, has_talked: bool = True
) -> DecisionLetter:
    """Say that somebody has talked with the scholar about a no, by whom and when it was said; or take it
    back while the letter is a draft."""
    case, row = _take_letter(letter, version)
    check_is_draft(row)
    check_still_holds(row, case)
    check_is_a_no(row)
    if bool(row.talked_at) != has_talked:
        row.talked_at, row.talked_by = (at, by) if has_talked else (None, None)
        row.save_edit("talked_at", "talked_by")
    return row


# --- the release ----------------------------------------------------------------------------------


class Released(NamedTuple):
    """What went out, and what did not, each with why."""

    out: list[DecisionLetter]
    kept: list[tuple[DecisionLetter, str]]


@transaction.atomic
def release_letters(*, letters: Sequence[DecisionLetter], by: Person, at: dt.datetime) -> Released:
    """Release letters as they were read: a row's version is that of the preview.

    Each goes out or is kept back for itself, with the reason; where none goes out, all reasons are
    raised. Rounds are locked first, then one case after the other in one order, so that whoever
    withdraws, or releases the same, is either before or after this.
    """
    if not letters:
        raise ValidationError({"letters": "Choose at least one letter."})
    for key in sorted({letter.case.round_id for letter in letters}):
        Round.locked(key)
    allowed = _may_be_released(letters, by, at)
    found = Released([], [])
    for letter in sorted(letters, key=lambda letter: letter.case_id):
        try:
            with transaction.atomic():
                found.out.append(_release(letter, by, at, is_allowed=letter.pk in allowed))
        except EditedMeanwhile:
            found.kept.append((letter, CHANGED))
        except ValidationError as refusal:
            found.kept.append((letter, refusal.messages[0]))
    if not found.out:
        raise ValidationError([f"{letter.case.scholar.person.name}: {words}" for letter, words in found.kept])
    _tell(found.out, at)
    for key in sorted({letter.case.round_id for letter in found.out}):
        settle_promises(key, at)
    return found


def _may_be_released(letters: Sequence[DecisionLetter], by: Person, at: dt.datetime) -> set[UUID]:
    theirs = visible(DecisionLetter, "letter", by, at, "release")
    return set(theirs.filter(pk__in=[letter.pk for letter in letters]).values_list("pk", flat=True))


def _release(letter: DecisionLetter, by: Person, at: dt.datetime, *, is_allowed: bool) -> DecisionLetter:
    case, row = _take_letter(letter, None)
    check_is_draft(row)
    check_may_release(is_allowed)
    check_still_holds(row, case)
    if row.version != letter.version:
        raise EditedMeanwhile(row)
    check_talked_first(row)
    if row.accept_by:
        _accepted_by(row, accept_by_at_release(row.accept_by, at, row.cohort.time_zone))
    row.released_at, row.released_by = at, by
    row.save_edit("released_at", "released_by", "accept_by", "accept_due_at")
    row.case = move(case, BECOMES[Outcome(row.outcome)], by=by, at=at, why=RELEASED)
    return row


def _tell(letters: Sequence[DecisionLetter], at: dt.datetime) -> None:
    """The scholars by their letter, all in one statement; their mentors and approvers that the case has moved."""
    tell_letters(letters, at)
    others = _mentors_and_approvers([letter.case for letter in letters], at)
    for letter in letters:
        tell_moved(letter.case, others[letter.case_id], at)


def _mentors_and_approvers(cases: Iterable[ExtensionCase], at: dt.datetime) -> dict[UUID, set[UUID]]:
    """The people of each case who mentor its scholar, or were asked to approve; two questions."""
    by_scholar = {case.scholar_id: case.pk for case in cases}
    found: dict[UUID, set[UUID]] = {key: set() for key in by_scholar.values()}
    pairings = Pairing.objects.filter(not_over(at, "cohort__time_zone"), scholar__in=by_scholar)
    for scholar, person in pairings.order_by().values_list("scholar", "mentor__person"):
        found[by_scholar[scholar]].add(person)
    asked = Approval.objects.filter(case__in=found, archived_at=None)
    for case, person in asked.order_by().values_list("case", "mentor__person"):
        found[case].add(person)
    return found


# --- afterwards -----------------------------------------------------------------------------------


@transaction.atomic
def move_accept_date(
    *,
    letter: DecisionLetter,
    by: Person,
    at: dt.datetime,
    version: int | None,
    accept_by: dt.date,
    reason: str = "",
) -> DecisionLetter:
    """Give a scholar longer to accept, with a reason; they are told the new day."""
    case, row = _take_letter(letter, version)
    check_waits_for_acceptance(case)
    check_moves_later(row, accept_by)
    check_accept_by(row, accept_by, at)
    if not reason.strip():
        raise ValidationError({"reason": "Say why; the scholar reads it beside the new day."})
    say_why(reason)
    _accepted_by(row, accept_by)
    row.save_edit("accept_by", "accept_due_at")
    tell_letters([row], at)
    return row


@transaction.atomic
def meet_condition(*, decision: Decision, by: Person, at: dt.datetime, version: int | None) -> Decision:
    """Say that what a grant was on condition of is met."""
    case = take_case(decision.case)
    row = take(decision, version)
    check_waits_for_conditions(row, case)
    row.conditions_met_at, row.conditions_met_by = at, by
    row.save_edit("conditions_met_at", "conditions_met_by")
    return row


@transaction.atomic
def let_lapse(
    *, case: ExtensionCase, by: Person, at: dt.datetime, version: int | None = None, reason: str = ""
) -> ExtensionCase:
    """Let a grant or a place on the waitlist lapse, with a reason: its place is free again. The scholar,
    their mentors and the approvers are told."""
    row = take_case(case, version)
    decision = Decision.objects.filter(
        Q(confirmed_at__isnull=False), case=row, replaced_at=None, archived_at=None
    ).first()
    letter = DecisionLetter.objects.filter(decision=decision).first() if decision else None
    may_lapse(row, decision, letter, at)
    says_why_it_lapses(reason)
    move(row, State.LAPSED, by=by, at=at, why=reason)
    tell_moved(row, {row.scholar.person_id, *_mentors_and_approvers([row], at)[row.pk]}, at)
    return row
