"""When a review may be given, and what makes one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from cohorts.models import Rubric
from cohorts.rules.days import in_words
from mats import clock
from mentorship.models import Review, SubmittedText

DAY = dt.timedelta(days=1)
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


def check_revise_on(revise_on: dt.date, today: dt.date) -> None:
    """The next version is asked for by a day that lies ahead, and within reach."""
    if not today < revise_on <= today + LONGEST_REVISION:
        words = f"Choose a day after today, {in_words(today)}, and not after {in_words(today + LONGEST_REVISION)}."
        raise ValidationError({"revise_on": words})
