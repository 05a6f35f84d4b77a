"""Rules about an extension case."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from mentorship.models import ExtensionCase, State
from mentorship.models.case import MOVES


def move_is_allowed(case: ExtensionCase, to: State) -> None:
    """A case moves only as the table of moves allows."""
    if to not in MOVES[State(case.state)]:
        now = State(case.state).label
        raise ValidationError(f"This case is {now} by now. Look at the page again: nothing was changed.")
