"""Rules about the talk that staff owe a scholar, and about a support plan."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Membership, Person, Role
from cohorts.rules.days import in_words
from cohorts.rules.stay import days_here
from mats.clock import local_date
from mentorship.models import SupportPlan, Talk

TALK_WITHIN = dt.timedelta(days=5)


# The talk


def check_owed(talk: Talk) -> None:
    """A talk is taken, handed on and recorded while it is owed; what was recorded stays."""
    if talk.done_at:
        raise ValidationError("This talk was recorded meanwhile. Look at the page again.")


def check_talks_for_the_staff(talk: Talk, owner: Membership) -> None:
    """A talk is had by staff of its cohort, and not by the scholar with themselves."""
    is_staff = owner.cohort_id == talk.cohort_id and owner.role == Role.STAFF and not owner.archived_at
    if not is_staff:
        raise ValidationError({"owner": f"Choose somebody of this cohort’s {talk.cohort.staff_label_plural}."})
    if owner.person_id == talk.scholar.person_id:
        raise ValidationError({"owner": "Nobody has this talk with themselves: choose somebody else."})


def check_says_why_handed_on(talk: Talk, owner: Membership, *, by_person: object, reason: str) -> None:
    """To take what nobody has needs no reason; to give it to somebody else, or take it from them, does."""
    if reason or (talk.owner and talk.owner.person_id == owner.person_id):
        return
    if talk.owner and talk.owner.person_id != by_person:
        raise ValidationError({"reason": f"{talk.owner.person.name} has this talk already: say why it changes hands."})
    if owner.person_id != by_person:
        raise ValidationError(
            {"reason": f"Say why {owner.person.name} is to have it; staff can read it in the history."}
        )


def check_not_ones_own(talk: Talk, by: Person) -> None:
    """Who a talk is with does not record it, also where they are of the staff themselves."""
    if talk.scholar.person_id == by.pk:
        raise ValidationError(f"Somebody else of {talk.cohort.staff_label_plural} records this talk.")


def check_day_of_talk(talk: Talk, talked_on: dt.date, at: dt.datetime) -> None:
    """A talk took place between the day on which it was promised and today, on the cohort's wall."""
    zone = talk.cohort.time_zone
    promised, today = local_date(talk.created_at, zone), local_date(at, zone)
    if talked_on > today:
        raise ValidationError({"talked_on": "This day is still to come. Record the talk once you have had it."})
    if talked_on < promised:
        words = f"The talk was promised on {in_words(promised)}; one before that day was another talk."
        raise ValidationError({"talked_on": words})


def check_says_what_was_agreed(words: str) -> None:
    """A recorded talk says what was agreed, be it that nothing changes."""
    if not words:
        raise ValidationError({"words": "Say in a line what was agreed, be it that nothing changes."})


# The plan


def check_no_open_plan(scholar: Membership) -> None:
    """A scholar has one open support plan at a time."""
    if SupportPlan.objects.filter(scholar=scholar, reviewed_at=None, archived_at=None).exists():
        raise ValidationError(
            f"{scholar.person.name} has an open support plan already: change that one, or say how it went first."
        )


def check_plan_is_whole(*, what: str, by_when: dt.date | None, help_given: str, review_on: dt.date | None) -> None:
    """A support plan says what, by when, which help is given, and when it is looked at again."""
    values = {"what": what, "by_when": by_when, "help_given": help_given, "review_on": review_on}
    missing = {field: "A support plan needs this." for field, value in values.items() if not value}
    if missing:
        raise ValidationError(missing)


def check_days_ahead(scholar: Membership, days: dict[str, dt.date], at: dt.datetime) -> None:
    """The days of a support plan, by field, lie after today and not after the scholar's last day here."""
    today = local_date(at, scholar.cohort.time_zone)
    last = max((last for _, last in days_here(scholar)), default=today)
    wrong = {}
    for field, day in days.items():
        if day <= today:
            wrong[field] = f"Choose a day after today, {in_words(today)}."
        elif day > last:
            wrong[field] = f"{scholar.person.name} is here until {in_words(last)}: choose a day up to then."
    if wrong:
        raise ValidationError(wrong)


def check_open_plan(plan: SupportPlan) -> None:
    """A support plan is changed and looked at again while it is open."""
    if plan.reviewed_at:
        raise ValidationError("This plan is closed: it was looked at again. A new one can be made.")


def check_says_how_it_went(review_words: str) -> None:
    """Whoever closes a support plan says how it went."""
    if not review_words:
        raise ValidationError({"review_words": "Say in a line or two how it went."})
