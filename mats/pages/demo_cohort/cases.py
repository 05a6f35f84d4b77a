"""What goes wrong in the demo, so that cohort health has something to say."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Role
from mats.pages.demo_cohort.people import UNMET, Scene
from mentorship.models import Absence, Action, Meeting, PairingWeek

MINUTES = dt.timedelta(minutes=10)


def miss_meetings(scene: Scene) -> None:
    """One scholar and their mentor last met in week 1. Who was missing, both say; of one week nobody does."""
    if scene.scholars <= UNMET:
        return
    scholar = scene.places[Role.SCHOLAR][UNMET]
    weeks = PairingWeek.objects.filter(pairing__scholar=scholar, number__gte=2, meeting__planned__endswith__lt=scene.at)
    meetings = [week.meeting for week in weeks.select_related("meeting").order_by("number") if week.meeting]
    for meeting in meetings:
        meeting.held = meeting.ended_at = None
        meeting.outcome, meeting.notes = Meeting.Outcome.DID_NOT_MEET, ""
        meeting.outcome_at, meeting.outcome_by = meeting.ends_at + MINUTES, scholar.person
    Meeting.objects.bulk_update(meetings, ["held", "ended_at", "outcome", "outcome_at", "outcome_by", "notes"])
    # What was agreed in them was agreed by message instead.
    Action.objects.filter(meeting__in=meetings).update(meeting=None)
    mentor = next(pairing.mentor for pairing in scene.pairings if pairing.scholar_id == scholar.pk)
    Absence.objects.bulk_create(
        Absence(meeting=meeting, said_by=by, who=Absence.Who.MENTOR, created_at=meeting.ends_at + MINUTES)
        for meeting in meetings[1:]
        for by in (scholar.person, mentor.person)
    )
