"""Who stands so to a place now, by name: three questions, whatever the size of the cohort."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from cohorts.duties import is_on
from cohorts.models import Duty, Membership, Role
from cohorts.querysets import here
from cohorts.ties import KINDS
from mats.clock import local_date

Names = dict[UUID, str]


@dataclass(frozen=True)
class Around:
    """The people of a place's cohort by role, and those tied to the place now: person → name."""

    place: Membership
    by_role: Mapping[str, Names]
    tied: Mapping[str, Names]
    on_duty: Mapping[str, Names]

    def names(self, visitor: str) -> list[str]:
        """Of a kind of visitor, by name; empty where nobody stands so, or nobody can be named."""
        found = {key: name for key, name in self._people(visitor).items() if key != self.place.person_id}
        return sorted(found.values(), key=str.casefold)

    def _people(self, visitor: str) -> Names:
        mentors, coaches = self.tied[Role.MENTOR], self.tied[Role.COACH]
        staff = self.by_role[Role.STAFF]
        people: dict[str, Names] = {
            "mentor": mentors,
            "other_mentor": _but(self.by_role[Role.MENTOR], mentors),
            "stand_in": self.on_duty[Duty.Kind.STAND_IN],
            "delegate": self.on_duty[Duty.Kind.DELEGATE],
            "coach": _but(coaches, mentors),
            "other_coach": _but(self.by_role[Role.COACH], coaches | mentors),
            "mentored": self.tied[Role.SCHOLAR],
            "other_scholar": _but(self.by_role[Role.SCHOLAR], self.tied[Role.SCHOLAR]),
            "staff": _but(staff, mentors),
            "staff_mentor": {key: name for key, name in staff.items() if key in mentors},
            "committee": _but(self.on_duty[Duty.Kind.COMMITTEE], mentors | coaches),
            "outside_member": self.on_duty[Duty.Kind.OUTSIDE_MEMBER],
            "outside": _but(self.by_role[Role.OUTSIDE], self.on_duty[Duty.Kind.OUTSIDE_MEMBER]),
            "alum": self.by_role[Role.ALUM],
        }
        return people.get(visitor, {})


def _but(people: Names, others: Names) -> Names:
    return {key: name for key, name in people.items() if key not in others}


def people_around(place: Membership, at: dt.datetime) -> Around:
    today = local_date(at, place.cohort.time_zone)
    by_role: dict[str, Names] = defaultdict(dict)
    everybody = Membership.objects.filter(here(), cohort=place.cohort_id)
    for role, key, name in everybody.order_by().values_list("role", "person", "person__name"):
        by_role[role][key] = name
    tied, mentors = _tied(place, today)
    return Around(place, by_role, tied, _on_duty(place, mentors, today))


def _tied(place: Membership, today: dt.date) -> tuple[dict[str, Names], set[UUID]]:
    """People in a pairing or caseload with the place, by role; and the places of its mentors. A mentor counts
    from the day they are named, a coach from their first day, as in the table's relations."""
    tied: dict[str, Names] = defaultdict(dict)
    mentors = {place.pk}
    for kind in KINDS.values():
        for row in kind.of_any([place.pk], today):
            is_scholar = row.scholar_id == place.pk
            if kind.role == Role.COACH and row.starts_on > today:
                continue
            other = kind.other(row) if is_scholar else row.scholar
            tied[kind.role if is_scholar else Role.SCHOLAR][other.person_id] = other.person.name
            mentors |= {other.pk} if is_scholar and kind.role == Role.MENTOR else set()
    return tied, mentors


def _on_duty(place: Membership, mentors: set[UUID], today: dt.date) -> dict[str, Names]:
    """Duties of today: those of the cohort, and those for the mentors in question."""
    found: dict[str, Names] = defaultdict(dict)
    for_them = Q(for_membership=None) | Q(for_membership__in=mentors)
    duties = Duty.objects.filter(for_them, cohort=place.cohort_id, archived_at=None, membership__archived_at=None)
    for duty in duties.select_related("membership__person").order_by():
        if is_on(duty, today):
            found[duty.kind][duty.membership.person_id] = duty.membership.person.name
    return found
