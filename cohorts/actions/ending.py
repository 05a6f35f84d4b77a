"""How a place ends: completed after its last day, left by its person, or ended by the programme.

However it ends, it is archived with `ended_at`, and everything that is open at it is closed in the
same transaction. The reason stands in the ending alone; the history of what closes with the place
says only that it has ended, since others read that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts import ties
from cohorts.actions.duty import end_duties
from cohorts.actions.holding import hold, in_words, take
from cohorts.actions.membership import DAY, end_by
from cohorts.ending_letters import tell_beside, tell_ended, tell_proposed, tell_who_leads, who_is_beside
from cohorts.endings import READS_FOR, close_all, proposal_for, why_kept
from cohorts.models import Cohort, Ending, How, Membership, Person, Role
from cohorts.rules.ending import (
    cohort_is_over,
    has_nothing_open,
    is_confirmed_by_another,
    is_somebody_elses,
    is_still_proposed,
    kind_is_an_end,
    last_day_is_over,
    letter_is_written,
    may_end_at_all,
    none_is_proposed,
    says_why,
    talk_was_first,
)
from cohorts.rules.membership import cohort_keeps_its_staff
from cohorts.ties import open_ties
from mats.clock import local_date
from mats.history.tracking import for_this_alone

WHY = {
    How.COMPLETED: "The place is completed.",
    How.LEFT: "The place has ended: its person left.",
    How.PROGRAMME: "The place has ended.",
}
TIE_ENDED = "The place of one of them has ended."


# --- completed --------------------------------------------------------------------------------------


@transaction.atomic
def complete(*, cohort: Cohort, places: Iterable[Membership], by: Person, at: dt.datetime) -> list[Membership]:
    """Complete places, all of them or none: of scholars whose last day is over and who have nothing open, of
    others once no scholar is left. Scholars become alumni of the cohort."""
    cohort = hold(cohort)
    rows = [take(place) for place in sorted(places, key=lambda place: str(place.pk))]
    _may_be_completed(cohort, rows, at)
    for place in rows:
        place.cohort = cohort
        cohort_keeps_its_staff(place)
        _end(place, How.COMPLETED, by, at)
        if place.role == Role.SCHOLAR:
            _make_alum(place, at)
    ties.replan(at=at, cohort=cohort)
    tell_ended(rows, at)
    return rows


def _may_be_completed(cohort: Cohort, places: list[Membership], at: dt.datetime) -> None:
    """Everybody who can't be completed yet is named."""
    if not places:
        raise ValidationError({"places": "Choose whose place is completed."})
    today = local_date(at, cohort.time_zone)
    scholars = Membership.objects.filter(cohort=cohort, role=Role.SCHOLAR, archived_at=None)
    going_on = scholars.exclude(pk__in=[place.pk for place in places]).count()
    kept, faults = why_kept([place.pk for place in places], at), []
    for place in places:
        place.cohort = cohort
        checks = [partial(may_end_at_all, place), partial(none_is_proposed, proposal_for(place))]
        if place.role == Role.SCHOLAR:
            checks += [
                partial(last_day_is_over, place, today),
                partial(has_nothing_open, place, kept.get(place.pk, "")),
            ]
        else:
            checks.append(partial(cohort_is_over, cohort, going_on))
        faults += _faults(checks)
    if faults:
        raise ValidationError({"places": list(dict.fromkeys(faults))})


def _faults(checks: Iterable[partial[None]]) -> list[str]:
    for check in checks:
        try:
            check()
        except ValidationError as refusal:
            return refusal.messages
    return []


def _make_alum(place: Membership, at: dt.datetime) -> None:
    """Whoever has completed is an alum of the same cohort, and need not be asked."""
    alum = Membership.objects.filter(cohort=place.cohort_id, person=place.person_id, role=Role.ALUM).first()
    if alum is None:
        Membership.objects.create(
            cohort_id=place.cohort_id, person_id=place.person_id, role=Role.ALUM, accepted_at=at, created_at=at
        )
    elif alum.archived_at:
        back = {"archived_at": None, "ended_at": None, "ended_how": "", "reads_until": None, "accepted_at": at}
        for field, value in back.items():
            setattr(alum, field, value)
        alum.save_edit(*back)


# --- left -------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(*, membership: Membership, by: Person, at: dt.datetime, reason: str = "") -> Membership:
    """Leave a place of one's own: nobody has to agree, and no reason is needed. Whoever leads on duty is told,
    or else staff."""
    cohort, place = _held(membership)
    if place.person_id != by.pk:
        raise ValidationError("This is somebody else’s place.")
    ending = _new(place, How.LEFT, by, at, reason=reason, confirmed_by=by, confirmed_at=at)
    _take_effect(cohort, place, ending, by, at)
    tell_who_leads(ending, at)
    return place


# --- ended by staff ---------------------------------------------------------------------------------


@transaction.atomic
def propose_end(
    *,
    membership: Membership,
    by: Person,
    at: dt.datetime,
    how: str,
    reason: str = "",
    talk_on: dt.date | None = None,
    talk_note: str = "",
    letter: str = "",
) -> Ending:
    """Propose that the programme ends a place, which somebody else confirms; or record that a person leaves,
    which takes effect at once."""
    cohort, place = _held(membership)
    kind_is_an_end(how)
    is_somebody_elses(place, by)
    none_is_proposed(proposal_for(place))
    says_why(reason)
    if how == How.LEFT:
        ending = _new(place, how, by, at, reason=reason, letter=letter, confirmed_by=by, confirmed_at=at)
        _take_effect(cohort, place, ending, by, at)
        return ending
    talk_was_first(talk_on, talk_note, local_date(at, cohort.time_zone))
    letter_is_written(letter)
    cohort_keeps_its_staff(place)
    ending = _new(place, how, by, at, reason=reason, letter=letter, talk_on=talk_on, talk_note=talk_note)
    tell_proposed(ending, at)
    return ending


def _new(place: Membership, how: str, by: Person, at: dt.datetime, **fields: object) -> Ending:
    with in_words():
        return Ending.objects.create(
            cohort_id=place.cohort_id, membership=place, how=how, proposed_by=by, created_at=at, **fields
        )


@transaction.atomic
def confirm_end(*, ending: Ending, by: Person, at: dt.datetime) -> Ending:
    """Confirm what somebody else has proposed: the place ends at once, and the person gets the letter."""
    cohort, place, row = _proposal(ending)
    is_confirmed_by_another(row, by)
    row.confirmed_by, row.confirmed_at = by, at
    with in_words():
        row.save_edit("confirmed_by", "confirmed_at")
    _take_effect(cohort, place, row, by, at)
    return row


@transaction.atomic
def drop_end(*, ending: Ending, by: Person, at: dt.datetime, reason: str = "") -> Ending:
    """Take a proposed ending off the table, with a reason: the place goes on."""
    _, _, row = _proposal(ending)
    if row.membership.person_id == by.pk:
        is_confirmed_by_another(row, by)
    says_why(reason)
    with for_this_alone(reason):
        _drop(row, by, at)
    return row


def _drop(row: Ending, by: Person, at: dt.datetime) -> None:
    row.dropped_by, row.dropped_at = by, at
    row.save_edit("dropped_by", "dropped_at")


def _proposal(ending: Ending) -> tuple[Cohort, Membership, Ending]:
    """Cohort, place and the proposal, locked in this order; in words if it has its outcome already."""
    cohort = hold(ending.cohort)
    row = Ending.locked(ending.pk)
    is_still_proposed(row)
    place = take(row.membership)
    place.cohort = row.cohort = cohort
    row.membership = place
    return cohort, place, row


# --- it takes effect --------------------------------------------------------------------------------


def _held(membership: Membership) -> tuple[Cohort, Membership]:
    """Cohort and place, locked, of a place that may end."""
    cohort = hold(membership.cohort)
    place = take(membership)
    place.cohort = cohort
    may_end_at_all(place)
    return cohort, place


def _take_effect(cohort: Cohort, place: Membership, ending: Ending, by: Person, at: dt.datetime) -> None:
    """End the place, lay out what is owed from now on, and tell the person and whom it touches."""
    cohort_keeps_its_staff(place)
    beside = who_is_beside(place, at)
    _end(place, How(ending.how), by, at)
    ties.replan(at=at, membership=place)
    tell_ended([place], at)
    tell_beside(place, beside, at)


def _end(place: Membership, how: How, by: Person, at: dt.datetime) -> None:
    """Close everything at a place and archive it, in the caller's transaction; the caller lays out again.

    What hangs on it ends with yesterday, so that from this moment nothing more is opened by it; what
    would begin today or later never begins.
    """
    yesterday = local_date(at, place.cohort.time_zone) - DAY
    with for_this_alone(WHY[how]), in_words():
        close_all(place, by, at)
        for tie in open_ties(place, yesterday + DAY):
            end_by(tie.row, yesterday, TIE_ENDED, at)
        for stay in place.stays.filter(archived_at=None, ends_on__gt=yesterday):
            end_by(stay, yesterday, "", at)
        end_duties(place, yesterday, place.cohort, at)
        if proposal := proposal_for(place):
            _drop(proposal, by, at)
        place.archived_at = place.ended_at = at
        place.ended_how, place.reads_until = how, at + READS_FOR
        place.save_edit("archived_at", "ended_at", "ended_how", "reads_until")
