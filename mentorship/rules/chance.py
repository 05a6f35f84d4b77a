"""What a log may say of the chance that a milestone is in by its date, and what becomes of it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q

from mentorship.models import Submission
from mentorship.models.chance import PERCENTS

NOT_A_CHANCE = "A chance is 10, 20, … or 90 %. Choose one, or leave it at —."
NOT_AHEAD = (
    "A chance is about your own next milestone, as long as it is ahead: this one is not, or not any more. "
    "Nothing was sent; choose again, or leave it at —."
)


def chance_is_possible(percent: int | None) -> None:
    """A chance is 10, 20, … or 90 %, or it is not said: nobody is ever quite sure."""
    if percent is not None and percent not in PERCENTS:
        raise ValidationError({"next_chance": NOT_A_CHANCE})


def ahead(at: dt.datetime) -> Q:
    """Submissions that are still to come: not sent, and their date not passed. Of these a chance can be said."""
    return Q(archived_at=None, submitted_at=None, due_at__gt=at)


def is_ahead(submission: Submission, at: dt.datetime) -> bool:
    """The same of one row."""
    return submission.archived_at is None and submission.submitted_at is None and submission.due_at > at
