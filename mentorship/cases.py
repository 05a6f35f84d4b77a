"""An extension case as people see it: one of five states, with whom it lies."""

from __future__ import annotations

import datetime as dt

from django.db import models

from cohorts.models import Phase
from mats.clock import format_until
from mentorship.models import State


class Seen(models.TextChoices):
    """The path of a case in the words of the screen."""

    NOT_OPEN = "not_open", "not open"
    YOUR_TURN = "your_turn", "your turn"
    MENTOR = "mentor", "with your mentor"
    COMMITTEE = "committee", "with the committee"
    ANSWERED = "answered", "answered"


# What the scholar sees of each state; to others "your turn" reads "with the scholar", and so on.
SEEN: dict[State, Seen] = {
    State.MENTOR: Seen.MENTOR,
    State.TALK: Seen.MENTOR,
    State.COMMITTEE: Seen.COMMITTEE,
    State.MORE: Seen.YOUR_TURN,
    State.DECIDED: Seen.COMMITTEE,
    State.APPEALED: Seen.COMMITTEE,
    **dict.fromkeys(
        (
            State.OFFERED,
            State.WAITLISTED,
            State.REFUSED,
            State.ACCEPTED,
            State.IN_FORCE,
            State.DECLINED,
            State.WITHDRAWN,
            State.LAPSED,
            State.ENDED,
        ),
        Seen.ANSWERED,
    ),
}


def seen(state: str) -> Seen:
    return SEEN[State(state)]


def in_total(term: Phase, ends_on: dt.date | None = None) -> str:
    """`6 months in total, until 3 July`, or until a day of one's own; with the year where the term
    reaches into another one."""
    last = ends_on or term.ends_on
    words = format_until(last, year=last.year != term.starts_on.year)
    return f"{term.total_months} months in total, until {words}"
