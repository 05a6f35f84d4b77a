"""Rules about a next-term sheet: what its facts must be, and who agrees to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations

from django.core.exceptions import ValidationError

from cohorts.models import Membership, Person, Phase, Role
from cohorts.rules.days import DAY, dates_are_possible, in_words, zone_is_known
from cohorts.rules.stay import (
    days_here,
    hours_are_possible,
    log_rhythm_is_possible,
    of_the_same_cohort,
    one_per_phase,
    stay_that_covers,
    within_its_phase,
)
from cohorts.rules.tie import in_one_cohort, nobody_is_mentor_and_coach, of_two_people
from mats.clock import clash, local_date
from mentorship.models import Decision, ExtensionCase, Pairing, SheetMentor, State, TermSheet
from mentorship.rules.pairing import nobody_is_in_two_meetings, slot_of, time_in_words, time_is_whole

MOST_MENTORS = 3


# --- the facts --------------------------------------------------------------------------------------


def sheet_is_right(sheet: TermSheet, mentors: Sequence[SheetMentor], at: dt.datetime) -> None:
    """All that is asked of the facts of a sheet, saved or not: when it is changed, shared, and again when
    everything moves. `mentors` stand in their order."""
    dates_are_possible(sheet.starts_on, sheet.ends_on)
    lies_within_its_term(sheet)
    one_per_phase(sheet.case.scholar, sheet.phase)
    days_follow_and_lie_ahead(sheet, at)
    of_the_same_cohort(sheet.cohort, phase=sheet.phase, site=sheet.site)
    zone_is_known(sheet.time_zone)
    hours_are_possible(sheet.hours_per_week)
    log_rhythm_is_possible(sheet.weeks_per_log)
    has_one_lead(mentors)
    for number, one in enumerate(mentors, start=1):
        with of_mentor(number):
            mentor_can_be_there(sheet, one)
    nobody_twice(sheet, mentors)
    if sheet.coach:
        with of_coach():
            coach_can_be_there(sheet, sheet.coach)


def days_follow_and_lie_ahead(sheet: TermSheet, at: dt.datetime) -> None:
    """A term begins after the scholar's last day, and not before today."""
    here = days_here(sheet.case.scholar)
    if here and sheet.starts_on <= here[-1][1]:
        raise ValidationError(
            {"starts_on": f"{sheet.case.scholar.person.name} is here until {in_words(here[-1][1])}; begin after it."}
        )
    today = local_date(at, sheet.cohort.time_zone)
    if sheet.starts_on < today:
        raise ValidationError({"starts_on": f"This day has gone by. Begin on {in_words(today)} or later."})


def lies_within_its_term(sheet: TermSheet) -> None:
    """The last day is the term's, or an earlier one by exception, with a reason. Nobody stays beyond the
    total they were granted."""
    phase = sheet.phase
    if phase.archived_at:
        raise ValidationError("This term was removed from the cohort. Add it again first.")
    if sheet.ends_on > phase.ends_on:
        raise ValidationError({"ends_on": f"It is {phase}, until {in_words(phase.ends_on)}: no day later than that."})
    within_its_phase(phase, sheet.starts_on, sheet.ends_on)
    if sheet.ends_on != phase.ends_on and not sheet.own_end_reason:
        raise ValidationError(
            {"own_end_reason": f"The term ends on {in_words(phase.ends_on)}. Say why this one ends before it."}
        )


def has_one_lead(mentors: Sequence[SheetMentor]) -> None:
    """A term has a lead mentor, and at most two beside."""
    if sum(one.is_lead for one in mentors) != 1:
        raise ValidationError({"mentor_1": "A term has one lead mentor. Choose who that is."})
    if len(mentors) > MOST_MENTORS:
        raise ValidationError(f"A sheet has at most {MOST_MENTORS} mentors.")


def has_a_place_still(place: Membership) -> None:
    """Whoever has left the cohort stands on no sheet."""
    if place.archived_at:
        raise ValidationError(f"{place.person.name} is no longer here as {place.label}. Choose somebody else.")


def mentor_can_be_there(sheet: TermSheet, one: SheetMentor) -> None:
    """A mentor of the term has a place in the cohort, is not the scholar, and can be here on its days; the
    weekly time clashes with none of theirs."""
    scholar, days = sheet.case.scholar, (sheet.starts_on, sheet.ends_on)
    has_a_place_still(one.mentor)
    in_one_cohort(scholar, one.mentor, Role.MENTOR)
    of_two_people(scholar, one.mentor, Role.MENTOR)
    time_is_whole(one.weekday, one.local_time, one.time_zone)
    stay_that_covers(one.mentor, sheet.phase, days)
    nobody_is_mentor_and_coach(scholar, one.mentor, Role.MENTOR, *days)
    nobody_is_in_two_meetings(as_pairing(sheet, one))


def coach_can_be_there(sheet: TermSheet, coach: Membership) -> None:
    """The coach of the term has a place in the cohort, is not the scholar, and can be here on its days."""
    scholar, days = sheet.case.scholar, (sheet.starts_on, sheet.ends_on)
    has_a_place_still(coach)
    in_one_cohort(scholar, coach, Role.COACH)
    of_two_people(scholar, coach, Role.COACH)
    stay_that_covers(coach, sheet.phase, days)
    nobody_is_mentor_and_coach(scholar, coach, Role.COACH, *days)


def nobody_twice(sheet: TermSheet, mentors: Sequence[SheetMentor]) -> None:
    """On one sheet nobody stands twice, as two mentors or as mentor and coach, and its weekly times leave the
    scholar in one meeting at a time."""
    for number, one in enumerate(mentors, start=1):
        if sheet.coach and sheet.coach.person_id == one.mentor.person_id:
            label = sheet.cohort.coach_label
            raise ValidationError({"coach": f"{one.mentor.person.name} can’t be mentor and {label} of one person."})
        if any(one.mentor.person_id == other.mentor.person_id for other in mentors[: number - 1]):
            raise ValidationError({f"mentor_{number}": f"{one.mentor.person.name} stands here already."})
    timed = [(number, as_pairing(sheet, one)) for number, one in enumerate(mentors, start=1) if one.weekday is not None]
    for (_, first), (number, second) in combinations(timed, 2):
        if clash(slot_of(first), slot_of(second)):
            name = sheet.case.scholar.person.name
            words = f"For {name} this is at the same time as with {first.mentor.person.name}, {time_in_words(first)}."
            raise ValidationError({f"local_time_{number}": words})


def as_pairing(sheet: TermSheet, one: SheetMentor) -> Pairing:
    """The pairing that a mentor of the sheet will have, not saved."""
    return Pairing(
        cohort=sheet.cohort,
        scholar=sheet.case.scholar,
        mentor=one.mentor,
        is_lead=one.is_lead,
        starts_on=sheet.starts_on,
        ends_on=sheet.ends_on,
        weekday=one.weekday,
        local_time=one.local_time,
        time_zone=one.time_zone,
    )


@contextmanager
def of_mentor(number: int) -> Iterator[None]:
    """What is refused of a mentor stands at that mentor's fields: `mentor_2`, `local_time_2`."""
    try:
        yield
    except ValidationError as refusal:
        if not hasattr(refusal, "error_dict"):
            raise ValidationError({f"mentor_{number}": refusal.messages}) from None
        raise ValidationError({f"{field}_{number}": words for field, words in refusal.message_dict.items()}) from None


@contextmanager
def of_coach() -> Iterator[None]:
    """What is refused of the coach stands at the field of the coach."""
    try:
        yield
    except ValidationError as refusal:
        raise ValidationError({"coach": refusal.messages}) from None


# --- preparing, changing, sharing, agreeing ---------------------------------------------------------


def there_is_a_term(phase: Phase | None, total_months: int, starts_on: dt.date) -> Phase:
    """A grant is of a term that the cohort has, and that is not over."""
    if phase is None:
        raise ValidationError(f"There is no term of {total_months} months in total in this cohort. Staff add it first.")
    if phase.ends_on < starts_on:
        raise ValidationError(
            f"{phase} were to end on {in_words(phase.ends_on)}, and that day has gone by. Staff move the term first."
        )
    return phase


def first_day_of_term(phase: Phase, here_until: dt.date, today: dt.date) -> dt.date:
    """The day after the scholar's last day, or the term's first day, whichever is later; today at the earliest."""
    return max(here_until + DAY, phase.starts_on, today)


def sheet_is_open(case: ExtensionCase) -> None:
    """A sheet is written on and agreed while its case is accepted and not in force."""
    if words := why_closed(case):
        raise ValidationError(words)


def why_closed(case: ExtensionCase) -> str:
    """Why the sheet of a case stays as it is, in words; nothing while it is open."""
    if case.state == State.IN_FORCE:
        return "Everything has moved: this sheet is in force. What changes now is changed where it is."
    return "" if case.state == State.ACCEPTED else f"This case is {State(case.state).label}, so its sheet stays."


def not_shared_yet(sheet: TermSheet) -> None:
    """A sheet is shared once; every change of it is there at once for those who read it."""
    if sheet.shared_at:
        raise ValidationError("This sheet is shared already. Nothing was changed.")


def is_shared(sheet: TermSheet) -> None:
    """Nobody agrees to what was not shared with them."""
    if not sheet.shared_at:
        raise ValidationError(f"{sheet.cohort.staff_label_plural.capitalize()} have not shared this sheet yet.")


def agrees_as_one_of_two(sheet: TermSheet, lead: SheetMentor | None, by: Person) -> str:
    """The scholar and the lead mentor agree, each for themselves; the answer is which of the two somebody is."""
    if by.pk == sheet.case.scholar.person_id:
        return "scholar"
    if lead and by.pk == lead.mentor.person_id:
        return "mentor"
    who = f" and {lead.mentor.person.name}, the lead mentor," if lead else " and the lead mentor"
    raise ValidationError(f"{sheet.case.scholar.person.name}{who} agree to this sheet.")


# --- when it begins, and when it ends ---------------------------------------------------------------


def grant_holds(sheet: TermSheet, grant: Decision | None) -> None:
    """A term begins by a grant that holds, of this total, whose conditions are met."""
    if grant is None or grant.total_months != sheet.phase.total_months:
        raise ValidationError("The grant of this term does not hold any more. Look at the case again.")
    if grant.conditions_due_at and not grant.conditions_met_at:
        label = sheet.cohort.staff_label_plural
        raise ValidationError(
            f"The grant has a condition that is not met yet. Nothing begins before {label} have said that it is."
        )


def has_not_begun(sheet: TermSheet, at: dt.datetime) -> None:
    """A term is taken back until its first day."""
    if sheet.starts_on <= local_date(at, sheet.cohort.time_zone):
        raise ValidationError(f"The term began on {in_words(sheet.starts_on)}. It can be ended early instead.")


def runs_now(case: ExtensionCase, sheet: TermSheet | None, at: dt.datetime) -> TermSheet:
    """Only a term that has begun ends early; before that it is withdrawn."""
    if case.state != State.IN_FORCE or sheet is None:
        raise ValidationError(f"This case is {State(case.state).label}: there is no term to end.")
    if sheet.starts_on > local_date(at, sheet.cohort.time_zone):
        raise ValidationError(
            f"The term begins on {in_words(sheet.starts_on)}; until then {case.scholar.person.name} can withdraw."
        )
    return sheet


def is_the_last_term(sheet: TermSheet) -> None:
    """A term after which another one is set stays: take that one back first."""
    later = sheet.case.scholar.stays.filter(archived_at=None, starts_on__gt=sheet.ends_on).order_by("starts_on").first()
    if later:
        raise ValidationError(f"A later term, from {in_words(later.starts_on)}, is set already. Take that back first.")


def last_day_is_in_the_term(first: dt.date, last: dt.date, last_day: dt.date) -> None:
    """What ends early ends between its first and its last day."""
    if not first <= last_day < last:
        words = f"The last day lies between {in_words(first)} and {in_words(last - DAY)}."
        raise ValidationError({"last_day": words})
