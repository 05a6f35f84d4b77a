"""Messages about the weekly rhythm, milestones and extensions; importing this registers their kinds."""

from mentorship.reminders import case, letter, log, meeting, midpoint, owed, review, window

__all__ = ["case", "letter", "log", "meeting", "midpoint", "owed", "review", "window"]
