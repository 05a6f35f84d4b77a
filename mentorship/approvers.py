"""Which mentors are asked to approve an extension, and whom staff may name instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from cohorts.models import Membership, Role
from mentorship.models import Approval, ExtensionCase, Pairing
from mentorship.rules.approval import bars

# Of mentors who can still answer.
HERE = {"archived_at": None, "person__is_active": True, "person__archived_at": None}


def still_paired(day: dt.date) -> QuerySet[Pairing]:
    """Pairings that run on a day of their cohort, or begin after it, of mentors who can still answer."""
    here = {f"mentor__{name}": value for name, value in HERE.items()}
    return Pairing.objects.filter(archived_at=None, ends_on__gte=day, **here)


def next_leads(scholars: Iterable[UUID], day: dt.date) -> dict[UUID, Membership]:
    """Who is asked first, by the scholar's place: the lead mentor of this day, else the next lead, else any
    mentor; a scholar without a mentor is left out. One query."""
    pairings = still_paired(day).filter(scholar__in=scholars).select_related("mentor__person")
    first = pairings.order_by("scholar_id", "-is_lead", "starts_on", "created_at", "pk").distinct("scholar_id")
    return {pairing.scholar_id: pairing.mentor for pairing in first}


def mentors_beside(case: ExtensionCase, day: dt.date) -> list[Membership]:
    """Mentors who work with the scholar on this day and were never asked about this case; two queries.

    In whose place staff have named somebody, they were asked before, and are not asked again.
    """
    asked = set(Approval.objects.filter(case=case).values_list("mentor__person", flat=True))
    running = still_paired(day).filter(scholar=case.scholar_id, starts_on__lte=day).select_related("mentor__person")
    return [one.mentor for one in running.order_by("created_at", "pk") if one.mentor.person_id not in asked]


def places_to_name(case: ExtensionCase) -> QuerySet[Membership]:
    """Mentors of the cohort whom staff may name as approver; the rule judges them again."""
    asked = Approval.objects.filter(case=case, archived_at=None).values_list("mentor__person", flat=True)
    out = {case.scholar.person_id, *bars(case.scholar), *asked}
    mentors = Membership.objects.filter(cohort=case.cohort_id, role=Role.MENTOR, **HERE)
    return mentors.exclude(person__in=out).select_related("person").order_by("person__name", "pk")
