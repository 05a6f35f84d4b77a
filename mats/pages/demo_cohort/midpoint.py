"""The demo's mid-point: what mentors said, and what followed."""

from __future__ import annotations

import datetime as dt
import random

from cohorts import milestones
from cohorts.models import Membership, Role
from mats.pages.demo_cohort.people import DEMO, TWO_MENTORS, Scene
from mats.pages.demo_cohort.plans import AGREED, NOT_NOW, ON_COURSE, TOO_EARLY, WOULD_CHANGE
from mentorship.models import MidpointLine, SupportPlan, Talk

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
View = MidpointLine.View
# Whose line the demo mentor still owes; about whom a mentor says "not as things stand": a talk is owed
# after the one, and took place after the other.
OWED, TALK_OWED, TALKED = 1, 14, 11
HARD = {DEMO: View.TOO_EARLY, TALK_OWED: View.NOT_NOW, TALKED: View.NOT_NOW}
SOME_TOO_EARLY = 7  # every so many


def say_lines(scene: Scene) -> None:
    """Most mentors have said their line in time; two are still owed, and of two scholars it is a warning."""
    draw = random.Random(f"midpoint {scene.scholars}")  # noqa: S311 - not for secrets
    by_scholar = {place.pk: number for number, place in enumerate(scene.places[Role.SCHOLAR])}
    rows = MidpointLine.objects.filter(cohort=scene.cohort, archived_at=None).select_related("mentor", "scholar")
    ordered = sorted(rows, key=lambda row: (by_scholar[row.scholar_id], scene.places[Role.MENTOR].index(row.mentor)))
    first_of: set[Membership] = set()
    for row in ordered:
        number = by_scholar[row.scholar_id]
        if number != OWED:
            _say(scene, row, number, draw, is_second=row.scholar in first_of)
        first_of.add(row.scholar)
    MidpointLine.objects.bulk_update(
        ordered, ["view", "because", "would_change", "given_at", "read_at"], batch_size=200
    )
    for row in ordered:
        if row.view == View.NOT_NOW:
            _follow_up(scene, row, is_done=by_scholar[row.scholar_id] == TALKED)


def _say(scene: Scene, row: MidpointLine, number: int, draw: random.Random, *, is_second: bool) -> None:
    row.given_at = min(row.due_at, scene.at) - draw.randint(1, 90) * HOUR
    if number in {TALK_OWED, DEMO}:
        row.given_at = scene.at - 2 * DAY
    view = HARD.get(number, View.TOO_EARLY if number % SOME_TOO_EARLY == 0 else View.ON_COURSE)
    if number == TWO_MENTORS:
        view = View.TOO_EARLY if is_second else View.ON_COURSE
    row.view = view
    row.because = draw.choice({View.ON_COURSE: ON_COURSE, View.TOO_EARLY: TOO_EARLY, View.NOT_NOW: NOT_NOW}[view])
    row.would_change = "" if view == View.ON_COURSE else draw.choice(WOULD_CHANGE)
    if number not in {DEMO, TALK_OWED}:
        row.read_at = min(row.given_at + draw.randint(1, 30) * HOUR, scene.at)


def _follow_up(scene: Scene, row: MidpointLine, *, is_done: bool) -> None:
    """A talk with staff is owed; or it took place, and a support plan came of it."""
    assert row.given_at is not None
    staff = scene.places[Role.STAFF]
    talk = Talk(
        cohort=scene.cohort, scholar=row.scholar, line=row, due_at=row.given_at + 5 * DAY, created_at=row.given_at
    )
    if not is_done:
        talk.save(force_insert=True)
        return
    talked_at, day = min(row.given_at + DAY, scene.at), scene.week_starts_on(scene.week + 2)
    talk.owner, talk.done_by, talk.done_at = staff[2], staff[2].person, talked_at
    talk.talked_on, talk.words = talked_at.date(), AGREED
    talk.save(force_insert=True)
    SupportPlan.objects.create(
        cohort=scene.cohort,
        scholar=row.scholar,
        talk=talk,
        opened_by=staff[2].person,
        what="Finish the baseline and write half a page about it, whatever it shows.",
        by_when=day - 3 * DAY,
        help_given="A desk beside somebody who has run it before, and an hour with them on Tuesdays.",
        review_on=day,
        review_due_at=milestones.due_at(scene.cohort, day),
        created_at=talked_at,
    )
