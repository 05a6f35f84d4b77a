"""Rules about the calendar of a round."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q

from cohorts.models import Cohort, Milestone, Phase
from cohorts.rules.days import in_words
from mentorship.deadlines import FROM_MIDPOINT
from mentorship.models import Decision, ExtensionCase, Round, State
from mentorship.models.case import PLACE_TAKEN

PROMISES = {"answers": "The answers", "letters": "The letters"}
NO_MIDPOINT = "Set the mid-point first: at least two weeks lie between it and the last day to apply."


def midpoint_of(cohort: Cohort) -> Milestone:
    """A round needs the cohort's mid-point; raises where there is none yet."""
    found = Milestone.objects.filter(cohort=cohort, kind=Milestone.Kind.MIDPOINT, archived_at=None).first()
    if found is None:
        raise ValidationError(NO_MIDPOINT)
    return found


def dates_in_order(opens_on: dt.date, closes_on: dt.date, answers_on: dt.date, letters_on: dt.date) -> None:
    """The window opens before it closes, answers come after it, and letters not before the answers."""
    if closes_on < opens_on:
        raise ValidationError({"closes_on": f"This comes before the first day to apply, {in_words(opens_on)}."})
    if answers_on < closes_on:
        raise ValidationError({"answers_on": f"People can still apply until {in_words(closes_on)}."})
    if letters_on < answers_on:
        raise ValidationError({"letters_on": f"The answers are promised by {in_words(answers_on)} only."})


def within_its_phase(phase: Phase, opens_on: dt.date, answers_on: dt.date, letters_on: dt.date) -> None:
    """A round lies in one phase: it opens within it, and answers and letters come before its end."""
    name = "main phase" if phase.kind == Phase.Kind.MAIN else "term"
    if opens_on < phase.starts_on:
        raise ValidationError({"opens_on": f"The {name} begins on {in_words(phase.starts_on)}."})
    for field, day in (("answers_on", answers_on), ("letters_on", letters_on)):
        if day > phase.ends_on:
            raise ValidationError({field: f"The {name} ends on {in_words(phase.ends_on)}; promise it by then."})


def two_weeks_from_midpoint(midpoint_on: dt.date, closes_on: dt.date) -> None:
    """At least two weeks lie between the mid-point and the last day to apply."""
    if closes_on < midpoint_on + FROM_MIDPOINT:
        first = in_words(midpoint_on + FROM_MIDPOINT)
        raise ValidationError(
            {
                "closes_on": f"The mid-point is on {in_words(midpoint_on)}, and at least two weeks lie between. "
                f"Close on {first} or later, or move the mid-point first."
            }
        )


def midpoint_fits_round(cohort: Cohort, due_on: dt.date | None) -> None:
    """At least two weeks lie between the mid-point and the last day to apply, also when the mid-point
    moves; None: it is to be removed, which a round does not allow."""
    found = Round.objects.filter(cohort=cohort, phase__kind=Phase.Kind.MAIN, archived_at=None).first()
    if found is None:
        return
    if due_on is None:
        raise ValidationError("The round for extensions is counted from the mid-point, so it stays. It can be moved.")
    latest = found.closes_on - FROM_MIDPOINT
    if due_on > latest:
        raise ValidationError(
            {
                "due_on": f"People apply until {in_words(found.closes_on)}, and at least two weeks lie between. "
                f"The latest day is {in_words(latest)}, unless the last day to apply is moved first."
            }
        )


def milestone_fits_round(milestone: Milestone, due_on: dt.date | None) -> None:
    """Of a cohort's milestones the mid-point alone is bound to the round (see `midpoint_fits_round`)."""
    if milestone.kind == Milestone.Kind.MIDPOINT:
        midpoint_fits_round(milestone.cohort, due_on)


def phase_holds_its_round(phase: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    """A phase is never moved away from under the round in it."""
    found = Round.objects.filter(phase=phase, archived_at=None).first()
    if found and found.opens_on < starts_on:
        raise ValidationError({"starts_on": f"Applications open on {in_words(found.opens_on)}. Move that first."})
    if found and found.letters_on > ends_on:
        raise ValidationError({"ends_on": f"Letters are promised by {in_words(found.letters_on)}. Move that first."})


def promise_stands(row: Round, at: dt.datetime, answers_on: dt.date, letters_on: dt.date) -> None:
    """A promised day that has gone by is not moved, nor one whose promise is kept."""
    for field, day, due_at, kept_at in (
        ("answers_on", answers_on, row.answers_due_at, row.answers_given_at),
        ("letters_on", letters_on, row.letters_due_at, row.letters_sent_at),
    ):
        if day == getattr(row, field):
            continue
        promised = in_words(getattr(row, field))
        if kept_at:
            raise ValidationError({field: f"This was promised by {promised}, and is kept. It stays."})
        if due_at <= at:
            raise ValidationError({field: f"This was promised by {promised}. It stays; say when it is kept."})


def promise_is_due_to_be_kept(row: Round, at: dt.datetime) -> None:
    """Nobody is answered before the last day to apply is over."""
    if at < row.closes_at:
        raise ValidationError(f"People can apply until {in_words(row.closes_on)}. Say it once they have been answered.")


def not_kept_yet(row: Round, which: str) -> None:
    """That a promise is kept is said once."""
    kept_at = row.answers_given_at if which == "answers" else row.letters_sent_at
    if kept_at:
        raise ValidationError(f"{PROMISES[which]} were marked as given before; nothing is changed.")


def kept_by_its_cases(row: Round) -> None:
    """Where somebody has applied, the last answer and the last letter keep the promise, not a press."""
    waiting = ExtensionCase.objects.filter(round=row, archived_at=None).exclude(state=State.WITHDRAWN)
    if waiting.exists():
        raise ValidationError("This is kept by itself, once the last case of the round has its own.")


def takes_a_place() -> Q:
    """Cases that take a place of their round: offered, accepted or in force, or granted with a letter still a
    draft."""
    grants = Decision.objects.filter(outcome="grant", confirmed_at__isnull=False, replaced_at=None, archived_at=None)
    return Q(state__in=PLACE_TAKEN) | Q(state=State.DECIDED, pk__in=grants.values("case"))


def places_taken(row: Round) -> int:
    """How many places of a round are granted."""
    return ExtensionCase.objects.filter(takes_a_place(), round=row, archived_at=None).count()


def places_hold_what_is_granted(row: Round, places: int | None) -> None:
    """Places are as many as are granted, or more; None: as many as apply."""
    if places is None or places == row.places:
        return
    if places < (taken := places_taken(row)):
        raise ValidationError({"places": f"{taken} are granted already; set {taken} or more, or leave it blank."})
