"""Rules about an extension case: who may apply, and what a scholar may do with their case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from cohorts.models import Cohort, Membership, Person, Phase, Role, Stay
from cohorts.rules.days import in_words
from mats import clock
from mats.prepared import prepared
from mentorship import rounds
from mentorship.deadlines import appeal_until
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, LateEntry, Round, State, TermSheet
from mentorship.models.case import MOVES
from mentorship.rules.reader import bars

ANSWERED = (State.DECLINED, State.LAPSED, State.ENDED, State.IN_FORCE)
# As far as the scholar knows: of a decision they hear by its letter.
UNANSWERED = (State.MENTOR, State.TALK, State.COMMITTEE, State.MORE, State.DECIDED)


def move_is_allowed(case: ExtensionCase, to: State) -> None:
    """A case moves only as the table of moves allows."""
    if to not in MOVES[State(case.state)]:
        now = State(case.state).label
        raise ValidationError(f"This case has moved on ({now}). Look at the page again: nothing was changed.")


# --- who may apply ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opening:
    """What a scholar may apply for now: in which round, by which late entry, and the terms by their totals."""

    round: Round
    terms: dict[int, Phase]
    late_entry: LateEntry | None = None

    @property
    def last_day(self) -> dt.date:
        return self.late_entry.until_on if self.late_entry else self.round.closes_on

    @property
    def closes_at(self) -> dt.datetime:
        return self.late_entry.closes_at if self.late_entry else self.round.closes_at


@dataclass(frozen=True)
class Known:
    """What is known of a scholar already: their latest case, and the rounds of their cohort."""

    last: ExtensionCase | None
    rounds: list[Round]


def check_may_apply(scholar: Membership, at: dt.datetime, known: Known | None = None) -> Opening:
    """A scholar who is here applies in the round of the phase they are in, while its window is open or
    staff let them apply late; for more months than they have; with no other case open, and once a round."""
    check_has_a_place(scholar)
    known = known or Known(last_case(scholar), rounds.rounds_of(scholar.cohort))
    check_no_open_case(known.last)
    stay = rounds.latest_stay(scholar)
    row = check_there_is_a_round(rounds.round_of_stay(known.rounds, stay))
    was_answered = check_not_refused(row, known.last)
    entry = _late_entry(scholar, row, at) if was_answered or at >= row.closes_at else None
    if was_answered:
        check_was_let_in(known.last, entry)
    check_is_here(scholar, stay, at)
    check_window(scholar, row, entry, at)
    terms = terms_ahead(scholar, stay)
    check_there_is_a_term(scholar, terms)
    return Opening(row, terms, entry)


def check_has_a_place(scholar: Membership) -> None:
    """An extension is for a scholar with a place in a launched cohort."""
    if scholar.role != Role.SCHOLAR or scholar.archived_at or not scholar.cohort.is_launched:
        raise ValidationError(f"Only a {scholar.cohort.scholar_label} with a place in this cohort can apply.")


def terms_ahead(scholar: Membership, stay: Stay | None) -> dict[int, Phase]:
    """The terms of the cohort with a total that is more than what the scholar has already."""
    has = stay.phase.total_months or 0 if stay else 0
    return {total: term for total, term in rounds.terms(scholar.cohort).items() if total > has}


def check_there_is_a_term(scholar: Membership, terms: dict[int, Phase]) -> None:
    """Nobody applies for a term that does not exist."""
    if not terms:
        raise ValidationError(f"{scholar.cohort.name} has no extension term with more months than you have.")


def check_there_is_a_round(row: Round | None) -> Round:
    """Nobody applies before the days to apply are set."""
    if row is None:
        raise ValidationError("The days on which you can apply are not set yet. They will stand on this page.")
    return row


def check_no_open_case(last: ExtensionCase | None) -> None:
    """A scholar has one open case at a time."""
    if last and last.is_open:
        raise ValidationError("You have an open case already: change or withdraw that one.")


def check_not_refused(row: Round, last: ExtensionCase | None) -> bool:
    """A round answers each scholar once: after a refusal an appeal is heard. Whether it has answered otherwise."""
    if last is None or last.round_id != row.pk:
        return False
    if last.state == State.REFUSED:
        raise ValidationError("This round has answered: your request was refused. An appeal is made on your case.")
    return last.state in ANSWERED or (last.state == State.WITHDRAWN and last.has_letter)  # type: ignore[attr-defined]


def check_was_let_in(last: ExtensionCase | None, entry: LateEntry | None) -> None:
    """After a yes that was declined, withdrawn or has lapsed a scholar applies again where staff have let
    them since."""
    if last and (entry is None or entry.created_at < last.state_since):
        label = last.cohort.staff_label_plural
        raise ValidationError(f"This round has answered you once. Ask {label}: they can let you apply again.")


def check_is_here(scholar: Membership, stay: Stay | None, at: dt.datetime) -> None:
    """Whoever has left does not extend their stay."""
    if stay is None or stay.ends_on < clock.local_date(at, scholar.cohort.time_zone):
        raise ValidationError("Your days here are over, so there is nothing to extend.")


def check_window(scholar: Membership, row: Round, entry: LateEntry | None, at: dt.datetime) -> None:
    """People apply from the moment the window opens to the moment it closes, the same for every zone;
    afterwards with a late entry of their own."""
    if at < row.opens_at:
        raise ValidationError(f"You can apply from {in_words(row.opens_on)} on.")
    if at >= row.closes_at and entry is None:
        label = scholar.cohort.staff_label_plural
        raise ValidationError(f"The last day to apply was {in_words(row.closes_on)}. Ask {label} to let you in late.")


@prepared
def _cases(scholar: UUID) -> QuerySet[ExtensionCase]:
    """The latest; with `has_letter`: whether it was answered once, also where it was withdrawn since."""
    letters = DecisionLetter.objects.filter(case=OuterRef("pk"), released_at__isnull=False)
    rows = ExtensionCase.objects.filter(scholar=scholar, archived_at=None).annotate(has_letter=Exists(letters))
    return rows.select_related("cohort", "round").order_by("-number")[:1]


def last_case(scholar: Membership) -> ExtensionCase | None:
    return next(iter(_cases(scholar=scholar.pk)), None)


def _late_entry(scholar: Membership, row: Round, at: dt.datetime) -> LateEntry | None:
    """The one that is open."""
    entries = LateEntry.objects.filter(scholar=scholar, round=row, archived_at=None, closes_at__gt=at)
    return entries.select_related("opened_by").first()


def check_total(total_months: int | None, terms: Collection[int]) -> None:
    """A scholar asks for the total of a term that exists, and for more than they have."""
    if total_months not in terms:
        totals = " or ".join(str(total) for total in terms)
        raise ValidationError({"total_months": f"Choose {totals or 'one of the totals'} months in total."})


def check_plan(plan: str) -> None:
    """An application says what the months are for."""
    if not plan:
        raise ValidationError({"plan": "Say what the months are for."})


# --- what a scholar does with their case ------------------------------------------------------------


def check_may_change(case: ExtensionCase) -> None:
    """An application is changed until a mentor has answered it: they answer what they have read."""
    state = State(case.state)
    if state == State.WITHDRAWN:
        raise ValidationError("You have withdrawn this case, so what stands there stays.")
    if state not in UNANSWERED:
        raise ValidationError("The committee has answered what stands there, so it stays.")
    given = Approval.objects.filter(case=case, given_at__isnull=False, archived_at=None)
    if state != State.MENTOR or given.exists():
        raise ValidationError("Your mentor has answered what stands there, so it stays. You can still withdraw.")


def check_may_withdraw(case: ExtensionCase, at: dt.datetime) -> None:
    """A scholar withdraws until the term's first day; after it, a term ends early."""
    if State.WITHDRAWN not in MOVES[State(case.state)]:
        raise ValidationError(f"This case is {State(case.state).label}: there is nothing to withdraw.")
    if case.state != State.IN_FORCE:
        return
    sheet = TermSheet.objects.filter(case=case, archived_at=None).first()
    if sheet and sheet.starts_on <= clock.local_date(at, case.cohort.time_zone):
        raise ValidationError(
            f"Your term began on {in_words(sheet.starts_on)}. Ask {case.cohort.staff_label_plural} to end it early."
        )


def check_is_asked(case: ExtensionCase, question: Decision | None) -> Decision:
    """A scholar answers what the committee has asked, once."""
    if case.state != State.MORE or question is None or question.answered_at:
        raise ValidationError("Nothing is asked of you now. Look at the page again: nothing was changed.")
    return question


def check_says_something(answer: str) -> None:
    """An answer says something."""
    if not answer:
        raise ValidationError({"answer": "Write your answer."})


def check_in_time(letter: DecisionLetter | None, cohort: Cohort, at: dt.datetime) -> None:
    """A grant is accepted by the end of its last day."""
    if letter and letter.accept_by and letter.accept_due_at and at >= letter.accept_due_at:
        raise ValidationError(
            f"The last day to accept was {in_words(letter.accept_by)}. Write to {cohort.staff_label_plural}: until the "
            "grant is let lapse, they can move that day."
        )


def check_is_offered(case: ExtensionCase) -> None:
    """Only a grant that waits for its scholar is accepted or declined."""
    if case.state != State.OFFERED:
        raise ValidationError("There is nothing to accept or decline here now. Nothing was changed.")


def check_may_appeal(case: ExtensionCase, letter: DecisionLetter | None, at: dt.datetime) -> None:
    """A refusal is appealed against once, within fourteen days of its letter."""
    if case.appeal:
        raise ValidationError("You have appealed already: there is one appeal in a case.")
    if case.state != State.REFUSED or letter is None or letter.released_at is None:
        raise ValidationError("There is no refusal to appeal against here.")
    if at >= appeal_until(letter.released_at, case.cohort.time_zone):
        raise ValidationError("An appeal is made within fourteen days of the letter; they are over.")


def check_says_why_appealed(appeal: str) -> None:
    """An appeal says why."""
    if not appeal:
        raise ValidationError({"appeal": "Say what should be looked at again, and why."})


# --- applying late ----------------------------------------------------------------------------------


def check_may_let_in(scholar: Membership, row: Round | None, by: Person, until_on: dt.date, at: dt.datetime) -> Round:
    """Staff let a scholar apply late, once the window has closed, until a day within the phase; never
    themselves, nobody with an open case, and nobody who was refused."""
    check_has_a_place(scholar)
    if scholar.person_id == by.pk:
        raise ValidationError("Somebody else opens this for you.")
    if by.pk in bars([scholar])[scholar.person_id]:
        raise ValidationError("You stand close to this case: somebody else of the staff opens it.")
    row = check_there_is_a_round(row)
    if at < row.closes_at:
        raise ValidationError(f"Everybody can apply until {in_words(row.closes_on)}, so nobody is late yet.")
    last = last_case(scholar)
    if last and last.is_open:
        raise ValidationError(f"{scholar.person.name} has an open case already.")
    if last and last.round_id == row.pk and last.state == State.REFUSED:
        raise ValidationError(f"{scholar.person.name} was refused in this round: an appeal is heard instead.")
    today = clock.local_date(at, scholar.cohort.time_zone)
    if not today <= until_on <= row.phase.ends_on:
        words = f"Choose a day from today, {in_words(today)}, to the end of the phase, {in_words(row.phase.ends_on)}."
        raise ValidationError({"until_on": words})
    return row
