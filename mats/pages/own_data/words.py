"""What an erasure removes and what it keeps, in words, from what the apps have declared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from cohorts.held import KINDS, Held

# Facts that stay of everybody, and why.
FACTS = [
    ("that you had a place, and its dates", "a cohort’s numbers, and what others did with you, stay true"),
    ("that a meeting or a 1-1 took place, and when", "it counts for the other person as well"),
    ("that something was sent, passed, answered or decided, and when", "the programme answers for how it went"),
    ("who changed what, and when, without the text", "a history that can be rewritten proves nothing"),
]


@dataclass(frozen=True)
class Kept:
    """Text that stays, and why."""

    what: list[str]
    why: str


def removed() -> list[str]:
    """The kinds of which text goes, each once."""
    return [kind.words for kind in KINDS.values() if kind.is_shown and (kind.removed or kind.is_deleted)]


def kept() -> list[Kept]:
    """Text that stays, by its reason; what is no text (a zone, the name of a kind) is left out."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for kind in KINDS.values():
        for column, why in kind.kept.items():
            if kind.is_shown and column in kind.columns and is_written(kind, column):
                by_reason[why].append(f"{kind.words.lower()}: {label_of(kind, column)}")
    return [Kept(what, why) for why, what in by_reason.items()]


def is_written(kind: Held, column: str) -> bool:
    return column not in {"time_zone", "kind"}


def label_of(kind: Held, column: str) -> str:
    return str(kind.model._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
