"""The demo's weekly logs so far, what they say of earlier actions, and what is for coaches only."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import cast

from coaching.models import ForMyCoach
from cohorts.models import Membership, Role
from mats import clock
from mats.identity.transaction import acting
from mats.pages.demo_cohort.people import AWAY, DEMO, FEWEST_FOR_ALL, Scene
from mats.pages.demo_cohort.research import DROPPED, ERRANDS, FOR_MY_COACH, PROJECTS
from mentorship.models import Action, PairingWeek, Tick, WeeklyLog
from mentorship.rules.log import next_lines

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
A_LINE = dt.timedelta(microseconds=1)

# Who was ill in which week and said so in the log; whose log of which week was edited after the meeting.
ILL, EDITED = (2, 4), (DEMO, 3)
FIELDS = ["done", "next_up", "stuck", "links", "is_away", "submitted_at", "edited_at", "version"]


def write_logs(scene: Scene) -> None:
    """Most on time, some late, some never; the demo's own scholar owes the latest one."""
    logs = list(
        WeeklyLog.objects.filter(scholar__cohort=scene.cohort, due_at__lte=scene.at)
        .order_by("week_starts_on", "scholar__person__email")
        .select_related("scholar")
    )
    numbers = {place.pk: number for number, place in enumerate(scene.places[Role.SCHOLAR])}
    written = [log for log in logs if _write(scene, log, numbers[log.scholar_id])]
    WeeklyLog.objects.bulk_update(written, FIELDS, batch_size=200)
    # Written a second time, so that history has both versions.
    meets = _first_meetings(scene)
    edited = [log for log in written if _edit(scene, log, numbers[log.scholar_id], meets)]
    WeeklyLog.objects.bulk_update(edited, FIELDS, batch_size=200)


def _write(scene: Scene, log: WeeklyLog, scholar: int) -> bool:
    late_by, sent = _when(scene, log, scholar)
    if not sent or log.due_at + late_by > scene.at:
        return False
    log.submitted_at, log.version = log.due_at + late_by, 2
    if (scholar, log.number) == ILL:
        log.is_away = True
        return True
    project = PROJECTS[scholar % len(PROJECTS)]
    log.done, log.next_up = project.weeks[(log.number - 1) % len(project.weeks)]
    if scene.random.random() < 0.6:
        log.next_up += f"\n{scene.random.choice(ERRANDS)}"
    log.stuck = project.stuck[log.number % len(project.stuck)] if scene.random.random() < 0.4 else ""
    draw = scene.random.random()
    if draw < 0.25:
        log.links = f"https://notes.example.org/{scholar + 1}/week-{log.number}"
    if draw < 0.03:
        log.done = ""
    return True


def _first_meetings(scene: Scene) -> dict[tuple[uuid.UUID, dt.date], dt.datetime]:
    """When each scholar's first meeting of each week begins."""
    weeks = PairingWeek.objects.filter(pairing__cohort=scene.cohort, meeting__isnull=False)
    rows = weeks.order_by("-meeting__planned").values_list("pairing__scholar", "week_starts_on", "meeting__planned")
    return {(scholar, day): cast(dt.datetime, planned.lower) for scholar, day, planned in rows}


def _edit(scene: Scene, log: WeeklyLog, scholar: int, meets: dict[tuple[uuid.UUID, dt.date], dt.datetime]) -> bool:
    """A few were corrected later, half of those after the meeting that they were written for."""
    draw = scene.random.random()
    if log.submitted_at is None or not log.done or not (draw < 0.06 or (scholar, log.number) == EDITED):
        return False
    met_at = meets.get((log.scholar_id, log.week_starts_on))
    after = met_at if met_at and (draw < 0.03 or (scholar, log.number) == EDITED) else log.submitted_at
    edited_at = max(after, log.submitted_at) + 3 * HOUR
    if edited_at > scene.at:
        return False
    log.edited_at, log.version = edited_at, 3
    first, stop, rest = log.done.partition(". ")
    first = first.removesuffix(".")
    log.done = f"{first}, as far as I can tell now{stop or '. '}{rest}".strip() + " Corrected the number of samples."
    return True


def _when(scene: Scene, log: WeeklyLog, scholar: int) -> tuple[dt.timedelta, bool]:
    """How long before or after its moment a log comes, and whether it comes at all."""
    draw = scene.random.random()
    latest = log.due_at + clock.WEEK > scene.at
    if scholar == DEMO:
        return -HOUR, not latest
    if scholar == AWAY and scene.scholars >= FEWEST_FOR_ALL and latest:
        return HOUR, False
    if scholar % 17 == 11:
        # Somebody who has gone quiet: staff's page should say so in words.
        return HOUR, log.number < 3
    if draw < 0.82:
        return -scene.random.randint(20, 2400) * MINUTE, True
    return scene.random.randint(30, 900) * MINUTE, draw < 0.93


# What became of it


def say_what_became(scene: Scene) -> None:
    """Every line of next is an action, and every log says what became of those that were there."""
    logs = WeeklyLog.objects.filter(scholar__cohort=scene.cohort, submitted_at__isnull=False)
    agreed = list(
        Action.objects.filter(owner__cohort=scene.cohort, owner__role=Role.SCHOLAR).order_by(
            "owner__person__email", "created_at", "what", "due_on"
        )
    )
    waiting: dict[uuid.UUID, list[Action]] = defaultdict(list)
    for action in agreed:
        waiting[action.owner_id].append(action)
    planned: list[Action] = []
    ticks: list[Tick] = []
    for log in logs.order_by("submitted_at", "scholar__person__email").select_related("scholar"):
        said = [] if log.is_away else _ticks(scene, log, waiting[log.scholar_id])
        closed = {tick.action_id for tick in said if tick.outcome != Tick.Outcome.CARRIED}
        lines = _next(log)
        waiting[log.scholar_id] = [one for one in waiting[log.scholar_id] if one.pk not in closed] + lines
        planned += lines
        ticks += said
    Action.objects.bulk_update(agreed, ["done_at", "dropped_at", "dropped_why"], batch_size=200)
    Action.objects.bulk_create(planned)
    Tick.objects.bulk_create(ticks)


def _next(log: WeeklyLog) -> list[Action]:
    return [
        Action(
            log=log,
            owner_id=log.scholar_id,
            added_by_id=log.scholar.person_id,
            what=line,
            created_at=_sent(log) + turn * A_LINE,
        )
        for turn, line in enumerate(next_lines(log.next_up))
    ]


def _sent(log: WeeklyLog) -> dt.datetime:
    """The database holds that a submitted log has a moment."""
    return cast(dt.datetime, log.submitted_at)


def _ticks(scene: Scene, log: WeeklyLog, waiting: list[Action]) -> list[Tick]:
    return [_tick(scene, log, action) for action in waiting if action.created_at < _sent(log)]


def _tick(scene: Scene, log: WeeklyLog, action: Action) -> Tick:
    """As the action was closed by then; many are closed by the log itself."""
    sent_at, draw = _sent(log), scene.random.random()
    if not (action.done_at or action.dropped_at):
        if draw < 0.42:
            action.done_at = sent_at
        elif draw < 0.5:
            action.dropped_at, action.dropped_why = sent_at, scene.random.choice(DROPPED)
    outcome, why = Tick.Outcome.CARRIED, ""
    if action.done_at and action.done_at <= sent_at:
        outcome = Tick.Outcome.DONE
    elif action.dropped_at and action.dropped_at <= sent_at:
        outcome, why = Tick.Outcome.DROPPED, action.dropped_why
    return Tick(log=log, action=action, outcome=outcome, why=why, created_at=sent_at)


# For coaches only


def write_for_coaches(scene: Scene) -> None:
    """Every fifth scholar has a line for their coach with the two latest logs; each writes through both walls."""
    coaches = {caseload.scholar_id: caseload.coach for caseload in scene.caseloads}
    for scholar in scene.places[Role.SCHOLAR][::5]:
        logs = WeeklyLog.objects.filter(scholar=scholar, submitted_at__isnull=False).order_by("-number")[:2]
        with acting(scholar.person, scene.at, page="demo"):
            ForMyCoach.objects.bulk_create(_for_coach(scene, log, coaches[scholar.pk]) for log in logs)


def _for_coach(scene: Scene, log: WeeklyLog, coach: Membership) -> ForMyCoach:
    row = ForMyCoach(about_id=log.scholar_id, coach=coach, log=log, created_at=_sent(log))
    row.body = scene.random.choice(FOR_MY_COACH)
    return row
