"""What the database is asked for a meeting's page: a function for each question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cohorts.access import condition, visible
from cohorts.models import Person
from mats.forms.base import KeptForm
from mats.forms.drafts import Content
from mats.forms.models import Draft
from mats.forms.submissions import was_sent
from mats.prepared import prepared
from mentorship.models import Absence, Action, AgendaItem, Meeting, OwnNote, PairingWeek, WeeklyLog

# From the week before a meeting on, a closed action still stands in its list.
CLOSED_STAYS = dt.timedelta(days=8)


@dataclass(frozen=True)
class Seat:
    """One pairing at the table: its week, its two people, and its meetings before and after."""

    week: UUID
    number: int
    week_starts_on: dt.date
    closes_at: dt.datetime
    pairing: UUID
    scholar: UUID
    scholar_person: UUID
    scholar_name: str
    scholar_zone: str
    mentor: UUID
    mentor_person: UUID
    mentor_name: str
    mentor_zone: str
    previous: UUID | None
    next: UUID | None


def seats_at(meeting: Meeting) -> list[Seat]:
    """Everybody of a meeting, by their scholars' names."""
    return sorted(
        (Seat(*row) for row in _seats(meeting=meeting)),
        key=lambda seat: (seat.scholar_name.casefold(), str(seat.pairing)),
    )


@prepared
def _seats(meeting: Meeting) -> QuerySet[Any]:
    of_pairing = PairingWeek.objects.filter(pairing=OuterRef("pairing"), archived_at=None, meeting__isnull=False)
    before = of_pairing.filter(week_starts_on__lt=OuterRef("week_starts_on")).order_by("-week_starts_on")
    after = of_pairing.filter(week_starts_on__gt=OuterRef("week_starts_on")).order_by("week_starts_on")
    return _at_table(meeting).values_list(
        "pk", "number", "week_starts_on", "closes_at", "pairing",
        "pairing__scholar", "pairing__scholar__person", "pairing__scholar__person__name",
        "pairing__scholar__person__time_zone",
        "pairing__mentor", "pairing__mentor__person", "pairing__mentor__person__name",
        "pairing__mentor__person__time_zone",
        Subquery(before.values("meeting")[:1]), Subquery(after.values("meeting")[:1]),
    )  # fmt: skip


def _at_table(meeting: Meeting) -> QuerySet[PairingWeek]:
    return PairingWeek.objects.filter(meeting=meeting, archived_at=None)


def logs_for(reader: Person, at: dt.datetime, meeting: Meeting, relations: frozenset[str]) -> list[WeeklyLog]:
    """Of those at the table, the logs of this week that the reader may read."""
    return _logs(relations)(reader=reader, at=at, meeting=meeting)


@cache
def _logs(relations: frozenset[str]) -> Callable[..., list[WeeklyLog]]:
    def build(reader: Person, at: dt.datetime, meeting: Meeting) -> QuerySet[WeeklyLog]:
        theirs = _at_table(meeting).filter(
            pairing__scholar=OuterRef("scholar"), week_starts_on=OuterRef("week_starts_on")
        )
        owed = WeeklyLog.objects.filter(
            condition(reader, "read", "log", at, relations=relations), Exists(theirs), archived_at=None
        )
        return owed.with_state(at).with_edits().select_related("scholar__person").order_by("scholar__person__name")

    return prepared(build)


class AgendaLine(NamedTuple):
    """One thing to speak about, and whose it is."""

    pk: UUID
    version: int
    text: str
    added_by: str


def agenda_of(meeting: Meeting) -> list[AgendaLine]:
    return [AgendaLine(*row) for row in _agenda(meeting=meeting)]


@prepared
def _agenda(meeting: Meeting) -> QuerySet[Any]:
    items = AgendaItem.objects.filter(meeting=meeting, archived_at=None).order_by("created_at", "pk")
    return items.values_list("pk", "version", "text", "added_by__name")


def actions_for(reader: Person, at: dt.datetime, meeting: Meeting, relations: frozenset[str]) -> list[Action]:
    """Open ones of those at the table, whatever their source, and those closed of late; open ones first."""
    since = meeting.starts_at - CLOSED_STAYS
    rows = _actions(relations)(reader=reader, at=at, meeting=meeting, since=since)
    return sorted(rows, key=lambda action: bool(action.done_at or action.dropped_at))


@cache
def _actions(relations: frozenset[str]) -> Callable[..., list[Action]]:
    def build(reader: Person, at: dt.datetime, meeting: Meeting, since: dt.datetime) -> QuerySet[Action]:
        there = _at_table(meeting)
        shown = Action.objects.filter(
            condition(reader, "read", "action", at, relations=relations),
            Q(done_at=None, dropped_at=None) | Q(meeting=meeting) | Q(done_at__gte=since) | Q(dropped_at__gte=since),
            Q(pairing__in=there.values("pairing")) | Q(log__scholar__in=there.values("pairing__scholar")),
            archived_at=None,
        )
        return shown.select_related("owner__person")

    return prepared(build)


def absences_for(reader: Person, at: dt.datetime, meeting: Meeting) -> list[Absence]:
    """Who was missing, as far as the reader may know: their own word; staff everybody's."""
    return _absences(reader=reader, at=at, meeting=meeting)


@prepared
def _absences(reader: Person, at: dt.datetime, meeting: Meeting) -> QuerySet[Absence]:
    return visible(Absence, "absence", reader, at).filter(meeting=meeting).select_related("said_by")


def own_note_of(reader: Person, at: dt.datetime, meeting: Meeting) -> OwnNote | None:
    return next(iter(_own_note(reader=reader, at=at, meeting=meeting)), None)


@prepared
def _own_note(reader: Person, at: dt.datetime, meeting: Meeting) -> QuerySet[OwnNote]:
    return visible(OwnNote, "own_note", reader, at).filter(meeting=meeting)


def drafts_of(reader: Person, meeting: Meeting, *forms: type[KeptForm]) -> dict[str, Draft]:
    """The reader's unsent texts at this meeting, by form. A text that was sent meanwhile is none."""
    names = {form.form_name for form in forms}
    found = [draft for draft in _drafts(reader=reader, about=str(meeting.pk)) if draft.form in names]
    return {draft.form: draft for draft in found if not was_sent(reader, Content.of(draft).key)}


@prepared
def _drafts(reader: Person, about: str) -> QuerySet[Draft]:
    return Draft.objects.filter(person=reader, about=about)
