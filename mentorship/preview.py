"""A cohort's calendar as a launch would lay it out: computed, with nothing locked and nothing written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cohorts.models import Cohort, Leave, Phase, Stay
from mats import clock
from mentorship.actions.layout import LaidOut, Layout, LeftOut
from mentorship.deadlines import log_due_at
from mentorship.models import Attendance, Pairing, PairingWeek


@dataclass(frozen=True)
class WeekAhead:
    """A week of the main phase: when its log is due, and how many meetings are planned in it."""

    week: clock.Week
    due_at: dt.datetime
    meetings: int


@dataclass(frozen=True)
class Preview:
    """`left_out` are weeks of pairings in which no meeting can be planned though there is a weekly time;
    `first_meeting_at` is when the first one begins."""

    weeks: list[WeekAhead]
    logs: int
    pairings: list[Pairing]
    left_out: list[LeftOut]
    first_meeting_at: dt.datetime | None

    @property
    def without_a_time(self) -> list[Pairing]:
        return [pairing for pairing in self.pairings if not pairing.has_a_time]

    @property
    def meetings(self) -> int:
        return sum(one.meetings for one in self.weeks)


class _Dry(Layout):
    """A laying out that ends before its first write. Before a launch there is nothing yet that it would meet."""

    def __init__(
        self, cohort: Cohort, at: dt.datetime, phases: Sequence[Phase], stays: Iterable[Stay], leaves: Iterable[Leave]
    ) -> None:
        self.cohort, self.at, self.done = cohort, at, LaidOut()
        # All of it, not only what lies within reach of a launch now.
        self.last_planned_day = max(phase.ends_on for phase in phases)
        self.phase_weeks = {
            phase.pk: clock.weeks_between(phase.starts_on, phase.ends_on, cohort.week_start) for phase in phases
        }
        self.leaves, self.stays = defaultdict(list), defaultdict(list)
        for leave in leaves:
            self.leaves[leave.membership_id].append(leave)
        for stay in stays:
            self.stays[stay.membership_id].append(stay)
        self.rows, self.spare, self.was, self.unwanted = {}, {}, {}, []
        self.linked: list[PairingWeek] = []
        self.attendances: list[Attendance] = []
        live = Pairing.objects.filter(cohort=cohort, archived_at=None)
        self.pairings = list(live.select_related("scholar__person", "mentor__person"))
        self.people = {key for one in self.pairings for key in (one.scholar.person_id, one.mentor.person_id)}
        self.wanted = {}
        for pairing in self.pairings:
            self._want_weeks_of(pairing)
        self.wanted_logs = self._want_logs()

    def _still_here(self) -> Iterable[UUID]:
        """Only stays of places that stand were handed over."""
        return list(self.stays)

    def meetings(self) -> dict[dt.date, set[tuple[dt.datetime, UUID]]]:
        """Start and mentor of the meetings that would be planned, by the first day of their week."""
        found: dict[dt.date, set[tuple[dt.datetime, UUID]]] = defaultdict(set)
        self._plan(past=False)
        for one in self.wanted.values():
            if one.row.meeting:
                found[one.week.starts_on].add((one.row.meeting.starts_at, one.pairing.mentor.person_id))
        return found


def preview(
    cohort: Cohort, at: dt.datetime, *, phases: Sequence[Phase], stays: Iterable[Stay], leaves: Iterable[Leave]
) -> Preview:
    """What a launch at this moment would plan, to the end of the last phase; two queries.

    `stays` are those of the scholars, `leaves` everybody's; both of places that stand.
    """
    dry = _Dry(cohort, at, phases, stays, leaves)
    meetings = dry.meetings()
    main = next(phase for phase in phases if phase.kind == Phase.Kind.MAIN)
    return Preview(
        weeks=[
            WeekAhead(week, log_due_at(cohort, week.starts_on, week.ends_on), len(meetings[week.starts_on]))
            for week in dry.phase_weeks[main.pk]
        ],
        logs=len(dry.wanted_logs),
        pairings=dry.pairings,
        left_out=dry.done.left_out,
        first_meeting_at=min((start for starts in meetings.values() for start, _ in starts), default=None),
    )
