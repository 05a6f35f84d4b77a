"""The things whose history is read, and which rows it is made of.

A history never holds anything of coaching: no model of it stands here. Who coaches whom is open, and
stands in a person's history; how often they speak never does (`cohorts.trail`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from cohorts.access import Rows, visible
from cohorts.models import (
    Caseload,
    Cohort,
    Duty,
    Ending,
    Invitation,
    Leave,
    Membership,
    Milestone,
    Person,
    Phase,
    Site,
    Stay,
)
from mats.history.trail import Change, Part
from mentorship.models import (
    Absence,
    Action,
    AgendaItem,
    Meeting,
    Pairing,
    PairingWeek,
    Round,
    Tick,
    WeeklyLog,
)


@dataclass(frozen=True)
class Kind:
    """`thing` of the access table, its `rows`, their `title` and `url`; `parts` for a reader at a moment.
    `only` names the fields that are told of a model, where not all are."""

    thing: str
    rows: Rows
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    cohort: Callable[[Any], Cohort]
    parts: Callable[[Any, Person, dt.datetime], list[Part]]
    only: Mapping[type[models.Model], tuple[str, ...]] = field(default_factory=dict)

    def told(self, change: Change) -> Collection[str]:
        every = (one.name for one in change.model._meta.concrete_fields)
        return self.only.get(change.model) or tuple(every)


# --- a cohort -------------------------------------------------------------------------------------


def _cohorts(at: dt.datetime) -> QuerySet[Cohort]:
    return Cohort.objects.all()


def _of_cohort(row: Cohort, reader: Person, at: dt.datetime) -> list[Part]:
    beside = (Phase, Site, Duty, Round, Milestone, Membership)
    return [Part(Cohort, ("id",), row.pk), *(Part(model, ("cohort_id",), row.pk) for model in beside)]


# --- a person's place -----------------------------------------------------------------------------


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.select_related("cohort", "person")


def _of_place(row: Membership, reader: Person, at: dt.datetime) -> list[Part]:
    """What is only proposed about somebody's own place, they do not read here."""
    beside: list[type[models.Model]] = [Stay, Leave, Duty, Invitation]
    if row.person_id != reader.pk:
        beside.append(Ending)
    return [
        Part(Membership, ("id",), row.pk),
        Part(Pairing, ("scholar_id", "mentor_id"), row.pk),
        Part(Caseload, ("scholar_id", "coach_id"), row.pk),
        *(Part(model, ("membership_id",), row.pk) for model in beside),
    ]


# --- a pairing ------------------------------------------------------------------------------------


def _pairings(at: dt.datetime) -> QuerySet[Pairing]:
    return Pairing.objects.select_related("cohort", "scholar__person", "mentor__person")


def _of_pairing(row: Pairing, reader: Person, at: dt.datetime) -> list[Part]:
    """Its meetings too, as far as they were moved, called off or held: what they hold is their own history."""
    meetings = PairingWeek.objects.filter(pairing=row, meeting__isnull=False).values_list("meeting", flat=True)
    return [
        Part(Pairing, ("id",), row.pk),
        Part(PairingWeek, ("pairing_id",), row.pk),
        Part(Meeting, ("id",), list(meetings)),
    ]


# --- a weekly log ---------------------------------------------------------------------------------


def _logs(at: dt.datetime) -> QuerySet[WeeklyLog]:
    return WeeklyLog.objects.select_related("scholar__person", "scholar__cohort")


def _of_log(row: WeeklyLog, reader: Person, at: dt.datetime) -> list[Part]:
    return [Part(WeeklyLog, ("id",), row.pk), *(Part(model, ("log_id",), row.pk) for model in (Tick, Action))]


# --- a meeting ------------------------------------------------------------------------------------


def _meetings(at: dt.datetime) -> QuerySet[Meeting]:
    return Meeting.objects.select_related("cohort")


def _of_meeting(row: Meeting, reader: Person, at: dt.datetime) -> list[Part]:
    """What is said of who was missing, to those who may read it. An agenda item that was taken off has left
    without a trace: it may have gone to where its owner alone reads it."""
    said = visible(Absence, "absence", reader, at).filter(meeting=row)
    agenda = AgendaItem.objects.filter(meeting=row, archived_at=None)
    return [
        Part(Meeting, ("id",), row.pk),
        Part(PairingWeek, ("meeting_id",), row.pk),
        Part(Action, ("meeting_id",), row.pk),
        Part(AgendaItem, ("id",), _keys(agenda)),
        Part(Absence, ("id",), _keys(said)),
    ]


def _keys(rows: QuerySet[Any]) -> list[uuid.UUID]:
    return list(rows.order_by().values_list("pk", flat=True))


def _both(row: Pairing) -> str:
    return f"{row.scholar.person.name} and {row.mentor.person.name}"


KINDS: dict[str, Kind] = {
    "cohort": Kind(
        thing="cohort",
        rows=_cohorts,
        title=lambda row: row.name,
        url=lambda row: reverse("cohort", args=[row.slug]),
        cohort=lambda row: row,
        parts=_of_cohort,
    ),
    "person": Kind(
        thing="membership",
        rows=_places,
        title=lambda row: f"{row.person.name}, {row.label}",
        url=lambda row: reverse("person", args=[row.pk]),
        cohort=lambda row: row.cohort,
        parts=_of_place,
    ),
    "pairing": Kind(
        thing="pairing",
        rows=_pairings,
        title=_both,
        url=lambda row: reverse("pairing", args=[row.pk]),
        cohort=lambda row: row.cohort,
        parts=_of_pairing,
        only={Meeting: ("planned", "is_live", "held", "outcome")},
    ),
    "log": Kind(
        thing="log",
        rows=_logs,
        title=lambda row: f"the weekly log of {row.scholar.person.name}, week {row.number}",
        url=lambda row: reverse("log", args=[row.pk]),
        cohort=lambda row: row.scholar.cohort,
        parts=_of_log,
    ),
    "meeting": Kind(
        thing="meeting",
        rows=_meetings,
        title=lambda row: "a meeting",
        url=lambda row: reverse("meeting", args=[row.pk]),
        cohort=lambda row: row.cohort,
        parts=_of_meeting,
    ),
}
