"""What a cohort asks of its scholars by a date. What they owe for it follows in the same transaction."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts import milestones
from cohorts.actions.holding import hold, in_words, remove, say_why, take
from cohorts.models import Cohort, Milestone, Person, Rubric
from cohorts.models.milestone import READING_DAYS
from cohorts.rules.days import dates_are_possible
from cohorts.rules.milestone import (
    clean_criteria,
    is_read_stays_once_used,
    milestone_is_ahead,
    milestone_is_new,
    milestone_is_unused,
    milestone_lies_within_the_cohort,
)
from cohorts.rules.tie import reason_is_given
from mats.clock import local_date


@transaction.atomic
def add_milestone(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    kind: str,
    due_on: dt.date,
    is_read: bool = False,
    reading_days: int = READING_DAYS,
    guide: str = "",
    rubric: str = "",
) -> Milestone:
    """Set a milestone: from now on every scholar who is here on its day owes it. `rubric` is its first version."""
    cohort = hold(cohort)
    milestone_is_new(cohort, kind)
    _day_is_right(cohort, due_on, at)
    row = Milestone(
        cohort=cohort,
        kind=kind,
        due_on=due_on,
        due_at=milestones.due_at(cohort, due_on),
        is_read=is_read,
        reading_days=reading_days,
        guide=guide,
        created_at=at,
    )
    milestones.agree(row, due_on)
    with in_words():
        row.save()
    if rubric:
        _publish(row, clean_criteria(rubric), at)
    milestones.replan(cohort, at=at)
    return row


def _day_is_right(cohort: Cohort, due_on: dt.date, at: dt.datetime) -> None:
    try:
        dates_are_possible(due_on, due_on)
    except ValidationError as refusal:
        raise ValidationError({"due_on": refusal.messages[:1]}) from None
    milestone_lies_within_the_cohort(cohort, due_on)
    milestone_is_ahead(due_on, local_date(at, cohort.time_zone))


@transaction.atomic
def change_milestone(
    *,
    milestone: Milestone,
    by: Person,
    at: dt.datetime,
    version: int,
    due_on: dt.date,
    is_read: bool,
    reading_days: int,
    guide: str = "",
    reason: str = "",
) -> Milestone:
    """Move or correct a milestone. What was submitted keeps the moment it was measured by; what was
    not moves along, but for scholars whom staff gave a date of their own."""
    cohort = hold(milestone.cohort)
    row = take(milestone, version)
    if due_on != row.due_on:
        _day_is_right(cohort, due_on, at)
        milestones.agree(row, due_on)
        reason_is_given(reason, launched=cohort.is_launched)
    is_read_stays_once_used(row, is_read)
    row.due_on, row.due_at = due_on, milestones.due_at(cohort, due_on)
    row.is_read, row.reading_days, row.guide = is_read, reading_days, guide
    say_why(reason)
    with in_words():
        row.save_edit("due_on", "due_at", "is_read", "reading_days", "guide")
    milestones.replan(cohort, at=at)
    return row


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: Person, at: dt.datetime, version: int, reason: str = "") -> None:
    """Take a milestone away that nobody has answered; with it goes what was owed for it."""
    cohort = hold(milestone.cohort)
    row = take(milestone, version)
    milestone_is_unused(row)
    milestones.agree(row, None)
    reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    with in_words():
        remove(row, launched=True, at=at)  # its rubrics and what was owed for it point here
    milestones.replan(cohort, at=at)


@transaction.atomic
def publish_rubric(
    *, milestone: Milestone, by: Person, at: dt.datetime, lines: str, drawn_from: int = 0, reason: str = ""
) -> Rubric:
    """The next version of a milestone's rubric, with a reason where it replaces one in a launched cohort;
    the same lines again change nothing.

    `drawn_from` is the number that its writer saw: whoever comes second is told, and nothing is lost.
    """
    cohort = hold(milestone.cohort)
    row = take(milestone)
    lines, latest = clean_criteria(lines), row.rubrics.order_by("-number").first()
    if latest and latest.lines == lines:
        return latest
    if (latest.number if latest else 0) != drawn_from:
        raise ValidationError("Somebody has published another version meanwhile. Look at it, then send yours again.")
    if latest:
        reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    return _publish(row, lines, at)


def _publish(row: Milestone, lines: str, at: dt.datetime) -> Rubric:
    latest = row.rubrics.order_by("-number").first()
    return Rubric.objects.create(milestone=row, number=latest.number + 1 if latest else 1, lines=lines, created_at=at)
