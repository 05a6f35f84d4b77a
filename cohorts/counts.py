"""How many people a cohort has, and what is missing before its launch."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from cohorts.models import Cohort, Membership, Role
from cohorts.ties import KINDS

UNTIED = {Role.MENTOR: "unpaired", Role.COACH: "uncoached"}


@dataclass(frozen=True)
class Missing:
    """Something that could be done before launch; `is_needed` if there is no launch without it."""

    words: str
    is_needed: bool = False


def untied(role: str) -> Q:
    """Scholars without anybody of this role beside them, in no live pairing or caseload."""
    rows = KINDS[role].model._default_manager.filter(archived_at=None, scholar=OuterRef("pk"))
    return Q(role=Role.SCHOLAR) & Q(~Exists(rows))


def cohort_counts(cohort: Cohort) -> dict[str, int]:
    """People by role, and scholars without mentor ("unpaired") or coach ("uncoached"); one query."""
    by_role = {role: Count("pk", filter=Q(role=role)) for role in Role.values}
    lacking = {name: Count("pk", filter=untied(role)) for role, name in UNTIED.items()}
    return Membership.objects.filter(cohort=cohort, archived_at=None).aggregate(**by_role, **lacking)


def missing_before_launch(cohort: Cohort, counts: dict[str, int]) -> list[Missing]:
    """What a launch needs, then what staff may want to know; being not paired yet is legal."""
    if cohort.is_launched:
        return []
    found = []
    if not counts[Role.SCHOLAR]:
        found.append(Missing(f"There is no {cohort.scholar_label} yet.", is_needed=True))
    for role in (Role.MENTOR, Role.COACH):
        if not counts[role]:
            found.append(Missing(f"There is no {cohort.label(role)} yet."))
    for name, words in (("unpaired", "not paired yet"), ("uncoached", f"without a {cohort.coach_label}")):
        if number := counts[name]:
            label = cohort.label(Role.SCHOLAR, plural=number != 1)
            found.append(Missing(f"{number} {label} {'are' if number != 1 else 'is'} {words}."))
    return found
