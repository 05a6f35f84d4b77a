"""Giving a review."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from cohorts import milestones
from cohorts.models import Person
from mats.clock import local_date
from mentorship.models import Review, Submission
from mentorship.reminders.review import tell_scholar
from mentorship.rules.reader import may_be_reader
from mentorship.rules.review import (
    check_answers,
    check_open,
    check_read_the_latest,
    check_revise_on,
    check_says_why,
    last_day_to_revise,
    usual_revise_on,
)


@transaction.atomic
def give_review(
    *,
    review: Review,
    by: Person,
    at: dt.datetime,
    read: uuid.UUID | None,
    outcome: str,
    reasons: str,
    answers: Sequence[Mapping[str, str]] = (),
    words: str = "",
    revise_on: dt.date | None = None,
    version: int | None = None,
) -> Review:
    """Give the review of the version that its reader had before them, `read` by its key: pass or revise.

    Refused in words, so that nothing that was written is lost, where a newer version came in
    meanwhile. A next version is asked for by `revise_on`, by default in seven days, or on the scholar's
    last day. Submission and review are locked in this order, as for whoever sends a version at the
    same moment.
    """
    submission = Submission.locked(review.submission_id)
    row = Review.locked(review.pk, version=version)
    cohort, today = submission.cohort, local_date(at, submission.cohort.time_zone)
    check_open(row)
    may_be_reader(submission, row.reader)
    check_read_the_latest(row.text, read, by.time_zone)
    check_says_why(outcome, reasons)
    check_answers(row.rubric, answers)
    if outcome == Review.Outcome.REVISE:
        last = last_day_to_revise(submission.scholar, today)
        revise_on = revise_on or usual_revise_on(last, today)
        check_revise_on(revise_on, today, last)
        submission.revise_at = milestones.due_at(cohort, revise_on)
    else:
        submission.passed_at, submission.revise_at = at, None
    row.outcome, row.answers, row.words, row.reasons = outcome, list(map(dict, answers)), words, reasons
    row.given_at = at
    row.save_edit("outcome", "answers", "words", "reasons", "given_at")
    submission.save_edit("revise_at", "passed_at")
    tell_scholar(row, at=at)
    return row
