"""Messages about the weekly rhythm, milestones and extensions; importing this registers their kinds."""

from mentorship.reminders import log, meeting, midpoint, owed, review

__all__ = ["log", "meeting", "midpoint", "owed", "review"]
