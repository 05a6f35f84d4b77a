"""One cell to one value; each function raises `ValidationError` with what the cell may hold."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from cohorts.models import Role
from cohorts.models.cohort import WEEKDAYS
from mats.clock import parse_zone
from mats.text import clean_text, normalise_email

NAME_LENGTH, SITE_LENGTH, SHOWN_LENGTH = 120, 80, 40
USUAL_HOURS, MOST_HOURS = Decimal(40), Decimal(80)

YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
WEEKDAY_NAMES = {name.casefold(): number for number, name in WEEKDAYS} | {
    name.casefold()[:3]: number for number, name in WEEKDAYS
}


def on_one_line(cell: str) -> str:
    """A cell as one line: a quoted line break in a name is how a spreadsheet wraps it."""
    return " ".join(line.strip() for line in cell.splitlines())


def plain(cell: str) -> str:
    """A word of a fixed list, whatever its case, width and surrounding space."""
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def shown(cell: str) -> str:
    """A cell quoted in a sentence: short, and nothing in it that is not to be seen."""
    visible = "".join(letter if letter.isprintable() else " " for letter in cell.strip())
    return f"“{visible[:SHOWN_LENGTH]}{'…' if len(visible) > SHOWN_LENGTH else ''}”"


def email(cell: str) -> str:
    """The address as it is kept: lower case, ordinary letters."""
    if not cell.strip():
        raise ValidationError("An address is needed here.")
    try:
        return normalise_email(cell)
    except ValidationError as error:
        if error.code != "invalid":
            raise
        raise ValidationError(f"{shown(cell)} is not an e-mail address.") from None


def name(cell: str) -> str:
    if text := clean_text(on_one_line(cell), max_length=NAME_LENGTH):
        return text
    raise ValidationError("A name is needed here.")


def site(cell: str) -> str:
    """A site's name, or nothing for remote."""
    return "" if plain(cell) in {"", "remote"} else clean_text(on_one_line(cell), max_length=SITE_LENGTH)


def role(cell: str) -> str:
    found = plain(cell)
    if found not in Role.values:
        raise ValidationError(f"{shown(cell)} is no role: scholar, mentor, coach or staff.")
    return found


def zone(cell: str, otherwise: str) -> str:
    """The zone's full name; `otherwise` where the cell is blank."""
    text = unicodedata.normalize("NFKC", cell).strip()
    try:
        return parse_zone(text).key if text else otherwise
    except ValueError as error:
        raise ValidationError(str(error)) from None


def day(cell: str) -> dt.date | None:
    """A date, or None where the cell is blank."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return None
    if not DAY.fullmatch(text):
        raise ValidationError(f"{shown(cell)} is not written as YYYY-MM-DD, for example 2027-01-31.")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"There is no day {shown(cell)}.") from None


def hours(cell: str) -> Decimal:
    """Hours a week: more than 0, up to 80, one decimal; 40 where the cell is blank."""
    text = plain(cell).replace(",", ".")
    if not text:
        return USUAL_HOURS
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValidationError(f"{shown(cell)} is not a number of hours.") from None
    if not value.is_finite() or not 0 < value <= MOST_HOURS:
        raise ValidationError(f"Hours a week are more than 0 and at most {MOST_HOURS}.")
    if value != value.quantize(Decimal("0.1")):
        raise ValidationError("Hours a week have at most one decimal.")
    return value


def yes_or_no(cell: str) -> bool:
    word = plain(cell)
    if word not in YES | NO:
        raise ValidationError("Say yes or no." if not word else f"{shown(cell)} is neither yes nor no.")
    return word in YES


def weekday(cell: str) -> int | None:
    """0 for Monday … 6 for Sunday, or None where the cell is blank."""
    word = plain(cell)
    if not word:
        return None
    if word not in WEEKDAY_NAMES:
        raise ValidationError(f"{shown(cell)} is no weekday: Monday or Mon, and so on.")
    return WEEKDAY_NAMES[word]


def clock_time(cell: str) -> dt.time | None:
    """A time of day on a clock of 24 hours, or None where the cell is blank."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return None
    match = TIME.fullmatch(text)
    if not match:
        raise ValidationError(f"{shown(cell)} is not written as HH:MM, for example 14:00.")
    return dt.time(int(match[1]), int(match[2]))
