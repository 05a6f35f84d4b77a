"""Who opened what is confidential: written by whoever opens it, read by whom it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from coaching.models import ForMyCoach, Opening
from cohorts.access import visible
from cohorts.models import Membership, Person
from mats.clock import local_date
from mats.prepared import prepared


def opened(lines: Iterable[ForMyCoach], *, about: Membership, by: Person, at: dt.datetime) -> None:
    """Write down that these lines were shown to somebody who did not write them; at most one query.

    Once for a reader, a line and a day of the cohort: opened again, the row stands already.
    """
    day = local_date(at, about.cohort.time_zone)
    rows = [
        Opening(reader=by, about=about, what=Opening.What.FOR_MY_COACH, row_id=line.pk, day=day, opened_at=at)
        for line in lines
    ]
    if rows:
        Opening.objects.bulk_create(rows, ignore_conflicts=True)


@prepared
def openings_of(person: Person, at: dt.datetime, about: list[UUID]) -> QuerySet[Opening]:
    """Openings about some places, the latest first, as far as this person may read them."""
    found = visible(Opening, "opening", person, at).filter(about__any=about)
    return found.select_related("reader").order_by("-opened_at")[:50]
