"""What the database holds that an import meets, read in a constant number of queries.

Everything is keyed by address here, because addresses are what the files speak of.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from cohorts.models import Caseload, Cohort, Membership, Person, Phase, Site, Stay
from cohorts.models.cohort import WEEKDAYS
from mats.pages.importing.parsing import Batch
from mentorship.models import Pairing


@dataclass(frozen=True)
class Frame:
    """The cohort's own facts; `pk` is None for one that the import is to make."""

    name: str
    slug: str
    time_zone: str
    week_start: int
    starts_on: dt.date
    ends_on: dt.date
    pk: uuid.UUID | None = None
    phase_pk: uuid.UUID | None = None


@dataclass(frozen=True)
class Account:
    pk: uuid.UUID
    name: str
    time_zone: str
    is_open: bool


@dataclass(frozen=True)
class MainStay:
    """The stay of the main phase. `site` is the site's name, empty for remote."""

    pk: uuid.UUID
    starts_on: dt.date
    ends_on: dt.date
    site: str
    time_zone: str
    hours_per_week: Decimal


@dataclass
class Place:
    """A membership; `others` are the days of its stays in extension terms."""

    pk: uuid.UUID
    is_archived: bool
    main: MainStay | None = None
    others: list[tuple[dt.date, dt.date]] = field(default_factory=list)


@dataclass(frozen=True)
class Bond:
    """A pairing (`mentor` given) or a caseload (`coach` given) between two addresses.

    `line` is where a file says so, None for what stands in the database only; `pk` the row it is.
    """

    scholar: str
    other: str
    starts_on: dt.date
    ends_on: dt.date
    is_lead: bool = False
    weekday: int | None = None
    local_time: dt.time | None = None
    time_zone: str = ""
    line: int | None = None
    pk: uuid.UUID | None = None

    @property
    def key(self) -> tuple[str, str, dt.date]:
        return self.scholar, self.other, self.starts_on

    @property
    def meets_in_words(self) -> str:
        """`Thursday 14:00 Europe/London`; empty without a weekly time."""
        if self.weekday is None:
            return ""
        return f"{WEEKDAYS[self.weekday][1]} {self.local_time:%H:%M} {self.time_zone}"

    def meets(self, other: Bond) -> bool:
        """Some day belongs to both."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


@dataclass
class Standing:
    frame: Frame
    accounts: dict[str, Account] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)  # by address and role
    sites: dict[str, uuid.UUID] = field(default_factory=dict)  # by casefolded name
    removed_sites: dict[str, uuid.UUID] = field(default_factory=dict)
    pairings: list[Bond] = field(default_factory=list)
    caseloads: list[Bond] = field(default_factory=list)
    pairings_elsewhere: list[Bond] = field(default_factory=list)  # of the same people in other cohorts
    caseloads_elsewhere: list[Bond] = field(default_factory=list)

    def live(self, email: str, role: str) -> Place | None:
        place = self.places.get((email, role))
        return place if place and not place.is_archived else None


def frame_of(cohort: Cohort, phase: Phase) -> Frame:
    return Frame(
        name=cohort.name,
        slug=cohort.slug,
        time_zone=cohort.time_zone,
        week_start=cohort.week_start,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on,
        pk=cohort.pk,
        phase_pk=phase.pk,
    )


def standing(frame: Frame, batch: Batch) -> Standing:
    """The cohort as it stands, and the accounts of everybody whom the files name."""
    found = Standing(frame)
    if frame.pk:
        _read_places(found)
        for pk, name, removed in Site.objects.filter(cohort=frame.pk).values_list("pk", "name", "archived_at"):
            (found.removed_sites if removed else found.sites)[name.casefold()] = pk
        found.pairings = _pairings(Q(cohort=frame.pk))
        found.caseloads = _caseloads(Q(cohort=frame.pk))
    named = _addresses(batch) | {email for email, _ in found.places}
    accounts = Person.objects.filter(email__in=named).values_list("email", "pk", "name", "time_zone", "is_active")
    found.accounts = {email: Account(pk, name, zone, is_open) for email, pk, name, zone, is_open in accounts}
    ids = [account.pk for account in found.accounts.values()]
    outside = ~Q(cohort=frame.pk) if frame.pk else Q()
    found.pairings_elsewhere = _pairings(outside & (Q(scholar__person__in=ids) | Q(mentor__person__in=ids)))
    found.caseloads_elsewhere = _caseloads(outside & Q(scholar__person__in=ids, coach__person__in=ids))
    return found


def _addresses(batch: Batch) -> set[str]:
    pairs: Iterable[tuple[str, str]] = [
        *((row.scholar, row.mentor) for row in batch.pairings),
        *((row.scholar, row.coach) for row in batch.caseloads),
    ]
    return {row.email for row in batch.people} | {address for pair in pairs for address in pair}


def _read_places(found: Standing) -> None:
    by_pk: dict[uuid.UUID, Place] = {}
    memberships = Membership.objects.filter(cohort=found.frame.pk).order_by()
    for pk, email, role, archived in memberships.values_list("pk", "person__email", "role", "archived_at"):
        by_pk[pk] = found.places[email, role] = Place(pk, archived is not None)
    stays = Stay.objects.filter(membership__cohort=found.frame.pk, archived_at=None).order_by()
    columns = ("membership", "phase", "pk", "starts_on", "ends_on", "site__name", "time_zone", "hours_per_week")
    for membership, phase, pk, first, last, site, zone, hours in stays.values_list(*columns):
        place = by_pk[membership]
        if phase == found.frame.phase_pk:
            place.main = MainStay(pk, first, last, site or "", zone, hours)
        else:
            place.others.append((first, last))


def _pairings(which: Q) -> list[Bond]:
    columns = ("scholar__person__email", "mentor__person__email", "starts_on", "ends_on")
    more = ("is_lead", "weekday", "local_time", "time_zone", "pk")
    rows = Pairing.objects.filter(which, archived_at=None).values_list(*columns, *more)
    return [
        Bond(scholar, mentor, first, last, lead, weekday, time, zone, pk=pk)
        for scholar, mentor, first, last, lead, weekday, time, zone, pk in rows
    ]


def _caseloads(which: Q) -> list[Bond]:
    rows = Caseload.objects.filter(which, archived_at=None)
    columns = ("scholar__person__email", "coach__person__email", "starts_on", "ends_on", "pk")
    return [Bond(scholar, coach, first, last, pk=pk) for scholar, coach, first, last, pk in rows.values_list(*columns)]
