"""Cohort health as one of its staff may see it at a moment."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cohorts import expectations
from cohorts.models import Cohort, Person, Role
from mats import clock
from mats.pages.cohort_health.asking import Tie, ask_open_actions, ask_people, ask_ties
from mats.pages.cohort_health.filters import Filters
from mats.pages.cohort_health.lines import DAY, ScholarLine, Week, days_without, first_day_here
from mats.pages.cohort_health.promises import Promises, read_promises

# A week has one mark however many mentors there are: the first of these that is true of any of them.
RANK = {"met": 0, "running": 1, "due": 2, "away": 3, "did_not_meet": 4, "unknown": 5}


@dataclass(frozen=True)
class Health:
    """What the page shows: the weeks of the phase, a line per scholar that fits the filters, how many
    people the cohort has, and what is due from its staff."""

    cohort: Cohort
    weeks: list[clock.Week]
    this_week: int
    is_over: bool
    lines: list[ScholarLine]
    counts: Mapping[str, int]
    filters: Filters
    promises: Promises

    @property
    def has_scholars(self) -> bool:
        return bool(self.counts.get(Role.SCHOLAR))

    @property
    def where(self) -> str:
        """`week 6 of 14`, or when it begins, or that it is over."""
        if self.this_week:
            return f"week {self.this_week} of {len(self.weeks)}"
        if self.is_over:
            return f"ended {clock.format_day(self.weeks[-1].ends_on)}"
        return f"begins {clock.format_day(self.weeks[0].starts_on)}"

    @property
    def weeks_so_far(self) -> str:
        """The marks of a row, for the caption."""
        latest = len(self.weeks) if self.is_over else self.this_week
        if not latest:
            return "a mark for each week will stand here once it has begun"
        return "a mark for week 1" if latest == 1 else f"weeks 1 to {latest} from left to right"

    @cached_property
    def cases(self) -> list[ScholarLine]:
        return [line for line in self.lines if line.case]


def read_health(cohort: Cohort, reader: Person, at: dt.datetime, wanted: Mapping[str, str] | None = None) -> Health:
    """The cohort as `reader`, one of its staff, may see it; `wanted` are filters: site, mentor, coach."""
    today = clock.local_date(at, cohort.time_zone)
    people, ties = ask_people(cohort.pk), ask_ties(cohort.pk)
    weeks = _weeks(cohort, ties, today)
    begun = [week for week in weeks if week.starts_on <= today]
    lines = {place.key: ScholarLine(place.key, place.name) for place in people if place.role == Role.SCHOLAR}
    met_on = _add_weeks(lines, cohort, reader, at, begun)
    _add_ties(lines, ties, today, met_on)
    if not cohort.is_launched:  # Nothing is owed yet.
        for one in lines.values():
            one.is_here = False
    for owner, late, count in ask_open_actions(cohort.pk, today):
        if line := lines.get(owner):
            line.late_actions, line.open_actions = late, count
    filters = Filters.of(cohort, people, ties, wanted or {})
    return Health(
        cohort=cohort,
        weeks=weeks,
        this_week=begun[-1].number if begun and today <= weeks[-1].ends_on else 0,
        is_over=today > weeks[-1].ends_on,
        lines=sorted(filter(filters.fits, lines.values()), key=lambda line: line.name.casefold()),
        counts=Counter(place.role for place in people),
        filters=filters,
        promises=read_promises(cohort, reader, at, {place.key: place.name for place in people}),
    )


def _weeks(cohort: Cohort, ties: list[Tie], today: dt.date) -> list[clock.Week]:
    """The weeks of the latest phase that has begun; before the first day those of the main phase."""
    phases = sorted((tie for tie in ties if tie.kind == "phase"), key=lambda tie: tie.first)
    phase = next((phase for phase in reversed(phases) if phase.first <= today), phases[0])
    return clock.weeks_between(phase.first, phase.last, cohort.week_start)


def _add_weeks(
    lines: dict[str, ScholarLine], cohort: Cohort, reader: Person, at: dt.datetime, begun: list[clock.Week]
) -> dict[str, dt.date]:
    """Logs, meetings and 1-1s of the weeks that have begun; the day of the last contact by scholar."""
    met_on: dict[str, dt.date] = {}
    numbers = {week.starts_on.isoformat(): week.number for week in begun}
    days = [week.starts_on for week in begun]
    for found in expectations.lines(cohort=cohort, at=at, reader=reader, weeks=days):
        line = lines[found.scholar]
        if found.met_on:
            met_on[line.key] = max(found.met_on, met_on.get(line.key, found.met_on))
        if found.kind == "one_on_one":
            _add_one_on_ones(line, found, begun)
        elif found.kind == "log":
            line.logs = [Week(numbers[day], word, key) for day, word, key in found.weeks]
        else:
            line.meetings = _one_a_week([Week(numbers[day], word, key, why) for day, word, key, why, _ in found.weeks])
    return met_on


def _one_a_week(weeks: list[Week]) -> list[Week]:
    if len({week.number for week in weeks}) == len(weeks):
        return weeks
    best: dict[int, Week] = {}
    for week in sorted(weeks, key=lambda week: RANK[week.word]):
        best.setdefault(week.number, week)
    return sorted(best.values())


def _add_one_on_ones(line: ScholarLine, found: expectations.Line, begun: list[clock.Week]) -> None:
    first = begun[0].starts_on.isoformat() if begun else ""
    held = {_number_of(dt.date.fromisoformat(day), begun) for day, *_ in found.weeks if begun and day >= first}
    line.one_on_ones = [Week(week.number, "took_place" if week.number in held else "none") for week in begun]
    line.last_one_on_one = found.met_on


def _number_of(day: dt.date, weeks: list[clock.Week]) -> int:
    """The number of the week that holds a day. Only the first and the last may be short."""
    if len(weeks) == 1 or day <= weeks[0].ends_on:
        return weeks[0].number
    return weeks[1].number + (day - weeks[1].starts_on).days // 7


def _add_ties(lines: dict[str, ScholarLine], ties: list[Tie], today: dt.date, met_on: dict[str, dt.date]) -> None:
    """Mentors, coach and site of today (else the next), and for how long nobody has heard from a scholar."""
    own: dict[str, dict[str, list[Tie]]] = defaultdict(lambda: defaultdict(list))
    for tie in ties:
        own[tie.key][tie.kind].append(tie)
    for line in lines.values():
        of = own[line.key]
        ahead = {kind: _not_over(of[kind], today) for kind in ("stay", "mentor", "coach")}
        here = _now(ahead["stay"], today)
        line.is_here, line.is_paired = bool(here), bool(ahead["mentor"])
        line.site = next((tie.other for tie in ahead["stay"] or of["stay"][-1:]), None)
        line.mentors = [str(tie.other) for tie in ahead["mentor"]]
        line.coach = next((str(tie.other) for tie in ahead["coach"]), "")
        for caseload in _now(of["coach"], today):
            away = [(tie.first, tie.last) for tie in [*of["away"], *own[str(caseload.other)]["away"]]]
            due_on = (line.last_one_on_one or caseload.first) + DAY * caseload.days
            line.one_on_one_is_overdue = line.one_on_ones is not None and first_day_here(due_on, away) < today
        if here:
            since = max(here[0].first, met_on.get(line.key, here[0].first))
            line.quiet_days = days_without(since, today, [(tie.first, tie.last) for tie in of["away"]])


def _not_over(ties: list[Tie], today: dt.date) -> list[Tie]:
    """Those of today and those to come, the earliest first."""
    return sorted((tie for tie in ties if tie.last >= today), key=lambda tie: tie.first)


def _now(ties: list[Tie], today: dt.date) -> list[Tie]:
    return [tie for tie in ties if tie.first <= today <= tie.last]


def people_in_words(cohort: Cohort, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """`60 scholars`, `24 mentors`, `6 coaches` in the cohort's own words, each with its role."""
    wanted = [(role, counts.get(role, 0)) for role in (Role.SCHOLAR, Role.MENTOR, Role.COACH)]
    return [(role.value, f"{count} {cohort.label(role, plural=count != 1)}") for role, count in wanted]
