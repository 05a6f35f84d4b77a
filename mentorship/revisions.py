"""What was changed in a weekly log, version by version, from its history."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentorship.models import WeeklyLog

TITLES = {
    "is_away": "Away or ill",
    "done": "What I did and learned",
    "links": "Links",
    "next_up": "Next",
    "stuck": "Where I am stuck",
}
# Versions on one page, and how many pairs of words are compared for all of them, the latest first:
# a text that was written anew from end to end stands there whole, before and after.
VERSIONS = 30
PAIRS = 600_000
WORD = re.compile(r"\S+\s*|\s+")
WRAPS = {
    "same": "{}",
    "out": '<del><span class="visually-hidden">[taken out: </span>{}<span class="visually-hidden">] </span></del>',
    "in": '<ins><span class="visually-hidden">[added: </span>{}<span class="visually-hidden">] </span></ins>',
}


@dataclass(frozen=True)
class Revision:
    """One submitted version: when it was sent, and the parts in which it differs from the one before;
    of the oldest shown, all its parts."""

    at: dt.datetime
    is_first: bool
    is_oldest: bool
    parts: list[tuple[str, SafeString]]


def read_revisions(log: WeeklyLog) -> list[Revision]:
    """The latest first; one query."""
    versions = _versions(log)
    compare = _Comparison()
    found = [_revision(after, _differences(before, after, compare)) for after, before in pairwise(versions)]
    return [*found, *(_revision(oldest, _whole(oldest), is_oldest=True) for oldest in versions[-1:])]


def _revision(version: dict[str, Any], parts: list[tuple[str, SafeString]], *, is_oldest: bool = False) -> Revision:
    at = version["edited_at"] or version["submitted_at"]
    return Revision(at, is_first=version["edited_at"] is None, is_oldest=is_oldest, parts=parts)


def _differences(before: dict[str, Any], after: dict[str, Any], compare: _Comparison) -> list[tuple[str, SafeString]]:
    changed = [name for name in TITLES if before[name] != after[name]]
    return [(TITLES[name], compare.words(before[name], after[name])) for name in changed]


def _whole(version: dict[str, Any]) -> list[tuple[str, SafeString]]:
    return [(TITLES[name], format_html("{}", version[name])) for name in TITLES if version[name] not in {"", "no"}]


def _versions(log: WeeklyLog) -> list[dict[str, Any]]:
    """The texts of each submission, the latest first. What only the calendar changed in the row (when
    it is due) is no version."""
    events: Any = WeeklyLog.pgh_event_model  # type: ignore[attr-defined]  # made by `tracked`
    rows = events.objects.filter(pgh_obj=log.pk, submitted_at__isnull=False).order_by("-pgh_id")
    latest = rows.values("submitted_at", "edited_at", *TITLES)[: 4 * VERSIONS]
    kept = [next(same) for _, same in groupby(latest, key=lambda row: (row["submitted_at"], row["edited_at"]))]
    return [row | {"is_away": "yes" if row["is_away"] else "no"} for row in kept[:VERSIONS]]


class _Comparison:
    """Two texts word by word; what it may still spend goes down with each."""

    def __init__(self) -> None:
        self.left = PAIRS

    def words(self, before: str, after: str) -> SafeString:
        old, new = WORD.findall(before), WORD.findall(after)
        start = _shared(old, new)
        end = _shared(old[start:][::-1], new[start:][::-1])
        middle = list(self._between(old[start : len(old) - end], new[start : len(new) - end]))
        pieces = [
            *(("same", word) for word in old[:start]),
            *middle,
            *(("same", word) for word in old[len(old) - end :]),
        ]
        runs = [(kind, "".join(word for _, word in run)) for kind, run in groupby(pieces, key=lambda piece: piece[0])]
        return format_html_join("", "{}", [(format_html(WRAPS[kind], text),) for kind, text in runs])

    def _between(self, old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
        """Words in their order, each the same in both, taken out or added."""
        self.left -= len(old) * len(new)
        if self.left < 0:
            yield from [*(("out", word) for word in old), *(("in", word) for word in new)]
            return
        lengths = _longest_common(old, new)
        i = j = 0
        while i < len(old) or j < len(new):
            if i < len(old) and j < len(new) and old[i].split() == new[j].split():
                yield "same", new[j]
                i, j = i + 1, j + 1
            elif j == len(new) or (i < len(old) and lengths[i + 1][j] >= lengths[i][j + 1]):
                yield "out", old[i]
                i += 1
            else:
                yield "in", new[j]
                j += 1


def _shared(old: list[str], new: list[str]) -> int:
    """How many words at the beginning are the same."""
    return next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _longest_common(old: list[str], new: list[str]) -> list[list[int]]:
    """How many words the rest of both texts share, from each pair of places on."""
    ours, theirs = [word.split() for word in old], [word.split() for word in new]
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, word = lengths[i], lengths[i + 1], ours[i]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if word == theirs[j] else max(below[j], row[j + 1])
    return lengths
