"""What has happened in the demo so far: logs, meetings, actions, 1-1s, notes, reminders sent."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
import uuid
from itertools import groupby
from typing import cast

from coaching.models import Note, OneOnOne
from cohorts.models import Membership, Role
from mats import clock
from mats.identity.transaction import acting
from mats.pages.demo_cohort.people import AWAY, DAY, DEMO, FEWEST_FOR_ALL, Scene
from mats.pages.demo_cohort.research import ACTIONS, DROPPED, NOTES, PROJECTS, REVIEWS
from mats.post.models import Message
from mats.post.outbox import message_id_of
from mentorship.models import Action, AgendaItem, Meeting, PairingWeek, WeeklyLog
from mentorship.models.meeting import MEETING_CAP
from mentorship.reminders import LOG_OVERDUE, overdue_logs

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


def hold_meetings(scene: Scene) -> None:
    """Most planned meetings of the past were held; a few were not; of one or two nobody has said."""
    weeks = PairingWeek.objects.filter(pairing__cohort=scene.cohort, meeting__planned__endswith__lt=scene.at)
    weeks = weeks.select_related("meeting", "pairing__scholar__person", "pairing__mentor__person")
    held: list[PairingWeek] = []
    meetings: dict[uuid.UUID | None, Meeting] = {}
    people = ("pairing__scholar__person__email", "pairing__mentor__person__email")
    for week in weeks.order_by("week_starts_on", *people):
        if week.meeting_id not in meetings:
            meetings[week.meeting_id] = _of(week)
            _hold(scene, _of(week), week)
        # A team's meeting is one row, met or not for all of them.
        meeting = week.meeting = meetings[week.meeting_id]
        if meeting.outcome == Meeting.Outcome.MET:
            held.append(week)
    fields = ["held", "ended_at", "outcome", "outcome_at", "outcome_by", "notes"]
    Meeting.objects.bulk_update(meetings.values(), fields, batch_size=200)
    _agree_actions(scene, held)


def _of(week: PairingWeek) -> Meeting:
    return cast(Meeting, week.meeting)


def _planned(meeting: Meeting) -> tuple[dt.datetime, dt.datetime]:
    """The database refuses a range without both of its ends."""
    return cast(dt.datetime, meeting.planned.lower), cast(dt.datetime, meeting.planned.upper)


def _hold(scene: Scene, meeting: Meeting, week: PairingWeek) -> None:
    draw = scene.random.random()
    if draw > 0.97:
        return
    start, end = _planned(meeting)
    meeting.outcome_by, meeting.outcome_at = week.pairing.scholar.person, min(end + 10 * MINUTE, scene.at)
    if draw > 0.9:
        meeting.outcome = Meeting.Outcome.DID_NOT_MEET
        return
    began = start + scene.random.randint(0, 4) * MINUTE
    meeting.ended_at = min(began + scene.random.randint(18, 30) * MINUTE, began + MEETING_CAP)
    meeting.held = (began, meeting.ended_at)
    meeting.outcome = Meeting.Outcome.MET
    meeting.notes = scene.random.choice(REVIEWS)


def _agree_actions(scene: Scene, held: list[PairingWeek]) -> None:
    actions = [_action(scene, week, turn) for week in held for turn in range(1 + (scene.random.random() < 0.4))]
    Action.objects.bulk_create(actions)


def _action(scene: Scene, week: PairingWeek, turn: int) -> Action:
    meeting = _of(week)
    agreed_at = _planned(meeting)[0] + 25 * MINUTE
    action = Action(
        pairing=week.pairing,
        meeting=meeting,
        owner=week.pairing.mentor if turn and scene.random.random() < 0.2 else week.pairing.scholar,
        added_by=week.pairing.scholar.person,
        what=scene.random.choice(ACTIONS),
        due_on=clock.local_date(agreed_at, scene.cohort.time_zone) + 6 * DAY,
        created_at=agreed_at,
    )
    draw, later = scene.random.random(), agreed_at + scene.random.randint(1, 6) * DAY
    if later >= scene.at:
        return action
    if draw < 0.78:
        action.done_at = later
    elif draw < 0.88:
        action.dropped_at, action.dropped_why = later, scene.random.choice(DROPPED)
    return action


def plan_next_meeting(scene: Scene) -> None:
    """The demo mentor's meeting, in a moment, has an agenda and an open action waiting."""
    week = (
        PairingWeek.objects.filter(pairing=scene.pairings[DEMO], meeting__planned__startswith=scene.first_meeting_at)
        .select_related("meeting", "pairing__scholar__person", "pairing__mentor__person")
        .get()
    )
    scholar, mentor = week.pairing.scholar, week.pairing.mentor
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=week.meeting, added_by=by.person, text=text, created_at=scene.at - HOUR)
        for by, text in (
            (scholar, "Ablation result: is layer 15 worth a figure?"),
            (scholar, "More compute for five seeds"),
            (mentor, "What would change your mind about the method?"),
        )
    )
    today = clock.local_date(scene.at, scene.cohort.time_zone)
    Action.objects.bulk_create(
        Action(
            pairing=week.pairing,
            owner=scholar,
            added_by=mentor.person,
            what=what,
            due_on=due_on,
            created_at=scene.at - 6 * DAY,
        )
        for what, due_on in (
            ("Repeat the transfer test on the geography set", today),
            ("Agree labels with Hana", today - DAY),
        )
    )


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


def send_reminders(scene: Scene) -> None:
    """Reminders that went out in the past weeks, so that the first sweep sends one and not hundreds.

    The one it sends is to the demo's own scholar, whose log became due an hour or two ago.
    """
    owed = WeeklyLog.objects.filter(scholar__cohort=scene.cohort, due_at__lte=scene.at).select_related(
        "scholar__person"
    )
    here = set(overdue_logs(scene.at).filter(scholar__cohort=scene.cohort).values_list("pk", flat=True))
    demo = scene.places[Role.SCHOLAR][DEMO]
    Message.objects.bulk_create(
        _reminder(scene, log)
        for log in owed.order_by("due_at", "scholar__person__email")
        if (log.pk in here or (log.submitted_at and log.submitted_at > log.due_at + 2 * MINUTE))
        and not (log.scholar_id == demo.pk and log.submitted_at is None)
    )


def _reminder(scene: Scene, log: WeeklyLog) -> Message:
    pk = uuid.UUID(int=scene.random.getrandbits(128), version=4)
    sent_at = log.due_at + scene.random.randint(20, 100) * dt.timedelta(seconds=1)
    return Message(
        pk=pk,
        person=log.scholar.person,
        cohort=scene.cohort,
        kind=LOG_OVERDUE.name,
        policy=LOG_OVERDUE.policy,
        occurrence=str(log.pk),
        about_id=log.pk,
        moment=log.due_at,
        created_at=log.due_at,
        message_id=message_id_of(pk),
        attempts=1,
        intended_at=sent_at,
        sent_at=sent_at,
    )
