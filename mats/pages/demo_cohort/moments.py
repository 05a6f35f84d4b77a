"""The moments of a season that the demo can show; a new one is a function and a line here."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from cohorts.models import Cohort, Role
from mats.identity.transaction import set_identity
from mats.pages.demo_cohort import (
    cases,
    extension,
    extensions,
    joining,
    logs,
    meetings,
    messages,
    milestones,
    one_on_ones,
    people,
)
from mats.pages.demo_cohort import midpoint as midpoint_lines
from mats.pages.demo_cohort.people import Scene
from mats.pages.demo_cohort.planner import planned_for_many_rows
from mentorship.actions.weeks import lay_out

# Who of staff can be signed in as beside the first.
COMMITTEE: dict[tuple[str, int], str] = {(Role.STAFF, 2): "committee"}
# Names enough for a cohort before those of the next one.
ONE_COHORT = 200


def week_six(at: dt.datetime, **options: Any) -> Cohort:
    """Week six of fourteen: routines stand, some things slip, a meeting begins within half an hour."""
    return _lay_out(at, week=6, last=_come_and_go, **{"slug": "demo", "name": "Demo cohort", **options})


def midpoint(at: dt.datetime, **options: Any) -> Cohort:
    """Week eight: mid-point was on Monday. Most mentors have said their line, one still owes it, and one
    has said "not as things stand". Other people than in week six, so that both can stand side by side."""
    beside = {"slug": "demo-midpoint", "name": "Demo cohort at mid-point", "suffix": "-midpoint"}
    return _lay_out(at, week=8, last=midpoint_lines.say_lines, **{"skip_names": ONE_COHORT, **beside, **options})


def extension_window(at: dt.datetime, **options: Any) -> Cohort:
    """Week ten: people apply until Sunday. One case of each kind is on its way; the first decisions are made."""
    beside = {"slug": "demo-window", "name": "Demo cohort, extensions open", "suffix": "-window"}
    usual = {"scholars": extensions.FEWEST, "skip_names": 2 * ONE_COHORT, **beside}
    return _lay_out(
        at, week=10, parts=COMMITTEE, promise=_window, last=_say_lines_and_open_cases, **{**usual, **options}
    )


def extended(at: dt.datetime, **options: Any) -> Cohort:
    """The seventh week of the six-month term. Some stay on, one for twelve months; the others can ask for them now."""
    beside = {"slug": "demo-extended", "name": "Demo cohort, extended", "suffix": "-extended"}
    usual = {"scholars": 18, "skip_names": 3 * ONE_COHORT, **beside}
    return _lay_out(at, week=21, parts=COMMITTEE, promise=_promise_and_extend, **{**usual, **options})


def _come_and_go(scene: Scene) -> None:
    if scene.scholars >= people.FEWEST_FOR_ALL:
        joining.come_and_go(scene)


def _window(scene: Scene) -> None:
    extensions.set_up(scene)
    last = scene.week_starts_on(11) - dt.timedelta(days=1)
    promised = last + dt.timedelta(days=5)
    extension.promise(scene, places=extensions.PLACES, closes_on=last, answers_on=promised, letters_on=promised)


def _say_lines_and_open_cases(scene: Scene) -> None:
    midpoint_lines.say_lines(scene)
    extensions.open_cases(scene)


def _promise_and_extend(scene: Scene) -> None:
    extensions.set_up(scene)
    extension.promise(scene, places=extensions.PLACES)
    extensions.extend(scene)


def _lay_out(
    at: dt.datetime,
    *,
    week: int,
    scholars: int = 60,
    seed: int = 1,
    slug: str,
    name: str,
    mailboxes: str = "",
    suffix: str = "",
    skip_names: int = 0,
    parts: Mapping[tuple[str, int], str] | None = None,
    promise: Callable[[Scene], None] = extension.promise,
    last: Callable[[Scene], None] | None = None,
) -> Cohort:
    """A cohort in some week of its main phase.

    The same seed, size and moment lay out the same people, texts and outcomes; only keys differ.
    A second cohort in one database needs `mailboxes` of its own, such as "s60.".
    """
    # Keys are drawn too, and two cohorts side by side need others.
    draw = random.Random(f"{seed}{suffix}" if suffix else seed)  # noqa: S311 - not for secrets
    scene = Scene(
        at=at, week=week, scholars=scholars, random=draw, mailboxes=mailboxes, suffix=suffix, skip_names=skip_names,
        parts=dict(parts or {}),
    )  # fmt: skip
    with transaction.atomic(), planned_for_many_rows():
        set_identity(None, at, page="demo")
        people.lay_out_cohort(scene, name=name, slug=slug)
        people.lay_out_people(scene)
        people.lay_out_pairings(scene)
        people.lay_out_caseloads(scene)
        people.lay_out_leave(scene)
        milestones.set_milestones(scene)
        promise(scene)
        lay_out(scene.cohort, at=at, past=True)
        logs.write_logs(scene)
        meetings.move_meetings(scene)
        meetings.hold_meetings(scene)
        cases.miss_meetings(scene)
        meetings.plan_next_meeting(scene)
        logs.say_what_became(scene)
        logs.write_for_coaches(scene)
        one_on_ones.hold_one_on_ones(scene)
        milestones.submit_milestones(scene)
        milestones.list_outputs(scene)
        milestones.say_chances(scene)
        if last:
            last(scene)
        messages.send_reminders(scene)
    return scene.cohort


# Each moment's cohort has an address of its own.
MOMENTS: dict[str, tuple[str, Callable[..., Cohort]]] = {
    "week_six": ("demo", week_six),
    "midpoint": ("demo-midpoint", midpoint),
    "extension_window": ("demo-window", extension_window),
    "extended": ("demo-extended", extended),
}
