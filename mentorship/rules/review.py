"""When a review may be given, and what makes one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError

from cohorts.models import Membership, Rubric
from cohorts.rules.days import in_words
from cohorts.rules.stay import days_here
from mats import clock
from mentorship.models import Review, SubmittedText

DAY = dt.timedelta(days=1)
REVISION_TIME = 7 * DAY
# The next version is asked for within this time: a main phase is hardly longer.
LONGEST_REVISION = 90 * DAY


def check_open(review: Review) -> None:
    """A review is given once, by whoever is its reader at that moment; it is never edited."""
    if review.given_at:
        raise ValidationError("You have given this review already. A given review stays as it is.")
    if review.archived_at:
        raise ValidationError("You are no longer the reader. Your words are still here; nothing was sent.")


def check_read_the_latest(text: SubmittedText, read: uuid.UUID | None, zone: str) -> None:
    """A reader answers the latest version, and it is the one they had before them."""
    if read != text.pk:
        when = clock.format_moment(text.sent_at, zone, date=True)
        raise ValidationError(f"A newer version came in at {when}. Your words are kept: read it, and send again.")


def check_says_why(outcome: str, reasons: str) -> None:
    """Pass or revise, and why: both with reasons, which the scholar reads."""
    missing = {}
    if outcome not in Review.Outcome.values:
        missing["outcome"] = "Choose one: pass or revise."
    if not reasons:
        missing["reasons"] = "Say why: the reasons are read with the outcome."
    if missing:
        raise ValidationError(missing)


def check_answers(rubric: Rubric | None, answers: Sequence[Mapping[str, str]]) -> None:
    """There is an answer to each criterion of the rubric that the review began with, and to nothing else."""
    asked = rubric.criteria if rubric else []
    if [answer.get("criterion") for answer in answers] != asked:
        raise ValidationError("Something is said here of other criteria than those of this review. Look again.")
    if any(answer.get("stands") not in Review.Stands.values for answer in answers):
        raise ValidationError("Say of each criterion whether it is there, partly, or not yet.")


class LastDay(NamedTuple):
    """The last day by which a next version may be asked for, and what it is, in words."""

    day: dt.date
    words: str


def last_day_to_revise(scholar: Membership, today: dt.date) -> LastDay:
    """A next version is asked for while its writer is here: in the run of days that holds today, else until
    their last one. Whoever is here no longer after today has a week."""
    here = days_here(scholar)
    last = next((end for first, end in here if first <= today <= end), here[-1][1] if here else today)
    if last <= today:
        return LastDay(today + REVISION_TIME, "a week from now, as their last day here has come")
    if last > today + LONGEST_REVISION:
        return LastDay(today + LONGEST_REVISION, f"{LONGEST_REVISION.days} days from now")
    return LastDay(last, "their last day here")


def usual_revise_on(last: LastDay, today: dt.date) -> dt.date:
    """In a week, or on the last day that is possible."""
    return min(today + REVISION_TIME, last.day)


def check_revise_on(revise_on: dt.date, today: dt.date, last: LastDay) -> None:
    """The next version is asked for by a day that lies ahead, and not after the last that is possible."""
    if not today < revise_on <= last.day:
        words = f"Choose a day after today, {in_words(today)}, and not after {in_words(last.day)}, {last.words}."
        raise ValidationError({"revise_on": words})
