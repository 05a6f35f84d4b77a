"""Who is busy when: the planned meetings of some people, and the lock that keeps it true."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from cohorts.models import Person
from mentorship.models import Attendance

Span = tuple[dt.datetime, dt.datetime]


def lock_people(people: Iterable[UUID]) -> None:
    """Hold these people until the transaction ends, in the order of their keys.

    Every booking does this first. Without it two bookings of one slot wait for each other's rows
    and one dies of a deadlock; with it the second simply finds the time taken.
    """
    list(Person.objects.filter(pk__in=set(people)).order_by("pk").select_for_update(no_key=True).values_list("pk"))


class Diary:
    """The planned meetings of some people as sorted, never overlapping spans, in memory."""

    def __init__(self) -> None:
        self._spans: dict[UUID, list[Span]] = defaultdict(list)

    @classmethod
    def of(cls, people: Iterable[UUID], first: dt.datetime, last: dt.datetime) -> Diary:
        """What stands in the database for these people between two moments; one query."""
        diary = cls()
        found = Attendance.objects.filter(is_live=True, person__in=set(people), during__overlap=(first, last))
        for person, during in found.order_by("during").values_list("person", "during"):
            diary._spans[person].append((during.lower, during.upper))  # type: ignore[arg-type]  # both ends exist
        return diary

    def is_free(self, person: UUID, span: Span) -> bool:
        spans = self._spans[person]
        place = bisect_left(spans, span)
        before_ends = spans[place - 1][1] if place else span[0]
        after_starts = spans[place][0] if place < len(spans) else span[1]
        return before_ends <= span[0] and span[1] <= after_starts

    def add(self, person: UUID, span: Span) -> None:
        spans = self._spans[person]
        spans.insert(bisect_left(spans, span), span)
