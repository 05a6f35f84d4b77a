"""The demo's weekly logs so far."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt

from cohorts.models import Role
from mats import clock
from mats.pages.demo_cohort.people import AWAY, DEMO, FEWEST_FOR_ALL, Scene
from mats.pages.demo_cohort.research import PROJECTS
from mentorship.models import WeeklyLog

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def write_logs(scene: Scene) -> None:
    """Most on time, some late, some never; the demo's own scholar owes the latest one."""
    logs = list(
        WeeklyLog.objects.filter(scholar__cohort=scene.cohort, due_at__lte=scene.at)
        .order_by("week_starts_on", "scholar__person__email")
        .select_related("scholar")
    )
    numbers = {place.pk: number for number, place in enumerate(scene.places[Role.SCHOLAR])}
    written = [log for log in logs if _write(scene, log, numbers[log.scholar_id])]
    WeeklyLog.objects.bulk_update(written, ["done", "next_up", "stuck", "submitted_at", "edited_at"], batch_size=200)


def _write(scene: Scene, log: WeeklyLog, scholar: int) -> bool:
    late_by, sent = _when(scene, log, scholar)
    if not sent or log.due_at + late_by > scene.at:
        return False
    project = PROJECTS[scholar % len(PROJECTS)]
    log.done, log.next_up = project.weeks[(log.number - 1) % len(project.weeks)]
    log.stuck = project.stuck[log.number % len(project.stuck)] if scene.random.random() < 0.4 else ""
    log.submitted_at = log.due_at + late_by
    if scene.random.random() < 0.06:
        log.edited_at = min(log.submitted_at + 3 * HOUR, scene.at)
        log.done += " Edited: corrected the number of samples."
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
