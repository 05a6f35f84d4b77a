"""Messages about the weekly rhythm, milestones and extensions; importing this registers their kinds."""

from mentorship.reminders import (
    approval,
    case,
    invitation,
    letter,
    log,
    meeting,
    midpoint,
    owed,
    review,
    sheet,
    window,
)

__all__ = [
    "approval",
    "case",
    "invitation",
    "letter",
    "log",
    "meeting",
    "midpoint",
    "owed",
    "review",
    "sheet",
    "window",
]
