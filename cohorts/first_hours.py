"""The first hour of a place: whether it is done, and what is asked in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from cohorts.agreements import agreements_of, ticks_of
from cohorts.forms.first_hour import TickForm
from cohorts.models import HELD_BY, Agreement, AgreementTick, Contact, Duty, Membership, Role
from cohorts.querysets import HERE_AND_OPEN, not_over_on
from cohorts.ties import Tie, open_ties
from mats.clock import local_date
from mats.prepared import prepared


@dataclass(frozen=True)
class Asked:
    """What stands on Home for a place: its first hour, or a new version of the agreement to tick."""

    place: Membership
    agreement: Agreement

    @property
    def is_first_hour(self) -> bool:
        return self.place.first_hour_at is None

    @property
    def url(self) -> str:
        return reverse("first_hour", args=[self.place.pk])

    @property
    def tick_url(self) -> str:
        return reverse("agreement_tick", args=[self.place.pk])

    @property
    def hidden(self) -> SafeString:
        return TickForm.hidden_of_new()


def first_hours_of(places: list[Membership]) -> list[Asked]:
    """What is asked of the person with these places; two queries, and none without a place in a launched cohort.

    First hours that are not done, and agreements that have a later version than the one that was ticked.
    """
    mine = [place for place in places if place.cohort.is_launched]
    if not mine:
        return []
    latest = agreements_of(list({place.cohort_id: place.cohort for place in mine}.values()))
    ticked = ticks_of([place.pk for place in mine])
    asked = [Asked(place, latest[place.cohort_id]) for place in mine]
    return [one for one in asked if one.is_first_hour or not has_agreed(one.agreement, ticked.get(one.place.pk))]


def has_agreed(agreement: Agreement, tick: AgreementTick | None) -> bool:
    return tick is not None and tick.agreement.number >= agreement.number


@dataclass(frozen=True)
class FirstHour:
    """All that the page of a first hour edits, as one row; any change to a part is another version."""

    pk: UUID
    version: int
    place: Membership
    agreement: Agreement
    tick: AgreementTick | None
    name: str
    time_zone: str
    phone: str
    emergency_name: str
    emergency_phone: str
    is_nobody: bool
    delegate: Membership | None

    @property
    def has_agreed(self) -> bool:
        return has_agreed(self.agreement, self.tick)

    @property
    def agreed_to(self) -> int:
        """The version to tick, as the form sends it back: what was read is what is ticked."""
        return self.agreement.number


def read_first_hour(place: Membership, at: dt.datetime) -> FirstHour:
    person = place.person
    asked = Contact.objects.filter(person=person).first() if place.role == Role.SCHOLAR else None
    contact = asked or Contact(person=person, version=0)
    duty = delegate_duty(place, at) if place.role == Role.MENTOR else None
    return FirstHour(
        pk=place.pk,
        version=place.version + person.version + contact.version,
        place=place,
        agreement=agreements_of([place.cohort])[place.cohort_id],
        tick=ticks_of([place.pk]).get(place.pk),
        name=person.name,
        time_zone=person.time_zone,
        phone=contact.phone,
        emergency_name=contact.emergency_name,
        emergency_phone=contact.emergency_phone,
        is_nobody=contact.is_nobody,
        delegate=duty.membership if duty else None,
    )


def delegate_duty(place: Membership, at: dt.datetime) -> Duty | None:
    """The duty of whoever keeps the times of a mentor's place, today or from a later day on."""
    today = local_date(at, place.cohort.time_zone)
    held = Duty.objects.filter(kind=Duty.Kind.DELEGATE, for_membership=place, archived_at=None)
    held = held.filter(not_over_on(today))
    return held.select_related("membership__person").order_by("-starts_on").first()


def may_be_delegate(place: Membership) -> QuerySet[Membership]:
    """Who can keep the times of a mentor: somebody else with a place here that may have the duty."""
    can = Membership.objects.filter(HERE_AND_OPEN, cohort=place.cohort_id, role__in=HELD_BY[Duty.Kind.DELEGATE])
    return can.exclude(person=place.person_id).select_related("person", "cohort").order_by("person__name", "role")


@dataclass(frozen=True)
class Known:
    """Somebody whom a newcomer should know by name, and as what."""

    place: Membership
    words: str


@prepared
def _staff(cohort: UUID, today: dt.date) -> QuerySet[Membership]:
    """Staff who have come in, duty leads of today first."""
    leads = Duty.objects.filter(kind=Duty.Kind.DUTY_LEAD, archived_at=None, starts_on__lte=today)
    leads = leads.filter(not_over_on(today), membership=OuterRef("pk"))
    staff = Membership.objects.filter(HERE_AND_OPEN, cohort=cohort, role=Role.STAFF)
    return staff.select_related("person").annotate(leads=Exists(leads)).order_by("-leads", "person__name")


def who_is_who(place: Membership, at: dt.datetime) -> list[Known]:
    """Those beside this place, with what they are to it; then staff, duty leads first."""
    today, cohort = local_date(at, place.cohort.time_zone), place.cohort
    known = [_beside(tie, place) for tie in open_ties(place, today)]
    words = {True: f"duty lead, of {cohort.staff_label_plural}", False: cohort.staff_label}
    staff: list[Any] = [one for one in _staff(cohort=cohort.pk, today=today) if one.person_id != place.person_id]
    return known + [Known(one, words[one.leads]) for one in staff]


def _beside(tie: Tie, place: Membership) -> Known:
    cohort, role = place.cohort, tie.kind.role
    if tie.row.scholar_id != place.pk:
        return Known(tie.row.scholar, f"{cohort.scholar_label}, you are their {cohort.label(role)}")
    lead = "lead " if getattr(tie.row, "is_lead", False) else ""
    return Known(tie.kind.other(tie.row), f"your {lead}{cohort.label(role)}")
