"""The demo's meetings so far, what was agreed in them, and the one that begins in a moment."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from mats import clock
from mats.pages.demo_cohort.people import DAY, DEMO, Scene
from mats.pages.demo_cohort.research import ACTIONS, DROPPED, REVIEWS
from mentorship.models import Action, AgendaItem, Meeting, PairingWeek
from mentorship.models.meeting import MEETING_CAP

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


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
