"""Rules about what a cohort looks for."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from mats.text import clean_text
from mentorship.rules.log import BULLET

JUDGED_LINES, LINE = 20, 500  # lines, and characters of one
ALL = 100  # percent


def rhythm_is_possible(rhythm_yes: int, rhythm_partly: int) -> None:
    """The rhythm reads "partly" from at least one percent on, and "yes" from a higher one, at most 100."""
    if not 1 <= rhythm_partly <= ALL:
        raise ValidationError({"rhythm_partly": "A percentage lies between 1 and 100."})
    if not rhythm_partly < rhythm_yes <= ALL:
        raise ValidationError({"rhythm_yes": f"This lies above {rhythm_partly}, where “partly” begins, up to 100."})


def judged_lines(text: str) -> tuple[str, ...]:
    """What people judge stands one a line: at most twenty, of at most 500 characters, each once."""
    found = (" ".join(BULLET.sub("", line.strip()).split()) for line in text.splitlines())
    lines = list(dict.fromkeys(line for line in found if any(char.isalnum() for char in line)))
    if len(lines) > JUDGED_LINES:
        raise ValidationError({"judged": f"These are {len(lines)} lines; at most {JUDGED_LINES} can be kept here."})
    try:
        return tuple(clean_text(line, max_length=LINE) for line in lines)
    except ValidationError as refusal:
        raise ValidationError({"judged": refusal.messages}) from None


def says_something(expectations: Iterable[str], judged: Iterable[str]) -> None:
    """What we look for has at least one line, shown by the software or judged by people."""
    if not any(expectations) and not any(judged):
        raise ValidationError("Write at least one line: what you look for.")
