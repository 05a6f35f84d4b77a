"""The one transaction with which a term begins, and how it is taken back or ends early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts import ties
from cohorts.actions.caseload import coach_through
from cohorts.actions.holding import hold, in_words, say_why, take
from cohorts.actions.membership import end_by
from cohorts.actions.stay import be_here, put_stay
from cohorts.models import Caseload, Cohort, Membership, Person, Phase
from cohorts.rules.days import DAY, runs
from cohorts.rules.days import in_words as day_in_words
from cohorts.rules.stay import days_here, stays_hold_what_hangs_on_them
from cohorts.rules.tie import reason_is_given
from mats.clock import local_date
from mats.history.tracking import for_this_alone
from mentorship.actions.case import move, take_case
from mentorship.actions.pairing import pairing_is_right
from mentorship.cases import in_total
from mentorship.deadlines import round_moments, usual_round_of_term
from mentorship.models import ExtensionCase, Pairing, Round, SheetMentor, State, TermSheet
from mentorship.reminders.case import tell_moved
from mentorship.rounds import terms
from mentorship.rules.sheet import (
    as_pairing,
    grant_holds,
    has_not_begun,
    is_the_last_term,
    last_day_is_in_the_term,
    of_mentor,
    runs_now,
    sheet_is_right,
)
from mentorship.sheets import holding_grant, mentors_of

# --- it begins --------------------------------------------------------------------------------------


@transaction.atomic
def begin_term(sheet: TermSheet, *, by: Person, at: dt.datetime) -> TermSheet:
    """Set everything of a term that both have agreed to: stays, pairings, caseload, and with one laying out
    logs, weeks, meetings and milestones. Everybody it touches is told once.

    All or nothing, and once: a case that is in force already is left as it is. What staff have changed since
    the sheet was written is judged again, in words. A term that can be extended further gets its round.
    """
    cohort = hold(sheet.cohort)
    case = take_case(sheet.case)
    sheet = take(sheet)
    sheet.case, sheet.cohort = case, cohort
    if case.state == State.IN_FORCE:
        return sheet
    case.scholar = take(case.scholar)
    mentors = mentors_of(sheet)
    sheet_is_right(sheet, mentors, at)
    grant_holds(sheet, holding_grant(case))
    with for_this_alone(f"The next-term sheet was agreed: {in_total(sheet.phase)}."):
        _set_dates(cohort, sheet, mentors, at)
        sheet.in_force_at = at
        sheet.save(update_fields=["in_force_at"])
        move(case, State.IN_FORCE, by=by, at=at)
        _open_next_round(cohort, sheet.phase, at)
        ties.replan(at=at, cohort=cohort)
    tell_moved(case, _people_of(sheet, mentors) - {by.pk}, at)
    return sheet


def _set_dates(cohort: Cohort, sheet: TermSheet, mentors: Sequence[SheetMentor], at: dt.datetime) -> None:
    scholar, days = sheet.case.scholar, (sheet.starts_on, sheet.ends_on)
    here_until = max((last for _, last in days_here(scholar)), default=sheet.starts_on - DAY)
    put_stay(
        scholar, cohort=cohort, at=at, phase=sheet.phase, starts_on=sheet.starts_on, ends_on=sheet.ends_on,
        site=sheet.site, time_zone=sheet.time_zone, hours_per_week=sheet.hours_per_week,
        weeks_per_log=sheet.weeks_per_log,
    )  # fmt: skip
    for place in [*(one.mentor for one in mentors), *([sheet.coach] if sheet.coach else [])]:
        be_here(take(place), sheet.phase, days, at=at)
    why = f"The next term begins on {day_in_words(sheet.starts_on)}."
    for row in Pairing.objects.filter(scholar=scholar, archived_at=None, ends_on__gte=sheet.starts_on):
        end_by(row, sheet.starts_on - DAY, why, at)
    if sheet.coach:
        coach_through(scholar=scholar, coach=sheet.coach, here_until=here_until, term=days, reason=why, at=at)
    for number, one in enumerate(mentors, start=1):
        with of_mentor(number):
            _pair(as_pairing(sheet, one), at)


def _pair(pairing: Pairing, at: dt.datetime) -> None:
    """As `pair` does, but laid out with everything else of the term."""
    pairing.created_at = at
    pairing_is_right(pairing)
    with in_words():
        pairing.save(force_insert=True)


def _open_next_round(cohort: Cohort, phase: Phase, at: dt.datetime) -> None:
    """Whoever has six months can ask for twelve, so the term gets a round, with days by default."""
    is_followed = any(total > (phase.total_months or 0) for total in terms(cohort))
    if not is_followed or Round.objects.filter(phase=phase, archived_at=None).exists():
        return
    days = usual_round_of_term(phase)
    with in_words():
        Round.objects.create(
            cohort=cohort, phase=phase, created_at=at, **vars(days), **round_moments(days, cohort.time_zone)
        )


def people_of_term(case: ExtensionCase) -> set[UUID]:
    """Whom a term that is set touches: its scholar, mentors and coach, by key."""
    sheet = TermSheet.objects.select_related("case__scholar", "coach").get(case=case)
    return _people_of(sheet, mentors_of(sheet))


def _people_of(sheet: TermSheet, mentors: Sequence[SheetMentor]) -> set[UUID]:
    coach = {sheet.coach.person_id} if sheet.coach else set()
    return {sheet.case.scholar.person_id, *(one.mentor.person_id for one in mentors)} | coach


# --- it is taken back, or ends early ----------------------------------------------------------------


@transaction.atomic
def take_back(case: ExtensionCase, *, by: Person, at: dt.datetime) -> None:
    """Undo the dates of a term that has not begun, as its scholar withdraws: they are here until the day they
    were, and what was to begin never does. Nothing that happened is undone.

    The caller holds the cohort and the case, and moves the case.
    """
    cohort = hold(case.cohort)
    sheet = TermSheet.objects.get(case=case)
    scholar = take(case.scholar)
    has_not_begun(sheet, at)
    is_the_last_term(sheet)
    with for_this_alone("The extension was withdrawn before the term began."):
        for stay in scholar.stays.filter(archived_at=None, starts_on__gte=sheet.starts_on):
            stay.archived_at = at
            stay.save_edit("archived_at")
        here_until = max((last for _, last in days_here(scholar)), default=sheet.starts_on - DAY)
        yesterday = local_date(at, cohort.time_zone) - DAY
        _cut_ties(scholar, max(here_until, yesterday), "The extension was withdrawn.", at)
        for one in mentors_of(sheet):
            _not_here_for(one.mentor, sheet, at)
        if sheet.coach:
            _not_here_for(sheet.coach, sheet, at)
        ties.replan(at=at, cohort=cohort)


def _cut_ties(scholar: Membership, last_day: dt.date, reason: str, at: dt.datetime) -> None:
    """Pairings and caseloads of a scholar end on this day; what would begin later never does."""
    with in_words():
        for model in (Pairing, Caseload):
            for row in model.objects.filter(scholar=scholar, archived_at=None, ends_on__gt=last_day):
                end_by(row, last_day, reason, at)


def _not_here_for(place: Membership, sheet: TermSheet, at: dt.datetime) -> None:
    """Take away the stay that was added for this term alone, unless somebody else has come to need it."""
    added = place.stays.filter(phase=sheet.phase, archived_at=None, version=1)
    stay = next((one for one in added if one.created_at == sheet.in_force_at), None)
    if stay is None or stay.starts_on <= local_date(at, sheet.cohort.time_zone):
        return
    others = place.stays.filter(archived_at=None).exclude(pk=stay.pk).values_list("starts_on", "ends_on")
    try:
        stays_hold_what_hangs_on_them(place, runs(others))
    except ValidationError:
        return
    stay.archived_at = at
    stay.save_edit("archived_at")


@transaction.atomic
def end_early(
    *, case: ExtensionCase, by: Person, at: dt.datetime, last_day: dt.date, version: int | None = None, reason: str = ""
) -> ExtensionCase:
    """End a term that runs on a day within it, with a reason; the scholar, their mentors and coach are told.

    Stay, pairings and caseload end that day, and what lies after it is not owed. All that was done stays.
    """
    cohort = hold(case.cohort)
    case = take_case(case, version)
    sheet = runs_now(case, TermSheet.objects.filter(case=case).first(), at)
    sheet.case = case
    scholar = take(case.scholar)
    is_the_last_term(sheet)
    stay = scholar.stays.get(phase=sheet.phase, archived_at=None)
    last_day_is_in_the_term(stay.starts_on, stay.ends_on, last_day)
    reason_is_given(reason, launched=True)
    say_why(reason)
    _cut_ties(scholar, last_day, reason, at)
    stay.ends_on = last_day
    with in_words():
        stay.save_edit("ends_on")
    move(case, State.ENDED, by=by, at=at)
    ties.replan(at=at, cohort=cohort)
    tell_moved(case, _people_of(sheet, mentors_of(sheet)) - {by.pk}, at)
    return case
