"""Who has which duty, as it is read."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from cohorts.models import Cohort, Duty, Role
from mats.clock import local_date
from mats.prepared import prepared

TWO = 2  # people who decide a case


@prepared
def _duties(cohort: UUID, today: dt.date) -> QuerySet[Duty]:
    held = Duty.objects.filter(cohort=cohort, archived_at=None, membership__archived_at=None)
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=today), membership__role=Role.STAFF)
    return held.select_related("membership__person").order_by("membership__person__name", "starts_on", "pk")


def duties_of(cohort: Cohort, at: dt.datetime) -> list[Duty]:
    """The duties of today and those to come, by name."""
    return _duties(cohort=cohort.pk, today=local_date(at, cohort.time_zone))


def can_decide(duties: list[Duty], today: dt.date) -> int:
    """How many people are on the committee today and can sign in."""
    committee = (duty.membership.person for duty in duties if duty.kind == Duty.Kind.COMMITTEE and is_on(duty, today))
    return len({person.pk for person in committee if person.is_active})


def is_on(duty: Duty, today: dt.date) -> bool:
    return duty.starts_on <= today and (duty.ends_on is None or today <= duty.ends_on)
