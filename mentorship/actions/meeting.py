"""Holding a meeting: start, end, notes, and whether they met.

Start, end and outcome leave `version` alone: it belongs to the notes, which two people write at
the same time as the clock runs.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max, Min

from cohorts.models import Person
from mentorship.actions.diary import lock_people, people_of, say_why
from mentorship.models import Absence, Meeting, PairingWeek
from mentorship.models.meeting import MEETING_CAP
from mentorship.reminders.meeting import tell_moved
from mentorship.rules.meeting import (
    check_did_not_meet,
    check_live,
    check_may_answer,
    check_may_call_off,
    check_may_end,
    check_may_start,
)

SHORTEST = dt.timedelta(seconds=1)


@transaction.atomic
def start_meeting(*, meeting: Meeting, by: Person, at: dt.datetime) -> Meeting:
    """Start the clock. Pressed by both at once it starts once; the second press finds it running.

    Pressed again after an early end, it goes on. `held` gets the latest end it can have: thirty
    minutes, or the mentor's next planned start where that is earlier. Its people are locked first, so
    that nobody starts two meetings at once.
    """
    people = people_of(meeting)
    lock_people(people)
    row = Meeting.locked(meeting.pk)
    if row.over_at and at < row.over_at:  # Also where the other press came a moment later and was first.
        return row
    weeks = PairingWeek.objects.filter(meeting=row, archived_at=None)
    closes_at = weeks.aggregate(last=Max("closes_at"))["last"] or row.ends_at
    check_may_start(row, closes_at, by.time_zone, at)
    if Meeting.objects.running(at).filter(attendances__person__in=people).exclude(pk=row.pk).exists():
        raise ValidationError("One of you is still in another meeting. Start this one when it has ended.")
    began_at = row.began_at or at  # one that was ended too early goes on: its clock began at the first press
    until = min(began_at + MEETING_CAP, _next_start_of_mentors(row, began_at))
    if until <= at:
        raise ValidationError("This meeting has ended: the next one of its mentor has begun.")
    row.held = DateTimeTZRange(began_at, until)
    row.ended_at, row.outcome, row.outcome_at, row.outcome_by = None, "", None, None
    row.save(update_fields=["held", "ended_at", "outcome", "outcome_at", "outcome_by"])
    return row


def _next_start_of_mentors(meeting: Meeting, at: dt.datetime) -> dt.datetime:
    """When the next meeting of its mentors is planned; far away if none is."""
    mentors = PairingWeek.objects.filter(meeting=meeting).values("pairing__mentor__person")
    ahead = Meeting.objects.planned_ahead(at).filter(attendances__person__in=mentors).exclude(pk=meeting.pk)
    return ahead.aggregate(next=Min("planned__startswith"))["next"] or at + MEETING_CAP


@transaction.atomic
def end_meeting(*, meeting: Meeting, by: Person, at: dt.datetime) -> Meeting:
    """End a running meeting now. One that ended by itself keeps the end it had."""
    row = Meeting.locked(meeting.pk)
    check_may_end(row, at)
    if row.ended_at:
        return row
    began_at, over_at = row.began_at, row.over_at
    assert began_at
    assert over_at
    row.ended_at = min(max(at, began_at + SHORTEST), over_at)
    row.held = DateTimeTZRange(began_at, row.ended_at)
    if not row.outcome:
        row.outcome, row.outcome_at, row.outcome_by = Meeting.Outcome.MET, row.ended_at, by
    row.save(update_fields=["held", "ended_at", "outcome", "outcome_at", "outcome_by"])
    return row


def end_meetings_that_are_over(*, at: dt.datetime) -> int:
    """Write the end of every meeting whose time is up: the end it had, not the moment of writing."""
    return Meeting.objects.over_but_not_ended(at).end()


@transaction.atomic
def answer_meeting(*, meeting: Meeting, by: Person, at: dt.datetime, outcome: str) -> Meeting:
    """Say whether they met, here or on another day; when exactly is not asked.

    A later answer replaces an earlier one; history keeps both.
    """
    row = Meeting.locked(meeting.pk)
    if outcome not in Meeting.Outcome.values:
        raise ValidationError({"outcome": "Choose one of the three answers."})
    check_may_answer(row, by.time_zone, at)
    if row.is_over(at):
        row.ended_at = row.over_at
    if row.outcome != outcome:
        row.outcome, row.outcome_at, row.outcome_by = outcome, at, by
    row.save(update_fields=["ended_at", "outcome", "outcome_at", "outcome_by"])
    return row


@transaction.atomic
def say_who_was_missing(*, meeting: Meeting, by: Person, at: dt.datetime, who: str) -> Absence:
    """Who was missing, as one of its people says; a later answer of theirs replaces an earlier one.

    Touches nothing that the others read: no version, no time, no outcome.
    """
    row = Meeting.locked(meeting.pk)
    check_did_not_meet(row)
    if who not in Absence.Who.values:
        raise ValidationError({"who": "Choose one of the three answers."})
    said = Absence.objects.filter(meeting=row, said_by=by).first()
    if said is None:
        return Absence.objects.create(meeting=row, said_by=by, who=who, created_at=at)
    if said.who != who:
        said.who = who
        said.save_edit("who")
    return said


@transaction.atomic
def write_notes(*, meeting: Meeting, by: Person, at: dt.datetime, version: int | None, notes: str) -> Meeting:
    """The one text of a meeting; raises `EditedMeanwhile` if somebody else saved it since."""
    row = Meeting.locked(meeting.pk, version=version)
    check_live(row)
    if row.notes != notes:
        row.notes = notes
        row.save_edit("notes")
    return row


@transaction.atomic
def call_off_meeting(*, meeting: Meeting, by: Person, at: dt.datetime, why: str = "") -> Meeting:
    """Call a planned meeting off: its time is free again, its agenda stays with the week.

    Whoever is not one of its people says why. Everybody else of it gets a letter.
    """
    row = Meeting.locked(meeting.pk)
    check_may_call_off(row, at)
    people = people_of(row)
    say_why(why, by=by, people=people)
    was = row.starts_at
    row.is_live, row.moved_at, row.moved_from, row.moved_by = False, at, was, by
    row.save(update_fields=["is_live", "moved_at", "moved_from", "moved_by"])
    tell_moved(row, people, was=was, now=None, by=by, at=at)
    return row
