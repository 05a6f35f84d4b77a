"""When something may be submitted, and what makes a submission."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Milestone
from cohorts.rules.days import in_words
from cohorts.rules.stay import days_here
from mentorship.models import Submission, SubmittedText


def check_may_be_sent(submission: Submission, cohort: Cohort, at: dt.datetime) -> None:
    """A submission may be sent from the cohort's launch on, and never closes."""
    if submission.archived_at:
        raise ValidationError("This is no longer owed. Your text is still here; nothing was sent.")
    if cohort.launched_at is None or at < cohort.launched_at:
        raise ValidationError("The cohort is not launched yet. Until then your draft is kept.")


def check_says_something(*, text: str, links: str) -> None:
    """A submission says something, or links to where it is said."""
    if not (text or links):
        raise ValidationError({"text": "Write something here, or give a link to where it stands."})


def check_form(milestone: Milestone, form: str) -> None:
    """A symposium's submission is a talk or a poster; nothing else is asked which of them it is."""
    if milestone.kind != Milestone.Kind.SYMPOSIUM:
        if form:
            raise ValidationError({"form": "Only for a symposium there are talks and posters."})
    elif form not in SubmittedText.Form.values:
        raise ValidationError({"form": "Choose a talk or a poster."})


def own_date_is_possible(submission: Submission, due_on: dt.date | None, today: dt.date) -> None:
    """A scholar has a date of their own as long as nothing is submitted; it lies ahead, while they are here."""
    if submission.submitted_at:
        raise ValidationError("It is submitted already, and keeps the moment it was measured by.")
    if due_on is None:
        return
    if due_on < today:
        raise ValidationError({"due_on": f"This day has gone by. Choose one from {in_words(today)} on."})
    here = days_here(submission.scholar)
    if not any(first <= due_on <= last for first, last in here):
        said = " and ".join(f"until {in_words(last)}" for _, last in here) or "on no day"
        raise ValidationError({"due_on": f"{submission.scholar.person.name} is here {said}."})
