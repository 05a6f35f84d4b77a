"""What of this app hangs on a person's place in a cohort."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from cohorts import milestones, ties
from cohorts.models import Membership, Person, Role
from cohorts.rules.invitation import register_standing
from mats import clock
from mentorship.actions.owed import lay_out_owed
from mentorship.actions.weeks import lay_out_again
from mentorship.models import Attendance, CaseInvitation, Meeting, Pairing, PairingWeek
from mentorship.rules.round import milestone_fits_round, phase_holds_its_round


def planned_meetings(membership: Membership, first: dt.date, last: dt.date, at: dt.datetime) -> list[ties.Appointment]:
    """The meetings ahead of a scholar's or mentor's place that begin on these days of the cohort."""
    zone = membership.cohort.time_zone
    begins = clock.at_wall_clock(first, dt.time(0), zone).at
    ends = clock.at_wall_clock(last + dt.timedelta(days=1), dt.time(0), zone).at
    pairings = Pairing.objects.filter(Q(scholar=membership) | Q(mentor=membership))
    mine = Attendance.objects.filter(person=membership.person_id, is_live=True).values("meeting")
    meetings = (
        Meeting.objects.planned_ahead(at)
        .filter(pk__in=mine, pairing_weeks__pairing__in=pairings, outcome="")
        .filter(planned__startswith__gte=begins, planned__startswith__lt=ends)
        .distinct()
    )
    others = _others({meeting.pk for meeting in meetings}, membership)
    return [
        ties.Appointment(
            key=meeting.pk,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            others=tuple(others[meeting.pk]),
            by_hand=meeting.planned_by_id is not None,
            url=reverse("meeting", args=[meeting.pk]),
        )
        for meeting in meetings
    ]


def _others(meetings: set[UUID], membership: Membership) -> dict[UUID, list[str]]:
    """Names of who else comes, by meeting."""
    found: dict[UUID, list[str]] = defaultdict(list)
    coming = Attendance.objects.filter(meeting__in=meetings).exclude(person=membership.person_id)
    for meeting, name in coming.order_by("person__name").values_list("meeting", "person__name"):
        found[meeting].append(name)
    return found


def rename_attendances(*, membership: Membership, was: Person) -> None:
    """The meetings planned for a place go with it to its new person; nobody has come in with the place yet."""
    pairings = Pairing.objects.filter(Q(scholar=membership) | Q(mentor=membership))
    meetings = PairingWeek.objects.filter(pairing__in=pairings, meeting__isnull=False).values("meeting")
    Attendance.objects.filter(person=was, meeting__in=meetings).update(person=membership.person)


def is_invited_to_a_case(person: Person) -> bool:
    """Whether somebody may read a case without having a place."""
    return CaseInvitation.objects.filter(person=person, archived_at=None).exists()


ties.register(Role.MENTOR, Pairing)
ties.follow_move(rename_attendances)
register_standing(is_invited_to_a_case)
ties.follow(lay_out_again)
milestones.follow(lay_out_owed)
milestones.judge(milestone_fits_round)
milestones.judge_days(phase_holds_its_round)
ties.keep_diary(planned_meetings)
