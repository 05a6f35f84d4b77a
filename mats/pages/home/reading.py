"""Home of one person at a moment: what is next, open, later and done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse

from coaching.ahead import COACH, Ahead, one_on_ones_ahead
from cohorts.models import Cohort, Membership, Person, Role
from mats import clock
from mats.pages.home import lines
from mats.pages.home.asked import (
    DAYS_AWAY,
    NEWS_KINDS,
    PHASE,
    PROMISE_KINDS,
    DaysRow,
    MeetingRow,
    actions_of,
    days_of,
    logs_of,
    meetings_of,
    owed_and_done,
    sent_logs,
)
from mats.pages.home.lines import ActionLine, Line, Reader
from mentorship.owed import Owed

LOOKS_AHEAD = dt.timedelta(weeks=2)
# What may be done any day stands under "next" from a week before it is due.
IS_NEAR = dt.timedelta(days=7)
MAY_WAIT = {"milestone", "midpoint_line", "support_plan", "answers", "letters", "condition", "appeal", "mentor_search"}
# What stands on Home of the reader's own extension, beside what they owe.
OF_ONES_OWN = {"apply": lines.apply_line, "my_case": lines.case_line, "next_term": lines.term_line}
# As long a meeting is asked about that nobody started or answered for.
ASKS_BACK = dt.timedelta(weeks=4)
MANY_LOGS = 12
OF_RESEARCH = {Role.SCHOLAR, Role.MENTOR}
MANY_ACTIONS = 100


@dataclass(frozen=True)
class CohortWeek:
    """Where a cohort stands today. `number` is 0 before its first day and after its last."""

    cohort: Cohort
    number: int
    last: int
    starts_on: dt.date
    ends_on: dt.date


@dataclass
class Home:
    """What a person owes and is owed, ready to be shown."""

    weeks: list[CohortWeek] = field(default_factory=list)
    next: list[Line] = field(default_factory=list)
    scholars: list[Line] = field(default_factory=list)
    caseload: list[Line] = field(default_factory=list)
    actions: list[ActionLine] = field(default_factory=list)
    later: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)
    actions_done: list[ActionLine] = field(default_factory=list)
    places: list[Membership] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.next, self.scholars, self.caseload, self.actions, self.later))

    @property
    def owes_actions(self) -> bool:
        """Whether actions can be theirs at all: of scholars and mentors."""
        return any(place.role in OF_RESEARCH for place in self.places)

    @property
    def has_logs(self) -> bool:
        return any(place.role == Role.SCHOLAR for place in self.places)

    @property
    def scholars_label(self) -> str:
        """The cohort's own word for a coach's scholars."""
        of_coach = (place for place in self.places if place.role == Role.COACH)
        return next((place.cohort.scholar_label_plural for place in of_coach), "scholars")

    @property
    def ways_to_be_away(self) -> list[tuple[str, str]]:
        """Words and address to note days away, for each place; named where there are several."""
        back = f"?back={reverse('home')}"
        return [
            (
                f"Note the days as {place.label} of {place.cohort.name}" if len(self.places) > 1 else "Note the days",
                reverse("leave_add", args=[place.pk]) + back,
            )
            for place in self.places
        ]


def read_home(person: Person, mine: list[Membership], at: dt.datetime) -> Home:
    """Home of a person with these places, at this moment; a handful of queries, whoever asks."""
    places = [place for place in mine if place.cohort.is_launched]
    roles = {place.role for place in places}
    reader = Reader(person, at, {place.cohort_id: place.cohort for place in mine})
    days = days_of(person, at, at + LOOKS_AHEAD) if mine else []
    home = Home(weeks=_weeks(days, reader), places=places)
    since = _this_week(home.weeks, at)
    if Role.SCHOLAR in roles:
        _add_logs(home, reader, since)
        _add_meetings_of_scholar(home, reader, since)
    if Role.MENTOR in roles:
        _add_meetings_of_mentor(home, reader)
    if roles & OF_RESEARCH:
        _add_actions(home, reader, since)
    _add_owed(home, reader, since)
    if sides := roles & {Role.SCHOLAR, Role.COACH}:
        _add_one_on_ones(home, reader, sides)
    _add_days_away(home, reader, days)
    for some in (home.next, home.later, home.done):
        some.sort(key=lambda line: line.moment)
    return home


def _weeks(days: list[DaysRow], reader: Reader) -> list[CohortWeek]:
    """The week of each cohort, in the phase that one is in there, else in the first; the latest cohort first."""
    found: dict[UUID, DaysRow] = {}
    for row in (row for row in days if row.kind == PHASE and row.of in reader.cohorts):
        if row.of not in found or row.starts_on <= reader.today(row.of) <= row.ends_on:
            found[row.of] = row
    return [_cohort_week(reader.cohorts[of], row, reader.at) for of, row in reversed(found.items())]


def _cohort_week(cohort: Cohort, phase: DaysRow, at: dt.datetime) -> CohortWeek:
    """The week of a phase that holds this moment on the cohort's wall."""
    today = clock.local_date(at, cohort.time_zone)
    weeks = clock.weeks_between(phase.starts_on, phase.ends_on, cohort.week_start)
    now = next((week for week in weeks if week.contains(today)), None)
    if now is None:
        return CohortWeek(cohort, 0, len(weeks), phase.starts_on, phase.ends_on)
    return CohortWeek(cohort, now.number, len(weeks), now.starts_on, now.ends_on)


def _this_week(weeks: list[CohortWeek], at: dt.datetime) -> dt.datetime:
    """When the current week began, of several the earliest; outside of weeks seven days ago."""
    begun = [clock.at_wall_clock(week.starts_on, dt.time(0), week.cohort.time_zone).at for week in weeks if week.number]
    return min(begun, default=at - clock.WEEK)


# --- logs, meetings, actions --------------------------------------------------------------------


def _add_logs(home: Home, reader: Reader, since: dt.datetime) -> None:
    """A scholar's logs: owed ones whose week has begun, those of weeks to come, and those just sent.

    Nothing is owed for a week away; many old ones are shortened to the newest.
    """
    found = logs_of(reader.person, reader.at, reader.at + LOOKS_AHEAD, since)
    logs = [log for log in found if log.cohort in reader.cohorts]
    owed = [log for log in logs if not (log.submitted_at or log.on_leave)]
    begun = [log for log in owed if log.day <= reader.today(log.cohort)]
    home.next += [lines.log_line(log, reader, first=log is begun[-1]) for log in begun[-MANY_LOGS:]]
    home.later += [lines.log_ahead(log, reader) for log in owed if log.day > reader.today(log.cohort)]
    home.done += [lines.log_sent(log, reader) for log in logs if log.submitted_at]


def _meetings(side: str, home: Home, reader: Reader) -> list[MeetingRow]:
    """The weeks of one side that have begun; planned meetings of the next ones go under later."""
    at = reader.at
    rows = meetings_of(side, reader.person, at=at, until=at + LOOKS_AHEAD + clock.WEEK, lately=at - ASKS_BACK)
    rows = [row for row in rows if row.cohort in reader.cohorts and reader.cohorts[row.cohort].is_launched]
    if side == Role.MENTOR:  # A mentor reads a pairing until it has ended.
        rows = [row for row in rows if row.pairing_ends >= reader.today(row.cohort)]
    ahead = [row for row in rows if row.day > reader.today(row.cohort)]
    home.later += [lines.meeting_ahead(row, reader) for row in ahead if row.is_planned and _is_near(row, reader)]
    return [row for row in rows if row.day <= reader.today(row.cohort)]


def _is_near(row: MeetingRow, reader: Reader) -> bool:
    return row.planned.lower <= reader.at + LOOKS_AHEAD


def _add_meetings_of_scholar(home: Home, reader: Reader, since: dt.datetime) -> None:
    for row in _meetings(Role.SCHOLAR, home, reader):
        if not row.outcome and (row.held is None or reader.at < row.held.upper):
            home.next.append(lines.meeting_line(row, reader))
        elif row.outcome in lines.TOGETHER and row.outcome_at and row.outcome_at >= since:
            home.done.append(lines.meeting_met(row, reader))


def _add_meetings_of_mentor(home: Home, reader: Reader) -> None:
    """Whoever is still to be met first, by time; then those who were."""
    rows = sorted(_meetings(Role.MENTOR, home, reader), key=lambda row: bool(row.outcome))
    logs = sent_logs(rows) if rows else {}
    home.scholars = [lines.scholar_line(row, logs.get((row.scholar, row.day)), reader) for row in rows]


def _add_actions(home: Home, reader: Reader, since: dt.datetime) -> None:
    actions = [
        lines.action_line(row, reader) for row in actions_of(reader.person, since) if row.cohort in reader.cohorts
    ]
    home.actions = [one for one in actions if not one.row.done_at][:MANY_ACTIONS]
    home.actions_done = [one for one in actions if one.row.done_at]


# --- milestones and extensions ------------------------------------------------------------------


def _add_owed(home: Home, reader: Reader, since: dt.datetime) -> None:
    """What is owed for milestones and extensions, what was done, and what staff promised."""
    for row, draft_saved_at in owed_and_done(reader.person, reader.at, since, reader.at + LOOKS_AHEAD):
        if row.kind == "invited":
            home.next.append(lines.invited_line(row, reader))
        elif row.cohort not in reader.cohorts:
            continue
        elif row.kind in NEWS_KINDS:
            home.done.append(lines.news_line(row, reader))
        elif row.kind in OF_ONES_OWN:
            is_near = row.kind == "apply" and row.due_at <= reader.at + IS_NEAR
            (home.next if is_near else home.later).append(OF_ONES_OWN[row.kind](row, reader))
        else:
            is_promise = row.kind in PROMISE_KINDS
            line = lines.promise_line(row, reader) if is_promise else lines.owed_line(row, draft_saved_at, reader)
            (home.next if _is_next(row, reader.at) else home.later).append(line)


def _is_next(row: Owed, at: dt.datetime) -> bool:
    """What was promised stands there once it is late."""
    if row.kind in PROMISE_KINDS:
        return row.due_at < at
    return row.kind not in MAY_WAIT or row.due_at <= at + IS_NEAR


# --- 1-1s and days away -------------------------------------------------------------------------


def _add_one_on_ones(home: Home, reader: Reader, sides: set[str]) -> None:
    rows = [row for row in one_on_ones_ahead(reader.person, reader.at, sides) if row.cohort in reader.cohorts]
    home.next += [lines.one_on_one_line(row, reader) for row in rows if row.side != COACH]
    coached = [(_urgency(row), lines.one_on_one_line(row, reader)) for row in rows if row.side == COACH]
    home.caseload = [line for _, line in sorted(coached, key=lambda pair: (pair[0], pair[1].moment, pair[1].what))]


def _urgency(row: Ahead) -> int:
    """Those to be answered for, then those planned, then who waited longest."""
    if row.unsaid:
        return 0
    return 1 if row.planned else 2


def _add_days_away(home: Home, reader: Reader, days: list[DaysRow]) -> None:
    places = {place.pk: place for place in home.places}
    away = [row for row in days if row.kind == DAYS_AWAY and row.of in places]
    home.later += [lines.away_line(row, reader, places[row.of]) for row in away]
