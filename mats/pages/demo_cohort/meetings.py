"""The demo's meetings so far, what was agreed in them, and the one that begins in a moment."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from contextlib import suppress
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import F

from cohorts.models import Membership
from mats import clock
from mats.pages.demo_cohort.people import DAY, DEMO, FEWEST_FOR_ALL, Scene
from mats.pages.demo_cohort.planner import planned_for_one_row
from mats.pages.demo_cohort.research import ACTIONS, DROPPED, REVIEWS
from mats.post.models import Message
from mats.post.outbox import message_id_of
from mentorship.actions.booking import move_meeting
from mentorship.actions.meeting import call_off_meeting
from mentorship.models import Absence, Action, AgendaItem, Meeting, PairingWeek
from mentorship.models.meeting import MEETING_CAP
from mentorship.reminders.meeting import ASKED_AFTER, DID_YOU_MEET, MEETING_MOVED, asked_once

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def move_meetings(scene: Scene) -> None:
    """Some meetings were moved: most within their week, one or two into the next; one was called off."""
    if scene.scholars < FEWEST_FOR_ALL:
        return
    lead_of_the_demo = scene.pairings[DEMO].mentor_id
    until = scene.week_starts_on(scene.week)
    weeks = PairingWeek.objects.filter(pairing__cohort=scene.cohort, week_starts_on__lte=until, meeting__isnull=False)
    weeks = weeks.exclude(pairing__mentor=lead_of_the_demo).select_related(
        "meeting__cohort", "pairing__scholar__person", "pairing__mentor__person"
    )
    people = ("pairing__scholar__person__email", "pairing__mentor__person__email")
    ordered = list(weeks.order_by("week_starts_on", *people))
    with planned_for_one_row():
        _move_some(scene, ordered)
    _letters_have_gone(scene)


def _move_some(scene: Scene, ordered: list[PairingWeek]) -> None:
    for number, week in enumerate(ordered[7::19]):
        _move(scene, week, by=week.pairing.scholar if number % 2 else week.pairing.mentor, days=1 + number % 2)
    lately = scene.week_starts_on(scene.week - 1)
    for week in [week for week in ordered if week.week_starts_on >= lately][5::40]:
        _move(scene, week, by=week.pairing.mentor, days=7 - _planned(_of(week))[0].weekday() + 1)
    last = next((week for week in reversed(ordered) if _planned(_of(week))[0] > scene.at + HOUR), None)
    if last:
        call_off_meeting(meeting=_of(last), by=last.pairing.scholar.person, at=scene.at - 2 * HOUR)


def _move(scene: Scene, week: PairingWeek, *, by: Membership, days: int) -> None:
    """Asked for the day before; where somebody is busy then, it stays where it was."""
    start, _ = _planned(_of(week))
    later = start + days * DAY + HOUR
    if later < scene.at < start + HOUR:
        return
    with suppress(ValidationError):
        move_meeting(
            meeting=_of(week),
            by=by.person,
            at=min(start - 20 * HOUR, scene.at - HOUR),
            starts_at=later,
            ends_at=later + MEETING_CAP,
        )


def _letters_have_gone(scene: Scene) -> None:
    """What told of it went out in its time: the first sweep has nothing to make up for."""
    gone = F("moment") + dt.timedelta(seconds=20)
    Message.objects.filter(cohort=scene.cohort, kind=MEETING_MOVED.name).update(
        intended_at=gone, sent_at=gone, attempts=1
    )


def hold_meetings(scene: Scene) -> None:
    """Most planned meetings of the past were held; a few were not; of one or two nobody has said."""
    weeks = PairingWeek.objects.filter(
        pairing__cohort=scene.cohort, meeting__is_live=True, meeting__planned__endswith__lt=scene.at
    )
    weeks = weeks.select_related("meeting", "pairing__scholar__person", "pairing__mentor__person")
    people = ("pairing__scholar__person__email", "pairing__mentor__person__email")
    ordered = list(weeks.order_by("week_starts_on", *people))
    sizes = Counter(week.meeting_id for week in ordered)
    held: list[PairingWeek] = []
    meetings: dict[uuid.UUID | None, Meeting] = {}
    for week in ordered:
        if week.meeting_id not in meetings:
            meetings[week.meeting_id] = _of(week)
            _hold(scene, _of(week), week, jointly=sizes[week.meeting_id] > 1)
        # A team's meeting is one row, met or not for all of them.
        meeting = week.meeting = meetings[week.meeting_id]
        if meeting.outcome in {Meeting.Outcome.MET, Meeting.Outcome.ANOTHER_DAY}:
            held.append(week)
    fields = ["held", "ended_at", "outcome", "outcome_at", "outcome_by", "notes"]
    Meeting.objects.bulk_update(meetings.values(), fields, batch_size=200)
    _agree_actions(scene, held)
    _say_who_was_missing(scene, ordered)
    _ask_whether_they_met(scene, ordered)


def _of(week: PairingWeek) -> Meeting:
    return cast(Meeting, week.meeting)


def _planned(meeting: Meeting) -> tuple[dt.datetime, dt.datetime]:
    """The database refuses a range without both of its ends."""
    return cast(dt.datetime, meeting.planned.lower), cast(dt.datetime, meeting.planned.upper)


def _hold(scene: Scene, meeting: Meeting, week: PairingWeek, *, jointly: bool) -> None:
    """A team that meets jointly always did; of the rest some did not, or on another day."""
    draw = scene.random.random()
    draw = draw / 2 if jointly else draw
    if draw > 0.97:
        return
    start, end = _planned(meeting)
    meeting.outcome_by, meeting.outcome_at = week.pairing.scholar.person, min(end + 10 * MINUTE, scene.at)
    if draw > 0.92:
        meeting.outcome = Meeting.Outcome.DID_NOT_MEET
        return
    meeting.notes = scene.random.choice(REVIEWS)
    if draw > 0.88:
        meeting.outcome = Meeting.Outcome.ANOTHER_DAY
        return
    began = start + scene.random.randint(0, 4) * MINUTE
    meeting.ended_at = min(began + scene.random.randint(18, 30) * MINUTE, began + MEETING_CAP)
    meeting.held = (began, meeting.ended_at)
    meeting.outcome = Meeting.Outcome.MET


def _say_who_was_missing(scene: Scene, weeks: list[PairingWeek]) -> None:
    """By both of every third pair that did not meet, by the scholar of another third."""
    missed = [week for week in weeks if _of(week).outcome == Meeting.Outcome.DID_NOT_MEET]
    said = []
    for number, week in enumerate(missed):
        who = Absence.Who.MENTOR if number % 2 else Absence.Who.SCHOLAR
        for by in (week.pairing.scholar, week.pairing.mentor)[: (2, 1, 0)[number % 3]]:
            said.append(
                Absence(
                    meeting=week.meeting, said_by=by.person, who=who, created_at=cast(dt.datetime, _of(week).outcome_at)
                )
            )
    Absence.objects.bulk_create(said)


def _ask_whether_they_met(scene: Scene, weeks: list[PairingWeek]) -> None:
    """Those of whom nobody has said so were asked, half an hour after."""
    silent = [week for week in weeks if not _of(week).outcome and _planned(_of(week))[1] + ASKED_AFTER <= scene.at]
    Message.objects.bulk_create(_question(scene, week) for week in silent)


def _question(scene: Scene, week: PairingWeek) -> Message:
    pk = uuid.UUID(int=scene.random.getrandbits(128), version=4)
    start, end = _planned(_of(week))
    sent_at = end + ASKED_AFTER + scene.random.randint(20, 100) * dt.timedelta(seconds=1)
    return Message(
        pk=pk,
        person=week.pairing.scholar.person,
        cohort=scene.cohort,
        kind=DID_YOU_MEET.name,
        policy=DID_YOU_MEET.policy,
        occurrence=asked_once(week.meeting_id, start),
        about_id=week.meeting_id,
        moment=end + ASKED_AFTER,
        created_at=end + ASKED_AFTER,
        message_id=message_id_of(pk),
        attempts=1,
        intended_at=sent_at,
        sent_at=sent_at,
    )


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
        PairingWeek.objects.filter(
            pairing__scholar=scene.pairings[DEMO].scholar_id, meeting__planned__startswith=scene.first_meeting_at
        )
        .select_related("meeting", "pairing__scholar__person", "pairing__mentor__person")
        .get()
    )
    scholar, mentor = week.pairing.scholar, week.pairing.mentor
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=week.meeting, added_by=by.person, text=text, created_at=scene.at - ago * MINUTE)
        for by, text, ago in (
            (scholar, "Ablation result: is layer 15 worth a figure?", 95),
            (scholar, "More compute for five seeds", 93),
            (mentor, "What would change your mind about the method?", 60),
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
