"""Everything that stands on a meeting's page, read once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Q

from cohorts.access import condition, find, may, visible
from cohorts.models import Membership, Person
from mats import clock
from mats.identity.requests import Request
from mentorship.forms.action import ActionForm, FinishForm, ReopenForm
from mentorship.forms.meeting import AgendaForm, EndForm, NotesForm, OutcomeForm, StartForm
from mentorship.models import Action, AgendaItem, Meeting, Pairing, PairingWeek, WeeklyLog
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK

# From the week before this meeting on, a closed action still stands in its list.
CLOSED_STAYS = dt.timedelta(days=8)
TOKEN_LENGTH = 16


def find_meeting(request: Request, pk: UUID, act: str = "read") -> Meeting:
    meetings = Meeting.objects.select_related("cohort", "outcome_by")
    return find("meeting", request.user, request.now, act=act, queryset=meetings, pk=pk)


@dataclass
class MeetingPage:
    """One meeting as one reader sees it at one moment.

    In a team's meeting everybody shares agenda and notes; a log and the actions of one scholar are
    seen by whoever may read them, which the other scholars may not.
    """

    meeting: Meeting
    reader: Person
    at: dt.datetime

    @cached_property
    def weeks(self) -> list[PairingWeek]:
        rows = PairingWeek.objects.filter(meeting=self.meeting, archived_at=None)
        people = rows.select_related("pairing__scholar__person", "pairing__mentor__person", "pairing__cohort")
        return sorted(people, key=lambda week: week.pairing.scholar.person.name.casefold())

    @property
    def week(self) -> PairingWeek | None:
        return self.weeks[0] if self.weeks else None

    @cached_property
    def scholars(self) -> list[Person]:
        return [week.pairing.scholar.person for week in self.weeks]

    @cached_property
    def mentors(self) -> list[Person]:
        return list({week.pairing.mentor_id: week.pairing.mentor.person for week in self.weeks}.values())

    @cached_property
    def owners(self) -> list[Membership]:
        """Who can own an action: everybody in the meeting, scholars first; a scholar of a team may
        not give one to another scholar."""
        scholars = {week.pairing.scholar_id: week.pairing.scholar for week in self._own_weeks}
        return [*scholars.values(), *{week.pairing.mentor_id: week.pairing.mentor for week in self.weeks}.values()]

    @cached_property
    def _own_weeks(self) -> list[PairingWeek]:
        """The reader's own, if they are one of its scholars; everybody's for the mentor."""
        own = [week for week in self.weeks if week.pairing.scholar.person_id == self.reader.pk]
        return own or self.weeks

    def pairing_of(self, owner: Membership) -> Pairing:
        """The pairing in which an action of this owner is agreed."""
        pairings = [week.pairing for week in self._own_weeks]
        return next(pair for pair in pairings if owner.pk in {pair.scholar_id, pair.mentor_id})

    @property
    def other_zone(self) -> str:
        """The zone of whoever sits on the other side of the table."""
        others = self.mentors if self.reader in self.scholars else self.scholars
        return next((person.time_zone for person in others if person.time_zone != self.reader.time_zone), "")

    @cached_property
    def may_hold(self) -> bool:
        return bool(self.weeks) and may(self.reader, "hold", "meeting", self.meeting, self.at)

    @property
    def may_write(self) -> bool:
        return self.may_hold and self.meeting.is_live

    @cached_property
    def may_plan(self) -> bool:
        return self.may_hold or (bool(self.weeks) and may(self.reader, "plan", "meeting", self.meeting, self.at))

    @cached_property
    def logs(self) -> list[WeeklyLog]:
        owed = WeeklyLog.objects.filter(
            condition(self.reader, "read", "log", self.at),
            scholar__in=[week.pairing.scholar_id for week in self.weeks],
            week_starts_on__in={week.week_starts_on for week in self.weeks},
            archived_at=None,
        )
        return list(
            owed.with_state(self.at).with_edits().select_related("scholar__person").order_by("scholar__person__name")
        )

    @cached_property
    def agenda(self) -> list[AgendaItem]:
        return list(self.meeting.agenda.filter(archived_at=None).select_related("added_by"))

    @cached_property
    def actions(self) -> list[Action]:
        """Open ones of these pairings whatever their source, and those closed of late."""
        since = self.meeting.starts_at - CLOSED_STAYS
        lately = Q(done_at__gte=since) | Q(dropped_at__gte=since)
        shown = visible(Action, "action", self.reader, self.at).filter(
            Q(done_at=None, dropped_at=None) | Q(meeting=self.meeting) | lately,
            pairing__in=[week.pairing_id for week in self.weeks],
            archived_at=None,
        )
        return list(shown.select_related("owner__person"))

    # The clock

    @property
    def state(self) -> str:
        """called_off, running, over, answered, ahead (too early to start), open (Start may be
        pressed) or closed (too late for that)."""
        meeting = self.meeting
        if not meeting.is_live:
            return "called_off"
        if meeting.is_running(self.at):
            return "running"
        if meeting.is_over(self.at):
            return "over"
        if self.at < meeting.opens_at:
            return "ahead"
        if meeting.outcome:
            return "answered"
        return "open" if self.week and self.at < self.week.closes_at + HELD_INTO_NEXT_WEEK else "closed"

    @property
    def outcome(self) -> str:
        """Whether they met, as it stands; a meeting that ran out met, written down or not."""
        return self.meeting.outcome or ("met" if self.state == "over" else "")

    @property
    def asks_whether_they_met(self) -> bool:
        return self.state in {"over", "answered", "open", "closed"} and self.at >= self.meeting.starts_at

    @property
    def minutes_left(self) -> int:
        """Whole minutes, rounded up: the last one says 1."""
        over_at = self.meeting.over_at
        return ceil(clock.minutes_between(self.at, over_at)) if over_at and self.state == "running" else 0

    @property
    def minutes_long(self) -> int:
        """How long it was, or can be; half a minute counts as one."""
        began_at, over_at = self.meeting.began_at, self.meeting.over_at
        return int(clock.round_half_up(clock.minutes_between(began_at, over_at))) if began_at and over_at else 0

    @property
    def is_watched(self) -> bool:
        """Whether changes are looked for every few seconds: while it is about to run, or runs."""
        return self.state in {"open", "running"} and self.may_hold

    @property
    def seen(self) -> str:
        """Names the state of the page; another state, another name."""
        meeting = self.meeting
        facts = [meeting.version, meeting.planned, meeting.held, meeting.outcome, self.state]
        facts += [(row.pk, row.version, row.archived_at) for row in [*self.agenda, *self.actions, *self.logs]]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:TOKEN_LENGTH]

    def forms(self, request: Request, sent: Any = None) -> dict[str, Any]:
        """The page's forms, unless its reader only reads; the one that was sent stands as it was sent."""
        if not self.may_hold:
            return {}
        made = {
            "start_form": StartForm(request, place=self.meeting),
            "end_form": EndForm(request, place=self.meeting),
            "outcome_form": OutcomeForm(request, place=self.meeting),
            "notes_form": NotesForm(request, about=self.meeting),
            "agenda_form": AgendaForm(request, place=self.meeting),
            "action_form": ActionForm(request, place=self.meeting, owners=self.owners),
            "finish_form": FinishForm(request),
            "reopen_form": ReopenForm(request),
        }
        if sent is not None:
            name = next(name for name, form in made.items() if type(form) is type(sent))
            made |= {name: sent, "sent": sent}
        return made
