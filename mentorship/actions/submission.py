"""Submitting for a milestone, and the date by which a scholar does."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts import milestones
from cohorts.actions.holding import hold, say_why, take
from cohorts.models import Person
from cohorts.rules.tie import reason_is_given
from mats.clock import local_date
from mats.history.record import EditedMeanwhile
from mentorship.actions.reader import open_review
from mentorship.models import Submission, SubmittedText
from mentorship.rules.log import clean_links
from mentorship.rules.submission import (
    check_form,
    check_may_be_sent,
    check_says_something,
    own_date_is_possible,
)


@transaction.atomic
def submit(
    *,
    submission: Submission,
    by: Person,
    at: dt.datetime,
    version: int | None,
    text: str = "",
    links: str = "",
    form: str = "",
) -> SubmittedText:
    """Send the next version of a submission; the same text again changes nothing.

    `version` is the number of the version it was written over, 0 for none: another one that was
    sent meanwhile raises `EditedMeanwhile`. (None does not ask.) The first version fixes
    `submitted_at`, which says whether it was in time. Where somebody reads it, their open review
    is of the latest version from now on; what has passed stays so.
    """
    row = Submission.locked(submission.pk)
    check_may_be_sent(row, row.cohort, at)
    links = clean_links(links)
    check_says_something(text=text, links=links)
    check_form(row.milestone, form)
    latest = latest_text(row)
    if latest and (latest.text, latest.links, latest.form) == (text, links, form):
        return latest
    number = latest.number if latest else 0
    if version is not None and version != number:
        raise EditedMeanwhile(latest or row)
    sent = SubmittedText.objects.create(
        submission=row, number=number + 1, form=form, text=text, links=links, sent_at=at, created_at=at
    )
    _follow(row, sent)
    return sent


def latest_text(submission: Submission) -> SubmittedText | None:
    return submission.texts.order_by("-number").first()


def _follow(row: Submission, sent: SubmittedText) -> None:
    """What a new version means for its submission, and for its reader."""
    row.submitted_at = row.submitted_at or sent.sent_at
    row.revise_at = None
    if not row.milestone.is_read:
        row.passed_at = row.passed_at or sent.sent_at
    row.save_edit("submitted_at", "revise_at", "passed_at")
    if row.waits_to_be_read and row.reader:
        open_review(row, sent, since=sent.sent_at)


@transaction.atomic
def give_own_date(
    *,
    submission: Submission,
    by: Person,
    at: dt.datetime,
    version: int,
    due_on: dt.date | None,
    reason: str = "",
) -> Submission:
    """Staff give one scholar a date of their own, with a reason; None gives the milestone's back."""
    cohort = hold(submission.cohort)
    row = take(submission, version)
    own_date_is_possible(row, due_on, local_date(at, cohort.time_zone))
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    row.has_own_date = due_on is not None
    row.due_at = milestones.due_at(cohort, due_on) if due_on else row.milestone.due_at
    row.save_edit("has_own_date", "due_at")
    return row
