"""The demo's 1-1s so far, and what was written in them."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
from itertools import groupby

from coaching.models import Note, OneOnOne
from cohorts.models import Membership, Role
from mats import clock
from mats.identity.transaction import acting
from mats.pages.demo_cohort.people import DAY, Scene
from mats.pages.demo_cohort.research import NOTES


def hold_one_on_ones(scene: Scene) -> None:
    """A 1-1 about every two weeks, and notes; each coach writes through both walls."""
    ordered = sorted(scene.caseloads, key=lambda caseload: str(caseload.coach.person.email))
    for coach, caseloads in groupby(ordered, key=lambda caseload: caseload.coach):
        mine = list(caseloads)
        with acting(coach.person, scene.at, page="demo"):
            OneOnOne.objects.bulk_create(
                fact for caseload in mine for fact in _one_on_ones(scene, coach, caseload.scholar)
            )
            Note.objects.bulk_create(note for caseload in mine for note in _notes(scene, coach, caseload.scholar))


def _days_of_one_on_ones(scene: Scene, scholar: Membership) -> list[dt.date]:
    number = scene.places[Role.SCHOLAR].index(scholar)
    today = clock.local_date(scene.at, scene.cohort.time_zone)
    first = scene.phase.starts_on + (number % 10 + 1) * DAY
    until = scene.week_starts_on(3) if number % 17 == 11 else today
    days = [first + turn * 14 * DAY for turn in range(10)]
    return [day for day in days if (day < until and day.weekday() < 5) or (day == first and day < until)]


def _one_on_ones(scene: Scene, coach: Membership, scholar: Membership) -> list[OneOnOne]:
    return [
        OneOnOne(coach=coach, about=scholar, took_place_on=day, created_at=_evening(day))
        for day in _days_of_one_on_ones(scene, scholar)
    ]


def _notes(scene: Scene, coach: Membership, scholar: Membership) -> list[Note]:
    notes = []
    for turn, day in enumerate(_days_of_one_on_ones(scene, scholar)):
        shared = turn % 2 == 1
        note = Note(
            author=coach,
            about=scholar,
            audience=Note.Audience.WITH_SCHOLAR if shared else Note.Audience.WORKING,
            dated=day,
            created_at=_evening(day),
        )
        note.body = scene.random.choice(NOTES)
        notes.append(note)
    return notes


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17), tzinfo=dt.UTC)
