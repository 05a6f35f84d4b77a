"""The next-term sheet: prepared as a grant is accepted, changed and shared by staff, agreed by the two it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.models import Membership, Person, Site
from cohorts.rules.tie import reason_is_given
from mats.clock import local_date
from mats.history.record import EditedMeanwhile
from mentorship.actions.case import take_case
from mentorship.actions.term import begin_term
from mentorship.deadlines import end_of_day
from mentorship.models import Approval, ExtensionCase, MentorSearch, SheetMentor, TermSheet
from mentorship.models.sheet import AGREE_WITHIN_DAYS
from mentorship.reminders.sheet import tell_shared
from mentorship.rounds import terms
from mentorship.rules.sheet import (
    agrees_as_one_of_two,
    first_day_of_term,
    is_shared,
    not_shared_yet,
    sheet_is_open,
    sheet_is_right,
    there_is_a_term,
)
from mentorship.sheets import Before, approvals_of, before, holding_grant, mentors_of

WITHIN = dt.timedelta(days=AGREE_WITHIN_DAYS)
DAYS = ("starts_on", "ends_on", "own_end_reason")
FACTS = (*DAYS, "site", "time_zone", "hours_per_week", "coach", "weeks_per_log", "money")
AGREED = ("scholar_agreed_at", "mentor_agreed_at", "mentor_agreed_by")
TIME = ("weekday", "local_time", "time_zone")
NO_TIME = {"weekday": None, "local_time": None, "time_zone": ""}


class TermMentor(NamedTuple):
    """A mentor as a form says it; the first of several is the lead."""

    mentor: Membership
    weekday: int | None = None
    local_time: dt.time | None = None
    time_zone: str = ""


# --- prepared ---------------------------------------------------------------------------------------


def prepare_sheet(case: ExtensionCase, *, by: Person, at: dt.datetime) -> TermSheet:
    """Draft the sheet of a grant that was just accepted, from what is now; staff owe the rest of it in a week.

    The caller holds the case.
    """
    cohort, scholar = case.cohort, case.scholar
    today = local_date(at, cohort.time_zone)
    grant = holding_grant(case)
    total = (grant and grant.total_months) or case.total_months
    was = before(scholar, today)
    phase = there_is_a_term(terms(cohort).get(total), total, today)
    here_until = was.stay.ends_on if was else today
    starts_on = first_day_of_term(phase, here_until, today)
    there_is_a_term(phase, total, starts_on)
    sheet = TermSheet(
        cohort=cohort,
        case=case,
        phase=phase,
        starts_on=starts_on,
        ends_on=phase.ends_on,
        time_zone=scholar.person.time_zone,
        hours_per_week=40,
        due_at=_in_a_week(case, at),
        created_at=at,
    )
    if was:
        for field in ("site", "time_zone", "hours_per_week", "weeks_per_log"):
            setattr(sheet, field, getattr(was.stay, field))
        if was.caseload and not was.caseload.coach.archived_at:
            sheet.coach = was.caseload.coach
    with in_words():
        sheet.save(force_insert=True)
        SheetMentor.objects.bulk_create(_mentors_from_now(sheet, was, at))
    return sheet


def _in_a_week(case: ExtensionCase, at: dt.datetime) -> dt.datetime:
    zone = case.cohort.time_zone
    return end_of_day(local_date(at, zone) + WITHIN, zone)


def _mentors_from_now(sheet: TermSheet, was: Before | None, at: dt.datetime) -> list[SheetMentor]:
    """Whoever mentors now with their weekly times, but for those who said that they can't mentor the term; and
    the mentor whom staff have found."""
    cannot = {row.mentor_id for row in approvals_of(sheet.case) if row.can_mentor == Approval.CanMentor.NO}
    now: dict[UUID, tuple[Membership, bool, dict[str, Any]]] = {
        row.mentor_id: (row.mentor, row.is_lead, {field: getattr(row, field) for field in TIME})
        for row in (was.pairings if was else [])
        if row.mentor_id not in cannot and not row.mentor.archived_at
    }
    for search in MentorSearch.objects.filter(case=sheet.case, found__isnull=False, found__archived_at=None):
        assert search.found
        now.setdefault(search.found.pk, (search.found, False, NO_TIME))
    lead = next((key for key, (_, is_lead, _) in now.items() if is_lead), None)
    if lead is None:  # the one who was found, and so came last, carries it on
        lead = next(reversed(now), None)
    return [
        SheetMentor(cohort=sheet.cohort, sheet=sheet, mentor=mentor, is_lead=mentor.pk == lead, created_at=at, **time)
        for mentor, _, time in now.values()
    ]


# --- changed and shared -----------------------------------------------------------------------------


@transaction.atomic
def change_sheet(
    *,
    sheet: TermSheet,
    by: Person,
    at: dt.datetime,
    version: int | None,
    starts_on: dt.date,
    ends_on: dt.date,
    site: Site | None,
    time_zone: str,
    hours_per_week: Decimal,
    coach: Membership | None,
    weeks_per_log: int,
    mentors: Sequence[TermMentor],
    own_end_reason: str = "",
    money: str = "",
    reason: str = "",
) -> TermSheet:
    """Change a sheet, once it is shared with a reason. Whoever has agreed agrees anew; the same again changes
    nothing."""
    case = take_case(sheet.case)
    row = take(sheet, version)
    row.case = case
    sheet_is_open(case)
    values = {
        "starts_on": starts_on, "ends_on": ends_on, "site": site, "time_zone": time_zone,
        "hours_per_week": hours_per_week, "coach": coach, "weeks_per_log": weeks_per_log, "money": money,
        "own_end_reason": own_end_reason if ends_on != row.phase.ends_on else "",
    }  # fmt: skip
    there = mentors_of(row)
    if all(getattr(row, field) == value for field, value in values.items()) and _are_said(there, mentors):
        return row
    wanted = _as_rows(row, there, mentors, at)
    for field, value in values.items():
        setattr(row, field, value)
    sheet_is_right(row, wanted, at)
    reason_is_given(reason, launched=row.shared_at is not None)
    say_why(reason)
    row.scholar_agreed_at = row.mentor_agreed_at = row.mentor_agreed_by = None
    if row.shared_at:
        row.agree_due_at = _in_a_week(case, at)
    with in_words():
        row.save_edit(*FACTS, *AGREED, "agree_due_at")
        _keep_mentors(there, wanted, at)
    if row.shared_at:
        tell_shared(row, _who_agrees(row) - {by.pk}, at)
    return row


def _are_said(there: Sequence[SheetMentor], mentors: Sequence[TermMentor]) -> bool:
    """Whether these mentors stand there already, with their times; beside the lead the order says nothing."""
    now = [TermMentor(one.mentor, one.weekday, one.local_time, one.time_zone) for one in there]
    return now[:1] == list(mentors[:1]) and set(now) == set(mentors)


def _as_rows(
    sheet: TermSheet, there: Sequence[SheetMentor], mentors: Sequence[TermMentor], at: dt.datetime
) -> list[SheetMentor]:
    """The mentors as rows: those that are there already as they will be, not saved, and new ones."""
    known = {one.mentor_id: one for one in there}
    rows = []
    for number, said in enumerate(mentors):
        new = SheetMentor(cohort=sheet.cohort, sheet=sheet, mentor=said.mentor, created_at=at)
        row = copy(known.pop(said.mentor.pk, new))
        row.is_lead, row.weekday, row.local_time, row.time_zone = number == 0, *said[1:]
        rows.append(row)
    return rows


def _keep_mentors(there: Sequence[SheetMentor], wanted: Sequence[SheetMentor], at: dt.datetime) -> None:
    """Whoever is lead no more is saved before the one who is now: there is never more than one."""
    for gone in there:
        if gone not in wanted:
            gone.archived_at = at
            gone.save_edit("archived_at")
    known = {one.pk: _standing(one) for one in there}
    for row in sorted(wanted, key=lambda one: one.is_lead):
        if row.pk not in known:
            row.save(force_insert=True)
        elif _standing(row) != known[row.pk]:
            row.save_edit("is_lead", *TIME)


def _standing(row: SheetMentor) -> tuple[Any, ...]:
    return row.is_lead, row.weekday, row.local_time, row.time_zone


@transaction.atomic
def share_sheet(*, sheet: TermSheet, by: Person, at: dt.datetime, version: int | None) -> TermSheet:
    """Show the sheet to those it is about; the scholar and the lead mentor have a week to agree."""
    case = take_case(sheet.case)
    row = take(sheet, version)
    row.case = case
    sheet_is_open(case)
    not_shared_yet(row)
    sheet_is_right(row, mentors_of(row), at)
    row.shared_at, row.shared_by, row.agree_due_at = at, by, _in_a_week(case, at)
    row.save_edit("shared_at", "shared_by", "agree_due_at")
    tell_shared(row, _who_agrees(row) - {by.pk}, at)
    return row


def _who_agrees(sheet: TermSheet) -> set[UUID]:
    return {sheet.case.scholar.person_id, *(one.mentor.person_id for one in mentors_of(sheet) if one.is_lead)}


# --- agreed -----------------------------------------------------------------------------------------


@transaction.atomic
def agree(*, sheet: TermSheet, by: Person, at: dt.datetime, version: int | None) -> TermSheet:
    """Agree to the version one has read: the scholar, and the lead mentor; raises `EditedMeanwhile`.

    The second of the two presses moves everything in the same transaction. Where that is refused the press
    is not kept either, and the words say what staff have to mend. Pressed twice it is one agreement. The
    cohort is held first, since dates may move; so of two presses at once the second finds the first.
    """
    hold(sheet.cohort)
    case = take_case(sheet.case)
    row = take(sheet)
    row.case = case
    lead = next((one for one in mentors_of(row) if one.is_lead), None)
    side = agrees_as_one_of_two(row, lead, by)
    if getattr(row, f"{side}_agreed_at"):
        return row
    sheet_is_open(case)
    is_shared(row)
    if version is not None and row.version != version:
        raise EditedMeanwhile(row)
    setattr(row, f"{side}_agreed_at", at)
    if side == "mentor":
        row.mentor_agreed_by = by
    row.save(update_fields=AGREED)  # no new version: the other one agrees to what they have read
    return _begin(row, by, at) if row.scholar_agreed_at and row.mentor_agreed_at else row


def _begin(sheet: TermSheet, by: Person, at: dt.datetime) -> TermSheet:
    """Let the term begin; a refusal says to whoever presses that it is for staff to mend."""
    try:
        return begin_term(sheet, by=by, at=at)
    except ValidationError as refusal:
        not_kept = f"Nothing was moved, and your press was not kept: ask {sheet.cohort.staff_label_plural} to mend it."
        raise ValidationError(" ".join([*refusal.messages, not_kept])) from None
