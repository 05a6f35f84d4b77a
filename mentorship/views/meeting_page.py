"""Everything that stands on a meeting's page, read once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cohorts.access import acts_of, find_related
from cohorts.models import Person
from mats import clock
from mats.forms.base import KeptForm
from mats.identity.requests import Request
from mentorship.chances import LogChance, chances_of_logs
from mentorship.forms.action import ActionForm, FinishForm, ReopenForm
from mentorship.forms.meeting import (
    AbsenceForm,
    AgendaForm,
    EndForm,
    NotesForm,
    OutcomeForm,
    OwnNoteForm,
    StartForm,
)
from mentorship.models import Absence, Action, Meeting, OwnNote, Pairing, WeeklyLog
from mentorship.models.meeting import HELD_INTO_NEXT_WEEK
from mentorship.reminders.meeting import why_moved
from mentorship.rules.meeting import may_go_on
from mentorship.views import meeting_reads as reads
from mentorship.views.meeting_reads import AgendaLine, Seat

TOKEN_LENGTH = 16
READ_OF_ABSENCE = {"scholar", "former", "mentor", "stand_in", "staff"}


def _meetings(at: dt.datetime) -> QuerySet[Meeting]:
    return Meeting.objects.select_related("cohort", "outcome_by", "moved_by")


def find_meeting(request: Request, pk: UUID, act: str = "read") -> Meeting:
    return find_related("meeting", request.user, request.now, act=act, rows=_meetings, pk=pk)


@dataclass
class MeetingPage:
    """One meeting, as `find_meeting` found it, as one reader sees it at one moment.

    In a team's meeting everybody shares agenda and notes; a log and the actions of one scholar are
    seen by whoever may read them, which the other scholars may not.
    """

    meeting: Meeting
    reader: Person
    at: dt.datetime

    # Who is at the table

    @cached_property
    def seats(self) -> list[Seat]:
        return reads.seats_at(self.meeting)

    @property
    def seat(self) -> Seat | None:
        """The reader's own, if they are one of its scholars, else the first."""
        return next(iter(self._own_seats), None)

    @cached_property
    def scholars(self) -> list[str]:
        return [seat.scholar_name for seat in self.seats]

    @cached_property
    def mentors(self) -> list[str]:
        return list({seat.mentor_person: seat.mentor_name for seat in self.seats}.values())

    @cached_property
    def is_scholar(self) -> bool:
        return any(seat.scholar_person == self.reader.pk for seat in self.seats)

    @cached_property
    def _own_seats(self) -> list[Seat]:
        """The reader's own, if they are one of its scholars; everybody's for the mentor."""
        return [seat for seat in self.seats if seat.scholar_person == self.reader.pk] or self.seats

    @cached_property
    def owners(self) -> dict[str, str]:
        """Who can own an action, by the keys of their places: scholars first; a scholar of a team may
        not give one to another scholar."""
        scholars = {str(seat.scholar): seat.scholar_name for seat in self._own_seats}
        return scholars | {str(seat.mentor): seat.mentor_name for seat in self.seats}

    def pairing_of(self, owner: str) -> Pairing:
        """The pairing in which an action of this owner is agreed."""
        seat = next(seat for seat in self._own_seats if owner in {str(seat.scholar), str(seat.mentor)})
        return Pairing.objects.select_related("cohort", "scholar", "mentor").get(pk=seat.pairing)

    @property
    def other_zone(self) -> str:
        """The zone of whoever sits on the other side of the table."""
        zones = [seat.mentor_zone if self.is_scholar else seat.scholar_zone for seat in self.seats]
        return next((zone for zone in zones if zone != self.reader.time_zone), "")

    # What the reader may do

    @property
    def relations(self) -> frozenset[str]:
        return self.meeting.relations  # type: ignore[attr-defined]  # from `find_related`

    def _may(self, act: str) -> bool:
        return bool(self.seats) and act in acts_of("meeting", self.relations)

    @cached_property
    def may_hold(self) -> bool:
        return self._may("hold")

    @property
    def may_see_history(self) -> bool:
        return self._may("see_history")

    @property
    def may_write(self) -> bool:
        return self.may_hold and self.meeting.is_live

    @property
    def may_change_time(self) -> bool:
        """Whether it can still be moved or called off."""
        meeting = self.meeting
        return self._may("plan") and meeting.is_live and not meeting.held and not meeting.outcome

    @property
    def is_seen_as_times(self) -> bool:
        """Whether the reader keeps the mentor's times, and reads nothing of the meeting."""
        return "read" not in acts_of("meeting", self.relations)

    @property
    def back(self) -> str:
        """Where its reader came from to change its time: the meeting, or the list of times."""
        if self.is_seen_as_times:
            return reverse("times", args=[self.meeting.cohort.slug])
        return reverse("meeting", args=[self.meeting.pk])

    @property
    def may_plan_again(self) -> bool:
        return self._may("plan") and not self.meeting.is_live

    # What stands on it

    @cached_property
    def logs(self) -> list[WeeklyLog]:
        return reads.logs_for(self.reader, self.at, self.meeting, self.relations)

    @property
    def logs_with_chances(self) -> list[tuple[WeeklyLog, LogChance | None]]:
        """Not in `seen`: not everybody who reads a log reads what it says of the next milestone."""
        said = chances_of_logs(self.reader, self.at, self.logs) if self.logs else {}
        return [(log, said.get(log.pk)) for log in self.logs]

    @cached_property
    def agenda(self) -> list[AgendaLine]:
        return reads.agenda_of(self.meeting)

    @cached_property
    def actions(self) -> list[Action]:
        return reads.actions_for(self.reader, self.at, self.meeting, self.relations)

    @property
    def pressable_actions(self) -> list[tuple[Action, str]]:
        """With the hidden fields of the button that each of them has."""
        return [
            (action, (ReopenForm if action.done_at or action.dropped_at else FinishForm).hidden_of_new())
            for action in self.actions
        ]

    @cached_property
    def absences(self) -> list[Absence]:
        """Not in `seen`, and for nobody but whoever may read them: the other must not even notice."""
        if self.outcome != Meeting.Outcome.DID_NOT_MEET or not READ_OF_ABSENCE & self.relations:
            return []
        return reads.absences_for(self.reader, self.at, self.meeting)

    @property
    def own_absence(self) -> Absence | None:
        return next((one for one in self.absences if one.said_by_id == self.reader.pk), None)

    @property
    def asks_who_was_missing(self) -> bool:
        return self.may_hold and self.outcome == Meeting.Outcome.DID_NOT_MEET

    @cached_property
    def own_note(self) -> OwnNote:
        """What the reader wrote for themselves; version 0 if that is nothing yet."""
        found = reads.own_note_of(self.reader, self.at, self.meeting)
        return found or OwnNote(meeting=self.meeting, author=self.reader, version=0)

    # When

    @property
    def was_at(self) -> dt.datetime | None:
        """The time it had before it was moved."""
        meeting = self.meeting
        return meeting.moved_from if meeting.is_live and meeting.moved_from != meeting.starts_at else None

    @cached_property
    def why_moved(self) -> str:
        return why_moved(self.meeting) if self.meeting.moved_at else ""

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
        return "open" if self.seat and self.at < self.seat.closes_at + HELD_INTO_NEXT_WEEK else "closed"

    @property
    def may_go_on(self) -> bool:
        """Whether End was pressed, perhaps too early."""
        return self.state == "over" and may_go_on(self.meeting, self.at)

    @property
    def outcome(self) -> str:
        """Whether they met, as it stands; a meeting that ran out met, written down or not."""
        return self.meeting.outcome or ("met" if self.state == "over" else "")

    @property
    def asks_whether_they_met(self) -> bool:
        """From the planned time on; of one that was started and ended before it, from its end."""
        begun = self.state in {"answered", "open", "closed"} and self.at >= self.meeting.starts_at
        return self.may_hold and (begun or self.state == "over")

    @property
    def nobody_started(self) -> bool:
        """Past its end, and nobody pressed Start or said anything: its scholars are asked first."""
        return not self.outcome and self.meeting.held is None and self.at >= self.meeting.ends_at

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
        """Names the state of the page; another state, another name. Only of what everybody at the
        table reads: nothing of absences and of what is somebody's alone."""
        meeting = self.meeting
        facts: list[Any] = [meeting.version, meeting.planned, meeting.held, meeting.outcome, self.state]
        rows: list[Any] = [*self.agenda, *self.actions, *self.logs]
        facts += [(row.pk, row.version) for row in rows]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:TOKEN_LENGTH]

    # Forms

    def presses(self) -> dict[str, Any]:
        """The hidden fields of what is only pressed; the page writes the buttons itself."""
        if not self.may_hold:
            return {}
        made: dict[str, type[KeptForm]] = {
            "start": StartForm,
            "end": EndForm,
            "outcome": OutcomeForm,
            "absence": AbsenceForm,
        }
        return {f"{name}_hidden": form.hidden_of_new(self.meeting) for name, form in made.items()}

    def forms(self, request: Request, sent: KeptForm | None = None) -> dict[str, Any]:
        """The page's forms, unless its reader only reads; the one that was sent stands as it was sent.

        What has one line or none is written by the page: a form is made for texts with drafts alone.
        """
        if not self.may_hold:
            return {}
        found = reads.drafts_of(self.reader, self.meeting, NotesForm, OwnNoteForm)
        texts: dict[str, Any] = {
            "notes_form": NotesForm(request, about=self.meeting, found=found),
            "own_form": OwnNoteForm(request, about=self.own_note, place=self.meeting, found=found),
        }
        one_line: dict[str, type[KeptForm]] = {"agenda": AgendaForm, "action": ActionForm}
        hidden = {f"{name}_hidden": form.hidden_of_new(self.meeting) for name, form in one_line.items()}
        if sent is not None:
            texts |= {name: sent for name, form in texts.items() if type(form) is type(sent)}
        return {**self.presses(), **hidden, **texts, "sent": sent}
