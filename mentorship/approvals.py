"""Mentors' approvals as they are read: each in full, side by side, never put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.urls import reverse

from cohorts.access import condition, rows_of, visible
from cohorts.models import Person
from cohorts.rules.days import in_words
from mats.prepared import prepared
from mentorship.models import Approval, ExtensionCase, MentorSearch

SAYS = {Approval.Answer.YES: "says yes", Approval.Answer.NO: "says no", Approval.Answer.NOT_SURE: "is not sure"}
CAN = {
    "": "",
    Approval.CanMentor.YES: "can mentor them",
    Approval.CanMentor.CO_MENTOR: "can mentor them with a co-mentor",
    Approval.CanMentor.NO: "can’t mentor them",
}


@dataclass(frozen=True)
class Said:
    """One mentor's approval as one reader may see it.

    While it is not given `answer` is empty and `due_at` says by when it is owed. `for_committee` and
    `conflict_words` are filled for whoever may judge and for their author, `talk_words` for staff who may
    act on the case too, `named_why` for the duty leads; for everybody else they are empty.
    """

    pk: UUID
    mentor_name: str
    is_mine: bool
    is_lead: bool
    is_named: bool
    answer: str
    answer_words: str
    seen_done: str
    months_for: str
    can_mentor_words: str
    given_at: dt.datetime | None
    changed_at: dt.datetime | None
    due_at: dt.datetime
    talk_due_at: dt.datetime | None
    talked_at: dt.datetime | None
    talked_by: str
    talk_words: str
    for_committee: str
    conflict_words: str
    named_why: str

    @property
    def url(self) -> str:
        return reverse("approval", args=[self.pk])

    @property
    def says(self) -> str:
        """`Mira Mentor says yes`; nothing while it is not given."""
        return f"{self.mentor_name} {SAYS[Approval.Answer(self.answer)]}" if self.answer else ""


def approvals_of(case: ExtensionCase, reader: Person, at: dt.datetime) -> list[Said]:
    """What mentors have said of a case, or owe, as far as this reader may know; the lead's first. One query.

    Mentors see their own alone, the scholar those that were given.
    """
    return [_said(row) for row in _rows(reader=reader, at=at, case=case.pk)]


@prepared
def _rows(reader: Person, at: dt.datetime, case: UUID) -> QuerySet[Any]:
    rows = visible(Approval, "approval", reader, at).filter(case=case, archived_at=None)
    acted_on = visible(ExtensionCase, "case", reader, at, "administer").values("pk")
    return (
        rows.annotate(
            is_mine=_holds(condition(reader, "write", "approval", at)),
            judges=_holds(condition(reader, "judge", "approval", at)),
            reads_why=_holds(condition(reader, "read_named_why", "approval", at)),
            administers=_holds(Q(case__in=acted_on)),
        )
        .select_related("mentor__person", "talked_by")
        .order_by("-is_lead", "created_at", "mentor__person__name", "pk")
    )


def _holds(rows: Q) -> Case:
    return Case(When(rows, then=True), default=False, output_field=BooleanField())


def _said(row: Any) -> Said:
    reads_all = row.is_mine or row.judges
    return Said(
        pk=row.pk,
        mentor_name=row.mentor.person.name,
        is_mine=row.is_mine,
        is_lead=row.is_lead,
        is_named=row.named_by_id is not None,
        answer=row.answer,
        answer_words=row.get_answer_display(),
        seen_done=row.seen_done,
        months_for=row.months_for,
        can_mentor_words=can_mentor_words(row),
        given_at=row.given_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        talk_due_at=row.talk_due_at,
        talked_at=row.talked_at,
        talked_by=row.talked_by.name if row.talked_by else "",
        talk_words=row.talk_words if reads_all or row.administers else "",
        for_committee=row.for_committee if reads_all else "",
        conflict_words=row.conflict_words if reads_all else "",
        named_why=row.named_why if row.reads_why else "",
    )


def can_mentor_words(row: Approval) -> str:
    """`can mentor them until 3 July 2027`"""
    if row.can_mentor == Approval.CanMentor.UNTIL and row.mentor_until:
        return f"can mentor them until {in_words(row.mentor_until)}"
    return CAN[row.can_mentor]


def disagreement(rows: Iterable[Said]) -> str:
    """`Mira Mentor says yes, Omar Mentor says no` where those who have answered differ; else nothing."""
    given = [row for row in rows if row.answer]
    return ", ".join(row.says for row in given) if len({row.answer for row in given}) > 1 else ""


def who_judges() -> list[str]:
    """Who reads what is for the committee, in words, from the access table."""
    return [row.who for row in rows_of("approval", "judge") if not row.denies]


@dataclass(frozen=True)
class Before:
    """An earlier answer, and since when it was that."""

    answer_words: str
    at: dt.datetime


def answers_before(pk: UUID) -> list[Before]:
    """The answers that an approval had before the present one, the earliest first; one query."""
    words = dict(Approval.Answer.choices)
    steps = [Before(words[answer], changed or given) for answer, given, changed in _events(approval=pk)]
    turns = [next(same) for _, same in groupby(steps, key=lambda step: step.answer_words)]
    return turns[:-1]


@prepared
def _events(approval: UUID) -> QuerySet[Any]:
    events: Any = Approval.pgh_event_model.objects  # type: ignore[attr-defined]  # made by the tracking
    given = events.filter(pgh_obj=approval).exclude(answer="").order_by("pgh_id")
    return given.values_list("answer", "given_at", "changed_at")


def open_search(case: ExtensionCase) -> MentorSearch | None:
    """The search for a mentor that staff owe for a case; one query."""
    return next(iter(_open_searches(case=case.pk)), None)


@prepared
def _open_searches(case: UUID) -> QuerySet[MentorSearch]:
    return MentorSearch.objects.filter(case=case, closed_at=None, archived_at=None)
