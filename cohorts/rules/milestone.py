"""Rules about milestones and their rubrics."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Milestone
from cohorts.rules.days import in_words
from mats.text import clean_text

NO_SUCH_KIND = "There is no such milestone. Choose one of those that are offered."
CRITERIA, CRITERION = 20, 300  # lines, and characters of one


def milestone_is_new(cohort: Cohort, kind: str) -> None:
    """A cohort has each kind of milestone once, and no others."""
    if kind not in Milestone.Kind.values:
        raise ValidationError({"kind": NO_SUCH_KIND})
    if Milestone.objects.filter(cohort=cohort, kind=kind, archived_at=None).exists():
        words = Milestone.Kind(kind).label
        raise ValidationError({"kind": f"There is a {words} in this cohort already. Change its date instead."})


def milestone_lies_within_the_cohort(cohort: Cohort, due_on: dt.date) -> None:
    """A milestone is due on a day of one of the cohort's phases."""
    phases = list(cohort.phases.filter(archived_at=None).order_by("starts_on"))
    if not any(phase.starts_on <= due_on <= phase.ends_on for phase in phases):
        spans = " or ".join(f"{in_words(phase.starts_on)} to {in_words(phase.ends_on)}" for phase in phases)
        raise ValidationError({"due_on": f"This lies outside the cohort, which is on from {spans}."})


def milestone_is_ahead(due_on: dt.date, today: dt.date) -> None:
    """A milestone is never set on a day gone by, before launch either: whoever joins after it does not owe it."""
    if due_on < today:
        words = f"This day has gone by, so nobody would owe it. Choose one from {in_words(today)} on."
        raise ValidationError({"due_on": words})


def is_read_stays_once_used(milestone: Milestone, is_read: bool) -> None:
    """Whether somebody reads a milestone stays as it is once somebody has submitted."""
    if is_read != milestone.is_read and _is_used(milestone):
        raise ValidationError({"is_read": "Somebody has submitted already; this stays as it is."})


def milestone_is_unused(milestone: Milestone) -> None:
    """A milestone for which somebody has submitted, or somebody has spoken, is not removed."""
    if _is_used(milestone) or milestone.lines.filter(given_at__isnull=False).exists():
        raise ValidationError("Somebody has answered this milestone already. It stays; its date can be moved.")


def _is_used(milestone: Milestone) -> bool:
    submitted = milestone.submissions.filter(submitted_at__isnull=False)
    return bool(submitted.exists())


def clean_criteria(text: str) -> str:
    """A rubric has a criterion a line: at least one, at most twenty, each once."""
    try:
        cleaned = [clean_text(" ".join(line.split()), max_length=CRITERION) for line in text.splitlines()]
    except ValidationError as refusal:
        raise ValidationError({"lines": refusal.messages}) from None
    lines = [line for line in dict.fromkeys(cleaned) if line]
    if not lines:
        raise ValidationError({"lines": "Write at least one line: what a reader looks for."})
    if len(lines) > CRITERIA:
        raise ValidationError({"lines": f"These are {len(lines)} lines; at most {CRITERIA} can be kept here."})
    return "\n".join(lines)
