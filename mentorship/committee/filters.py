"""Filters of the committee's table: links that narrow its rows, and combine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mentorship.cases import Seen, seen
from mentorship.models import Round, State

if TYPE_CHECKING:
    from mentorship.committee.reading import CaseRow

Fits = Callable[["CaseRow"], bool]


def is_late(row: CaseRow) -> bool:
    """Its first letter went out after the promised day; a late entry was promised nothing."""
    due_at = row.case.round.answers_due_at
    return bool(row.letters) and row.case.late_entry_id is None and row.letters[0][1] >= due_at


# By where a case stands; who is recused from one reads that much of it.
BY_STATE: dict[str, tuple[str, Fits]] = {
    "mentor": ("with the mentor", lambda row: seen(row.state) == Seen.MENTOR),
    "scholar": ("asked for more", lambda row: row.state == State.MORE),
    "decided": ("decided", lambda row: row.state == State.DECIDED and not row.is_recused),
    "answered": ("answered", lambda row: seen(row.state) == Seen.ANSWERED),
}
# By what is said and proposed; whoever is recused finds none of their cases here.
BY_CASE: dict[str, tuple[str, Fits]] = {
    "to_propose": (
        "to propose",
        lambda row: row.state in (State.COMMITTEE, State.APPEALED) and row.facts.proposal is None,
    ),
    "proposed": ("proposed", lambda row: row.facts.proposal is not None),
    "contested": ("contested", lambda row: bool(row.why_contested)),
}
# Where the numbers of the funnel lead.
BY_NUMBER: dict[str, tuple[str, Fits]] = {
    "yes": ("with a mentor’s yes", lambda row: row.has_a_yes),
    "granted": ("granted", lambda row: row.answered == "grant"),
    "accepted": ("accepted", lambda row: row.has_accepted),
    "in_force": ("in force", lambda row: row.is_in_force),
    "surprise": ("a no without an earlier warning", lambda row: row.is_surprise),
    "late": ("answered late", is_late),
    "changed": ("changed after an appeal", lambda row: row.was_changed_on_appeal),
}
SHOWN = ("to_propose", "proposed", "contested", "decided", "mentor", "scholar", "answered")
ALL = {**BY_STATE, **BY_CASE, **BY_NUMBER}


@dataclass(frozen=True)
class Filters:
    """`mentors` are names by key; `chosen` the filters in use. What is no filter is ignored."""

    mentors: dict[str, str]
    numbers: dict[str, int]
    chosen: dict[str, str]

    @classmethod
    def of(cls, rows: list[CaseRow], row: Round | None, wanted: Mapping[str, str], default: Round | None) -> Filters:
        asked = [approval for one in rows if not one.is_recused for approval in one.facts.approvals]
        mentors = {str(approval.mentor_id): approval.mentor.person.name for approval in asked}
        chosen = {}
        if row and default and row.pk != default.pk:
            chosen["round"] = str(row.pk)
        if wanted.get("show", "") in ALL:
            chosen["show"] = wanted["show"]
        if wanted.get("mentor", "") in mentors:
            chosen["mentor"] = wanted["mentor"]
        return cls(mentors, {name: sum(_fits(name, one) for one in rows) for name in SHOWN}, chosen)

    def fits(self, row: CaseRow) -> bool:
        if "show" in self.chosen and not _fits(self.chosen["show"], row):
            return False
        mentor = self.chosen.get("mentor")
        asked = {str(approval.mentor_id) for approval in row.facts.approvals}
        return mentor is None or (mentor in asked and not row.is_recused)

    @property
    def query(self) -> str:
        """`?show=…&mentor=…` of those in use; empty for none."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def in_words(self) -> str:
        """`contested, mentor Mira Mentor`"""
        words = [ALL[self.chosen["show"]][0]] if "show" in self.chosen else []
        if "mentor" in self.chosen:
            words.append(f"mentor {self.mentors[self.chosen['mentor']]}")
        return ", ".join(words)

    @property
    def links(self) -> SafeString:
        """All, each state with its number, and a fold of mentors."""
        shown = list(SHOWN)
        if self.chosen.get("show", "") in BY_NUMBER:
            shown.append(self.chosen["show"])
        links = [self._link("all", show="", mentor="")]
        links += [self._link(self._words(name), show=name) for name in shown]
        return mark_safe("".join(links) + self._mentors())  # noqa: S308 - every part is escaped

    def _words(self, name: str) -> str:
        words = ALL[name][0]
        return f"{words} {self.numbers[name]}" if name in self.numbers else words

    def _mentors(self) -> str:
        if not self.mentors:
            return ""
        chosen = self.chosen.get("mentor")
        title, used = (f"mentor: {self.mentors[chosen]}", ' class="is-used"') if chosen else ("mentors", "")
        named = sorted(self.mentors.items(), key=lambda mentor: mentor[1].casefold())
        links = "".join(f"<li>{self._link(name, mentor=key)}</li>" for key, name in [("", "all mentors"), *named])
        return f"<details{used}><summary>{escape(title)}</summary><ul>{links}</ul></details>"

    def _link(self, words: str, **changed: str) -> str:
        query = {name: value for name, value in {**self.chosen, **changed}.items() if value}
        here = ' aria-current="true"' if query == self.chosen else ""
        return f'<a href="?{escape(urlencode(query))}"{here}>{escape(words)}</a>'


def _fits(name: str, row: CaseRow) -> bool:
    return (name in BY_STATE or not row.is_recused) and ALL[name][1](row)
