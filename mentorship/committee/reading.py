"""Asking for the cases of a round, each as far as one reader may see it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from cohorts.access import condition
from cohorts.models import Cohort, Milestone, Person
from mats.prepared import prepared
from mentorship import rounds
from mentorship.committee.facts import Facts, Given
from mentorship.committee.filters import Filters
from mentorship.committee.warned import warned
from mentorship.evidence import Count, counts_of
from mentorship.models import (
    Approval,
    Conflict,
    Decision,
    DecisionLetter,
    ExtensionCase,
    Opinion,
    Round,
    State,
    TermSheet,
)
from mentorship.relations import recused_cases
from mentorship.rules.decision import warning_words, why_not_clear
from mentorship.rules.round import takes_a_place
from mentorship.standard import WhatWeLookFor, what_we_look_for

Answer, Outcome = Approval.Answer, Decision.Outcome


@dataclass(frozen=True)
class CaseRow:
    """One case. Of one from which the reader `is_recused` they read name and state, and nothing else;
    private words and opinions are for whoever `judges`. `bands` are of the opinions that they may read.
    `is_kept`: what is proposed would tell an opinion, and the reader's own is not in."""

    case: ExtensionCase
    facts: Facts
    is_recused: bool
    judges: bool
    has_written: bool
    is_kept: bool
    bands: list[str]
    conflicts: list[str]
    letters: list[tuple[str, dt.datetime]]
    has_accepted: bool
    is_in_force: bool
    takes_a_place: bool

    @property
    def name(self) -> str:
        return self.case.scholar.person.name

    @property
    def state(self) -> State:
        return State(self.case.state)

    @property
    def why_contested(self) -> list[str]:
        """Nothing before the lead mentor has answered: then it is not known yet."""
        lead = self.facts.lead
        return why_not_clear(self.facts) if lead and lead.given_at else []

    @property
    def opinions(self) -> int:
        """How many are in, of those that count now."""
        return len(self.facts.authors)

    @property
    def disagrees(self) -> bool:
        return len({approval.answer for approval in self.facts.given}) > 1

    @property
    def has_a_yes(self) -> bool:
        return any(approval.answer == Answer.YES for approval in self.facts.given)

    @property
    def answered(self) -> str:
        """The outcome of its latest letter; empty while none is out."""
        return self.letters[-1][0] if self.letters else ""

    @property
    def no_warning(self) -> str:
        """`no earlier warning was given`, beside a no, a refusal or the proposal of one."""
        decision = self.facts.holding if self.is_kept else self.facts.proposal or self.facts.holding
        return warning_words(self.facts, decision.outcome if decision else "")

    @property
    def is_surprise(self) -> bool:
        """A mentor's no, or a refusal that went out, without an earlier warning."""
        return bool(warning_words(self.facts, self.answered))

    @property
    def was_changed_on_appeal(self) -> bool:
        """The letter after an appeal says otherwise than the one before."""
        has_both = len(self.letters) > 1 and self.case.appealed_at is not None
        return has_both and self.letters[-1][0] != self.letters[-2][0]


@dataclass(frozen=True)
class Table:
    """The rows of one round that fit the filters, and all of them in `everything`."""

    cohort: Cohort
    reader: Person
    at: dt.datetime
    rounds: list[Round]
    round: Round | None
    standard: WhatWeLookFor
    everything: list[CaseRow]
    rows: list[CaseRow]
    filters: Filters
    counts: Mapping[tuple[UUID, str], Count] = field(default_factory=dict)
    has_milestones: bool = False

    @property
    def is_on_committee(self) -> bool:
        return any(row.judges for row in self.everything)

    @property
    def places(self) -> str:
        """`4 of 30 places left`; nothing where as many are granted as apply."""
        if self.round is None or self.round.places is None:
            return ""
        left = max(self.round.places - self.taken, 0)
        return f"{left} of {self.round.places} place{'s' * (self.round.places != 1)} left"

    @property
    def taken(self) -> int:
        return sum(row.takes_a_place for row in self.everything)


def _holds(rows: Q) -> Case:
    return Case(When(rows, then=True), default=False, output_field=BooleanField())


@prepared
def _cases(round: UUID, reader: Person, at: dt.datetime) -> QuerySet[ExtensionCase]:
    """With all that is asked once a case; whether there are milestones comes along with each."""
    opinions = Opinion.objects.filter(case=OuterRef("pk"), archived_at=None).order_by("given_at")
    readable = When(condition(reader, "read", "opinion", at), then="band")
    band = Case(readable, default=Value(""), output_field=CharField())
    letters = DecisionLetter.objects.filter(case=OuterRef("pk"), released_at__isnull=False).order_by("released_at")
    conflicts = Conflict.objects.filter(scholar__person=OuterRef("scholar__person"), cohort=OuterRef("cohort"))
    sheets = TermSheet.objects.filter(case=OuterRef("pk"), archived_at=None)
    milestones = Milestone.objects.filter(cohort=OuterRef("cohort"), archived_at=None)
    rows = ExtensionCase.objects.filter(round=round, archived_at=None).annotate(
        is_recused=_holds(Q(pk__in=recused_cases(reader).values("pk"))),
        judges=_holds(condition(reader, "judge", "case", at)),
        is_warned=_holds(warned()),
        takes_a_place=_holds(takes_a_place()),
        opinions_in=ArraySubquery(opinions.values(one=JSONObject(author="author", appeal="is_appeal", band=band))),
        letters_out=ArraySubquery(letters.values(one=JSONObject(outcome="outcome", at="released_at"))),
        conflict_names=ArraySubquery(conflicts.filter(archived_at=None).order_by("created_at").values("person__name")),
        has_accepted=Exists(sheets),
        in_force_at=Subquery(sheets.values("in_force_at")[:1]),
        has_milestones=Exists(milestones),
    )
    return rows.select_related("scholar__person", "round").order_by("scholar__person__name", "scholar", "number")


@prepared
def _approvals(round: UUID) -> QuerySet[Approval]:
    asked = Approval.objects.filter(case__round=round, archived_at=None)
    return asked.select_related("mentor__person").order_by("-is_lead", "created_at", "pk")


@prepared
def _decisions(round: UUID) -> QuerySet[Decision]:
    made = Decision.objects.filter(case__round=round, archived_at=None)
    return made.select_related("proposed_by", "confirmed_by", "pulled_by").order_by("number")


def read_rows(row: Round, reader: Person, at: dt.datetime) -> list[CaseRow]:
    """Every case of a round, by the name of its scholar; three questions."""
    approvals: dict[UUID, list[Approval]] = defaultdict(list)
    decisions: dict[UUID, list[Decision]] = defaultdict(list)
    for approval in _approvals(round=row.pk):
        approvals[approval.case_id].append(approval)
    for decision in _decisions(round=row.pk):
        decisions[decision.case_id].append(decision)
    cases = _cases(round=row.pk, reader=reader, at=at)
    return [_row(case, approvals[case.pk], decisions[case.pk], reader) for case in cases]


def _row(case: Any, approvals: list[Approval], decisions: list[Decision], reader: Person) -> CaseRow:
    opinions = [Given(UUID(one["author"]), one["appeal"]) for one in case.opinions_in]
    facts = Facts(case, approvals, opinions, decisions, case.is_warned)
    labels = dict(Opinion.Band.choices)
    now = [one for one in case.opinions_in if one["appeal"] == facts.is_appeal]
    return CaseRow(
        case=case,
        facts=facts,
        is_recused=case.is_recused,
        judges=case.judges,
        has_written=reader.pk in facts.authors,
        is_kept=bool(facts.proposal and facts.is_kept_from(facts.proposal, reader)),
        bands=[labels[one["band"]] for one in now if one["band"]],
        conflicts=case.conflict_names,
        letters=[(one["outcome"], dt.datetime.fromisoformat(one["at"])) for one in case.letters_out],
        has_accepted=case.has_accepted,
        is_in_force=case.in_force_at is not None and case.state != State.WITHDRAWN,
        takes_a_place=case.takes_a_place,
    )


def chosen_round(cohort: Cohort, wanted: str, at: dt.datetime) -> tuple[list[Round], Round | None, Round | None]:
    """The rounds of a cohort, the latest first; the one that is asked for; and the one by default, the latest
    that has opened (else the first that will)."""
    found = rounds.rounds_of(cohort)
    usual = next((row for row in found if row.opens_at <= at), found[-1] if found else None)
    return found, next((row for row in found if str(row.pk) == wanted), usual), usual


def read_table(cohort: Cohort, reader: Person, at: dt.datetime, wanted: Mapping[str, str]) -> Table:
    """The cases of a round; `wanted` are filters: round, show, mentor. Seven questions at any size."""
    found, row, usual = chosen_round(cohort, wanted.get("round", ""), at)
    everything = read_rows(row, reader, at) if row else []
    filters = Filters.of(everything, row, wanted, default=usual)
    return Table(
        cohort=cohort,
        reader=reader,
        at=at,
        rounds=found,
        round=row,
        standard=what_we_look_for(cohort),
        everything=everything,
        rows=[one for one in everything if filters.fits(one)],
        filters=filters,
        counts=counts_of(cohort, reader, at) if everything else {},
        has_milestones=any(getattr(one.case, "has_milestones", False) for one in everything),
    )
