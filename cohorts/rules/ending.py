"""Rules about how a place ends."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Ending, How, Membership, Person, Role
from cohorts.rules.days import in_words
from cohorts.rules.stay import days_here

CONFIRMED = "This ending was confirmed already: the place has ended."
DROPPED = "This ending was dropped: the place goes on."
ALL_ROLES_BUT_SCHOLARS = [role for role in Role if role not in (Role.SCHOLAR, Role.ALUM)]


def may_end_at_all(place: Membership) -> None:
    """Only what has begun ends: a place that was accepted, in a cohort that is launched."""
    if not place.cohort.is_launched:
        raise ValidationError("The cohort is not launched yet: remove the place instead.")
    if place.accepted_at is None:
        raise ValidationError(f"{place.person.name} has not accepted this place: remove it instead.")


def kind_is_an_end(how: str) -> None:
    """A place ends early because the person leaves, or because the programme ends it."""
    if how not in (How.LEFT, How.PROGRAMME):
        raise ValidationError({"how": "Say whether they leave, or the programme ends it."})


def is_somebody_elses(place: Membership, by: Person) -> None:
    """Nobody ends their own place as staff: whoever wants to leave, leaves."""
    if place.person_id == by.pk:
        raise ValidationError("This is your own place: leave it from your profile.")


def says_why(reason: str) -> None:
    """The end of somebody else's place has a reason, which is kept."""
    if not reason:
        raise ValidationError({"reason": "Say why: it is kept with the ending."})


def talk_was_first(talk_on: dt.date | None, talk_note: str, today: dt.date) -> None:
    """Before the programme ends a place somebody has talked with the person, and what was said is recorded."""
    if talk_on is None:
        raise ValidationError({"talk_on": "A talk comes first: say on which day you talked with them."})
    if talk_on > today:
        raise ValidationError({"talk_on": f"{in_words(talk_on)} has not come yet: the talk comes first."})
    if not talk_note:
        raise ValidationError({"talk_note": "Say what was said in the talk, and who was there."})


def letter_is_written(letter: str) -> None:
    """The letter that the person gets is written before anybody confirms."""
    if not letter:
        raise ValidationError({"letter": "Write the letter that they get: somebody else reads it before."})


def none_is_proposed(proposal: Ending | None) -> None:
    """One ending is proposed at a time."""
    if proposal:
        words = f"{proposal.proposed_by.name} has proposed an ending for them already: confirm it, or drop it first."
        raise ValidationError(words)


def is_still_proposed(ending: Ending) -> None:
    """An ending has one outcome: it is confirmed, or dropped."""
    if ending.confirmed_at:
        raise ValidationError(CONFIRMED)
    if ending.dropped_at:
        raise ValidationError(DROPPED)


def is_confirmed_by_another(ending: Ending, by: Person) -> None:
    """Two people of staff end a place, and neither of them is the one it is about."""
    if ending.membership.person_id == by.pk:
        raise ValidationError("This is about your own place: somebody else confirms it, or drops it.")
    if ending.how == How.PROGRAMME and ending.proposed_by_id == by.pk:
        raise ValidationError("You have proposed this: somebody else of staff confirms it.")


def last_day_is_over(place: Membership, today: dt.date) -> None:
    """A scholar's place is completed after the last day of their last stay."""
    if words := why_not_over(place, max((last for _, last in days_here(place)), default=None), today):
        raise ValidationError(words)


def why_not_over(place: Membership, last_day: dt.date | None, today: dt.date) -> str:
    """Why the days of a place are not over, or nothing."""
    if last_day and last_day >= today:
        return f"{place.person.name} is here until {in_words(last_day)}."
    return ""


def cohort_is_over(cohort: Cohort, going_on: int) -> None:
    """Places of mentors, coaches and staff are completed once no scholar is left: neither here, nor to come,
    nor with an open case."""
    if words := why_cohort_goes_on(cohort, going_on):
        raise ValidationError(words)


def why_cohort_goes_on(cohort: Cohort, going_on: int) -> str:
    """Why the cohort is not over, or nothing; `going_on` are the scholars who are not to be completed."""
    if not going_on:
        return ""
    label = cohort.label(Role.SCHOLAR, plural=going_on != 1)
    return f"{going_on} {label} {'is' if going_on == 1 else 'are'} still here: their own place ends after that."


def has_nothing_open(place: Membership, why: str) -> None:
    """A place that something keeps open is not completed."""
    if why:
        raise ValidationError(f"{place.person.name}: {why}")
