"""What of this app closes when a place ends: meetings to come, an open case, talks that somebody has taken.

What is owed by a place (logs, submissions, lines, approvals, reviews) follows from the dates and is
taken back where those are laid out again.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q

from cohorts.models import Membership, Person
from mats.clock import local_date
from mentorship.actions.application import withdraw
from mentorship.actions.case import move, take_case
from mentorship.actions.diary import lock_people
from mentorship.actions.term import people_of_term
from mentorship.models import Attendance, ExtensionCase, Meeting, Pairing, PairingWeek, State, Talk, TermSheet
from mentorship.models.case import OPEN
from mentorship.reminders.case import tell_moved


def call_off_meetings(place: Membership, by: Person, at: dt.datetime) -> None:
    """Call off the planned meetings of a scholar's or mentor's place; one that others still have goes on
    without them. Whoever was to come learns it from the letter that the place has ended."""
    ours = PairingWeek.objects.filter(
        Q(pairing__scholar=place) | Q(pairing__mentor=place),
        archived_at=None,
        meeting__in=Meeting.objects.planned_ahead(at).filter(outcome="").values("pk"),
    )
    if not ours.exists():
        return
    # Everybody who is locked by the laying out that follows, so that it waits for nobody in between.
    pairs = Pairing.objects.filter(cohort=place.cohort_id).values_list("scholar__person", "mentor__person")
    lock_people({person for pair in pairs for person in pair})
    weeks: dict[UUID, list[PairingWeek]] = {}
    for week in ours.select_related("pairing__scholar", "pairing__mentor"):
        assert week.meeting_id
        weeks.setdefault(week.meeting_id, []).append(week)
    rows = Meeting.objects.planned_ahead(at).filter(pk__in=weeks).order_by("pk")
    for meeting in rows.select_for_update(no_key=True):
        _leave_or_call_off(meeting, weeks[meeting.pk], by, at)


def _leave_or_call_off(meeting: Meeting, ours: list[PairingWeek], by: Person, at: dt.datetime) -> None:
    others = PairingWeek.objects.filter(meeting=meeting, archived_at=None).exclude(pk__in=[week.pk for week in ours])
    staying = {
        person for pair in others.values_list("pairing__scholar__person", "pairing__mentor__person") for person in pair
    }
    if not staying:
        meeting.is_live, meeting.moved_at, meeting.moved_from, meeting.moved_by = False, at, meeting.starts_at, by
        meeting.save(update_fields=["is_live", "moved_at", "moved_from", "moved_by"])
        return
    people = {one for week in ours for one in (week.pairing.scholar.person_id, week.pairing.mentor.person_id)}
    Attendance.objects.filter(meeting=meeting, person__in=people - staying).delete()
    for week in ours:
        week.meeting = None
        week.save(update_fields=["meeting"])


def close_cases(place: Membership, by: Person, at: dt.datetime) -> None:
    """Withdraw a scholar's open case, and a term that is set and has not begun; end a term that runs. One
    that is over stays as it is. The latest first: an earlier term is taken back after a later one."""
    rows = ExtensionCase.objects.filter(scholar=place, archived_at=None, state__in=[*OPEN, State.IN_FORCE])
    for case in rows.order_by("-number"):
        sheet = TermSheet.objects.filter(case=case, archived_at=None).first() if case.state == State.IN_FORCE else None
        today = local_date(at, place.cohort.time_zone)
        if sheet is None or sheet.starts_on > today:
            withdraw(case=case, by=by, at=at)
        elif sheet.ends_on >= today:
            row = take_case(case)
            move(row, State.ENDED, by=by, at=at)
            tell_moved(row, people_of_term(row) - {by.pk}, at)


def free_talks(place: Membership, by: Person, at: dt.datetime) -> None:
    """A talk that somebody has taken and not had is owed by staff together again."""
    for talk in Talk.objects.filter(owner=place, done_at=None, archived_at=None):
        talk.owner = None
        talk.save_edit("owner")
