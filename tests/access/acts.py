"""The table of acts as it is read: row × act → the visitors who may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).parent / "acts.txt"
NOBODY = "-"

Acts = dict[str, frozenset[str]]


def declared() -> dict[str, Acts]:
    """The acts of each row."""
    groups: Acts = {}
    rows: dict[str, Acts] = {}
    for line in FILE.read_text().splitlines():
        if line.startswith("@"):
            name, words = line.split("=")
            groups[name.strip()] = _named(words.split(), groups)
        elif line.startswith(" "):
            acts, words = line.split(":")
            rows[list(rows)[-1]] |= dict.fromkeys(acts.split(), _named(words.split(), groups))
        elif re.match(r"\w", line):
            rows[line] = {}
    return rows


def _named(words: Iterable[str], groups: Acts) -> frozenset[str]:
    named: set[str] = set()
    for word in words:
        if word.startswith("@"):
            named |= groups[word]
        elif word != NOBODY:
            named = named - {word[1:]} if word.startswith("-") else named | {word}
    return frozenset(named)


def thing_of(row: str) -> str:
    return row.partition(".")[0]
