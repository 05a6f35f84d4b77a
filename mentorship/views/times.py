"""The meetings of the mentors whose times somebody keeps, or for whom they stand in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import condition, find
from cohorts.duties import helped_by_me
from cohorts.models import Duty, Person
from mats import clock
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.models import PairingWeek

UNPLANNED_AHEAD = dt.timedelta(weeks=2)  # a later week gets its meeting by itself, or from its two people


@dataclass
class Slot:
    """A meeting to come with the names of its scholars, or (without a time) a week that has none."""

    week: PairingWeek
    names: list[str]
    other_zone: str

    @property
    def is_planned(self) -> bool:
        return bool(self.week.meeting and self.week.meeting.is_live)


@dataclass
class Helped:
    """One duty, and the meetings of its mentor."""

    duty: Duty
    slots: list[Slot] = field(default_factory=list)

    @property
    def reads(self) -> bool:
        """A stand-in opens the meetings; a delegate sees the times alone."""
        return self.duty.kind == Duty.Kind.STAND_IN


def times(request: Request, slug: str) -> HttpResponse:
    """When and with whom, with move and call off; of a stand-in also the way to the meeting."""
    cohort = find("cohort", request.user, request.now, act="see_times", slug=slug)
    duties = [duty for duty in helped_by_me(request.user, request.now) if duty.cohort_id == cohort.pk]
    mentors = [duty.for_membership_id for duty in duties]
    weeks = _weeks(person=request.user, at=request.now, mentors=mentors)
    until = clock.local_date(request.now + UNPLANNED_AHEAD, cohort.time_zone)
    context = {
        "cohort": cohort,
        "helped": [Helped(duty, _slots(weeks, duty.for_membership_id, until)) for duty in duties],
    }
    return render(request, "mentorship/times.html", context)


@prepared
def _weeks(person: Person, at: dt.datetime, mentors: list[UUID]) -> QuerySet[PairingWeek]:
    """Weeks whose meeting is still to come, and those that are not over and have none."""
    plans = condition(person, "plan", "pairing_week", at, relations=("delegate", "stand_in"))
    to_come = Q(meeting__is_live=True, meeting__held=None, meeting__outcome="", meeting__planned__startswith__gt=at)
    without = (Q(meeting=None) | Q(meeting__is_live=False)) & Q(closes_at__gt=at)
    weeks = PairingWeek.objects.filter(plans, to_come | without, pairing__mentor__any=mentors, archived_at=None)
    weeks = weeks.select_related("meeting", "pairing__scholar__person")
    return weeks.order_by("week_starts_on", "pairing__scholar__person__name", "pk")


def _slots(weeks: list[PairingWeek], mentor: UUID | None, until: dt.date) -> list[Slot]:
    """By time, and weeks without a meeting last of theirs; a team's meeting stands once."""
    found: dict[UUID, Slot] = {}
    for week in (week for week in weeks if week.pairing.mentor_id == mentor):
        scholar = week.pairing.scholar.person
        is_planned = bool(week.meeting and week.meeting.is_live)
        was_called_off = week.meeting is not None and not is_planned
        if not (is_planned or was_called_off) and week.week_starts_on > until:
            continue
        key = week.meeting_id if is_planned and week.meeting_id else week.pk
        found.setdefault(key, Slot(week, [], scholar.time_zone)).names.append(scholar.name)
    return sorted(found.values(), key=_when)


def _when(slot: Slot) -> dt.datetime:
    return slot.week.meeting.starts_at if slot.is_planned and slot.week.meeting else slot.week.closes_at
