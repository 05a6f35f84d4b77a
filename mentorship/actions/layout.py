"""One laying out: what should be there, compared with what is, and the difference written.

People are locked first, then everything is read once; nothing here asks per row.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from cohorts.models import Cohort, Leave, Membership, Role, Stay
from mats import clock
from mentorship.actions.diary import Diary, Span, lock_people, make_way
from mentorship.deadlines import log_due_at, meeting_time
from mentorship.models import Attendance, Meeting, Pairing, PairingWeek, WeeklyLog
from mentorship.models.meeting import MEETING_CAP, PLANNED_AHEAD
from mentorship.reminders.meeting import Move, put_moves

BUSY, AWAY, NO_SUCH_TIME = "busy", "away", "no such time"

Key = tuple[UUID, dt.date]  # a pairing's or scholar's key, and the first day of a week


@dataclass(frozen=True)
class LeftOut:
    """A pairing's week that has no planned meeting though the pairing has a weekly time.

    `why` is BUSY (one of them has another planned meeting then), AWAY (one of them is on leave) or
    NO_SUCH_TIME (two zones' clocks differ so that this week does not hold the time).
    """

    pairing: Pairing
    week: clock.Week
    why: str
    starts_at: dt.datetime | None = None


@dataclass
class LaidOut:
    """What was added, and what could not be. `skipped` are meetings whose wall-clock time the
    clock jumps over that night; they start at the first valid minute after it."""

    logs: int = 0
    weeks: int = 0
    meetings: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    skipped: list[Meeting] = field(default_factory=list)

    @property
    def clashes(self) -> list[LeftOut]:
        return [one for one in self.left_out if one.why == BUSY]


@dataclass
class _Wanted:
    """One pairing's week as it should be: `time` is the weekly time within it; `row` what
    is there, or is about to be."""

    pairing: Pairing
    week: clock.Week
    closes_at: dt.datetime
    row: PairingWeek
    time: clock.WallMoment | None = None
    away: bool = False

    @property
    def starts_at(self) -> dt.datetime | None:
        return self.time.at if self.time else None

    @property
    def team(self) -> tuple:
        """Pairings of one mentor with an identical weekly time meet jointly."""
        pairing = self.pairing
        return (self.starts_at, str(pairing.mentor.person_id), pairing.weekday, pairing.local_time, pairing.time_zone)


class Layout:
    """A cohort's calendar as it should be at a moment, and the steps that bring the database there."""

    def __init__(self, cohort: Cohort, at: dt.datetime) -> None:
        self.cohort, self.at, self.done = cohort, at, LaidOut()
        # Whole weeks, so that a correction never finds half of one out of reach.
        self.last_planned_day = clock.local_date(at + PLANNED_AHEAD, cohort.time_zone)
        pairings = Pairing.objects.filter(cohort=cohort, archived_at=None)
        self.people = {pk for pair in pairings.values_list("scholar__person", "mentor__person") for pk in pair}
        lock_people(self.people)
        self.phase_weeks = {
            phase.pk: clock.weeks_between(phase.starts_on, phase.ends_on, cohort.week_start)
            for phase in cohort.phases.filter(archived_at=None)
        }
        self.leaves: dict[UUID, list[Leave]] = defaultdict(list)
        for leave in Leave.objects.filter(membership__cohort=cohort, archived_at=None):
            self.leaves[leave.membership_id].append(leave)
        self.stays: dict[UUID, list[Stay]] = defaultdict(list)
        for stay in Stay.objects.filter(membership__cohort=cohort, membership__role=Role.SCHOLAR, archived_at=None):
            self.stays[stay.membership_id].append(stay)
        rows = PairingWeek.objects.filter(pairing__cohort=cohort).select_related("meeting", "pairing__scholar")
        self.rows: dict[Key, PairingWeek] = {(row.pairing_id, row.week_starts_on): row for row in rows}
        self.wanted: dict[Key, _Wanted] = {}
        for pairing in pairings.select_related("scholar", "mentor"):
            self._want_weeks_of(pairing)
        self.wanted_logs = self._want_logs()
        self.spare: dict[Key, Meeting] = {}
        # When the meetings that a correction moves were to be until now.
        self.was: dict[Key, dt.datetime] = {}
        self.unwanted: list[PairingWeek] = []

    # --- what should be there -----------------------------------------------------------------

    def _weeks_of(self, stay: Stay) -> list[clock.Week]:
        """The weeks of its phase in which somebody is here."""
        weeks = self.phase_weeks.get(stay.phase_id, [])
        return [week for week in weeks if week.starts_on <= stay.ends_on and stay.starts_on <= week.ends_on]

    def _want_weeks_of(self, pairing: Pairing) -> None:
        """Weeks are those of the phases in which the scholar stays: two terms may lie side by side."""
        for week in (week for stay in self.stays[pairing.scholar_id] for week in self._weeks_of(stay)):
            first, last = max(week.starts_on, pairing.starts_on), min(week.ends_on, pairing.ends_on)
            key = (pairing.pk, week.starts_on)
            if first > last or key in self.wanted:
                continue
            wanted = _Wanted(
                pairing,
                week,
                week.closes_at(self.cohort.time_zone),
                self.rows.get(key) or PairingWeek(pairing=pairing, week_starts_on=week.starts_on, created_at=self.at),
                meeting_time(pairing, self.cohort, first, last),
            )
            if wanted.time:
                wanted.away = self._is_away(pairing, wanted.time.at)
            self.wanted[key] = wanted

    def _is_away(self, pairing: Pairing, moment: dt.datetime) -> bool:
        day = clock.local_date(moment, self.cohort.time_zone)
        leaves = [*self.leaves[pairing.scholar_id], *self.leaves[pairing.mentor_id]]
        return any(leave.starts_on <= day <= leave.ends_on for leave in leaves)

    def _want_logs(self) -> dict[Key, tuple[int, dt.datetime]]:
        """Number and due moment of every log, by scholar and the first day of the first week it covers."""
        wanted: dict[Key, tuple[int, dt.datetime]] = {}
        for stay in (stay for scholar in self._still_here() for stay in self.stays[scholar]):
            for week in self._weeks_of(stay)[:: stay.weeks_per_log]:
                first, last = max(week.starts_on, stay.starts_on), min(week.ends_on, stay.ends_on)
                due_at = log_due_at(self.cohort, first, last)
                wanted.setdefault((stay.membership_id, week.starts_on), (week.number, due_at))
        return wanted

    def _still_here(self) -> Iterable[UUID]:
        """Of the scholars with a stay those whose place was not taken away."""
        return Membership.objects.filter(pk__in=self.stays, archived_at=None).values_list("pk", flat=True)

    # --- logs -----------------------------------------------------------------------------------

    def lay_out_logs(self) -> None:
        """Add missing logs; those not written and not due yet get their number and moment right."""
        logs = WeeklyLog.objects.filter(scholar__cohort=self.cohort).defer("done", "next_up", "stuck")
        there = {(log.scholar_id, log.week_starts_on): log for log in logs}
        missing = [
            WeeklyLog(scholar_id=scholar, week_starts_on=day, number=number, due_at=due_at, created_at=self.at)
            for (scholar, day), (number, due_at) in self.wanted_logs.items()
            if (scholar, day) not in there
        ]
        WeeklyLog.objects.bulk_create(missing, ignore_conflicts=True)
        self.done.logs = len(missing)
        corrected = [log for key, log in there.items() if key in self.wanted_logs and self._correct(log)]
        WeeklyLog.objects.bulk_update(corrected, ["number", "due_at", "archived_at"])

    def _correct(self, log: WeeklyLog) -> bool:
        number, due_at = self.wanted_logs[log.scholar_id, log.week_starts_on]
        if log.submitted_at or (log.number, log.due_at, log.archived_at) == (number, due_at, None):
            return False
        if log.archived_at is None and log.due_at <= self.at:
            return False
        log.number, log.due_at, log.archived_at = number, due_at, None
        return True

    def retire_logs(self, scholars: Iterable[UUID] | None) -> None:
        """Archive logs not written, not due yet and no longer owed; `None` means every scholar's."""
        logs = WeeklyLog.objects.filter(
            scholar__cohort=self.cohort, due_at__gt=self.at, submitted_at=None, archived_at=None
        )
        if scholars is not None:
            logs = logs.filter(scholar__in=scholars)
        keys = logs.values_list("pk", "scholar", "week_starts_on")
        gone = [pk for pk, scholar, day in keys if (scholar, day) not in self.wanted_logs]
        WeeklyLog.objects.filter(pk__in=gone).update(archived_at=self.at)

    # --- weeks and meetings ---------------------------------------------------------------------

    def lay_out_weeks(self, *, past: bool = False) -> None:
        """Add missing weeks, and a meeting to each week that has a time and none yet."""
        missing = [one.row for one in self.wanted.values() if one.row._state.adding]
        corrected = [one.row for one in self.wanted.values() if self._correct_row(one) and not one.row._state.adding]
        self.linked: list[PairingWeek] = []
        self.attendances: list[Attendance] = []
        meetings = self._plan(past)
        moved = [meeting for meeting in meetings if not meeting._state.adding]
        Meeting.objects.bulk_create([meeting for meeting in meetings if meeting._state.adding])
        Meeting.objects.bulk_update(moved, ["planned", "is_live", "moved_at", "moved_from", "moved_by"])
        PairingWeek.objects.bulk_create(missing, ignore_conflicts=True)
        PairingWeek.objects.bulk_update(corrected, ["number", "closes_at", "archived_at"])
        self._save_links()
        Attendance.objects.bulk_create(self.attendances)
        self._make_way(meetings)
        self._tell_moved()
        self.done.weeks, self.done.meetings = len(missing), len(meetings)

    def _correct_row(self, one: _Wanted) -> bool:
        """Bring a week that is not over to its number and end; true where that changed it."""
        row, right = one.row, (one.week.number, one.closes_at, None)
        if (row.number, row.closes_at, row.archived_at) == right:
            return False
        if row.archived_at is None and row.closes_at is not None and row.closes_at <= self.at:
            return False
        row.number, row.closes_at, row.archived_at = right
        return True

    def _plan(self, past: bool) -> list[Meeting]:
        """Meetings for the weeks that lack one, team by team, in the order of time."""
        teams: dict[tuple, list[_Wanted]] = defaultdict(list)
        for one in self.wanted.values():
            if one.row.meeting_id and (one.pairing.pk, one.week.starts_on) not in self.spare:
                continue
            if one.week.starts_on > self.last_planned_day:
                continue
            if one.time and (past or one.time.at > self.at):
                teams[one.team].append(one)
            elif one.pairing.has_a_time and not one.time and one.closes_at > self.at:
                self.done.left_out.append(LeftOut(one.pairing, one.week, NO_SUCH_TIME))
        if not teams:
            return []
        standing = self._standing()
        diary = Diary.of(self.people, min(teams)[0], max(teams)[0] + MEETING_CAP)
        planned = [self._plan_team(teams[team], standing.get(team), diary) for team in sorted(teams)]
        return [meeting for meeting in planned if meeting]

    def _standing(self) -> dict[tuple, Meeting]:
        """Planned meetings that stand at their pairing's own weekly time, for a new team member to join."""
        found: dict[tuple, Meeting] = {}
        for one in self.wanted.values():
            meeting = one.row.meeting
            if meeting and meeting.is_live and meeting.held is None and meeting.starts_at == one.starts_at:
                found[one.team] = meeting
        return found

    def _plan_team(self, team: list[_Wanted], standing: Meeting | None, diary: Diary) -> Meeting | None:
        """One meeting for those of a team who can come; None if nobody can or it stands already."""
        time = team[0].time
        assert time is not None
        span = (time.at, time.at + MEETING_CAP)
        mentor = team[0].pairing.mentor.person_id
        mentor_is_free = standing is not None or diary.is_free(mentor, span)
        coming = [one for one in team if self._can_come(one, mentor_is_free, diary, span)]
        if not coming:
            return None
        meeting = standing or self._spare_of(coming) or Meeting(cohort=self.cohort, created_at=self.at)
        meeting.planned, meeting.is_live = DateTimeTZRange(*span), True
        if not standing:
            self._note_move(meeting, coming, span[0])
        for one in coming:
            self._attend(meeting, one.pairing.scholar.person_id, span, diary)
            one.row.meeting = meeting
            self.linked.append(one.row)
        if standing:
            return None
        self._attend(meeting, mentor, span, diary)
        if time.note == "skipped":
            self.done.skipped.append(meeting)
        return meeting

    def _note_move(self, meeting: Meeting, team: list[_Wanted], starts_at: dt.datetime) -> None:
        """Nobody moved it: its pairing's weekly time was changed."""
        times = (self.was.get((one.pairing.pk, one.week.starts_on)) for one in team)
        was = next((time for time in times if time and time != starts_at), None)
        if was:
            meeting.moved_at, meeting.moved_from, meeting.moved_by = self.at, was, None

    def _make_way(self, meetings: list[Meeting]) -> None:
        """Only what begins while a meeting that runs now could still be going on."""
        soon = {one.pk: one.starts_at for one in meetings if self.at < one.starts_at < self.at + MEETING_CAP}
        coming = [(one.person_id, soon[one.meeting_id]) for one in self.attendances if one.meeting_id in soon]
        make_way(dict(sorted(coming, key=itemgetter(1), reverse=True)))

    def _tell_moved(self) -> None:
        """Each person of a pairing once, about its next meeting: those after it moved alike."""
        moves: dict[UUID, list[Move]] = defaultdict(list)
        for row in self.linked:
            was, meeting = self.was.get((row.pairing_id, row.week_starts_on)), row.meeting
            if was and meeting and was != meeting.starts_at:
                moves[row.pairing_id].append(Move(meeting.pk, was, meeting.starts_at, self.at))
        pairings = {one.pairing.pk: one.pairing for one in self.wanted.values()}
        letters = []
        for key, theirs in moves.items():
            first = min(theirs, key=lambda move: cast(dt.datetime, move.now))
            first = replace(first, and_later=len(theirs) > 1)
            pairing = pairings[key]
            letters += [(person, first) for person in (pairing.scholar.person_id, pairing.mentor.person_id)]
        put_moves(letters, self.cohort.pk, self.at)

    def _can_come(self, one: _Wanted, mentor_is_free: bool, diary: Diary, span: Span) -> bool:
        if one.away:
            why = AWAY
        elif not (mentor_is_free and diary.is_free(one.pairing.scholar.person_id, span)):
            why = BUSY
        else:
            return True
        self.done.left_out.append(LeftOut(one.pairing, one.week, why, span[0]))
        return False

    def _attend(self, meeting: Meeting, person: UUID, span: Span, diary: Diary) -> None:
        self.attendances.append(Attendance(meeting=meeting, person_id=person, during=meeting.planned))
        diary.add(person, span)

    def _spare_of(self, team: list[_Wanted]) -> Meeting | None:
        """The meeting that one of them had in this week before, if nobody else has taken it up."""
        for one in team:
            meeting = self.spare.get((one.pairing.pk, one.week.starts_on))
            if meeting and not meeting.is_live:
                return meeting
        return None

    def _save_links(self) -> None:
        """Which week has which meeting, for weeks that were there before; one statement."""
        links = [(str(row.pk), str(row.meeting_id)) for row in self.linked if not row._state.adding]
        if not links:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mentorship_pairingweek w SET meeting_id = link.meeting"
                " FROM unnest(%s::uuid[], %s::uuid[]) AS link (week, meeting) WHERE w.id = link.week",
                [[week for week, _ in links], [meeting for _, meeting in links]],
            )

    # --- after a correction ---------------------------------------------------------------------

    def release(self, pairings: set[UUID]) -> None:
        """Free the time of planned meetings that no longer stand where they should.

        A meeting that others still have goes on without this pairing; one that nobody else has is
        kept as a spare, so that the week's new meeting is the same row with its agenda.
        """
        ours = {key: row for key, row in self.rows.items() if row.pairing_id in pairings and not row.archived_at}
        self.unwanted = [row for key, row in ours.items() if key not in self.wanted and self._is_open(row)]
        going = {key: row for key, row in ours.items() if self._must_move(key, row)}
        kept = {row.meeting_id for key, row in self.rows.items() if key not in going and not row.archived_at}
        leaving = [row for row in going.values() if row.meeting_id in kept]
        self.was = {key: row.meeting.starts_at for key, row in going.items() if row.meeting}
        self.spare = {key: row.meeting for key, row in going.items() if row.meeting and row.meeting_id not in kept}
        self._leave(leaving)
        # A team's spare is one row in several weeks; let them share one object too.
        once = {meeting.pk: meeting for meeting in self.spare.values()}
        self.spare = {key: once[meeting.pk] for key, meeting in self.spare.items()}
        Attendance.objects.filter(meeting__in=once).delete()
        Meeting.objects.filter(pk__in=once).update(is_live=False)
        for meeting in once.values():
            meeting.is_live = False

    def _leave(self, rows: list[PairingWeek]) -> None:
        if not rows:
            return
        theirs = Q()
        for row in rows:
            theirs |= Q(meeting=row.meeting_id, person=row.pairing.scholar.person_id)
            row.meeting = None
        Attendance.objects.filter(theirs).delete()
        PairingWeek.objects.filter(pk__in=[row.pk for row in rows]).update(meeting=None)

    def _is_open(self, row: PairingWeek) -> bool:
        """A week that is not over and in which nothing has happened."""
        return row.closes_at > self.at and (
            row.meeting is None or not row.meeting.is_live or self._is_ahead(row.meeting)
        )

    def _is_ahead(self, meeting: Meeting) -> bool:
        return meeting.held is None and not meeting.outcome and meeting.starts_at > self.at

    def _must_move(self, key: Key, row: PairingWeek) -> bool:
        meeting, wanted = row.meeting, self.wanted.get(key)
        if meeting is None or not meeting.is_live or not self._is_ahead(meeting):
            return False
        if wanted is None or wanted.away:
            return wanted is None or meeting.planned_by_id is None
        if meeting.planned_by_id:
            return False
        # A new time that has already gone by in this week leaves this week's meeting where it was.
        return wanted.time is None or (wanted.time.at > self.at and wanted.time.at != meeting.starts_at)

    def retire_weeks(self) -> None:
        """Archive weeks no longer owed, and meetings that found no new place."""
        rest = {meeting.pk for meeting in self.spare.values() if not meeting.is_live}
        PairingWeek.objects.filter(meeting__in=rest).update(meeting=None)
        Meeting.objects.filter(pk__in=rest).update(archived_at=self.at)
        PairingWeek.objects.filter(pk__in=[row.pk for row in self.unwanted]).update(archived_at=self.at)
