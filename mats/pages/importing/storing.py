"""Storing a judged import: a handful of statements, however many rows, in the caller's transaction.

History triggers run for every row, because they live in the database.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

from cohorts.actions.invitation import issue_all
from cohorts.actions.membership import come_back
from cohorts.models import Caseload, Cohort, Membership, Person, Phase, Role, Site, Stay
from mats.pages.importing.difference import Difference
from mats.pages.importing.formats import CASELOADS, PAIRINGS
from mats.pages.importing.parsing import PersonRow
from mats.pages.importing.standing import Bond, Standing
from mentorship.models import Pairing

Progress = Callable[[int], None]
OTHER_ROLE = {PAIRINGS: Role.MENTOR, CASELOADS: Role.COACH}
MODEL: dict[str, type[models.Model]] = {PAIRINGS: Pairing, CASELOADS: Caseload}


class Storing:
    """Writes a difference into a cohort that exists; `progress` hears how many rows were written."""

    def __init__(
        self,
        cohort: Cohort,
        *,
        phase: Phase,
        standing: Standing,
        found: Difference,
        by: Person | None,
        at: dt.datetime,
        progress: Progress,
    ) -> None:
        self.cohort, self.phase, self.standing, self.found, self.at = cohort, phase, standing, found, at
        self.by = by
        self._progress, self._written = progress, 0
        self.people = {email: account.pk for email, account in standing.accounts.items()}
        self.sites = dict(standing.sites)
        self.places = {key: place.pk for key, place in standing.places.items()}

    def store(self) -> None:
        self._store_sites()
        self._store_people()
        self._invite(self._store_places())
        self._store_stays()
        for kind in (PAIRINGS, CASELOADS):
            self._correct_bonds(kind)
            self._add_bonds(kind)

    def _wrote(self, rows: int) -> None:
        self._written += rows
        if rows:
            self._progress(self._written)

    def _store_sites(self) -> None:
        new, back = [], []
        for name, zone in self.found.sites.items():
            if removed := self.standing.removed_sites.get(name.casefold()):
                back.append({"id": removed, "time_zone": zone, "archived_at": None})
            else:
                new.append(Site(cohort=self.cohort, name=name, time_zone=zone, created_at=self.at))
        Site.objects.bulk_create(new)
        update_rows(Site, ["time_zone", "archived_at"], back)
        self.sites |= {site.name.casefold(): site.pk for site in new}
        self.sites |= {name: pk for name, pk in self.standing.removed_sites.items() if name not in self.sites}
        self._wrote(len(new) + len(back))

    def _store_people(self) -> None:
        """Accounts without a password: their owners sign in with a code by mail, once launched."""
        new: dict[str, Person] = {}
        for row in self.found.people:
            if row.email not in self.people and row.email not in new:
                person = Person(email=row.email, name=row.name, time_zone=row.time_zone, created_at=self.at)
                person.set_unusable_password()
                new[row.email] = person
        Person.objects.bulk_create(new.values())
        self.people |= {email: person.pk for email, person in new.items()}

    def _invite(self, places: list[uuid.UUID]) -> None:
        """Whoever has just come into a launched cohort; before it the launch does."""
        if self.cohort.is_launched and places:
            issue_all(cohort=self.cohort, by=self.by, at=self.at, places=places)

    def _store_places(self) -> list[uuid.UUID]:
        """The places that are new, or back again; their keys."""
        new, back = [], []
        for row in self.found.people:
            key = (row.email, row.role)
            place = self.standing.places.get(key)
            if place is None:
                made = Membership(
                    person_id=self.people[row.email], cohort=self.cohort, role=row.role, created_at=self.at
                )
                self.places[key] = made.pk
                new.append(made)
            elif place.is_archived:
                back.append(place.pk)
        Membership.objects.bulk_create(new)
        for removed in Membership.objects.filter(pk__in=back):
            come_back(removed)
        return [*(made.pk for made in new), *back]

    def _store_stays(self) -> None:
        new = []
        for row in self.found.people:
            place = self.standing.places.get((row.email, row.role))
            if place and place.main:  # the place comes back, and its stay was never ended
                self.found.stays.append((row, place.main))
            else:
                membership = self.places[row.email, row.role]
                facts = self._stay(row)
                new.append(Stay(membership_id=membership, phase=self.phase, created_at=self.at, **facts))
        Stay.objects.bulk_create(new)
        changed = [{"id": stay.pk, **self._stay(row)} for row, stay in self.found.stays]
        update_rows(Stay, ["starts_on", "ends_on", "site_id", "time_zone", "hours_per_week"], changed)
        self._wrote(len(new) + len(changed))

    def _stay(self, row: PersonRow) -> dict[str, Any]:
        return {
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "site_id": self.sites[row.site.casefold()] if row.site else None,
            "time_zone": row.time_zone,
            "hours_per_week": row.hours_per_week,
        }

    def _correct_bonds(self, kind: str) -> None:
        """Two statements: first everything that gives way, then everything that takes its place.

        In one, the database would meet a new lead mentor before the old one has stepped back.
        """
        fields = ["starts_on", "ends_on"]
        if kind == PAIRINGS:
            fields += ["is_lead", "weekday", "local_time", "time_zone"]
        changed = self.found.changed_bonds[kind]
        smaller = [facts for now, before in changed if (facts := _overlap(now, before)) != _facts(before)]
        final = [_facts(now) for now, before in changed if _facts(now) != _overlap(now, before)]
        update_rows(MODEL[kind], fields, smaller)
        update_rows(MODEL[kind], fields, final)
        self._wrote(len(changed))

    def _add_bonds(self, kind: str) -> None:
        role = OTHER_ROLE[kind]
        new = []
        for bond in self.found.new_bonds[kind]:
            facts: dict[str, Any] = {"starts_on": bond.starts_on, "ends_on": bond.ends_on, "created_at": self.at}
            facts[f"{role}_id"] = self.places[bond.other, role]
            if kind == PAIRINGS:
                facts |= {"is_lead": bond.is_lead, "weekday": bond.weekday}
                facts |= {"local_time": bond.local_time, "time_zone": bond.time_zone}
            scholar = self.places[bond.scholar, Role.SCHOLAR]
            new.append(MODEL[kind](cohort=self.cohort, scholar_id=scholar, **facts))
        MODEL[kind]._default_manager.bulk_create(new)
        self._wrote(len(new))


def _facts(bond: Bond) -> dict[str, Any]:
    return {
        "id": bond.pk,
        "starts_on": bond.starts_on,
        "ends_on": bond.ends_on,
        "is_lead": bond.is_lead,
        "weekday": bond.weekday,
        "local_time": bond.local_time,
        "time_zone": bond.time_zone,
    }


def _overlap(now: Bond, before: Bond) -> dict[str, Any]:
    """The new row as far as it takes nothing that the old one did not have; they share a day."""
    return _facts(now) | {
        "id": before.pk,
        "starts_on": max(now.starts_on, before.starts_on),
        "ends_on": min(now.ends_on, before.ends_on),
        "is_lead": now.is_lead and before.is_lead,
    }


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Set `fields` of each row (keyed by `id`) and count its version up, in one statement.

    Django's `bulk_update` writes a CASE per field with a branch per row: minutes for thousands.
    """
    if not rows:
        return
    columns: list[Any] = [model._meta.get_field(name.removesuffix("_id")) for name in fields]
    names = [connection.ops.quote_name(column.column) for column in columns]
    arrays = ", ".join(["%s::uuid[]", *(f"%s::{column.db_type(connection)}[]" for column in columns)])
    aliases = ", ".join(["id", *names])
    values: list[list[Any]] = [[str(row["id"]) for row in rows]]
    values += [[_plain(row[name]) for row in rows] for name in fields]
    sets = ", ".join(f"{name} = fresh.{name}" for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS old SET version = old.version + 1, {sets}"  # noqa: S608 (names of columns, no values)
            f" FROM unnest({arrays}) AS fresh ({aliases}) WHERE old.id = fresh.id",
            values,
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value
