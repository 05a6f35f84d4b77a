"""Where an import goes: a cohort that stands, or one that it makes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import connection

from cohorts.actions.cohort import create_cohort
from cohorts.models import Cohort, Person, Phase
from cohorts.rules.cohort import slug_is_free
from cohorts.rules.days import dates_are_possible, zone_is_known
from cohorts.rules.phase import main_phase_is_long_enough, phase_is_not_endless
from mats.pages.importing.standing import Frame, frame_of


@dataclass(frozen=True)
class Plan:
    """The settings of a cohort that is to be made."""

    name: str
    slug: str
    time_zone: str
    starts_on: dt.date
    ends_on: dt.date
    week_start: int = 0

    def check(self) -> None:
        """The rules of a new cohort: its days, its zone and its address."""
        dates_are_possible(self.starts_on, self.ends_on)
        phase_is_not_endless(self.starts_on, self.ends_on)
        main_phase_is_long_enough(self.starts_on, self.ends_on)
        zone_is_known(self.time_zone)
        slug_is_free(self.slug)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "starts_on": self.starts_on.isoformat(), "ends_on": self.ends_on.isoformat()}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Plan:
        days = {name: dt.date.fromisoformat(facts[name]) for name in ("starts_on", "ends_on")}
        return cls(**{**facts, **days})

    def frame(self) -> Frame:
        return Frame(self.name, self.slug, self.time_zone, self.week_start, self.starts_on, self.ends_on)

    def make(self, *, by: Person | None, at: dt.datetime) -> tuple[Cohort, Phase]:
        """The cohort, not launched; a person who makes it is its first staff member."""
        facts = {field.name: getattr(self, field.name) for field in fields(self)}
        if by:
            cohort = create_cohort(by=by, at=at, **facts)
            return cohort, cohort.main_phase
        days = {name: facts.pop(name) for name in ("starts_on", "ends_on")}
        cohort = Cohort.objects.create(**facts, created_at=at)
        return cohort, Phase.objects.create(cohort=cohort, **days, created_at=at)


@dataclass(frozen=True)
class Target:
    """Either a standing cohort's key or a plan for a new one."""

    cohort: uuid.UUID | None = None
    plan: Plan | None = None

    def lock(self) -> None:
        """One import at a time in one cohort, and of one short name, until the transaction ends."""
        if self.cohort:
            Cohort.locked(self.cohort)
        elif self.plan:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cohort {self.plan.slug}"])

    def frame(self) -> Frame:
        """The cohort's facts; checks that a new one can be made."""
        if self.plan:
            self.plan.check()
            return self.plan.frame()
        phase = Phase.objects.select_related("cohort").get(cohort=self.cohort, kind=Phase.Kind.MAIN)
        return frame_of(phase.cohort, phase)

    def open(self, *, by: Person | None, at: dt.datetime) -> tuple[Cohort, Phase]:
        if self.plan:
            return self.plan.make(by=by, at=at)
        phase = Phase.objects.select_related("cohort").get(cohort=self.cohort, kind=Phase.Kind.MAIN)
        return phase.cohort, phase
