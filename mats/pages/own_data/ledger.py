"""The ledger of erasures: a file outside the database, so that a restored backup is erased again.

A line is JSON: whom (a key, no name), when, by whom, why. Lines are added, never changed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Entry:
    person: uuid.UUID
    at: dt.datetime
    by: uuid.UUID | None
    reason: str


class Unreadable(Exception):
    """A line of the ledger that is none; its number, from 1, and never what it holds."""


def append(entry: Entry) -> None:
    """Add a line, and have it on the disk before anything is committed; raises OSError."""
    path = Path(settings.ERASURE_LEDGER)
    line = {"person": str(entry.person), "at": entry.at.isoformat(), "by": str(entry.by or ""), "reason": entry.reason}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def entries(path: Path) -> Iterator[Entry]:
    """The lines in their order. A last line that was cut off is none: its erasure was never committed."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        try:
            if line:
                yield _entry(json.loads(line))
        except (ValueError, KeyError, TypeError):
            if number < len(lines):
                raise Unreadable(f"Line {number} of the ledger cannot be read.") from None


def _entry(line: dict[str, str]) -> Entry:
    by = uuid.UUID(line["by"]) if line["by"] else None
    return Entry(uuid.UUID(line["person"]), dt.datetime.fromisoformat(line["at"]), by, line["reason"])
