"""Messages about the weekly rhythm; importing this registers their kinds."""

from mentorship.reminders import log, meeting

__all__ = ["log", "meeting"]
