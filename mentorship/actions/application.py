"""What a scholar does with their extension case: apply, change, withdraw, answer, accept, decline, appeal."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cohorts.actions.holding import hold, say_why, take
from cohorts.models import Membership, Person
from cohorts.rules.tie import reason_is_given
from mentorship.actions.approval import ask_for_approval
from mentorship.actions.case import move, take_case
from mentorship.actions.sheet import prepare_sheet
from mentorship.actions.term import people_of_term, take_back
from mentorship.deadlines import appeal_due_at, end_of_day
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, LateEntry, State
from mentorship.reminders.case import staff_of, tell_moved
from mentorship.rounds import latest_stay, round_for
from mentorship.rules.case import (
    check_in_time,
    check_is_asked,
    check_is_offered,
    check_may_appeal,
    check_may_apply,
    check_may_change,
    check_may_let_in,
    check_may_withdraw,
    check_plan,
    check_says_something,
    check_says_why_appealed,
    check_total,
    terms_ahead,
)


@transaction.atomic
def apply_for_extension(
    *, scholar: Membership, by: Person, at: dt.datetime, total_months: int, plan: str, if_refused: str = ""
) -> ExtensionCase:
    """Open a case and ask the mentor. The scholar's place is held: of two applications one is made."""
    scholar = take(scholar)
    opening = check_may_apply(scholar, at)
    check_total(total_months, opening.terms)
    check_plan(plan)
    earlier = ExtensionCase.objects.filter(scholar=scholar).count()
    case = ExtensionCase.objects.create(
        cohort=scholar.cohort,
        scholar=scholar,
        round=opening.round,
        number=earlier + 1,
        state_since=at,
        state_by=by,
        total_months=total_months,
        plan=plan,
        if_refused=if_refused,
        applied_at=at,
        late_entry=opening.late_entry,
        created_at=at,
    )
    ask_for_approval(case, at=at)
    return case


@transaction.atomic
def change_application(
    *,
    case: ExtensionCase,
    by: Person,
    at: dt.datetime,
    version: int | None,
    total_months: int,
    plan: str,
    if_refused: str = "",
) -> ExtensionCase:
    """Change what is asked for, until a mentor has answered; the earlier words stay in the history."""
    row = take_case(case, version)
    check_may_change(row)
    check_total(total_months, terms_ahead(row.scholar, latest_stay(row.scholar)))
    check_plan(plan)
    values = {"total_months": total_months, "plan": plan, "if_refused": if_refused}
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    if not changed:
        return row
    for field in changed:
        setattr(row, field, values[field])
    row.edited_at = at
    row.save_edit(*changed, "edited_at")
    # Whoever is writing their approval has read other words: their form meets a newer version.
    for approval in Approval.objects.filter(case=row, given_at=None, archived_at=None):
        approval.save_edit()
    return row


@transaction.atomic
def withdraw(*, case: ExtensionCase, by: Person, at: dt.datetime) -> ExtensionCase:
    """End one's own case; of a term that was set and has not begun everything is taken back.

    Holds the cohort, since dates may move: whether they do is known once the case is locked. What is
    proposed is off the table. Whoever approved, proposed or confirmed is told, and whom a set term touched.
    """
    hold(case.cohort)
    row = take_case(case)
    check_may_withdraw(row, at)
    people = concerned(row)
    for proposal in _open_proposals(row):
        proposal.archived_at = at
        proposal.save_edit("archived_at")
    if row.state == State.IN_FORCE:
        people |= people_of_term(row)
        take_back(row, by=by, at=at)
    move(row, State.WITHDRAWN, by=by, at=at)
    tell_moved(row, people - {by.pk}, at)
    return row


def _open_proposals(case: ExtensionCase) -> QuerySet[Decision]:
    open_ones = Decision.objects.select_for_update(no_key=True, of=("self",))
    return open_ones.filter(case=case, confirmed_at=None, pulled_at=None, archived_at=None)


@transaction.atomic
def answer_more(
    *, case: ExtensionCase, by: Person, at: dt.datetime, answer: str, version: int | None = None
) -> ExtensionCase:
    """Answer what the committee has asked; the case goes back to it."""
    row = take_case(case, version)
    question = check_is_asked(row, holding_decision(row))
    check_says_something(answer)
    question.answer, question.answered_at = answer, at
    question.save_edit("answer", "answered_at")
    move(row, State.COMMITTEE, by=by, at=at)
    tell_moved(row, _who_decided(row) - {by.pk}, at)
    return row


@transaction.atomic
def accept(*, case: ExtensionCase, by: Person, at: dt.datetime) -> ExtensionCase:
    """Accept a grant, by its day; staff then prepare the next-term sheet."""
    row = take_case(case)
    check_is_offered(row)
    check_in_time(released_letter(row), row.cohort, at)
    move(row, State.ACCEPTED, by=by, at=at)
    prepare_sheet(row, by=by, at=at)
    tell_moved(row, concerned(row) - {by.pk}, at)
    return row


@transaction.atomic
def decline(*, case: ExtensionCase, by: Person, at: dt.datetime, words: str = "") -> ExtensionCase:
    """Say no to a grant; `words` say why, where the scholar wants to, to those who can read the case."""
    row = take_case(case)
    check_is_offered(row)
    move(row, State.DECLINED, by=by, at=at, why=words)
    tell_moved(row, concerned(row) - {by.pk}, at)
    return row


@transaction.atomic
def appeal_refusal(
    *, case: ExtensionCase, by: Person, at: dt.datetime, appeal: str, version: int | None = None
) -> ExtensionCase:
    """Ask for a refusal to be heard again, once, by people who did not decide it."""
    row = take_case(case, version)
    check_may_appeal(row, released_letter(row), at)
    check_says_why_appealed(appeal)
    row.appeal, row.appealed_at = appeal, at
    row.appeal_due_at = appeal_due_at(at, row.cohort.time_zone)
    row.save_edit("appeal", "appealed_at", "appeal_due_at")
    move(row, State.APPEALED, by=by, at=at)
    tell_moved(row, {*concerned(row), *staff_of(row)} - {by.pk}, at)
    return row


# --- whom it concerns -------------------------------------------------------------------------------


def concerned(case: ExtensionCase) -> set[UUID]:
    """The people who gave or owe their approval, and who proposed or confirmed what is decided, by key."""
    mentors = Approval.objects.filter(case=case, archived_at=None).values_list("mentor__person", flat=True)
    return {*mentors, *_who_decided(case)}


def _who_decided(case: ExtensionCase) -> set[UUID]:
    standing = Decision.objects.filter(case=case, pulled_at=None, replaced_at=None, archived_at=None)
    pairs = standing.values_list("proposed_by", "confirmed_by")
    return {person for pair in pairs for person in pair if person}


def holding_decision(case: ExtensionCase) -> Decision | None:
    """The decision that holds, locked."""
    holding = Decision.objects.select_for_update(no_key=True, of=("self",)).filter(case=case, archived_at=None)
    return holding.filter(confirmed_at__isnull=False, replaced_at=None).first()


def released_letter(case: ExtensionCase) -> DecisionLetter | None:
    """The letter of the decision that holds, if it went out; locked, since its day to accept may move."""
    letters = DecisionLetter.objects.select_for_update(no_key=True, of=("self",))
    theirs = letters.filter(case=case, released_at__isnull=False, archived_at=None, decision__replaced_at=None)
    return theirs.order_by("-released_at").first()


# --- by staff ---------------------------------------------------------------------------------------


@transaction.atomic
def open_late_entry(*, scholar: Membership, by: Person, at: dt.datetime, until_on: dt.date, reason: str) -> LateEntry:
    """Let a scholar apply after the last day, until the end of a day, for a reason. An earlier one is
    archived: what was answered before this one is not in its way."""
    scholar = take(scholar)
    row = check_may_let_in(scholar, round_for(scholar), by, until_on, at)
    reason_is_given(reason, launched=True)
    for earlier in LateEntry.objects.filter(scholar=scholar, round=row, archived_at=None):
        earlier.archived_at = at
        earlier.save_edit("archived_at")
    say_why(reason)
    return LateEntry.objects.create(
        cohort=scholar.cohort,
        scholar=scholar,
        round=row,
        until_on=until_on,
        closes_at=end_of_day(until_on, scholar.cohort.time_zone),
        reason=reason,
        opened_by=by,
        created_at=at,
    )
