"""Rules about the letter of a committee's decision, its release, and what may lapse."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.rules.days import in_words
from mats.clock import local_date
from mentorship.models import Decision, DecisionLetter, ExtensionCase, State

Outcome = Decision.Outcome


# Before the release


def check_is_draft(letter: DecisionLetter) -> None:
    """A letter is changed and released while it is a draft; what was released stays as it was read."""
    if letter.released_at:
        raise ValidationError("This letter was released already. It stays as it was read.")


def check_still_holds(letter: DecisionLetter, case: ExtensionCase) -> None:
    """A letter tells of a decision that holds, on a case that waits for it."""
    if case.state == State.WITHDRAWN:
        raise ValidationError("This case was withdrawn. Its letter is not sent.")
    if case.state != State.DECIDED or letter.decision.replaced_at:
        raise ValidationError(f"This case is {State(case.state).label} by now. Look at the page again.")


def check_says_something(body: str) -> None:
    """A letter says something."""
    if not body.strip():
        raise ValidationError({"body": "A letter says something."})


def check_talked_first(letter: DecisionLetter) -> None:
    """A no is released after somebody has talked with the scholar."""
    if letter.outcome == Outcome.REFUSE and not letter.talked_at:
        raise ValidationError("A no goes out after a talk. Tick “we have talked” first.")


def check_is_a_no(letter: DecisionLetter) -> None:
    """A talk comes before a no; other letters wait for none."""
    if letter.outcome != Outcome.REFUSE:
        raise ValidationError("Only a no waits for a talk.")


def check_may_release(is_allowed: bool) -> None:
    """Whoever is recused from a case releases no letter of it."""
    if not is_allowed:
        raise ValidationError("You keep out of this case; somebody else releases its letter.")


# The day by which a grant is accepted


def check_accept_by(letter: DecisionLetter, accept_by: dt.date | None, at: dt.datetime) -> None:
    """A grant is accepted by a day that lies ahead; nothing else is accepted."""
    if letter.outcome != Outcome.GRANT:
        if accept_by:
            raise ValidationError({"accept_by": "Only a grant is accepted."})
        return
    if accept_by is None:
        raise ValidationError({"accept_by": "Say by when it is to be accepted."})
    if accept_by <= local_date(at, letter.cohort.time_zone):
        raise ValidationError({"accept_by": "This day lies ahead: give at least until tomorrow."})


def check_moves_later(letter: DecisionLetter, accept_by: dt.date) -> None:
    """After its release the day by which a grant is accepted only moves to a later one."""
    if not letter.released_at or letter.accept_by is None:
        raise ValidationError("This letter is a draft: change it instead.")
    if accept_by <= letter.accept_by:
        raise ValidationError({"accept_by": f"It is {in_words(letter.accept_by)} so far; choose a later day."})


def check_waits_for_acceptance(case: ExtensionCase) -> None:
    """The day to accept moves while a grant waits to be accepted."""
    if case.state != State.OFFERED:
        raise ValidationError(f"This case is {State(case.state).label} by now. Look at the page again.")


# Conditions, and what lapses

MET_IN = (State.DECIDED, State.OFFERED, State.ACCEPTED, State.IN_FORCE)


def waits_for_conditions(decision: Decision, case: ExtensionCase) -> bool:
    """Conditions are met once, of a grant that holds and has not ended."""
    is_open = decision.holds and case.state in MET_IN
    return is_open and decision.conditions != "" and decision.conditions_met_at is None


def check_waits_for_conditions(decision: Decision, case: ExtensionCase) -> None:
    """What a grant was on condition of is said to be met once."""
    if not waits_for_conditions(decision, case):
        raise ValidationError("No condition waits here any more. Look at the page again.")


def may_lapse(case: ExtensionCase, decision: Decision | None, letter: DecisionLetter | None, at: dt.datetime) -> None:
    """A grant lapses once its day to accept has passed; an accepted one once the day of its conditions
    has passed and they are not met; a place on the waitlist at any time. A person does it."""
    if case.state == State.WAITLISTED:
        return
    if case.state == State.OFFERED:
        due_at, day = (letter.accept_due_at, letter.accept_by) if letter else (None, None)
        if due_at is None or day is None or at < due_at:
            until = f" until {in_words(day)}" if day else ""
            raise ValidationError(f"It can be accepted{until}; it lapses after that day at the earliest.")
        return
    if case.state == State.ACCEPTED:
        _condition_has_passed(decision, at)
        return
    raise ValidationError(f"This case is {State(case.state).label}: it can’t lapse.")


def _condition_has_passed(decision: Decision | None, at: dt.datetime) -> None:
    """An accepted grant lapses only for conditions that are not met by the end of their day."""
    if decision is None or decision.conditions_due_at is None or decision.conditions_by is None:
        raise ValidationError("This grant was accepted and has no condition: it can’t lapse.")
    if decision.conditions_met_at:
        raise ValidationError("Its conditions are met: it can’t lapse.")
    if at < decision.conditions_due_at:
        raise ValidationError(f"Its conditions may be met until {in_words(decision.conditions_by)}.")


def says_why_it_lapses(reason: str) -> None:
    """A case lapses for a reason, which its scholar reads."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it lapses; the scholar reads it."})
