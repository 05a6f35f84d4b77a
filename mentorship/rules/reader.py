"""Who may read a submission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import CharField, Value

from cohorts.models import Caseload, Cohort, Duty, Membership, Milestone, Role
from mentorship.models import Conflict, Pairing, Submission

READING_ROLES = (Role.MENTOR, Role.STAFF, Role.COACH)
STAND_IN = str(Duty.Kind.STAND_IN)


class Bar(NamedTuple):
    """Why somebody may not read a scholar's work ("mentor", "coach", "stand_in" or "conflict"), and the cohort
    in which that is."""

    why: str
    cohort: UUID


def bars(scholars: Iterable[Membership]) -> dict[UUID, dict[UUID, Bar]]:
    """Who may not read the work of these scholars: by the scholar's person and the other's; one question.

    A mentor or coach of the scholar, or who stands in for a mentor, now, before or to come, and whoever has
    declared a conflict: compared as people, in every cohort.
    """
    people = {scholar.person_id for scholar in scholars}
    found: dict[UUID, dict[UUID, Bar]] = defaultdict(dict)
    kinds: list[tuple[Any, str, str]] = [
        (Pairing, "mentor", "mentor__person_id"),
        (Caseload, "coach", "coach__person_id"),
        (Conflict, "conflict", "person_id"),
    ]
    questions = [
        model._default_manager.filter(archived_at=None, scholar__person__in=people)
        .order_by()
        .values_list(Value(why, output_field=CharField()), "scholar__person_id", other, "cohort_id")
        for model, why, other in kinds
    ]
    stands_in = Pairing.objects.filter(
        archived_at=None, scholar__person__in=people, mentor__helped_by__kind=STAND_IN,
        mentor__helped_by__archived_at=None,
    )  # fmt: skip
    questions.append(
        stands_in.order_by().values_list(
            Value(STAND_IN, output_field=CharField()),
            "scholar__person_id",
            "mentor__helped_by__membership__person_id",
            "cohort_id",
        )
    )
    for why, scholar, other, cohort in questions[0].union(*questions[1:]):
        found[scholar].setdefault(other, Bar(why, cohort))
    return found


def is_read_at_all(milestone: Milestone) -> None:
    """Only a milestone that is read has readers."""
    if not milestone.is_read:
        raise ValidationError("Nobody reads this milestone: what is sent for it has passed.")


def is_still_to_be_read(submission: Submission) -> None:
    """What has passed keeps its reader."""
    if submission.passed_at:
        raise ValidationError("It has passed, and keeps its reader: there is nothing more to read.")


def may_be_reader(submission: Submission, reader: Membership) -> None:
    """A reader is a mentor, a coach or a member of staff of this cohort; never the scholar, nor a
    mentor or coach of theirs (now, before or to come), nor anybody with a declared conflict."""
    if refusal := why_not(submission, reader):
        raise ValidationError({"reader": refusal})


def why_not(submission: Submission, reader: Membership) -> str:
    """Why somebody may not read a submission, in words for staff; nothing if they may."""
    cohort, scholar = submission.cohort, submission.scholar
    name, whose = reader.person.name, scholar.person.name
    if reader.cohort_id != submission.cohort_id or reader.archived_at or reader.role not in READING_ROLES:
        return f"Choose a mentor, a {cohort.coach_label} or a {cohort.staff_label} of this cohort."
    if reader.person_id == scholar.person_id:
        return f"{name} can’t read their own work."
    bar = bars([scholar])[scholar.person_id].get(reader.person_id)
    return said(bar, submission, name, whose) if bar else ""


def said(bar: Bar, submission: Submission, name: str, whose: str) -> str:
    """A bar in words. Who coaches whom is open within a cohort, and not beyond it."""
    if bar.why == "conflict":
        return f"{name} has a declared conflict over the work of {whose}."
    if bar.cohort != submission.cohort_id:
        return f"{name} and {whose} stand to each other in another cohort in a way that rules this out."
    return f"{name} is, was or will be {bond(bar, submission.cohort)} of {whose}; a reader is somebody else."


def bond(bar: Bar, cohort: Cohort) -> str:
    """What somebody is to the scholar, before "of"."""
    return "stand-in for a mentor" if bar.why == STAND_IN else cohort.label(bar.why)
