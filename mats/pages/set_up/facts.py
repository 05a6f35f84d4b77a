"""What a cohort holds before its launch, asked in one statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, DateField, F, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from cohorts.models import Caseload, Cohort, Duty, Leave, Membership, Milestone, Role, Stay
from mats.statements import Statement

NO_KEY, NO_DAY = Value(None, output_field=UUIDField()), Value(None, output_field=DateField())


def _words(text: str) -> Value:
    return Value(text, output_field=CharField())


class Row(NamedTuple):
    """One row of whichever kind; what its columns hold is said where it is asked for."""

    what: str
    kind: str
    key: Any
    other: Any
    name: str
    first: Any
    last: Any


def _all(cohort: Cohort) -> list[QuerySet[Any]]:
    live = Q(archived_at=None)
    here = {"membership__cohort": cohort, "membership__archived_at": None}
    return [
        # A place: its role, key, person, name, and the day on which it was accepted.
        Membership.objects.filter(live, cohort=cohort).values_list(
            _words("place"), "role", "pk", "person", "person__name", Cast("accepted_at", DateField()), NO_DAY
        ),
        # A scholar's stay: weeks a log covers, the place, the phase, hours a week, days.
        Stay.objects.filter(live, **here, membership__role=Role.SCHOLAR).values_list(
            _words("stay"), Cast("weeks_per_log", CharField()), "membership", "phase",
            Cast("hours_per_week", CharField()), "starts_on", "ends_on",
        ),
        Leave.objects.filter(live, **here).values_list(
            _words("leave"), _words(""), "membership", NO_KEY, _words(""), "starts_on", "ends_on"
        ),
        # Who coaches whom, as people: scholar, coach.
        Caseload.objects.filter(live, cohort=cohort).values_list(
            _words("caseload"), _words(""), "scholar__person", "coach__person", _words(""), "starts_on", "ends_on"
        ),
        # A duty: its kind, whose, the role of their place, days.
        Duty.objects.filter(live, cohort=cohort, membership__archived_at=None).values_list(
            _words("duty"), "kind", "membership__person", NO_KEY, "membership__role", "starts_on", F("ends_on")
        ),
        Milestone.objects.filter(live, cohort=cohort).values_list(
            _words("milestone"), "kind", "pk", NO_KEY, _words(""), "due_on", "due_on"
        ),
    ]  # fmt: skip


_asked = Statement(_all)


@dataclass(frozen=True)
class Facts:
    """`mentors` and `coaches` are, by the person of a scholar, the people who do it; `mentors` comes from
    the pairings, which are read with the calendar."""

    cohort: Cohort
    rows: list[Row]
    mentors: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def of(self, what: str) -> list[Row]:
        return [row for row in self.rows if row.what == what]

    @cached_property
    def counts(self) -> Counter[str]:
        """Places by role."""
        return Counter(row.kind for row in self.of("place"))

    @property
    def invited(self) -> list[Row]:
        """Places that wait to be accepted."""
        return [row for row in self.of("place") if row.first is None]

    @cached_property
    def people(self) -> dict[str, dict[UUID, str]]:
        """Names of people by role and person."""
        found: dict[str, dict[UUID, str]] = {role: {} for role in Role.values}
        for row in self.of("place"):
            found[row.kind][row.other] = row.name
        return found

    @cached_property
    def coaches(self) -> dict[UUID, set[UUID]]:
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.of("caseload"):
            found[row.key].add(row.other)
        return found

    @property
    def scholars(self) -> dict[UUID, str]:
        return self.people[Role.SCHOLAR]

    @property
    def unpaired(self) -> int:
        return sum(not self.mentors.get(one) for one in self.scholars)

    @property
    def uncoached(self) -> int:
        return sum(not self.coaches.get(one) for one in self.scholars)

    def on_duty(self, kind: str) -> dict[UUID, str]:
        """Whoever has a duty, with the role of their place."""
        return {row.key: row.name for row in self.of("duty") if row.kind == kind and row.key}

    def stays(self) -> Iterable[Stay]:
        for row in self.of("stay"):
            yield Stay(
                membership_id=row.key, phase_id=row.other, starts_on=row.first, ends_on=row.last,
                weeks_per_log=int(row.kind), hours_per_week=Decimal(row.name),
            )  # fmt: skip

    def leaves(self) -> Iterable[Leave]:
        for row in self.of("leave"):
            yield Leave(membership_id=row.key, starts_on=row.first, ends_on=row.last)


def read_facts(cohort: Cohort) -> Facts:
    return Facts(cohort, [Row._make(row) for row in _asked.ask(cohort=cohort)])
