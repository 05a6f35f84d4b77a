"""Letters of decision as they are written and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from cohorts.access import visible
from cohorts.models import Cohort, Person, Phase
from cohorts.rules.days import in_words
from mats import clock
from mats.prepared import prepared
from mentorship import rounds
from mentorship.cases import in_total
from mentorship.models import Decision, DecisionLetter, ExtensionCase, State

Outcome = Decision.Outcome

# What the answer is called on screen.
ANSWERS = {Outcome.GRANT: "Granted", Outcome.WAITLIST: "On the waitlist", Outcome.REFUSE: "Refused"}
WAITLISTED = (
    "The committee has put your request on the waitlist ({asked}). If a place becomes free, your case is "
    "decided again and you hear from us; there is nothing that you have to do."
)


def term_of(cohort: Cohort, total_months: int, terms: Mapping[int, Phase] | None = None) -> Phase:
    """The cohort's term of a total; where none is set, one in words with the day by month arithmetic.

    `terms` are the cohort's, where they are known already.
    """
    found = (rounds.terms(cohort) if terms is None else terms).get(total_months)
    if found:
        return found
    main = cohort.main_phase
    last = clock.last_day_of_months(main.starts_on, total_months)
    return Phase(cohort=cohort, total_months=total_months, starts_on=main.ends_on + clock.DAY, ends_on=last)


def drafted(decision: Decision) -> str:
    """The letter of a decision in plain words, for a person to read and change before it goes out.

    By when a grant is accepted stands below the letter, where it is kept right when it moves.
    """
    case = decision.case
    parts = [f"Dear {case.scholar.person.name},", *_answer(decision, case), f"**Why.** {decision.reason}"]
    if decision.would_change:
        parts.append(f"**What would change it.** {decision.would_change}")
    return "\n\n".join([*parts, f"The committee of {case.cohort.name}"])


def _answer(decision: Decision, case: ExtensionCase) -> list[str]:
    asked = in_total(term_of(case.cohort, case.total_months))
    if decision.outcome == Outcome.WAITLIST:
        return [WAITLISTED.format(asked=asked)]
    if decision.outcome == Outcome.REFUSE:
        return [f"The committee does not grant your request ({asked})."]
    assert decision.total_months
    granted = in_total(term_of(case.cohort, decision.total_months))
    other = f" You had asked for {asked}." if decision.total_months != case.total_months else ""
    return [f"We are glad to tell you that the committee extends your place: {granted}.{other}", *_conditions(decision)]


def _conditions(decision: Decision) -> list[str]:
    if not decision.conditions or decision.conditions_by is None:
        return []
    until = in_words(decision.conditions_by)
    return [f"**On condition of** {decision.conditions} – to be met by {until}; otherwise the grant can lapse."]


# --- reading --------------------------------------------------------------------------------------


@dataclass
class Group:
    """Drafts of one outcome; `ready` can be released, the others wait for a talk."""

    outcome: str
    title: str
    drafts: list[DecisionLetter] = field(default_factory=list)

    @property
    def ready(self) -> list[DecisionLetter]:
        return [letter for letter in self.drafts if letter.outcome != Outcome.REFUSE or letter.talked_at]


def token(letter: DecisionLetter) -> str:
    """A letter as somebody has it before them: its key and version."""
    return f"{letter.pk}.{letter.version}"


@prepared
def _letters(cohort: UUID, reader: Person, at: dt.datetime) -> QuerySet[DecisionLetter]:
    theirs = visible(DecisionLetter, "letter", reader, at, "release")
    live = theirs.filter(cohort=cohort, archived_at=None, case__archived_at=None)
    live = live.select_related("case__scholar__person", "decision", "talked_by", "released_by")
    return live.order_by("case__scholar__person__name", "created_at", "pk")


def of_cohort(cohort: Cohort, reader: Person, at: dt.datetime) -> tuple[list[Group], list[DecisionLetter]]:
    """The drafts that wait, by outcome, and what was released, the latest first; one question."""
    groups = {outcome: Group(outcome, title) for outcome, title in ANSWERS.items()}
    released = []
    for letter in _letters(cohort=cohort.pk, reader=reader, at=at):
        if letter.released_at:
            released.append(letter)
        elif letter.case.state == State.DECIDED and letter.decision.holds:
            groups[Outcome(letter.outcome)].drafts.append(letter)
    released.sort(key=lambda letter: letter.released_at or letter.created_at, reverse=True)
    return [group for group in groups.values() if group.drafts], released
