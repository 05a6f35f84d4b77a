"""Who is busy when: the planned meetings of some people, and the lock that keeps it true."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from cohorts.models import Person
from mats.history.tracking import because
from mentorship.models import Attendance, Meeting, PairingWeek

Span = tuple[dt.datetime, dt.datetime]


def lock_people(people: Iterable[UUID]) -> None:
    """Hold these people until the transaction ends, in the order of their keys.

    Every booking does this first. Without it two bookings of one slot wait for each other's rows
    and one dies of a deadlock; with it the second simply finds the time taken.
    """
    list(Person.objects.filter(pk__in=set(people)).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def people_of(meeting: Meeting) -> list[UUID]:
    """Keys of everybody who is to come."""
    return list(Attendance.objects.filter(meeting=meeting).values_list("person", flat=True))


def say_why(why: str, *, by: Person, people: list[UUID]) -> None:
    """Whoever is not one of a meeting's people says why they change it; its people need not."""
    if not why and by.pk not in people:
        raise ValidationError({"why": "Say why: this is somebody else's meeting."})
    if why:
        because(why)


def make_way(starts: Mapping[UUID, dt.datetime]) -> None:
    """A meeting that runs ends, at the latest, when the next one of its mentor begins.

    Called with the people of meetings that were just planned, and when theirs begins. They are
    locked, so no other meeting of theirs can be started meanwhile. Two questions, whatever their number.
    """
    if not starts:
        return
    earliest: dict[UUID, dt.datetime] = {}
    running = PairingWeek.objects.filter(
        meeting__ended_at=None,
        meeting__held__endswith__gt=min(starts.values()),
        meeting__held__startswith__lt=max(starts.values()),
        pairing__mentor__person__in=starts,
    )
    for meeting, mentor in running.values_list("meeting", "pairing__mentor__person"):
        earliest[meeting] = min(starts[mentor], earliest.get(meeting, starts[mentor]))
    for row in Meeting.objects.filter(pk__in=earliest).order_by("pk").select_for_update(no_key=True):
        starts_at = earliest[row.pk]
        if row.ended_at is None and row.began_at and row.over_at and row.began_at < starts_at < row.over_at:
            row.held = DateTimeTZRange(row.began_at, starts_at)
            row.save(update_fields=["held"])


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
