"""A person's timeline as one of staff may see it at a moment."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cohorts.models import Membership, Person, Phase, Role
from mats import clock
from mats.pages.marks import mark
from mats.pages.timeline.asking import ask_entries, may_read_one_on_ones
from mats.pages.timeline.entries import SHOWN, SHOWS, SOURCES, Entry, entry


@dataclass(frozen=True)
class Timeline:
    """The weeks of a phase that hold something, newest first. `phases` are those that have begun, and
    `show` is the one kind that was asked for, or empty for all."""

    place: Membership
    phases: list[Phase]
    phase: Phase
    show: str
    weeks: list[tuple[clock.Week, list[Entry]]]
    hides_one_on_ones: bool

    @property
    def links(self) -> list[tuple[str, str]]:
        """`show` and its words, for the links above the weeks."""
        return [("", "everything"), *((show, SHOWS[show][1]) for show in SHOWN[self.place.role])]

    @property
    def empty(self) -> str:
        """What will stand here, where nothing does yet."""
        what = SHOWS[self.show][1].capitalize() if self.show else "What happens"
        return f"Nothing yet. {what} will stand here, week by week."

    @property
    def body(self) -> SafeString:
        return mark_safe("".join(_week(week, entries) for week, entries in self.weeks))  # noqa: S308 - parts are escaped


def read_timeline(place: Membership, reader: Person, at: dt.datetime, *, show: str = "", phase: str = "") -> Timeline:
    """The timeline of a place; unknown wishes are ignored. `phase` is a phase's key, the latest if empty."""
    cohort = place.cohort
    today = clock.local_date(at, cohort.time_zone)
    phases = sorted(cohort.phases.all(), key=lambda one: one.starts_on)
    begun = [one for one in phases if one.starts_on <= today and not one.archived_at] or phases[:1]
    chosen = next((one for one in begun if str(one.pk) == phase), begun[-1])
    shown = SHOWN[place.role]
    show = show if show in shown else ""
    weeks = clock.weeks_between(chosen.starts_on, chosen.ends_on, cohort.week_start)
    hides = place.role == Role.SCHOLAR and not may_read_one_on_ones(place, reader, at)
    return Timeline(
        place=place,
        phases=begun,
        phase=chosen,
        show=show,
        weeks=_by_week(_entries(place, reader, at, weeks, show), weeks, chosen == begun[0]),
        hides_one_on_ones=hides and show in {"", "one_on_ones"},
    )


def _entries(place: Membership, reader: Person, at: dt.datetime, weeks: list[clock.Week], show: str) -> list[Entry]:
    kinds = (show,) if show else SHOWN[place.role]
    sources = tuple(dict.fromkeys(SOURCES.get(kind, kind) for kind in kinds))
    today = clock.local_date(at, place.cohort.time_zone)
    begun = [week.starts_on for week in weeks if week.starts_on <= today]
    rows = ask_entries(place=place, reader=reader, at=at, weeks=begun, kinds=sources)
    wanted = {kind for one in kinds for kind in SHOWS[one][0]}
    return [entry(row, place, reader.time_zone) for row in rows if row.kind in wanted and row.day <= weeks[-1].ends_on]


def _by_week(entries: list[Entry], weeks: list[clock.Week], is_first: bool) -> list[tuple[clock.Week, list[Entry]]]:
    """By week, the newest first; what came before the first phase stands in its first week."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for one in entries:
        number = _number_of(one.day, weeks)
        if number or is_first:
            found[max(number, 1)].append(one)
    newest_first = [week for week in reversed(weeks) if week.number in found]
    return [(week, sorted(found[week.number], key=lambda one: (one.order, one.day))) for week in newest_first]


def _number_of(day: dt.date, weeks: list[clock.Week]) -> int:
    """The number of the week of a phase that holds a day; 0 before the first. Only the first may be short."""
    if day < weeks[0].starts_on:
        return 0
    if day <= weeks[0].ends_on or len(weeks) == 1:
        return 1
    return weeks[1].number + (day - weeks[1].starts_on).days // 7


def _week(week: clock.Week, entries: list[Entry]) -> str:
    days = f"{clock.format_day(week.starts_on)} – {clock.format_day(week.ends_on)}"
    lines = "".join(map(_line, entries))
    return (
        f'<section class="band"><h2>Week {week.number}<br><span class="quiet">{days}</span></h2>'
        f'<ul class="things">{lines}</ul></section>'
    )


def _line(one: Entry) -> str:
    what = escape(one.what)
    name = f'<a class="what" href="{one.url}">{what}</a>' if one.url else f'<span class="what">{what}</span>'
    state = f"{_glyph(*one.mark)} " if one.mark else ""
    more = f'<span class="more" dir="auto">{escape(one.more)}</span>' if one.more else ""
    return f"<li>{name}<span>{state}{escape(one.words)}</span>{more}</li>"


def _glyph(kind: str, state: str) -> str:
    """The mark without its words: the line says them."""
    return mark(kind, state).partition('<span class="visually-hidden">')[0]
