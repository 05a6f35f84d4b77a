"""An extension case: applied for, moved, withdrawn. `move` is the only door from one state to the next."""

from __future__ import annotations

import datetime as dt

from cohorts.actions.holding import take
from cohorts.models import Person
from mats.history.tracking import for_this_alone
from mentorship.models import ExtensionCase, State
from mentorship.rules.case import move_is_allowed


def take_case(case: ExtensionCase, version: int | None = None) -> ExtensionCase:
    """The case, locked until the transaction ends: whoever judges a case, or anything of it, does this first.

    Where a place of the round is judged too, lock the round before; where dates of the cohort move,
    `hold` the cohort before both. Always in that order.
    """
    return take(case, version)


def move(case: ExtensionCase, to: State, *, by: Person | None, at: dt.datetime, why: str = "") -> ExtensionCase:
    """Move a case that is locked (`take_case`); raises in words where the table of moves has no such move.

    `by` is None for the product itself. `why` stands in the history of this case alone, so that many
    cases can move in one transaction, each for its own reason.
    """
    move_is_allowed(case, to)
    case.state, case.state_since, case.state_by = to, at, by
    if not why:
        case.save_edit("state", "state_since", "state_by")
        return case
    with for_this_alone(why):
        case.save_edit("state", "state_since", "state_by")
    return case
