"""The demo's 1-1s, held, planned and not held, and what was written in them."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coaching.models import Note, OneOnOne
from cohorts.models import Caseload, Membership, Role
from mats import clock
from mats.identity.transaction import acting
from mats.pages.demo_cohort.people import COHORT_ZONE, DAY, Scene
from mats.pages.demo_cohort.research import SHARED_NOTES, WORKING_NOTES
from mentorship.actions.diary import Diary
from mentorship.models import Attendance

HOUR, HALF_AN_HOUR = dt.timedelta(hours=1), dt.timedelta(minutes=30)
LENGTH = dt.timedelta(minutes=45)

# Of each coach: whose 1-1 is over and nobody has said whether it took place, whose did not, and
# over whose time a meeting was planned later.
NOBODY_SAID, DID_NOT_TAKE_PLACE, OVER_A_MEETING = 1, 2, 3
# The working days from today on which the next ones are; the first ones are today.
NEXT = (0, 0, 0, 1, 2, 2, 3, 4, 6, 7)


def hold_one_on_ones(scene: Scene) -> None:
    """A 1-1 about every two weeks, and notes; the next ones planned. Each coach writes through both walls."""
    ordered = sorted(_running(scene), key=lambda caseload: str(caseload.coach.person.email))
    diary = Diary.of({place.person_id for caseload in ordered for place in (caseload.scholar, caseload.coach)},
                     scene.at, scene.at + 21 * DAY)  # fmt: skip
    for coach, caseloads in groupby(ordered, key=lambda caseload: caseload.coach):
        scholars = [caseload.scholar for caseload in caseloads]
        with acting(coach.person, scene.at, page="demo"):
            OneOnOne.objects.bulk_create(one for scholar in scholars for one in _held(scene, coach, scholar))
            OneOnOne.objects.bulk_create(_open(scene, coach, scholars, diary))
            Note.objects.bulk_create(note for scholar in scholars for note in _notes(scene, coach, scholar))


def _running(scene: Scene) -> list[Caseload]:
    """Once a caseload is over its coach writes no more."""
    today = clock.local_date(scene.at, scene.cohort.time_zone)
    keys = [caseload.pk for caseload in scene.caseloads]
    over = set(Caseload.objects.filter(pk__in=keys, ends_on__lt=today).values_list("pk", flat=True))
    return [caseload for caseload in scene.caseloads if caseload.pk not in over]


def _is_quiet(scene: Scene, scholar: Membership) -> bool:
    """Nobody has spoken with this one since week three, and nothing is planned."""
    return scene.places[Role.SCHOLAR].index(scholar) % 17 == 11


def _days_of_one_on_ones(scene: Scene, scholar: Membership) -> list[dt.date]:
    number = scene.places[Role.SCHOLAR].index(scholar)
    today = clock.local_date(scene.at, scene.cohort.time_zone)
    first = scene.phase.starts_on + (number % 10 + 1) * DAY
    until = scene.week_starts_on(3) if _is_quiet(scene, scholar) else today
    days = [first + turn * 14 * DAY for turn in range(10)]
    return [day for day in days if (day < until and day.weekday() < 5) or (day == first and day < until)]


def _held(scene: Scene, coach: Membership, scholar: Membership) -> Iterable[OneOnOne]:
    """Most were planned before; a few came about in passing."""
    hour = 9 + scene.places[Role.SCHOLAR].index(scholar) % 8
    for turn, day in enumerate(_days_of_one_on_ones(scene, scholar)):
        planned = _span(clock.at_wall_clock(day, dt.time(hour), COHORT_ZONE).at) if turn % 4 != 3 else None
        yield OneOnOne(coach=coach, about=scholar, took_place_on=day, planned=planned, created_at=_evening(day - DAY))


def _open(scene: Scene, coach: Membership, scholars: list[Membership], diary: Diary) -> Iterable[OneOnOne]:
    """What is planned, what nobody has spoken of yet, and what did not take place."""
    today = clock.local_date(scene.at, COHORT_ZONE)
    for turn, scholar in enumerate(scholars):
        if _is_quiet(scene, scholar):
            continue
        if turn == NOBODY_SAID:
            yield _plan(scene, coach, scholar, _at(_working_day(today, -1), 15))
        if turn == DID_NOT_TAKE_PLACE:
            missed = _plan(scene, coach, scholar, _at(_working_day(today, -4), 11))
            missed.missed_at = missed.ends_at
            yield missed
        meeting = _next_meeting(scene, coach, scholar, diary) if turn == OVER_A_MEETING else None
        if meeting:
            yield _plan(scene, coach, scholar, meeting)
        elif turn < len(NEXT) and turn != NOBODY_SAID:
            day = _working_day(today, NEXT[turn])
            soon = scene.first_meeting_at + 2 * HOUR
            yield _plan(scene, coach, scholar, _free(diary, coach, scholar, soon if NEXT[turn] == 0 else _at(day, 10)))


def _free(diary: Diary, coach: Membership, scholar: Membership, start: dt.datetime) -> dt.datetime:
    """The first half hour from then on at which both are free; it is taken."""
    while not all(diary.is_free(who.person_id, (start, start + LENGTH)) for who in (coach, scholar)):
        start += HALF_AN_HOUR
    for who in (coach, scholar):
        diary.add(who.person_id, (start, start + LENGTH))
    return start


def _next_meeting(scene: Scene, coach: Membership, scholar: Membership, diary: Diary) -> dt.datetime | None:
    """The start of the scholar's next meeting at which the coach is free; the coach's time is taken."""
    ahead = Attendance.objects.filter(person=scholar.person_id, is_live=True, during__startswith__gt=scene.at + DAY)
    for during in ahead.order_by("during").values_list("during", flat=True)[:2]:
        start = during.lower
        if start and diary.is_free(coach.person_id, (start, start + LENGTH)):
            diary.add(coach.person_id, (start, start + LENGTH))
            return start
    return None


def _working_day(today: dt.date, number: int) -> dt.date:
    """So many working days from today, today counting if it is one; before today for a negative number."""
    day, step = today, DAY if number >= 0 else -DAY
    while day.weekday() > 4:
        day += step
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def _at(day: dt.date, hour: int) -> dt.datetime:
    return clock.at_wall_clock(day, dt.time(hour), COHORT_ZONE).at


def _span(start: dt.datetime) -> DateTimeTZRange:
    return DateTimeTZRange(start, start + LENGTH)


def _plan(scene: Scene, coach: Membership, scholar: Membership, start: dt.datetime) -> OneOnOne:
    return OneOnOne(coach=coach, about=scholar, planned=_span(start), created_at=min(start, scene.at) - 3 * DAY)


def _notes(scene: Scene, coach: Membership, scholar: Membership) -> Iterable[Note]:
    """After each 1-1 a working note, what was shared, or both."""
    for turn, day in enumerate(_days_of_one_on_ones(scene, scholar)):
        if turn % 3 != 1:
            yield _note(coach, scholar, day, Note.Audience.WORKING, scene.random.choice(WORKING_NOTES))
        if turn % 3 != 2:
            yield _note(coach, scholar, day, Note.Audience.WITH_SCHOLAR, scene.random.choice(SHARED_NOTES))


def _note(
    author: Membership, about: Membership, day: dt.date, audience: str, text: tuple[str, tuple[str, ...]]
) -> Note:
    body, topics = text
    note = Note(author=author, about=about, audience=audience, dated=day, topics=list(topics), created_at=_evening(day))
    note.body = body
    return note


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17), tzinfo=dt.UTC)
