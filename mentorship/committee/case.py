"""One case as those who judge it read it: what the records say, what the mentors say, what was proposed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Case, CharField, Count, ExpressionWrapper, F, Max, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from cohorts.access import condition, visible
from cohorts.models import Caseload, Duty, Milestone, Person, Phase, Role
from cohorts.querysets import LocalDay
from mats.prepared import prepared
from mats.statements import Statement
from mentorship.cases import in_total
from mentorship.committee.facts import Facts, Given, decisions_of
from mentorship.committee.warned import warned
from mentorship.evidence import Count as Figures
from mentorship.evidence import counts_of_one
from mentorship.evidence.words import Figure, figure
from mentorship.models import Approval, CaseInvitation, Conflict, Decision, ExtensionCase, Opinion, Pairing
from mentorship.rules.decision import (
    warning_words,
    why_not_by_opinions,
    why_not_clear,
    why_not_confirm,
    why_not_open,
    why_not_opine,
    why_not_propose,
)
from mentorship.rules.round import takes_a_place
from mentorship.standard import what_we_look_for

# --- asking ---------------------------------------------------------------------------------------


def cases(at: dt.datetime) -> QuerySet[ExtensionCase]:
    """With `is_warned`: whether a no would surprise nobody."""
    live = ExtensionCase.objects.filter(archived_at=None)
    live = live.annotate(is_warned=ExpressionWrapper(warned(), output_field=BooleanField()))
    return live.select_related("cohort", "round", "scholar__person", "scholar__cohort")


@prepared
def _approvals(reader: Person, at: dt.datetime, case: UUID) -> QuerySet[Approval]:
    """With the words for the committee; why another approver was named is the duty leads'."""
    asked = visible(Approval, "approval", reader, at, "judge").filter(case=case, archived_at=None).defer("named_why")
    return asked.select_related("mentor__person", "talked_by").order_by("-is_lead", "created_at", "pk")


@prepared
def _opinions(reader: Person, at: dt.datetime, case: UUID) -> QuerySet[Any]:
    """Every opinion on the case, and what it says only where this reader may read it."""
    given = Opinion.objects.filter(case=case, archived_at=None)
    may_read = condition(reader, "read", "opinion", at)
    texts = {
        f"its_{name}": Case(When(may_read, then=F(name)), default=Value(""), output_field=CharField())
        for name in ("band", "reasons")
    }
    names = ("author", "author__name", "is_appeal", "given_at", *texts)
    return given.annotate(**texts).order_by("given_at").values_list(*names)


NOTHING = Value("")


def _lines(kind: str, rows: QuerySet[Any], key: str, name: Any = NOTHING, words: Any = NOTHING) -> QuerySet[Any]:
    """Rows in the columns that all notes have."""
    text = CharField()
    said = {
        "note_kind": Value(kind, output_field=text),
        "note_key": F(key),
        "note_name": Cast(name, text),
        "note_words": Cast(words, text),
    }
    return rows.annotate(**said).values_list(*said, "created_at")


def _day(name: str) -> Cast:
    return Cast(name, CharField())


@cache
def _notes() -> Statement:
    """What stands around a case, a line each: one question."""

    def around_a_case(
        *, reader: Person, at: dt.datetime, case: UUID, cohort: UUID, round: UUID, person: UUID
    ) -> list[QuerySet[Any]]:
        today = LocalDay(at, "cohort__time_zone")
        conflicts = visible(Conflict, "conflict", reader, at).filter(scholar__person=person, archived_at=None)
        invited = CaseInvitation.objects.filter(case=case, archived_at=None)
        duties = Duty.objects.filter(cohort=cohort, kind=Duty.Kind.COMMITTEE, archived_at=None, starts_on__lte=today)
        duties = duties.exclude(ends_on__lt=today).filter(membership__archived_at=None, membership__role=Role.STAFF)
        of_scholar = {"scholar__person": person, "archived_at": None}
        taken = ExtensionCase.objects.filter(takes_a_place(), round=round, archived_at=None).order_by()
        in_cohort = {"cohort": cohort, "archived_at": None}
        terms = Phase.objects.filter(kind=Phase.Kind.TERM, **in_cohort)
        return [
            _lines("conflict", conflicts, "pk", F("person__name"), F("why")),
            _lines("invited", invited, "pk", F("person__name"), F("reason")),
            _lines("outside", invited, "person", F("person__name")),
            _lines("member", duties, "membership__person", F("membership__person__name")),
            _lines("recused", Pairing.objects.filter(**of_scholar), "mentor__person"),
            _lines("recused", Caseload.objects.filter(**of_scholar), "coach__person"),
            _lines("recused", Conflict.objects.filter(**of_scholar), "person"),
            _lines("milestone", Milestone.objects.filter(**in_cohort), "pk"),
            _lines("term", terms, "pk", F("total_months"), Concat(_day("starts_on"), Value(" "), _day("ends_on"))),
            taken.values("round").annotate(number=Count("pk"), latest=Max("created_at")).values_list(
                Value("taken", output_field=CharField()), "round", Cast("number", CharField()),
                Value("", output_field=CharField()), "latest",
            ),
        ]  # fmt: skip

    return Statement(around_a_case)


class Note(NamedTuple):
    """A line around a case; what its columns hold depends on its kind."""

    kind: str
    key: UUID
    name: str
    words: str
    at: dt.datetime


# --- as it is read --------------------------------------------------------------------------------


class Said(NamedTuple):
    """An opinion; without band and reasons where it is not to be read yet."""

    author: UUID
    name: str
    is_appeal: bool
    at: dt.datetime
    band: str
    reasons: str

    @property
    def band_words(self) -> str:
        return str(Opinion.Band(self.band).label) if self.band else ""


class Line(NamedTuple):
    """A line of what we look for: what it is called, and what the records say."""

    source: str
    title: str
    figure: Figure


class Member(NamedTuple):
    """Somebody of the committee, and whether they keep out of this case; why is said to themselves alone."""

    name: str
    is_recused: bool


@dataclass(frozen=True)
class Step:
    """A proposal or decision, as this reader has it: `is_kept` until their own opinion is in. `why_not`: why
    they may not confirm it now."""

    row: Decision
    is_kept: bool
    why_not: str
    may_pull: bool
    warning: str
    total: str


@dataclass(frozen=True)
class Judged:
    """A case for one who judges it."""

    facts: Facts
    asked: str
    lines: list[Line]
    opinions: list[Said]
    steps: list[Step]
    notes: dict[str, list[Note]]
    members: list[Member]
    why_contested: list[str]
    warning: str
    why_not_opine: str
    why_not_propose: str
    needs_opinions: str
    places: str

    @property
    def readable(self) -> list[Said]:
        return [opinion for opinion in self.opinions if opinion.band]

    @property
    def hidden(self) -> int:
        """How many opinions are in that are not to be read yet."""
        return len(self.opinions) - len(self.readable)


def judged(case: Any, reader: Person, at: dt.datetime) -> Judged:
    """`case` comes from `cases`, and this reader may judge it."""
    about = {"reader": reader, "at": at, "case": case.pk}
    opinions = [Said(*row) for row in _opinions(**about)]
    given = [Given(opinion.author, opinion.is_appeal) for opinion in opinions]
    facts = Facts(case, _approvals(**about), given, decisions_of(case), case.is_warned)
    notes = _notes_of(case, reader, at)
    terms = {int(note.name): note for note in notes["term"]}
    return Judged(
        facts=facts,
        asked=_total(case.total_months, terms),
        lines=_records(case, reader, at, has_milestones=bool(notes["milestone"])),
        opinions=opinions,
        steps=[_step(facts, row, reader, at, terms) for row in reversed(facts.decisions)],
        notes=notes,
        members=_members(facts, notes),
        why_contested=why_not_clear(facts),
        warning=warning_words(facts),
        why_not_opine=why_not_opine(facts, reader),
        why_not_propose=why_not_propose(facts, reader),
        needs_opinions=why_not_by_opinions(facts, reader),
        places=places_words(case.round.places, int(notes["taken"][0].name) if notes["taken"] else 0),
    )


def _notes_of(case: ExtensionCase, reader: Person, at: dt.datetime) -> dict[str, list[Note]]:
    found: dict[str, list[Note]] = defaultdict(list)
    about = {"case": case.pk, "cohort": case.cohort_id, "round": case.round_id, "person": case.scholar.person_id}
    for row in _notes().ask(reader=reader, at=at, **about):
        found[row[0]].append(Note(*row))
    for lines in found.values():
        lines.sort(key=lambda note: (note.name, note.at))
    return found


def _records(case: ExtensionCase, reader: Person, at: dt.datetime, *, has_milestones: bool) -> list[Line]:
    standard, counts = what_we_look_for(case.cohort), counts_of_one(case.scholar, reader, at)
    return [
        Line(source, title, figure(source, counts.get(source, Figures()), standard, has_milestones=has_milestones))
        for source, title, _ in standard.shown
    ]


def _members(facts: Facts, notes: dict[str, list[Note]]) -> list[Member]:
    out = {note.key for note in notes["recused"]} | {facts.case.scholar.person_id}
    out |= {approval.mentor.person_id for approval in facts.approvals}
    return [Member(note.name, note.key in out) for note in notes["member"]]


def _step(facts: Facts, row: Decision, reader: Person, at: dt.datetime, terms: dict[int, Note]) -> Step:
    is_kept = facts.is_kept_from(row, reader)
    return Step(
        row=row,
        is_kept=is_kept,
        why_not=why_not_confirm(facts, row, reader, at),
        may_pull=not why_not_open(row),
        warning=warning_words(facts, row.outcome) if row.outcome == Decision.Outcome.REFUSE and not is_kept else "",
        total=_total(row.total_months, terms) if row.total_months else "",
    )


def _total(total: int, terms: dict[int, Note]) -> str:
    """`6 months in total, until 3 July`"""
    term = terms.get(total)
    if term is None:
        return f"{total} months in total"
    first, last = map(dt.date.fromisoformat, term.words.split())
    return in_total(Phase(total_months=total, starts_on=first, ends_on=last))


def places_words(places: int | None, taken: int) -> str:
    """How many places are left, of how many."""
    if places is None:
        return "as many places as are granted"
    left = max(places - taken, 0)
    return f"{left} of {places} place{'s' * (places != 1)} left"
