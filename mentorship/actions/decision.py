"""The committee decides on extension cases: opinions, proposals that a second person confirms, outside members.

Whatever is judged of a case is judged with the case locked, and where a place of the round is taken with
the round locked before it: of two people who decide at once one does, and the other is told so in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.actions.holding import in_words, say_why, take
from cohorts.actions.membership import account_of
from cohorts.models import Person
from cohorts.rules.tie import reason_is_given
from mats.text import normalise_email
from mentorship.actions.case import move, take_case
from mentorship.actions.letter import draft_letter
from mentorship.committee.facts import Facts, facts_of_one
from mentorship.deadlines import AGREED_LIST_WAITS, answer_due_at, end_of_day
from mentorship.models import CaseInvitation, Decision, ExtensionCase, Opinion, Round, State
from mentorship.reminders.case import tell_moved
from mentorship.reminders.invitation import tell_invited
from mentorship.rules.decision import (
    check,
    check_goes_by_agreed_list,
    check_is_undecided,
    check_judges,
    check_may_be_invited,
    check_one_is_of_the_committee,
    check_opinion,
    check_outcome,
    check_place_is_left,
    check_proposer_still_judges,
    check_says_why,
    goes_by_opinions,
    why_not_by_opinions,
    why_not_confirm,
    why_not_judge,
    why_not_open,
    why_not_opine,
    why_not_propose,
)

Outcome = Decision.Outcome
DECIDED = "Two people have decided; what and why stands in the decision."

# --- opinions -------------------------------------------------------------------------------------


@transaction.atomic
def give_opinion(*, case: ExtensionCase, by: Person, at: dt.datetime, band: str, reasons: str) -> Opinion:
    """Say what one thinks of a case, before one reads what the others do. It is given once, and stays."""
    case = take_case(case)
    check_judges(case, by, at)
    facts = facts_of_one(case)
    check(why_not_opine(facts, by))
    check_opinion(band, reasons)
    with in_words():
        return Opinion.objects.create(
            cohort=case.cohort, case=case, author=by, band=band, reasons=reasons, is_appeal=facts.is_appeal,
            given_at=at, created_at=at,
        )  # fmt: skip


# --- proposals ------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    *,
    case: ExtensionCase,
    by: Person,
    at: dt.datetime,
    outcome: str,
    reason: str,
    total_months: int | None = None,
    conditions: str = "",
    conditions_by: dt.date | None = None,
    would_change: str = "",
) -> Decision:
    """Propose a decision, for a second person to confirm.

    Where opinions are in, this person's among them, it goes by those and may be confirmed at once; else a clear
    case goes by the agreed list, and waits 48 hours. Nothing but a confirmation changes what holds.
    """
    said = {"outcome": outcome, "total_months": total_months, "conditions": conditions, "reason": reason}
    return _propose(take_case(case), by, at, {**said, "conditions_by": conditions_by, "would_change": would_change})


def _propose(
    case: ExtensionCase, by: Person, at: dt.datetime, said: dict[str, Any], *, listed: bool = False
) -> Decision:
    """`listed`: by the agreed list, whatever opinions there are."""
    check_judges(case, by, at)
    facts = facts_of_one(case)
    check(why_not_propose(facts, by))
    if listed:
        check_goes_by_agreed_list(facts, said["outcome"], said["total_months"])
    check_says_why(said["reason"])
    check_outcome(facts, said, at)
    by_list = listed or _goes_by_list(facts, by, said["outcome"], said["total_months"])
    day = said["conditions_by"]
    with in_words():
        return Decision.objects.create(
            cohort=case.cohort,
            case=case,
            number=Decision.objects.filter(case=case).count() + 1,
            is_agreed_list=by_list,
            is_appeal=facts.is_appeal,
            conditions_due_at=end_of_day(day, case.cohort.time_zone) if day else None,
            proposed_by=by,
            proposed_at=at,
            opens_at=at + AGREED_LIST_WAITS if by_list else at,
            created_at=at,
            **said,
        )


def _goes_by_list(facts: Facts, by: Person, outcome: str, total_months: int | None) -> bool:
    if outcome == Outcome.MORE:
        return False
    if goes_by_opinions(facts, by, outcome, total_months):
        check(why_not_by_opinions(facts, by))
        return False
    return True


@transaction.atomic
def pull_out(*, decision: Decision, by: Person, at: dt.datetime, reason: str) -> Decision:
    """Take a proposal out before it is confirmed, for a reason. Pulled out of the agreed list a case is contested."""
    case = take_case(decision.case)
    row = take(decision)
    check_judges(case, by, at)
    check(why_not_open(row))
    reason_is_given(reason, launched=True)
    row.pulled_at, row.pulled_by, row.pulled_why = at, by, reason
    row.save_edit("pulled_at", "pulled_by", "pulled_why")
    return row


# --- confirming -----------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, decision: Decision, by: Person, at: dt.datetime) -> Decision:
    """Confirm what somebody else proposed: from then on it holds, and what held before is replaced.

    A letter is drafted, which waits for a person to release it; where more is asked the scholar is
    told at once.
    """
    Round.locked(decision.case.round_id)
    return _confirm(decision, by, at)


def _confirm(decision: Decision, by: Person, at: dt.datetime) -> Decision:
    """The caller has locked the round. All is judged as the case is now: a mentor may have changed their mind
    since it was proposed."""
    case = take_case(decision.case)
    row = take(decision)
    row.case = case
    check_judges(case, by, at)
    facts = facts_of_one(case)
    check(why_not_confirm(facts, row, by, at))
    check_proposer_still_judges(case, row, at)
    check_one_is_of_the_committee(case, [row.proposed_by, by], at)
    _check_again(facts, row, at)
    if held := facts.holding:
        held.replaced_at = at
        held.save_edit("replaced_at")
    row.confirmed_at, row.confirmed_by = at, by
    if row.outcome == Outcome.MORE:
        row.answer_due_at = answer_due_at(at, case.cohort.time_zone)
    row.save_edit("confirmed_at", "confirmed_by", "answer_due_at")
    _carry_on(row, case, by, at)
    return row


def _check_again(facts: Facts, row: Decision, at: dt.datetime) -> None:
    said = {field: getattr(row, field) for field in ("outcome", "total_months", "conditions", "conditions_by")}
    if row.is_agreed_list:
        check_goes_by_agreed_list(facts, row.outcome, row.total_months)
    check_outcome(facts, {**said, "would_change": row.would_change}, at)
    if row.outcome == Outcome.GRANT:
        check_place_is_left(Round.objects.get(pk=facts.case.round_id), facts)


def _carry_on(row: Decision, case: ExtensionCase, by: Person, at: dt.datetime) -> None:
    """The case moves with what was decided, where it has not moved before. Why is not in its history: a decision
    is read by its scholar once the letter is released, and a question at once."""
    if row.outcome == Outcome.MORE:
        move(case, State.MORE, by=by, at=at, why=row.reason)
        tell_moved(case, {case.scholar.person_id}, at)
        return
    if case.state != State.DECIDED:
        move(case, State.DECIDED, by=by, at=at, why=DECIDED)
    draft_letter(row, at=at)


# --- many at once ---------------------------------------------------------------------------------

R = TypeVar("R", Decision, ExtensionCase)


class Several(NamedTuple):
    """What was done, and which cases were refused, each with why."""

    done: list[Decision]
    refused: list[tuple[ExtensionCase, str]]


@transaction.atomic
def propose_many(
    *, cases: Iterable[ExtensionCase], by: Person, at: dt.datetime, reason: str = "", reasons: Mapping[UUID, str] = {}
) -> Several:
    """Propose clear cases for the agreed list: each is granted what it asks for, with a reason of its own (by
    its key) or the one for all. What is refused is named, and the others go on; raises where all are."""

    def act(case: ExtensionCase) -> Decision:
        why = reasons.get(case.pk) or reason
        case = take_case(case)
        said = {"outcome": Outcome.GRANT, "total_months": case.total_months, "reason": why}
        return _propose(
            case, by, at, {**said, "conditions": "", "conditions_by": None, "would_change": ""}, listed=True
        )

    return _each(sorted(cases, key=lambda case: case.pk), act, lambda case: case)


@transaction.atomic
def confirm_many(*, decisions: Iterable[Decision], by: Person, at: dt.datetime) -> Several:
    """Confirm several proposals, each for itself; rounds and cases are locked in one order by everybody."""
    chosen = sorted(decisions, key=lambda decision: decision.case_id)
    for key in sorted({decision.case.round_id for decision in chosen}):
        Round.locked(key)
    return _each(chosen, lambda decision: _confirm(decision, by, at), lambda decision: decision.case)


def _each(rows: list[R], act: Callable[[R], Decision], case_of: Callable[[R], ExtensionCase]) -> Several:
    """Each in a savepoint of its own."""
    found = Several([], [])
    for row in rows:
        try:
            with transaction.atomic():
                found.done.append(act(row))
        except ValidationError as refusal:
            found.refused.append((case_of(row), refusal.messages[0]))
    if not rows:
        raise ValidationError("Choose at least one case.")
    if not found.done:
        raise ValidationError([f"{case.scholar.person.name}: {words}" for case, words in found.refused])
    return found


# --- outside members ------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *, case: ExtensionCase, by: Person, at: dt.datetime, email: str, reason: str, name: str = ""
) -> CaseInvitation:
    """Invite a person to decide one case with the committee, for a reason; they get a letter.

    An address without an account gets one, with this name. They read the case and where its scholar stands,
    and nothing else of the cohort.
    """
    case = take_case(case)
    check(why_not_judge(case, by, at, act="administer"))
    check_is_undecided(case)
    reason_is_given(reason, launched=True)
    person = _account(case, email, name, at)
    check_may_be_invited(case, person, by, at)
    with in_words():
        invitation = CaseInvitation.objects.create(
            cohort=case.cohort, case=case, person=person, invited_by=by, reason=reason, created_at=at
        )
    tell_invited(invitation, at)
    return invitation


def _account(case: ExtensionCase, email: str, name: str, at: dt.datetime) -> Person:
    found = Person.objects.filter(email=normalise_email(email)).first()
    if found is None and not name:
        raise ValidationError({"name": "Nobody has an account with this address yet: say their name."})
    return found or account_of(email, name=name, time_zone=case.cohort.time_zone, at=at)


@transaction.atomic
def end_invitation(*, invitation: CaseInvitation, by: Person, at: dt.datetime, reason: str) -> CaseInvitation:
    """End an invitation, for a reason: they read the case no longer. What they wrote and decided stays."""
    case = take_case(invitation.case)
    row = take(invitation)
    check(why_not_judge(case, by, at, act="administer"))
    reason_is_given(reason, launched=True)
    say_why(reason)
    row.archived_at = at
    row.save_edit("archived_at")
    return row
