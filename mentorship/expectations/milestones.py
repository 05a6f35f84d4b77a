"""What is owed for milestones and extensions: by scholars, readers, mentors, and by staff together.

    milestone      a scholar's submission, met by its first version
    revision       its next version, once a reader has asked for one
    review         a reader's answer
    midpoint_line  a mentor's line on a scholar
    talk           staff's talk after "not as things stand"
    support_plan   staff's look at a support plan on its day
    answers        staff's answers of a round, and `letters` its letters

What staff owe together has no owner until one of them takes it, and a round no scholar.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, F, Model, Q, QuerySet, SmallIntegerField, UUIDField, Value, When
from django.db.models.functions import Cast

from cohorts.access import condition
from cohorts.expectations import register
from cohorts.models import Membership, Person, Role
from cohorts.querysets import LocalDay
from mentorship.models import MidpointLine, Review, Round, Submission, SupportPlan, Talk

# Typed, or a union that begins with it would take it for text.
NOBODY, NO_NUMBER = Cast(Value(None), UUIDField()), Cast(Value(None), SmallIntegerField())


def _of_staff(places: QuerySet[Any]) -> Q:
    """What staff owe together, of the cohorts in which these places are staff's."""
    return Q(cohort__in=Membership.objects.filter(pk__in=places, role=Role.STAFF).values("cohort"))


def columns_of(
    kind: str,
    rows: QuerySet[Any],
    *,
    until: dt.datetime,
    at: dt.datetime,
    due: str,
    met: Any,
    owner: Any = NOBODY,
    scholar: Any = NOBODY,
    cohort: str = "cohort",
) -> QuerySet[Any]:
    """The columns of `cohorts.expectations`; rows due later than `until` are left out, unless they are met."""
    met = F(met) if isinstance(met, str) else met
    state = Case(
        When(met_then__lte=F(due), then=Value("on_time")),
        When(met_then__isnull=False, then=Value("late")),
        When(**{f"{due}__lt": at}, then=Value("missing")),
        default=Value("due"),
        output_field=CharField(),
    )
    found = rows.annotate(met_then=met).filter(Q(met_then__isnull=False) | Q(**{f"{due}__lte": until}))
    day = LocalDay(F(due), f"{cohort}__time_zone")
    return found.annotate(word=state, day=day).values_list(
        Value(kind, output_field=CharField()),
        F(owner) if isinstance(owner, str) else owner,
        F(scholar) if isinstance(scholar, str) else scholar,
        f"{cohort}_id",
        NO_NUMBER,
        "day",
        due,
        "met_then",
        "word",
        "pk",
    )


def readable(model: type[Model], thing: str, reader: Person, at: dt.datetime) -> QuerySet[Any]:
    return model._default_manager.filter(condition(reader, "read", thing, at), archived_at=None)


def _milestones(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    rows = readable(Submission, "submission", reader, at).filter(scholar__in=places)
    return columns_of(
        "milestone", rows, until=until, at=at, due="due_at", met="submitted_at", owner="scholar_id",
        scholar="scholar_id",
    )  # fmt: skip


def _revisions(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    rows = readable(Submission, "submission", reader, at).filter(scholar__in=places, revise_at__isnull=False)
    return columns_of(
        "revision", rows, until=until, at=at, due="revise_at", met="passed_at", owner="scholar_id",
        scholar="scholar_id",
    )  # fmt: skip


def _reviews(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    theirs = Q(reader__in=places) | Q(submission__scholar__in=places)
    return columns_of(
        "review", readable(Review, "review", reader, at).filter(theirs), until=until, at=at, due="due_at",
        met="given_at", owner="reader_id", scholar="submission__scholar_id", cohort="submission__cohort",
    )  # fmt: skip


def _lines(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    theirs = Q(mentor__in=places) | Q(scholar__in=places)
    return columns_of(
        "midpoint_line", readable(MidpointLine, "midpoint_line", reader, at).filter(theirs), until=until, at=at,
        due="due_at", met="given_at", owner="mentor_id", scholar="scholar_id",
    )  # fmt: skip


def _talks(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    theirs = Q(scholar__in=places) | Q(owner__in=places) | (Q(owner=None) & _of_staff(places))
    return columns_of(
        "talk", readable(Talk, "talk", reader, at).filter(theirs), until=until, at=at, due="due_at", met="done_at",
        owner="owner_id", scholar="scholar_id",
    )  # fmt: skip


def _plans(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    rows = readable(SupportPlan, "support_plan", reader, at).filter(Q(scholar__in=places) | _of_staff(places))
    return columns_of(
        "support_plan", rows, until=until, at=at, due="review_due_at", met="reviewed_at", scholar="scholar_id"
    )


def _promise(kind: str, due: str, met: str) -> Any:
    """A date of a round that staff owe everybody in the cohort."""

    def build(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
        theirs = Membership.objects.filter(pk__in=places).values("cohort")
        rows = readable(Round, "round", reader, at).filter(cohort__in=theirs)
        return columns_of(kind, rows, until=until, at=at, due=due, met=met)

    return build


register("milestone", _milestones)
register("revision", _revisions)
register("review", _reviews)
register("midpoint_line", _lines)
register("talk", _talks)
register("support_plan", _plans)
register("answers", _promise("answers", "answers_due_at", "answers_given_at"))
register("letters", _promise("letters", "letters_due_at", "letters_sent_at"))
