"""A mentor's approval: asked for, given, changed; another approver, the talk, the search for a mentor.

Whatever is judged of a case is judged with the case locked, so that two answers at once, or an answer
and a withdrawal, have one outcome.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, When

from cohorts.actions.holding import in_words
from cohorts.models import Cohort, Membership, Person
from mats.clock import local_date
from mats.history.record import EditedMeanwhile
from mats.history.tracking import for_this_alone
from mentorship.actions.case import move, take_case
from mentorship.approvers import mentors_beside, next_leads, still_paired
from mentorship.deadlines import approval_due_at, mentor_search_due_at, mentor_talk_due_at
from mentorship.models import Approval, ExtensionCase, MentorSearch, State
from mentorship.reminders.approval import tell_asked, tell_passed_on
from mentorship.reminders.case import staff_of, tell_moved
from mentorship.rules.approval import (
    ANSWERED_IN,
    check_another_may_be_named,
    check_answer,
    check_conflict,
    check_is_asked,
    check_may_be_named,
    check_may_mentor,
    check_not_decided,
    check_says_how_it_ended,
    check_says_what_was_said,
    check_says_why_named,
    check_search_is_open,
    check_talk_is_owed,
    check_until,
)

Answer, CanMentor = Approval.Answer, Approval.CanMentor
SAID = (
    "answer", "seen_done", "months_for", "for_committee", "can_mentor", "mentor_until", "has_conflict",
    "conflict_words",
)  # fmt: skip

# --- asking ---------------------------------------------------------------------------------------


def ask_for_approval(case: ExtensionCase, *, at: dt.datetime) -> Approval | None:
    """Ask the lead mentor of a case, in the transaction in which it was applied for.

    None where the scholar has no mentor: the next one is asked as soon as there is one
    (`lay_out_approvals`), or staff name an approver.
    """
    lead = next_leads([case.scholar_id], _today(case, at)).get(case.scholar_id)
    if lead is None:
        return None
    row = _asked(case, lead, at)
    row.save(force_insert=True)
    tell_asked([row], at)
    return row


def _today(case: ExtensionCase, at: dt.datetime) -> dt.date:
    return local_date(at, case.cohort.time_zone)


def _asked(case: ExtensionCase, mentor: Membership, at: dt.datetime, **fields: Any) -> Approval:
    """An approval that is owed from now on, not saved yet."""
    due_at = approval_due_at(at, case.round.answers_due_at, case.cohort.time_zone)
    return Approval(cohort=case.cohort, case=case, mentor=mentor, due_at=due_at, created_at=at, **fields)


def _ask_the_others(case: ExtensionCase, at: dt.datetime) -> None:
    """The lead has answered: the other mentors of the scholar add what they have seen."""
    rows = [_asked(case, mentor, at, is_lead=False) for mentor in mentors_beside(case, _today(case, at))]
    Approval.objects.bulk_create(rows)
    tell_asked(rows, at)


def _lead_of(case: ExtensionCase) -> Approval | None:
    """The approval that carries a case on, locked with it."""
    rows = Approval.objects.select_for_update(no_key=True, of=("self",)).select_related("mentor__person")
    return rows.filter(case=case, is_lead=True, archived_at=None).first()


# --- giving it ------------------------------------------------------------------------------------


@transaction.atomic
def give_approval(
    *,
    approval: Approval,
    by: Person,
    at: dt.datetime,
    version: int | None,
    answer: str,
    seen_done: str,
    months_for: str = "",
    for_committee: str = "",
    can_mentor: str = "",
    mentor_until: dt.date | None = None,
    has_conflict: bool = False,
    conflict_words: str = "",
) -> Approval:
    """Give an approval, or change it until the committee has decided; raises `EditedMeanwhile` for an older version.

    `given_at` never moves. The lead's answer carries the case on: yes and no to the committee, not sure
    to a talk with staff; with the first one the other mentors are asked too. What those say is added, and
    moves nothing. The same answer again changes nothing.
    """
    case = take_case(approval.case)
    row = Approval.locked(approval.pk)
    check_is_asked(row, by)
    check_not_decided(case)
    if version is not None and row.version != version:
        raise EditedMeanwhile(row)
    said = dict(zip(SAID, (
        answer, seen_done, months_for, for_committee, can_mentor, mentor_until, has_conflict, conflict_words,
    ), strict=True))  # fmt: skip
    check_answer(said)
    check_conflict(said)
    if all(getattr(row, name) == value for name, value in said.items()):
        return row
    check_until(said, _today(case, at))
    is_first = row.given_at is None
    _write(row, said, at)
    if row.is_lead:
        _carry_on(row, case, by, at)
    row.save_edit(*SAID, "given_at", "changed_at", "talk_due_at")
    if row.is_lead and is_first:
        _ask_the_others(case, at)
    _look_for_a_mentor(case, at)
    return row


def _write(row: Approval, said: dict[str, Any], at: dt.datetime) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    if row.given_at is None:
        row.given_at = at
    else:
        row.changed_at = at


def _carry_on(row: Approval, case: ExtensionCase, by: Person, at: dt.datetime) -> None:
    """Move the case on with the lead's answer. With the committee it stays there, whatever the answer becomes."""
    if row.answer == Answer.NOT_SURE:
        if case.state == State.MENTOR:
            row.talk_due_at = mentor_talk_due_at(at, case.cohort.time_zone)
            move(case, State.TALK, by=by, at=at)
            tell_moved(case, set(staff_of(case)) - {by.pk}, at)
    elif case.state in (State.MENTOR, State.TALK):
        row.talk_due_at = None  # a talk that was waited for is owed no longer
        _to_the_committee(case, by, at)


def _to_the_committee(case: ExtensionCase, by: Person, at: dt.datetime) -> None:
    move(case, State.COMMITTEE, by=by, at=at)
    tell_moved(case, {case.scholar.person_id} - {by.pk}, at)


def _look_for_a_mentor(case: ExtensionCase, at: dt.datetime) -> None:
    """Let staff look for a mentor where somebody says yes, and nobody who has answered can mentor.

    A search that has become pointless is archived; one that was closed is not opened again.
    """
    given = Approval.objects.filter(case=case, archived_at=None, given_at__isnull=False)
    said = list(given.values_list("answer", "can_mentor"))
    is_wanted = any(answer == Answer.YES for answer, _ in said) and all(can == CanMentor.NO for _, can in said)
    searches = MentorSearch.objects.filter(case=case, archived_at=None)
    if not is_wanted:
        searches.filter(closed_at=None).update(archived_at=at, version=F("version") + 1)
    elif not searches.exists():
        due_at = mentor_search_due_at(at, case.cohort.time_zone)
        MentorSearch.objects.create(cohort=case.cohort, case=case, due_at=due_at, created_at=at)


# --- what staff do --------------------------------------------------------------------------------

NAMED = "Staff have named another approver."


@transaction.atomic
def name_approver(*, case: ExtensionCase, mentor: Membership, why: str, by: Person, at: dt.datetime) -> Approval:
    """Ask another mentor of the cohort instead of whoever has not answered, or is not sure; both are told.

    `why` stands in the row alone, for the duty leads, and never in the history of the case. What a mentor
    who is not sure has said stays beside the new one's answer.
    """
    case = take_case(case)
    former = _lead_of(case)
    check_another_may_be_named(case, former)
    check_says_why_named(why)
    check_may_be_named(case, mentor, by)
    if former:
        _pass_on(former, at)
    if case.state == State.TALK:
        move(case, State.MENTOR, by=by, at=at, why=NAMED)
    row = _asked(case, mentor, at, named_by=by, named_why=why)
    with in_words():
        row.save(force_insert=True)
    tell_asked([row], at)
    if former:
        tell_passed_on(former, at)
    return row


def _pass_on(former: Approval, at: dt.datetime) -> None:
    """Somebody else carries the case on: what was not given is archived, what was given stays beside it."""
    if former.given_at is None:
        former.archived_at = at
    else:
        former.is_lead, former.talk_due_at = False, None
    former.save_edit("archived_at", "is_lead", "talk_due_at")


@transaction.atomic
def record_talk_with_mentor(*, case: ExtensionCase, words: str, by: Person, at: dt.datetime) -> Approval:
    """Record the talk with a mentor who is not sure: the case goes to the committee. The mentor may still
    change their answer."""
    case = take_case(case)
    row = _lead_of(case)
    check_talk_is_owed(case, row)
    check_says_what_was_said(words)
    assert row
    row.talked_at, row.talked_by, row.talk_words = at, by, words
    row.save(update_fields=["talked_at", "talked_by", "talk_words"])  # no new version: the mentor may be writing
    _to_the_committee(case, by, at)
    return row


@transaction.atomic
def close_search(
    *, case: ExtensionCase, words: str, by: Person, at: dt.datetime, found: Membership | None = None
) -> MentorSearch:
    """Close the search for a mentor: one was found, or nobody was; with words either way."""
    case = take_case(case)
    searches = MentorSearch.objects.select_for_update(no_key=True)
    search = searches.filter(case=case, closed_at=None, archived_at=None).first()
    check_search_is_open(search)
    check_says_how_it_ended(words)
    if found:
        check_may_mentor(case, found)
    assert search
    search.found, search.words, search.closed_at, search.closed_by = found, words, at, by
    search.save_edit("found", "words", "closed_at", "closed_by")
    return search


# --- in step with the pairings --------------------------------------------------------------------

LEFT = "The mentor does not mentor this scholar any more."


def lay_out_approvals(cohort: Cohort, at: dt.datetime) -> int:
    """Ask the next lead where whoever was asked has left before they answered, and the first one where there was
    none; how many were asked.

    Safe to repeat, in a number of statements that does not depend on the cohort's size. An answer that
    was given stays, and so does an approver whom staff have named. Without a next lead whoever was asked
    stays asked, as long as they have their place. Other mentors who have left owe nothing any more.
    The caller holds the cohort.
    """
    day = local_date(at, cohort.time_zone)
    _excuse_who_left(cohort, day, at)
    cases = _out_of_step(cohort, day)
    if not cases:
        return 0
    leads = next_leads([case.scholar_id for case in cases], day)
    held = {row.case_id: row for row in _leads_held(cases, day)}
    left = {
        case.pk for case in cases
        if (row := held.get(case.pk)) and row.has_left and (row.is_gone or case.scholar_id in leads)
    }  # fmt: skip
    _archive([held[key].pk for key in left], at)
    free = [case for case in cases if case.pk not in held or case.pk in left]
    rows = [_asked(case, leads[case.scholar_id], at) for case in free if case.scholar_id in leads]
    Approval.objects.bulk_create(rows)
    tell_asked(rows, at)
    return len(rows)


def _out_of_step(cohort: Cohort, day: dt.date) -> list[ExtensionCase]:
    """Cases with the mentor in which nobody is asked, or somebody who has left; locked, in the order of keys."""
    lead = Approval.objects.filter(case=OuterRef("pk"), is_lead=True, archived_at=None)
    left = lead.filter(_has_left(day))
    has_next = Exists(still_paired(day).filter(scholar=OuterRef("scholar")))
    cases = ExtensionCase.objects.filter(cohort=cohort, state=State.MENTOR, archived_at=None)
    wrong = (~Exists(lead) & has_next) | (Exists(left) & has_next) | Exists(left.filter(IS_GONE))
    rows = cases.filter(wrong).select_related("cohort", "round").order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


IS_GONE = Q(mentor__archived_at__isnull=False) | Q(mentor__person__is_active=False)


def _has_left(day: dt.date) -> Q:
    """Approvals that were not given, of whoever was not named by staff and mentors the scholar no longer."""
    paired = still_paired(day).filter(scholar=OuterRef("case__scholar"), mentor=OuterRef("mentor"))
    return Q(~Exists(paired), given_at=None, named_by=None)


def _leads_held(cases: list[ExtensionCase], day: dt.date) -> QuerySet[Any]:
    """Who is asked in these cases, as it stands now that they are locked: `has_left`, and `is_gone` without a place."""
    rows = Approval.objects.filter(case__in=cases, is_lead=True, archived_at=None)
    return rows.annotate(has_left=_holds(_has_left(day)), is_gone=_holds(IS_GONE))


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _excuse_who_left(cohort: Cohort, day: dt.date, at: dt.datetime) -> None:
    beside = Approval.objects.filter(_has_left(day), cohort=cohort, archived_at=None, is_lead=False)
    _archive(list(beside.filter(case__state__in=ANSWERED_IN).values_list("pk", flat=True)), at)


def _archive(keys: list[UUID], at: dt.datetime) -> None:
    """What was not given by somebody who has left; why stands in its history."""
    if not keys:
        return
    rows = Approval.objects.filter(pk__in=keys, given_at=None, archived_at=None)
    with for_this_alone(LEFT):
        rows.update(archived_at=at, version=F("version") + 1)
