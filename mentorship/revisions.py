"""What was changed from version to version: of a weekly log, from its history, and of a submission."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentorship.models import Submission, SubmittedText, WeeklyLog

TITLES = {
    "is_away": "Away or ill",
    "done": "What I did and learned",
    "links": "Links",
    "next_up": "Next",
    "stuck": "Where I am stuck",
}
TEXT_TITLES = {"form": "Talk or poster", "text": "Text", "links": "Links"}
# Versions on one page, and how many pairs of words are compared for all of them, the latest first:
# a text that was written anew from end to end stands there whole, before and after.
VERSIONS = 30
PAIRS = 600_000
PAIRS_AT_ONCE = 100_000  # more than these, and a text is compared by its lines first
Piece = tuple[str, str]  # same, out or in; and the words
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
    """Of a weekly log, the latest first; one query."""
    return _revisions(_versions(log), TITLES)


def read_texts(submission: Submission) -> list[Revision]:
    """Of a submission, the latest first; one query."""
    forms = dict(SubmittedText.Form.choices)
    texts = SubmittedText.objects.filter(submission=submission).order_by("-number")[:VERSIONS]
    versions = [
        {"at": text.sent_at, "is_first": text.number == 1, "form": forms.get(text.form, ""), "text": text.text}
        | {"links": text.links}
        for text in texts
    ]
    return _revisions(versions, TEXT_TITLES)


def _revisions(versions: list[dict[str, Any]], titles: dict[str, str]) -> list[Revision]:
    """Versions have a text for each title, the moment `at` and whether it `is_first`."""
    compare = _Comparison()
    found = [_revision(after, _differences(before, after, titles, compare)) for after, before in pairwise(versions)]
    return [*found, *(_revision(oldest, _whole(oldest, titles), is_oldest=True) for oldest in versions[-1:])]


def _revision(version: dict[str, Any], parts: list[tuple[str, SafeString]], *, is_oldest: bool = False) -> Revision:
    return Revision(version["at"], is_first=version["is_first"], is_oldest=is_oldest, parts=parts)


def _differences(
    before: dict[str, Any], after: dict[str, Any], titles: dict[str, str], compare: _Comparison
) -> list[tuple[str, SafeString]]:
    changed = [name for name in titles if before[name] != after[name]]
    return [(titles[name], compare.words(before[name], after[name])) for name in changed]


def _whole(version: dict[str, Any], titles: dict[str, str]) -> list[tuple[str, SafeString]]:
    return [(titles[name], format_html("{}", version[name])) for name in titles if version[name] not in {"", "no"}]


def _versions(log: WeeklyLog) -> list[dict[str, Any]]:
    """The texts of each submission, the latest first. What only the calendar changed in the row (when
    it is due) is no version."""
    events: Any = WeeklyLog.pgh_event_model  # type: ignore[attr-defined]  # made by `tracked`
    rows = events.objects.filter(pgh_obj=log.pk, submitted_at__isnull=False).order_by("-pgh_id")
    latest = rows.values("submitted_at", "edited_at", *TITLES)[: 4 * VERSIONS]
    kept = [next(same) for _, same in groupby(latest, key=lambda row: (row["submitted_at"], row["edited_at"]))]
    return [_version(row) for row in kept[:VERSIONS]]


def _version(row: dict[str, Any]) -> dict[str, Any]:
    at = row["edited_at"] or row["submitted_at"]
    return row | {"is_away": "yes" if row["is_away"] else "no", "at": at, "is_first": row["edited_at"] is None}


class _Comparison:
    """Two texts word by word; what it may still spend goes down with each."""

    def __init__(self) -> None:
        self.left = PAIRS

    def words(self, before: str, after: str) -> SafeString:
        pieces = self._compared(WORD.findall(before), WORD.findall(after))
        runs = [(kind, "".join(word for _, word in run)) for kind, run in groupby(pieces, key=lambda piece: piece[0])]
        return format_html_join("", "{}", [(format_html(WRAPS[kind], text),) for kind, text in runs])

    def _compared(self, old: list[str], new: list[str], *, by_line: bool = True) -> Iterator[Piece]:
        """Words in their order, each the same in both, taken out or added."""
        start = _shared(old, new)
        end = _shared(old[start:][::-1], new[start:][::-1])
        yield from (("same", word) for word in new[:start])
        yield from self._between(old[start : len(old) - end], new[start : len(new) - end], by_line=by_line)
        yield from (("same", word) for word in new[len(new) - end :])

    def _between(self, old: list[str], new: list[str], *, by_line: bool) -> Iterator[Piece]:
        """What lies between the first word that differs and the last: word by word if that is not too
        much, else first line by line, else whole."""
        pairs = len(old) * len(new)
        if pairs > PAIRS_AT_ONCE and by_line:
            yield from self._lines(_lines_of(old), _lines_of(new))
        elif pairs > self.left:
            yield from [*(("out", word) for word in old), *(("in", word) for word in new)]
        else:
            self.left -= pairs
            for kind, ours, theirs in _aligned(old, new):
                yield kind, ours if kind == "out" else theirs

    def _lines(self, old: list[str], new: list[str]) -> Iterator[Piece]:
        """Lines that are in both stay; between them each run of others is compared by its words."""
        if len(old) * len(new) > self.left:
            yield from [*(("out", line) for line in old), *(("in", line) for line in new)]
            return
        self.left -= len(old) * len(new)
        for is_same, run in groupby(_aligned(old, new), key=lambda piece: piece[0] == "same"):
            found = list(run)
            if is_same:
                yield from (("same", theirs) for _, _, theirs in found)
                continue
            out = "".join(ours for kind, ours, _ in found if kind == "out")
            added = "".join(theirs for kind, _, theirs in found if kind == "in")
            yield from self._compared(WORD.findall(out), WORD.findall(added), by_line=False)


def _lines_of(words: list[str]) -> list[str]:
    return "".join(words).splitlines(keepends=True)


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    """Two lists in their order: "same" with both, "out" with the old one, "in" with the new one."""
    lengths = _longest_common(old, new)
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i].split() == new[j].split():
            yield "same", old[i], new[j]
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and lengths[i + 1][j] >= lengths[i][j + 1]):
            yield "out", old[i], ""
            i += 1
        else:
            yield "in", "", new[j]
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
