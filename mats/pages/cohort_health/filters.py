"""Filters of cohort health: links that narrow the rows to a site, a mentor or a coach, and combine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cohorts.models import Cohort, Role
from mats.pages.cohort_health.asking import Place, Tie
from mats.pages.cohort_health.lines import ScholarLine

KINDS = ("site", "mentor", "coach")


@dataclass(frozen=True)
class Filters:
    """`options` are names by key for each kind; `chosen` those in use. What is no option is ignored."""

    options: dict[str, dict[str, str]]
    labels: dict[str, tuple[str, str]]
    chosen: dict[str, str]

    @classmethod
    def of(cls, cohort: Cohort, people: list[Place], ties: list[Tie], wanted: Mapping[str, str]) -> Filters:
        options: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        options["site"] = {tie.key: str(tie.other) for tie in ties if tie.kind == "site"}
        for place in people:
            if place.role in options:
                options[place.role][place.key] = place.name
        labels = {"site": ("site", "sites")}
        for role in (Role.MENTOR, Role.COACH):
            labels[role.value] = (cohort.label(role), cohort.label(role, plural=True))
        chosen = {kind: wanted.get(kind, "") for kind in KINDS if wanted.get(kind, "") in options[kind]}
        return cls(options, labels, chosen)

    def fits(self, line: ScholarLine) -> bool:
        has: dict[str, list[str | None]] = {"site": [line.site], "mentor": [*line.mentors], "coach": [line.coach]}
        return all(key in has[kind] for kind, key in self.chosen.items())

    @property
    def query(self) -> str:
        """`?site=…&mentor=…` of those in use; empty for none."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def in_words(self) -> str:
        """`site London, mentor Mira Mentor`"""
        return ", ".join(f"{self.labels[kind][0]} {self.options[kind][key]}" for kind, key in self.chosen.items())

    @property
    def links(self) -> SafeString:
        """A fold of links for each kind, after a link to all; joined here, as there may be hundreds."""
        everything = ' aria-current="true"' if not self.chosen else ""
        folds = "".join(self._fold(kind) for kind in KINDS if self.options[kind])
        return mark_safe(f'<a href="?"{everything}>all</a>{folds}')  # noqa: S308 - every part is escaped

    def _fold(self, kind: str) -> str:
        chosen = self.chosen.get(kind)
        one, many = self.labels[kind]
        title = f"{one}: {self.options[kind][chosen]}" if chosen else many
        named = sorted(self.options[kind].items(), key=lambda option: option[1].casefold())
        links = "".join(f"<li>{self._link(kind, key, name, key == chosen)}</li>" for key, name in named)
        drop = f"<li>{self._link(kind, '', f'all {many}', False)}</li>" if chosen else ""
        mark = ' class="is-used"' if chosen else ""
        return f"<details{mark}><summary>{escape(title)}</summary><ul>{drop}{links}</ul></details>"

    def _link(self, kind: str, key: str, name: str, is_chosen: bool) -> str:
        query = {one: value for one, value in {**self.chosen, kind: key}.items() if value}
        here = ' aria-current="true"' if is_chosen else ""
        return f'<a href="?{escape(urlencode(query))}"{here}>{escape(name)}</a>'
