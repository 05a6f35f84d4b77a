"""Whose turn a case is, as one reader sees it: one of five states, who has it, by when, and what to press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cohorts.models import Person, Phase
from mats import clock
from mats.prepared import prepared
from mentorship import rounds
from mentorship.cases import Seen, in_total, seen
from mentorship.deadlines import appeal_until
from mentorship.letters import term_of
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, State, TermSheet


@dataclass(frozen=True)
class Press:
    """Something the reader can do now."""

    words: str
    url: str
    is_first: bool = False  # what the case waits for
    is_answer: bool = False  # what else can be said to a decision


@dataclass(frozen=True)
class Turn:
    """`title` is the state in words, `words` what it means; `who` has it until `due_at`, where somebody does.

    `by` says of that moment what it is for, where it can be said shorter: `Accept or decline by`.
    """

    title: str
    words: str
    who: str = ""
    due_at: dt.datetime | None = None
    presses: list[Press] = field(default_factory=list)
    by: str = ""

    @property
    def first(self) -> Press | None:
        """The one button."""
        return next((press for press in self.presses if press.is_first), None)

    @property
    def answers(self) -> list[Press]:
        """The one button, and what else can be said to a decision."""
        return [press for press in self.presses if press.is_first or press.is_answer]


@dataclass(frozen=True)
class Look:
    """A case, and who looks at it when. `is_inside`: staff or committee, who read what is not released yet."""

    case: ExtensionCase
    reader: Person
    at: dt.datetime
    is_inside: bool = False

    @cached_property
    def terms(self) -> dict[int, Phase]:
        return rounds.terms(self.case.cohort)

    def total(self, months: int) -> str:
        """`6 months in total, until 3 July`"""
        return in_total(term_of(self.case.cohort, months, self.terms))

    @property
    def is_mine(self) -> bool:
        return self.case.scholar.person_id == self.reader.pk

    @property
    def scholar(self) -> str:
        return "you" if self.is_mine else self.case.scholar.person.name

    @property
    def staff(self) -> str:
        return self.case.cohort.staff_label_plural

    def press(self, words: str, name: str, *, is_first: bool = False, is_answer: bool = False) -> list[Press]:
        """A button of the scholar's; nobody else has it."""
        return [Press(words, reverse(name, args=[self.case.pk]), is_first, is_answer)] if self.is_mine else []


@prepared
def _approvals(case: UUID) -> QuerySet[Approval]:
    """The lead's first."""
    return Approval.objects.filter(case=case, archived_at=None).select_related("mentor__person").order_by("-is_lead")


@prepared
def _decisions(case: UUID) -> QuerySet[Decision]:
    """The one that holds."""
    holding = Decision.objects.filter(case=case, confirmed_at__isnull=False, replaced_at=None, archived_at=None)
    return holding.select_related("letter")


@prepared
def _sheets(case: UUID) -> QuerySet[TermSheet]:
    return TermSheet.objects.filter(case=case, archived_at=None).select_related("phase")


def turn_of(look: Look) -> Turn:
    """At most two questions."""
    return TURNS[State(look.case.state)](look)


def _title(look: Look) -> str:
    """One of the five states, from where the reader stands."""
    now = seen(look.case.state)
    if now == Seen.YOUR_TURN and not look.is_mine:
        return f"With {look.scholar}"
    if now == Seen.MENTOR and not look.is_mine:
        return "With the mentor"
    return str(now.label).capitalize()


YOUR_TURN = str(Seen.YOUR_TURN.label).capitalize()

# An answered case in a word.
ANSWERED = {
    State.OFFERED: "granted",
    State.ACCEPTED: "accepted",
    State.WAITLISTED: "on the waitlist",
    State.DECLINED: "declined",
    State.WITHDRAWN: "withdrawn",
}


def in_a_word(look: Look) -> str:
    """`withdrawn`, `with the committee`: a case where it is one of several."""
    state = State(look.case.state)
    if seen(state) == Seen.ANSWERED:
        return ANSWERED.get(state, str(state.label))
    title = _title(look)
    return title[0].lower() + title[1:]


def _withdraw(look: Look) -> list[Press]:
    return look.press("Withdraw …", "case_withdraw")


def _with_the_mentor(look: Look) -> Turn:
    approvals, presses = _approvals(case=look.case.pk), _withdraw(look)
    lead = next((one for one in approvals if one.is_lead), None)
    if not any(one.given_at for one in approvals):
        presses = [*look.press("Change the application", "case_change"), *presses]
    if lead is None:
        return Turn(_title(look), f"There is no mentor to ask yet; {look.staff} name one.", look.staff, None, presses)
    if look.case.state == State.TALK:
        words = f"{look.staff.capitalize()} and {lead.mentor.person.name} talk first."
        return Turn(_title(look), words, look.staff, lead.talk_due_at, presses)
    words = f"{lead.mentor.person.name} is asked for the mentor’s approval. Then it goes to the committee."
    return Turn(_title(look), words, lead.mentor.person.name, lead.due_at, presses)


def _with_the_committee(look: Look) -> Turn:
    case, row = look.case, look.case.round
    words, due_at = "Two people decide, and give their reasons. You hear from them by letter.", row.letters_due_at
    if not look.is_mine:
        words = "Two people decide, and give their reasons."
    if look.is_inside and case.state == State.DECIDED:
        words = "It is decided, and the letter is a draft until somebody releases it."
    elif look.is_inside:
        due_at = row.answers_due_at
    if case.appeal_due_at:
        due_at = case.appeal_due_at
        if not (look.is_inside and case.state == State.DECIDED):
            words = "It is heard again, after an appeal, by people who did not decide it."
    return Turn(_title(look), words, "the committee", due_at, _withdraw(look))


def holding(case: ExtensionCase) -> Decision | None:
    """The decision that holds, with its letter where there is one; it is not locked."""
    return next(iter(_decisions(case=case.pk)), None)


def letter_of(case: ExtensionCase) -> DecisionLetter | None:
    """Its letter, a draft or released."""
    return getattr(holding(case), "letter", None)


def question_of(case: ExtensionCase) -> Decision | None:
    """What the committee asks of the scholar now."""
    return next((one for one in _decisions(case=case.pk) if one.outcome == Decision.Outcome.MORE), None)


def _asked_for_more(look: Look) -> Turn:
    question = question_of(look.case)
    due_at = question.answer_due_at if question else None
    presses = [*look.press("Answer", "case_answer", is_first=True), *_withdraw(look)]
    return Turn(_title(look), "The committee asks for more before it decides.", look.scholar, due_at, presses)


def _granted(look: Look, decision: Decision | None) -> str:
    return look.total((decision.total_months if decision else None) or look.case.total_months)


def _offered(look: Look) -> Turn:
    decision = next(iter(_decisions(case=look.case.pk)), None)
    letter = getattr(decision, "letter", None)
    words = f"Granted: {_granted(look, decision)}."
    if decision and decision.conditions and decision.conditions_by and not decision.conditions_met_at:
        until = clock.format_until(decision.conditions_by, year=True)
        words += f" On condition: {decision.conditions.rstrip('.')}. To be met by {until}."
    due_at = letter.accept_due_at if letter else None
    is_late = due_at is not None and due_at <= look.at
    presses = look.press("Decline …", "case_decline", is_answer=True)
    if is_late:
        words += f" The day to accept has passed: {look.staff} move it, or let the grant lapse."
        return Turn(_title(look), words, look.staff, due_at, presses)
    presses = [*look.press("Accept", "case_accept", is_first=True), *presses]
    if look.is_mine:
        return Turn(YOUR_TURN, words, look.scholar, due_at, presses, by="Accept or decline by")
    return Turn(_title(look), words, look.scholar, due_at, presses)


def _waitlisted(look: Look) -> Turn:
    words = "On the waitlist. If a place becomes free, the committee decides again."
    return Turn(_title(look), words, "", None, _withdraw(look))


def _refused(look: Look) -> Turn:
    decision = next(iter(_decisions(case=look.case.pk)), None)
    released_at = getattr(getattr(decision, "letter", None), "released_at", None)
    if look.case.appeal:
        return Turn(_title(look), "Refused, also after the appeal.")
    until = appeal_until(released_at, look.case.cohort.time_zone) if released_at else None
    if until is None or until <= look.at:
        return Turn(_title(look), "Refused. The days to appeal are over.")
    words = "Refused. The letter says why, and what would change it. One appeal is heard, by people who did not decide."
    presses = look.press("Appeal …", "case_appeal", is_answer=True)
    by = f"{look.scholar[0].upper()}{look.scholar[1:]} can appeal until"
    return Turn(_title(look), words, "", until, presses, by=by)


def _accepted(look: Look) -> Turn:
    sheet, presses, title = next(iter(_sheets(case=look.case.pk)), None), _withdraw(look), _title(look)
    if sheet is None or sheet.shared_at is None:
        words = "Accepted. The next-term sheet is being prepared: days, site, hours, mentors, coach, weekly time."
        return Turn(title, words, look.staff, sheet.due_at if sheet else None, presses)
    if look.is_mine:
        waits = sheet.scholar_agreed_at is None
        title = YOUR_TURN if waits else title
        presses = [Press("Read the sheet", reverse("sheet", args=[sheet.pk]), is_first=waits), *presses]
    missing = [who for who, has in (("you" if look.is_mine else look.scholar, sheet.scholar_agreed_at),
                                    ("the lead mentor", sheet.mentor_agreed_at)) if not has]  # fmt: skip
    words = "Accepted. Once both have agreed to the next-term sheet, everything moves."
    return Turn(title, words, " and ".join(missing), sheet.agree_due_at, presses)


def _in_force(look: Look) -> Turn:
    sheet = next(iter(_sheets(case=look.case.pk)), None)
    if sheet is None:
        return Turn(_title(look), f"In force: {_granted(look, None)}.")
    begins = clock.format_until(sheet.starts_on, year=True)
    has_begun = sheet.starts_on <= clock.local_date(look.at, look.case.cohort.time_zone)
    words = (
        f"In force: {in_total(sheet.phase, sheet.ends_on)}. The term {'began' if has_begun else 'begins'} on {begins}."
    )
    return Turn(_title(look), words, presses=[] if has_begun else _withdraw(look))


def _withdrawn(look: Look) -> Turn:
    sheet = next(iter(_sheets(case=look.case.pk)), None)
    if sheet is None or sheet.in_force_at is None:
        return Turn(_title(look), "Withdrawn. Nothing that happened is undone.")
    words = f"Withdrawn. It was in force ({in_total(sheet.phase, sheet.ends_on)}); the term does not take place."
    return Turn(_title(look), f"{words} Nothing that happened is undone.")


def _over(words: str) -> Callable[[Look], Turn]:
    return lambda look: Turn(_title(look), words)


TURNS: dict[State, Callable[[Look], Turn]] = {
    State.MENTOR: _with_the_mentor,
    State.TALK: _with_the_mentor,
    State.COMMITTEE: _with_the_committee,
    State.MORE: _asked_for_more,
    State.DECIDED: _with_the_committee,
    State.OFFERED: _offered,
    State.WAITLISTED: _waitlisted,
    State.REFUSED: _refused,
    State.APPEALED: _with_the_committee,
    State.ACCEPTED: _accepted,
    State.IN_FORCE: _in_force,
    State.DECLINED: _over("Granted, and declined. Nothing that happened is undone."),
    State.WITHDRAWN: _withdrawn,
    State.LAPSED: _over("Lapsed; the history says why. Nothing that happened is undone."),
    State.ENDED: _over("The term ended early. Nothing that happened is undone."),
}
