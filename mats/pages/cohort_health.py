"""Cohort health: scholars × weeks, read in a constant number of queries.

Each of logs, meetings and 1-1s is one query that brings one row per scholar, with the weeks and
their states as two arrays; the size of a cohort changes the length of the answer, not the number
of questions.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, Exists, Min, OuterRef, Q, When
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from coaching.models import OneOnOne
from cohorts.access import visible
from cohorts.models import Cohort, Membership, Person, Role
from mats import clock
from mats.pages import marks
from mentorship.models import Action, Pairing, PairingWeek, WeeklyLog
from mentorship.querysets import AwayAllWeek

# Cadence is 14 days unless agreed otherwise: two weeks without a 1-1 are as they should be.
QUIET_WEEKS = 3


@dataclass
class ScholarLine:
    """One scholar's weeks: state by week number; `one_on_ones` is None where it is not to be read."""

    membership_id: object
    name: str
    logs: dict[int, str] = field(default_factory=dict)
    latest_log: uuid.UUID | None = None
    meetings: dict[int, str] = field(default_factory=dict)
    one_on_ones: dict[int, str] | None = field(default_factory=dict)
    late_actions: int = 0
    open_actions: int = 0
    is_paired: bool = True

    @property
    def in_words(self) -> list[str]:
        """What a person should know, in words; never a score."""
        words = []
        if not self.is_paired:
            words.append("not paired yet")
        if missing := [number for number, state in self.logs.items() if state == "missing"]:
            words.append(f"no log for {weeks_in_words(missing)}")
        if missed := [number for number, state in self.meetings.items() if state == "did_not_meet"]:
            words.append(f"did not meet in {weeks_in_words(missed)}")
        if since := self._without_one_on_one():
            words.append(since)
        if self.late_actions:
            words.append(f"{self.late_actions} action{'' if self.late_actions == 1 else 's'} late")
        return words

    def _without_one_on_one(self) -> str:
        """Said from the third week without a 1-1 on, counted over the weeks the scholar has a log for;
        nothing where the reader may not know."""
        if not self.one_on_ones or not self.logs:
            return ""
        held = [number for number, state in self.one_on_ones.items() if state == "took_place"]
        if max(self.logs) - max(held, default=min(self.logs) - 1) < QUIET_WEEKS:
            return ""
        return f"no 1-1 since week {max(held)}" if held else "no 1-1 yet"


def weeks_in_words(numbers: Iterable[int]) -> str:
    """`week 4`, `weeks 4 and 5`, `weeks 1, 2 and 7`."""
    names = [str(number) for number in sorted(numbers)]
    if len(names) == 1:
        return f"week {names[0]}"
    return f"weeks {', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class Health:
    """What the page shows: the weeks so far, a line per scholar, and how many people there are."""

    cohort: Cohort
    weeks: list[clock.Week]
    this_week: int
    lines: list[ScholarLine]
    counts: dict[str, int]

    @property
    def people(self) -> str:
        """`60 scholars · 24 mentors · 6 coaches`, in the cohort's own words."""
        wanted = [(role, self.counts.get(role, 0)) for role in (Role.SCHOLAR, Role.MENTOR, Role.COACH)]
        return " · ".join(f"{count} {self.cohort.label(role, plural=count != 1)}" for role, count in wanted)

    @property
    def weeks_so_far(self) -> str:
        """The marks of a row, for the caption."""
        if not self.this_week:
            return "a mark for each week will stand here once it has begun"
        return "a mark for week 1" if self.this_week == 1 else f"weeks 1 to {self.this_week} from left to right"

    @property
    def rows(self) -> SafeString:
        """The body of the table, joined here: a template loop over sixty rows costs several times more."""
        return mark_safe("".join(_row(line) for line in self.lines))  # noqa: S308 - every part is escaped or a ready mark


def _row(line: ScholarLine) -> SafeString:
    facts = marks.marks(line.one_on_ones.items()) if line.one_on_ones is not None else MENTORED
    return format_html(
        '<tr><th scope="row"><a href="/people/{}/">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>',
        line.membership_id,
        line.name,
        _logs_cell(line),
        marks.marks(line.meetings.items()),
        facts,
        "; ".join(line.in_words),
    )


def _logs_cell(line: ScholarLine) -> SafeString:
    """The marks lead to the latest log, and from there to the others."""
    found = marks.marks(line.logs.items())
    return (
        format_html('<a class="marks-link" href="/logs/{}/">{}</a>', line.latest_log, found)
        if line.latest_log
        else found
    )


MENTORED = mark_safe('<span class="quiet">you mentor this scholar</span>')


def read_health(cohort: Cohort, reader: Person, at: dt.datetime) -> Health:
    """The cohort as `reader`, one of its staff, may see it at this moment."""
    phase = cohort.main_phase
    today = clock.local_date(at, cohort.time_zone)
    weeks = clock.weeks_between(phase.starts_on, phase.ends_on, cohort.week_start)
    begun = [week for week in weeks if week.starts_on <= today]
    lines = _lines(cohort, reader)
    _add_logs(lines, cohort, at, today)
    _add_meetings(lines, cohort, at, today)
    _add_one_on_ones(lines, cohort, reader, at, begun)
    _add_actions(lines, cohort, today)
    return Health(
        cohort=cohort,
        weeks=weeks,
        this_week=begun[-1].number if begun else 0,
        lines=sorted(lines.values(), key=lambda line: line.name.casefold()),
        counts=_counts(cohort),
    )


def _lines(cohort: Cohort, reader: Person) -> dict[uuid.UUID, ScholarLine]:
    """A line for every scholar who has a place. Where the reader mentors or mentored one, 1-1s are
    left out of the line, and so of every total."""
    pairings = Pairing.objects.filter(scholar=OuterRef("pk"))
    scholars = Membership.objects.filter(cohort=cohort, role=Role.SCHOLAR, archived_at=None).annotate(
        is_paired=Exists(pairings.filter(archived_at=None)),
        is_mine=Exists(Pairing.objects.filter(scholar__person=OuterRef("person"), mentor__person=reader)),
    )
    return {
        pk: ScholarLine(membership_id=pk, name=name, is_paired=paired, one_on_ones=None if mine else {})
        for pk, name, paired, mine in scholars.values_list("pk", "person__name", "is_paired", "is_mine").order_by()
    }


def _add_logs(lines: dict[uuid.UUID, ScholarLine], cohort: Cohort, at: dt.datetime, today: dt.date) -> None:
    logs = WeeklyLog.objects.filter(scholar__cohort=cohort, archived_at=None, week_starts_on__lte=today)
    states = (
        logs.with_state(at)
        .values("scholar")
        .annotate(
            numbers=ArrayAgg("number", order_by="number"),
            states=ArrayAgg("state", order_by="number"),
            keys=ArrayAgg("pk", order_by="number"),
        )
    )
    for scholar, numbers, found, keys in states.order_by().values_list("scholar", "numbers", "states", "keys"):
        if line := lines.get(scholar):
            line.logs, line.latest_log = dict(zip(numbers, found, strict=True)), keys[-1]


# A week has one mark however many mentors there are: the first of these that is true of any of them.
MEETING_STATES = ("met", "running", "due", "away", "did_not_meet", "unknown")


def _add_meetings(lines: dict[uuid.UUID, ScholarLine], cohort: Cohort, at: dt.datetime, today: dt.date) -> None:
    away = Q(scholar_away=True) | Q(mentor_away=True)
    called_off = Q(meeting=None) | Q(meeting__is_live=False)
    weeks = (
        PairingWeek.objects.filter(pairing__cohort=cohort, archived_at=None, week_starts_on__lte=today)
        .annotate(
            scholar_away=AwayAllWeek("pairing__scholar_id", "week_starts_on", "pairing__cohort__week_start"),
            mentor_away=AwayAllWeek("pairing__mentor_id", "week_starts_on", "pairing__cohort__week_start"),
        )
        .annotate(
            rank=Case(
                When(meeting__outcome="met", then=0),
                When(meeting__held__isnull=False, meeting__ended_at=None, then=1),
                When(away, then=3),
                When(Q(meeting__outcome="did_not_meet") | (called_off & Q(closes_at__lte=at)), then=4),
                When(closes_at__lte=at, then=5),
                default=2,
            )
        )
        .values("pairing__scholar", "number")
        .annotate(first=Min("rank"))
        .order_by("number")
    )
    for scholar, number, first in weeks.values_list("pairing__scholar", "number", "first"):
        if line := lines.get(scholar):
            line.meetings[number] = MEETING_STATES[first]


def _add_one_on_ones(
    lines: dict[uuid.UUID, ScholarLine], cohort: Cohort, reader: Person, at: dt.datetime, begun: list[clock.Week]
) -> None:
    facts = visible(OneOnOne, "one_on_one", reader, at).filter(about__cohort=cohort, archived_at=None)
    days = facts.values("about").annotate(days=ArrayAgg("took_place_on")).order_by()
    held = dict(days.values_list("about", "days"))
    for pk, line in lines.items():
        if line.one_on_ones is not None:
            numbers = {_number_of(day, begun) for day in held.get(pk, [])}
            line.one_on_ones = {week.number: "took_place" if week.number in numbers else "none" for week in begun}


def _number_of(day: dt.date, weeks: list[clock.Week]) -> int:
    """The number of the week that holds a day. Only the first and the last may be short."""
    if len(weeks) <= 1 or day <= weeks[0].ends_on:
        return weeks[0].number if weeks else 0
    return weeks[1].number + (day - weeks[1].starts_on).days // 7


def _add_actions(lines: dict[uuid.UUID, ScholarLine], cohort: Cohort, today: dt.date) -> None:
    open_now = Action.objects.filter(owner__cohort=cohort, archived_at=None, done_at=None, dropped_at=None)
    counts = open_now.values("owner").annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))).order_by()
    for owner, count, late in counts.values_list("owner", "all", "late"):
        if line := lines.get(owner):
            line.open_actions, line.late_actions = count, late


def _counts(cohort: Cohort) -> dict[str, int]:
    """How many people hold each role."""
    found = Membership.objects.filter(cohort=cohort, archived_at=None).values("role").annotate(people=Count("pk"))
    return dict(found.order_by().values_list("role", "people"))
