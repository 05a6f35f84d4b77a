"""When a weekly log may be written, and what makes one."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from mats import clock
from mats.text import clean_text
from mentorship.models import WeeklyLog

NEXT_LINES = 20
NEXT_LINE = 300  # characters; what an action can hold
LINKS = 20
LINK = 500  # characters

# What people put before a line of a list: `- `, `* `, `1. `, `[ ] `, a box to tick.
BULLET = re.compile(r"^(?:(?:[-*+•–—·☐☑✓✔]|\[[ xX]?\]|\d{1,2}[.)])(?:\s+|$))+")
ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)


def has_begun(log: WeeklyLog, at: dt.datetime) -> bool:
    """A log is open from the first day of its week, on the cohort's wall, and never closes."""
    return clock.local_date(at, log.scholar.cohort.time_zone) >= log.week_starts_on


def check_open(log: WeeklyLog, at: dt.datetime) -> None:
    """A log is open from the first day of its week, on the cohort's wall, and never closes."""
    if log.archived_at:
        raise ValidationError("This log is no longer owed. Your text is still here; nothing was sent.")
    if not has_begun(log, at):
        opens = clock.format_day(log.week_starts_on)
        raise ValidationError(f"This week begins on {opens}. Until then your draft is kept.")


def check_says_something(*, done: str, links: str, is_away: bool) -> None:
    """A log says what was done or learned, or links to it, or that its writer was away or ill."""
    if not (done or links or is_away):
        raise ValidationError({"done": "Write at least a line or a link here: what you did or learned."})


def next_lines(text: str) -> list[str]:
    """Each line of "next" is an action: at most twenty, of at most 300 characters, each once.

    Bullets are no part of it; a line of signs alone (a rule between two parts) is none.
    """
    found = [" ".join(BULLET.sub("", line.strip()).split()) for line in text.splitlines()]
    lines = [line for line in dict.fromkeys(found) if any(char.isalnum() for char in line)]
    if len(lines) > NEXT_LINES:
        words = f"These are {len(lines)} lines, and each becomes an action; at most {NEXT_LINES} can be kept here."
        raise ValidationError({"next_up": words})
    return [_next_line(line) for line in lines]


def _next_line(line: str) -> str:
    try:
        return clean_text(line, max_length=NEXT_LINE)
    except ValidationError as refusal:
        begins = line[:30]
        raise ValidationError({"next_up": f"The line “{begins}…” becomes an action. {refusal.messages[0]}"}) from None


def clean_links(text: str) -> str:
    """Links are web addresses, one a line: at most twenty, each beginning with http:// or https://."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if len(lines) > LINKS:
        raise ValidationError({"links": f"These are {len(lines)} lines; at most {LINKS} links can be kept here."})
    for line in lines:
        if not is_address(line):
            words = "is not a web address. Write one address a line, beginning with http:// or https://."
            raise ValidationError({"links": f"“{line[:60]}” {words}"})
        if len(line) > LINK:
            raise ValidationError({"links": f"“{line[:60]}…” is too long for a link; at most {LINK} characters."})
    return "\n".join(lines)


def is_address(line: str) -> bool:
    if not (ADDRESS.fullmatch(line) and line.isprintable()):
        return False
    try:
        return bool(urlsplit(line).hostname)
    except ValueError:
        return False
