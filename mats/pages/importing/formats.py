"""What the three files hold, and the limits of a file."""

from __future__ import annotations

from dataclasses import dataclass

from mats.forms.uploads import MAX_FILE_BYTES as MAX_BYTES

MAX_ROWS = 20_000
MAX_CELL = 2_000  # characters; no cell of these files needs more

PEOPLE, PAIRINGS, CASELOADS = "people", "pairings", "caseloads"
KINDS = (PEOPLE, PAIRINGS, CASELOADS)

COLUMNS = {
    PEOPLE: ("email", "name", "role", "time_zone", "site", "starts_on", "ends_on", "hours_per_week"),
    PAIRINGS: ("scholar", "mentor", "lead", "starts_on", "ends_on", "weekday", "local_time", "time_zone"),
    CASELOADS: ("scholar", "coach", "starts_on", "ends_on"),
}

# Where no single column is at fault.
WHOLE_FILE, WHOLE_ROW = "file", "row"


@dataclass(frozen=True)
class BadRow:
    """Why a row (or a file) is not taken: `people.csv:12:role: …`."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.reason}"


@dataclass(frozen=True)
class Source:
    """One file as it was given: what it is for, what it is called, its bytes."""

    kind: str
    name: str
    content: bytes


def template(kind: str) -> str:
    """An empty file of this kind: its header line."""
    return ",".join(COLUMNS[kind]) + "\r\n"


def too_large(size: int) -> str:
    """Why a file of this many bytes is refused; empty if it is not."""
    if size <= MAX_BYTES:
        return ""
    return f"This file is too large. A file may have up to {MAX_BYTES // 1024**2} MB and {MAX_ROWS:,} rows."
