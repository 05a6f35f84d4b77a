"""What a cohort's milestones ask for when nobody has written it yet, and what has to follow when they change.

`cohorts` may not import `mentorship`, so the app that lays out what scholars owe, and the one that
promises dates around the mid-point, register here what has to follow and what has to agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from cohorts.models import Cohort, Milestone, Phase
from mats import clock

Kind = Milestone.Kind

DEFAULT_GUIDES: dict[str, str] = {
    Kind.PLAN: (
        "- **Threat model**: what could go wrong, for whom, and why you believe it.\n"
        "- **Theory of change**: how your result would make that less likely, and who would use it.\n"
        "- **Deliverables**: specific, measurable, within your reach, relevant to the above, each with its date.\n"
        "- What would make you change direction, and by when you would know."
    ),
    Kind.MIDPOINT: (
        "A page at most: what you have learned so far, what changed your mind, what the second half is for, "
        "and what could stop you."
    ),
    Kind.SYMPOSIUM: (
        "Choose a talk or a poster. Write the abstract, and link to slides or the poster when there are some: "
        "the question, what you did, what you found (negative results are results), what it means."
    ),
    Kind.FINAL: (
        "What you set out to do, what came of it, where the work stands and where it can be found, "
        "and what you would do with more months, or would have done otherwise."
    ),
}

DEFAULT_RUBRICS: dict[str, str] = {
    Kind.PLAN: (
        "The threat model is stated so that one could disagree with it\n"
        "The theory of change leads from the result to somebody who acts on it\n"
        "The deliverables are specific and measurable, with dates that fit the weeks left\n"
        "The plan says what would change its direction"
    ),
    Kind.MIDPOINT: "It says what was learned, against the plan\nThe second half follows from what was learned",
    Kind.SYMPOSIUM: (
        "The question and why it matters are clear to somebody from another project\n"
        "The claims go as far as the evidence, and no further\n"
        "What did not work is told"
    ),
    Kind.FINAL: (
        "The result is stated with its evidence and its limits\n"
        "Somebody else could go on from what is linked\n"
        "It says what changed since the plan, and why"
    ),
}

_followers: list[Callable[..., Any]] = []
_judges: list[Callable[..., None]] = []
_judges_of_days: list[Callable[..., None]] = []


def kinds_left(cohort: Cohort) -> list[Milestone.Kind]:
    """The kinds of milestone that a cohort does not have yet, in the order of a programme."""
    there = set(Milestone.objects.filter(cohort=cohort, archived_at=None).order_by().values_list("kind", flat=True))
    return [kind for kind in Kind if kind not in there]


def due_at(cohort: Cohort, day: dt.date) -> dt.datetime:
    """The moment on a day at which a milestone is due: the time of day of the cohort's weekly log."""
    return clock.at_wall_clock(day, cohort.log_time, cohort.time_zone).at


def follow(lay_out: Callable[..., Any]) -> None:
    """`lay_out(cohort, at=…)` is called after a milestone of a cohort was added, changed or removed."""
    _followers.append(lay_out)


def replan(cohort: Cohort, *, at: dt.datetime) -> None:
    for follower in _followers:
        follower(cohort, at=at)


def judge(check: Callable[..., None]) -> None:
    """`check(milestone, due_on)` raises in words where another promise stands in the way of that day;
    `due_on` is None for a milestone that is to be removed."""
    _judges.append(check)


def judge_days(check: Callable[..., None]) -> None:
    """`check(phase, starts_on, ends_on)` raises in words where a promise does not fit these days of a phase."""
    _judges_of_days.append(check)


def agree_on_days(phase: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    for check in _judges_of_days:
        check(phase, starts_on, ends_on)


def agree(milestone: Milestone, due_on: dt.date | None) -> None:
    for check in _judges:
        check(milestone, due_on)
