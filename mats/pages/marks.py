"""The marks of a week: one character each, with words for whoever does not see it.

A big table has some thousand of them, so they are joined here and not looped over in a template.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# state: glyph, tone (a CSS class), words
STATES: dict[str, tuple[str, str, str]] = {
    "on_time": ("●", "good", "on time"),
    "met": ("●", "good", "met"),
    "took_place": ("●", "good", "took place"),
    "done": ("●", "good", "done"),
    "late": ("◐", "late", "late"),
    "running": ("◑", "now", "going on now"),
    "missing": ("○", "wrong", "missing"),
    "none": ("–", "quiet", "none"),
    "did_not_meet": ("✕", "wrong", "did not meet"),
    "away": ("–", "quiet", "away"),
    "excused": ("–", "quiet", "does not count"),
    "due": ("·", "quiet", "not due yet"),
    "unknown": ("?", "quiet", "not known"),
}
KINDS: dict[str, tuple[str, ...]] = {
    "log": ("on_time", "late", "missing", "away", "excused", "due"),
    "meeting": ("met", "running", "did_not_meet", "away", "excused", "due", "unknown"),
    "one_on_one": ("took_place", "none", "away", "due"),
    "action": ("done", "late", "due"),
    "milestone": ("on_time", "late", "missing", "due"),
}
GLYPH = '<span class="glyph glyph-{}" aria-hidden="true">{}</span>'
NAMES = {"log": "weekly log", "meeting": "meeting", "one_on_one": "1-1", "action": "action", "milestone": "milestone"}


def _mark(state: str, words: str) -> SafeString:
    glyph, tone, _ = STATES[state]
    return format_html(GLYPH + '<span class="visually-hidden">{}</span>', tone, glyph, words)


# Every mark there is, made once: a table then only joins ready text.
ALONE = {(kind, state): _mark(state, f"{NAMES[kind]} {STATES[state][2]}") for kind in KINDS for state in STATES}
IN_A_ROW = {state: _mark(state, f"{STATES[state][2]}; ") for state in STATES}


def mark(kind: str, state: str) -> SafeString:
    """One mark. `kind` is a key of `KINDS`, `state` of `STATES`; another one is a KeyError."""
    return ALONE[kind, state]


def marks(weeks: Iterable[tuple[int, str]]) -> SafeString:
    """The marks of some weeks, given as (number, state); the heading of the column says of what."""
    parts = (f'<span class="visually-hidden">week {int(number)} </span>{IN_A_ROW[state]}' for number, state in weeks)
    return mark_safe(f'<span class="marks">{"".join(parts)}</span>')  # noqa: S308 - numbers and ready marks only


LINKED = {
    state: (f'/" class="glyph glyph-{tone}" aria-label="week ', f': {words}">{glyph}</a>')
    for state, (glyph, tone, words) in STATES.items()
}


BLANK = '<span class="glyph"></span>'


def linked_marks(folder: str, weeks: Iterable[tuple[int, str, str, str]]) -> SafeString:
    """The marks of some weeks, each a link to its row; weeks are (number, state, key, …), and a key
    "-" leads nowhere. A week that is not there leaves its place blank, so that columns stand under
    each other. Address and words are joined by hand: there are some hundred links a page."""
    parts, expected = [], 1
    for number, state, row, _ in weeks:
        if number != expected:
            parts.append(BLANK * (number - expected))
        expected = number + 1
        if row == "-":
            parts.append(f'<span class="visually-hidden">week {number} </span>{IN_A_ROW[state]}')
        else:
            before, after = LINKED[state]
            parts.append(f'<a href="{folder}{row}{before}{number}{after}')
    return mark_safe(f'<span class="marks">{"".join(parts)}</span>')  # noqa: S308 - keys, numbers, ready marks


def key(kind: str) -> list[tuple[SafeString, str]]:
    """Mark and words of every state that a kind can have, for the line below a table."""
    found = [STATES[state] for state in KINDS[kind]]
    return [(format_html(GLYPH, tone, glyph), words) for glyph, tone, words in found]
