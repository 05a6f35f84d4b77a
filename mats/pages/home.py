"""Home: what is next, for every role a person holds, read by person and not by place.

A person with five places asks as many questions of the database as a person with one. It is the
only inbox: what is owed stands here before anything is sent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from coaching.deadlines import NextOneOnOne, next_one_on_one
from coaching.querysets import caseloads_of_coach, last_one_on_ones, open_caseloads
from cohorts.access import visible
from cohorts.models import Caseload, Cohort, Membership, Person, Phase, Role
from mats import clock
from mats.forms.models import Draft
from mentorship.models import Action, PairingWeek, WeeklyLog

DONE_STAYS = dt.timedelta(days=7)
MANY_LOGS = 12
LAUNCHED_PAIRING = Q(pairing__cohort__launched_at__isnull=False)


@dataclass(frozen=True)
class CohortWeek:
    """Where a cohort stands today. `number` is 0 before its first day and after its last."""

    cohort: Cohort
    number: int
    last: int
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class LogAhead:
    """A log the person owes or has just sent, and when its draft was last saved."""

    log: WeeklyLog
    draft_saved_at: dt.datetime | None


@dataclass
class ScholarAhead:
    """One scholar of a mentor in this week: the meeting, if there is one, and the log."""

    week: PairingWeek
    log: WeeklyLog | None


@dataclass
class CoachedAhead:
    """One scholar of a coach: when they last spoke and by when they should."""

    caseload: Caseload
    one_on_one: NextOneOnOne


@dataclass
class Home:
    """What a person owes and is owed, ready to be shown."""

    weeks: list[CohortWeek] = field(default_factory=list)
    logs: list[LogAhead] = field(default_factory=list)
    meetings: list[PairingWeek] = field(default_factory=list)
    coached_by: list[CoachedAhead] = field(default_factory=list)
    scholars: list[ScholarAhead] = field(default_factory=list)
    caseload: list[CoachedAhead] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    done: list[Action] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.logs, self.meetings, self.coached_by, self.scholars, self.caseload, self.actions))


def read_home(person: Person, mine: list[Membership], at: dt.datetime) -> Home:
    """Home of a person with these places, at this moment; at most nine queries, whoever asks."""
    roles = {place.role for place in mine if place.cohort.is_launched}
    home = Home(weeks=_weeks(mine, at))
    if Role.SCHOLAR in roles:
        home.logs = _logs(person, at)
        home.meetings = list(_pairing_weeks(at).filter(pairing__scholar__person=person))
        home.coached_by = _ahead(open_caseloads(at).filter(scholar__person=person), person, at)
    if Role.MENTOR in roles:
        home.scholars = _scholars(person, at)
    if Role.COACH in roles:
        home.caseload = _ahead(caseloads_of_coach(person, at), person, at)
    if roles & {Role.SCHOLAR, Role.MENTOR}:
        home.actions, home.done = _actions(person, at)
    return home


def _weeks(mine: list[Membership], at: dt.datetime) -> list[CohortWeek]:
    cohorts = {place.cohort_id: place.cohort for place in mine}
    phases = Phase.objects.filter(cohort__in=cohorts, kind=Phase.Kind.MAIN, archived_at=None)
    return [cohort_week(cohorts[phase.cohort_id], phase, at) for phase in phases.order_by("-starts_on")]


def cohort_week(cohort: Cohort, phase: Phase, at: dt.datetime) -> CohortWeek:
    """The week of a phase that holds this moment on the cohort's wall."""
    today = clock.local_date(at, cohort.time_zone)
    weeks = clock.weeks_between(phase.starts_on, phase.ends_on, cohort.week_start)
    now = next((week for week in weeks if week.contains(today)), None)
    if now is None:
        return CohortWeek(cohort, 0, len(weeks), phase.starts_on, phase.ends_on)
    return CohortWeek(cohort, now.number, len(weeks), now.starts_on, now.ends_on)


def _logs(person: Person, at: dt.datetime) -> list[LogAhead]:
    """This week's log, older ones that are still open and those just sent; the newest first."""
    recent = (
        visible(WeeklyLog, "log", person, at, "write")
        .filter(archived_at=None, week_starts_on__lte=at.date() + dt.timedelta(days=1))
        .filter(Q(submitted_at=None) | Q(submitted_at__gte=at - DONE_STAYS))
        .select_related("scholar__cohort")
        .order_by("-week_starts_on")[:MANY_LOGS]
    )
    begun = [log for log in recent if log.week_starts_on <= clock.local_date(at, log.scholar.cohort.time_zone)]
    saved = dict(
        Draft.objects.filter(person=person, about__in=[str(log.pk) for log in begun]).values_list("about", "saved_at")
    )
    return [LogAhead(log, saved.get(str(log.pk))) for log in begun]


def _pairing_weeks(at: dt.datetime) -> QuerySet[PairingWeek]:
    """This week of every pairing, with its meeting, its people and how much stands on the agenda; and
    one before whose meeting was moved into this one."""
    moved_here = Q(meeting__is_live=True, meeting__planned__endswith__gt=at)
    return (
        PairingWeek.objects.filter(
            LAUNCHED_PAIRING,
            Q(closes_at__gt=at) | moved_here,
            archived_at=None,
            pairing__archived_at=None,
            week_starts_on__lte=at.date() + dt.timedelta(days=1),
        )
        .select_related(
            "meeting",
            "pairing__cohort",
            "pairing__scholar__person",
            "pairing__mentor__person",
        )
        .annotate(agenda_count=Count("meeting__agenda", filter=Q(meeting__agenda__archived_at=None)))
        .order_by("meeting__planned", "closes_at")
    )


def _scholars(person: Person, at: dt.datetime) -> list[ScholarAhead]:
    weeks = list(_pairing_weeks(at).filter(pairing__mentor__person=person))
    logs = WeeklyLog.objects.filter(
        scholar__in={week.pairing.scholar_id for week in weeks},
        week_starts_on__in={week.week_starts_on for week in weeks},
        submitted_at__isnull=False,
    )
    found = {(log.scholar_id, log.week_starts_on): log for log in logs}
    return [ScholarAhead(week, found.get((week.pairing.scholar_id, week.week_starts_on))) for week in weeks]


def _ahead(caseloads: QuerySet[Caseload], person: Person, at: dt.datetime) -> list[CoachedAhead]:
    """These caseloads, the one that waited longest first."""
    found = list(caseloads)
    last = last_one_on_ones(person, at, [caseload.scholar_id for caseload in found]) if found else {}
    ahead = [CoachedAhead(caseload, next_one_on_one(caseload, last.get(caseload.scholar_id), at)) for caseload in found]
    return sorted(ahead, key=lambda one: one.one_on_one.due_on)


def _actions(person: Person, at: dt.datetime) -> tuple[list[Action], list[Action]]:
    """Open actions the person owes, and what was done this week."""
    mine = Action.objects.filter(owner__person=person, archived_at=None, dropped_at=None).filter(
        Q(done_at=None) | Q(done_at__gte=at - DONE_STAYS)
    )
    found = list(mine.select_related("meeting").order_by("due_on", "created_at")[:100])
    return [action for action in found if not action.done_at], [action for action in found if action.done_at]
