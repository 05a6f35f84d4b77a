"""What the committee's rules look at in a case: approvals, opinions and decisions, read for many cases at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from cohorts.models import Person
from mats.prepared import prepared
from mentorship.committee.warned import was_warned
from mentorship.models import Approval, Decision, ExtensionCase, Opinion

Answer = Approval.Answer


class Given(NamedTuple):
    """That somebody has given an opinion, and nothing of what it says."""

    author: UUID
    is_appeal: bool


@dataclass(frozen=True)
class Facts:
    """One case as the rules of a decision see it. `approvals` are those that are asked for, the lead's
    first; `decisions` all of the case, in order; `is_warned` whether a no would surprise nobody."""

    case: ExtensionCase
    approvals: list[Approval]
    opinions: list[Given]
    decisions: list[Decision]
    is_warned: bool

    @property
    def is_appeal(self) -> bool:
        """Whether the case is, or was, heard again: from the appeal on everything about it is."""
        return self.case.appealed_at is not None

    @property
    def given(self) -> list[Approval]:
        return [approval for approval in self.approvals if approval.given_at]

    @property
    def lead(self) -> Approval | None:
        return next((approval for approval in self.approvals if approval.is_lead), None)

    @property
    def has_a_no(self) -> bool:
        return any(approval.answer == Answer.NO for approval in self.given)

    @property
    def proposal(self) -> Decision | None:
        """What somebody proposed and nobody has confirmed or pulled out."""
        return next((decision for decision in self.decisions if decision.is_proposal), None)

    @property
    def holding(self) -> Decision | None:
        return next((decision for decision in self.decisions if decision.holds), None)

    @property
    def authors(self) -> set[UUID]:
        """People whose opinion counts now: on appeal those given on appeal."""
        return {opinion.author for opinion in self.opinions if opinion.is_appeal == self.is_appeal}

    @property
    def first_deciders(self) -> set[UUID]:
        """People who decided before the appeal."""
        decided = (one for one in self.decisions if one.confirmed_at and not one.is_appeal)
        return {key for one in decided for key in (one.proposed_by_id, one.confirmed_by_id) if key}

    def is_kept_from(self, decision: Decision, person: Person) -> bool:
        """What is proposed after opinions tells what its author thinks: nobody of the committee reads it before
        their own opinion is in, also not once it was pulled out."""
        by_opinions = not (decision.is_agreed_list or decision.outcome == Decision.Outcome.MORE)
        return decision.confirmed_at is None and by_opinions and person.pk not in self.authors


@prepared
def _approvals(cases: list[UUID]) -> QuerySet[Approval]:
    asked = Approval.objects.filter(case__any=cases, archived_at=None)
    return asked.select_related("mentor__person", "talked_by").order_by("-is_lead", "created_at", "pk")


@prepared
def _decisions(cases: list[UUID]) -> QuerySet[Decision]:
    made = Decision.objects.filter(case__any=cases, archived_at=None)
    return made.select_related("proposed_by", "confirmed_by", "pulled_by").order_by("number")


@prepared
def _opinions(cases: list[UUID]) -> QuerySet[Any]:
    given = Opinion.objects.filter(case__any=cases, archived_at=None)
    return given.order_by("given_at").values_list("case", "author", "is_appeal")


def facts_of(cases: Iterable[ExtensionCase]) -> dict[UUID, Facts]:
    """By the key of the case; four questions, however many they are."""
    found = {case.pk: case for case in cases}
    keys = list(found)
    approvals: dict[UUID, list[Approval]] = defaultdict(list)
    decisions: dict[UUID, list[Decision]] = defaultdict(list)
    opinions: dict[UUID, list[Given]] = defaultdict(list)
    for approval in _approvals(cases=keys):
        approvals[approval.case_id].append(approval)
    for decision in _decisions(cases=keys):
        decisions[decision.case_id].append(decision)
    for case, author, is_appeal in _opinions(cases=keys):
        opinions[case].append(Given(author, is_appeal))
    warned = was_warned(keys)
    return {
        key: Facts(case, approvals[key], opinions[key], decisions[key], key in warned) for key, case in found.items()
    }


def facts_of_one(case: ExtensionCase) -> Facts:
    return facts_of([case])[case.pk]


def decisions_of(case: ExtensionCase) -> list[Decision]:
    """All of one case, in order."""
    return _decisions(cases=[case.pk])
