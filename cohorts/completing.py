"""Whose place in a cohort can be completed, and why the others' can't yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from cohorts.endings import why_kept
from cohorts.models import Cohort, Ending, Membership, Role
from cohorts.querysets import here
from cohorts.rules.ending import why_cohort_goes_on, why_not_over
from mats.clock import local_date
from mats.prepared import prepared

IN_ORDER = [Role.SCHOLAR, Role.MENTOR, Role.COACH, Role.OUTSIDE, Role.STAFF]
PROPOSED = "an ending is proposed: confirm it, or drop it first."


@dataclass(frozen=True)
class Candidate:
    """A place with the reason why it can't be completed now; none where it can."""

    place: Membership
    why_not: str


def with_last_day(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """With person, cohort, and `last_day` of their last stay; by name."""
    live = Q(stays__archived_at=None)
    rows = rows.select_related("person", "cohort").annotate(last_day=Max("stays__ends_on", filter=live))
    return rows.order_by("person__name", "role", "pk")


@prepared
def _here(cohort: Cohort) -> QuerySet[Membership]:
    proposed = Ending.objects.filter(membership=OuterRef("pk"), confirmed_at=None, dropped_at=None)
    rows = Membership.objects.filter(here(), cohort=cohort)
    return with_last_day(rows.exclude(role=Role.ALUM)).annotate(is_proposed=Exists(proposed))


def candidates(cohort: Cohort, at: dt.datetime) -> list[Candidate]:
    """Everybody who has come in, scholars first; two questions to the database."""
    here, today = _here(cohort=cohort), local_date(at, cohort.time_zone)
    here.sort(key=lambda place: IN_ORDER.index(Role(place.role)))
    kept = why_kept([place.pk for place in here], at)
    scholars = [_scholar(place, kept.get(place.pk, ""), today) for place in here if place.role == Role.SCHOLAR]
    going_on = sum(bool(one.why_not) for one in scholars)
    goes_on = why_cohort_goes_on(cohort, going_on)
    others = [place for place in here if place.role != Role.SCHOLAR]
    staff = sum(place.role == Role.STAFF and place.person.is_active for place in others)
    return scholars + [Candidate(place, goes_on or _why_not_other(place, staff)) for place in others]


def _scholar(place: Membership, kept: str, today: dt.date) -> Candidate:
    last_day, is_proposed = place.last_day, place.is_proposed  # type: ignore[attr-defined]  # by _here
    return Candidate(place, why_not_over(place, last_day, today) or kept or (PROPOSED if is_proposed else ""))


def _why_not_other(place: Membership, staff: int) -> str:
    if place.is_proposed:  # type: ignore[attr-defined]  # by _here
        return PROPOSED
    return "the last one; add another one first." if place.role == Role.STAFF and staff == 1 else ""
