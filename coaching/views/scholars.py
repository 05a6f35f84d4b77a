"""The coach's list: one row a scholar, who waited longest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from coaching.deadlines import NextOneOnOne, next_one_on_one
from coaching.querysets import (
    Plan,
    caseloads_coached_by,
    days_away,
    latest_lines_for_coach,
    one_on_ones,
    over_a_meeting,
)
from coaching.weeks import MARKS, Marks, last_weeks, late_actions, worth_saying
from cohorts.models import Caseload, Role
from cohorts.places import places
from mats.clock import local_date
from mats.identity.requests import Request
from mentorship.chances import chance_trends


@dataclass(frozen=True)
class Row:
    """A scholar on the coach's list; `logs` are (number, state) of the last six weeks, `chances` how
    what they said of their next milestone has gone."""

    caseload: Caseload
    next: NextOneOnOne
    plan: Plan | None
    clashes: bool
    logs: Marks
    chances: str
    is_for_you: bool
    late_actions: int
    missed: list[str]

    @property
    def words(self) -> list[str]:
        """What is worth a word, the scholar's own first."""
        late = f"{self.late_actions} action{'' if self.late_actions == 1 else 's'} late"
        return ["wrote for you"] * self.is_for_you + self.missed + [late] * (self.late_actions > 0)


def coaching(request: Request) -> HttpResponse:
    """For people who are coaches somewhere."""
    if not any(place.role == Role.COACH and place.cohort.is_launched for place in places(request)):
        raise Http404
    caseloads = caseloads_coached_by(person=request.user, at=request.now)
    rows, waiting = read_rows(request, caseloads) if caseloads else ([], [])
    return render(request, "coaching/scholars.html", {"rows": rows, "waiting": waiting})


def read_rows(request: Request, caseloads: list[Caseload]) -> tuple[list[Row], list[Plan]]:
    """A row for each, and the 1-1s that are over by plan and wait for a word."""
    person, at = request.user, request.now
    scholars = [caseload.scholar_id for caseload in caseloads]
    spoken, away = one_on_ones(person, at, scholars), days_away(caseloads)
    ahead = {scholar: found.ahead(at)[0] for scholar, found in spoken.items() if found.ahead(at)}
    clashing = over_a_meeting(person, at, ahead.values())
    lines, late = latest_lines_for_coach(person, at, scholars), late_actions(person, at, scholars)
    logs, meetings = last_weeks(person, at)
    trends = chance_trends(person, at, scholars)
    rows = []
    for caseload in caseloads:
        key = caseload.scholar_id
        held, plan, wrote_at = spoken[key].last, ahead.get(key), lines.get(key)
        wrote_on = local_date(wrote_at, caseload.cohort.time_zone) if wrote_at else None
        rows.append(
            Row(
                caseload=caseload,
                next=next_one_on_one(caseload, held, at, away[caseload.pk]),
                plan=plan,
                clashes=plan is not None and plan.pk in clashing,
                logs=logs.get(key, [])[-MARKS:],
                chances=trends.get(key, ""),
                is_for_you=wrote_on is not None and (held is None or wrote_on >= held),
                late_actions=late.get(key, 0),
                missed=worth_saying(logs.get(key, []), meetings.get(key, [])),
            )
        )
    rows.sort(key=lambda row: (row.next.due_on, row.caseload.scholar.person.name.casefold()))
    over = (plan for found in spoken.values() for plan in found.plans if plan.is_over(at) and plan.is_of(person))
    return rows, sorted(over, key=lambda plan: plan.starts_at)
