"""What happened to a scholar since the last 1-1, as their coach reads it before the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Field,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from coaching.models import ForMyCoach
from cohorts.access import visible
from cohorts.models import Membership, Person
from cohorts.querysets import LocalDay
from mats import clock
from mats.statements import Statement
from mentorship.models import Action, PairingWeek, WeeklyLog

WEEKS = 6
MOST_ACTIONS = 12

MET = {
    "met": "met",
    "another_day": "met another day",
    "running": "meeting now",
    "did_not_meet": "did not meet",
    "away": "away",
    "due": "not met yet",
    "unknown": "not known whether they met",
}


@dataclass(frozen=True)
class SentLog:
    """A log with the beginning of its text; an edit since counts as new too."""

    pk: UUID
    number: int
    sent_at: dt.datetime
    was_edited: bool
    begins: str


@dataclass(frozen=True)
class MeetingWeek:
    """A pairing's week: with whom, and whether they met, in words."""

    number: int
    mentor: str
    in_words: str


@dataclass(frozen=True)
class NewAction:
    """An action of the scholar, and what became of it in words."""

    what: str
    in_words: str
    is_late: bool


@dataclass(frozen=True)
class News:
    """Everything new, the newest first; `since` is the day of the last 1-1, or the first one together."""

    since: dt.date
    lines: list[ForMyCoach]
    logs: list[SentLog]
    meetings: list[MeetingWeek]
    actions: list[NewAction]


TEXT, NUMBER, MOMENT = CharField(), IntegerField(), DateTimeField()


def _rows(scholar: UUID, reader: Person, at: dt.datetime, since: dt.datetime) -> list[QuerySet[Any]]:
    """Logs, pairing weeks and actions as (what, key, number, day, moment, later moment, text, more text)."""
    sent = Q(submitted_at__gte=since) | Q(edited_at__gte=since)
    logs = visible(WeeklyLog, "log", reader, at).filter(sent, scholar=scholar, archived_at=None)
    weeks: Any = visible(PairingWeek, "pairing_week", reader, at).filter(
        pairing__scholar=scholar, archived_at=None, closes_at__gt=since,
        week_starts_on__lte=LocalDay(at, "pairing__cohort__time_zone"),
    )  # fmt: skip
    closed = Q(done_at__gte=since) | Q(dropped_at__gte=since)
    late = Q(done_at=None, dropped_at=None, due_on__lt=LocalDay(at, "owner__cohort__time_zone"))
    actions = visible(Action, "action", reader, at).filter(closed | late, owner=scholar, archived_at=None)
    begins = Case(
        When(is_away=True, then=Value("away or ill")), When(done="", then=F("links")), default=F("done"),
        output_field=TEXT,
    )  # fmt: skip
    met = Case(When(meeting__outcome="another_day", then=Value("another_day")), default=F("state"), output_field=TEXT)
    return [
        logs.values_list(
            _is("log"), "pk", "number", "week_starts_on", "submitted_at", "edited_at", begins, _is("")
        ),
        weeks.with_state(at).values_list(
            _is("week"), "pk", "number", "week_starts_on", _none(MOMENT), _none(MOMENT),
            "pairing__mentor__person__name", met,
        ),
        actions.values_list(
            _is("action"), "pk", _none(NUMBER), "due_on", "created_at", "done_at", "what", "dropped_why"
        ),
    ]  # fmt: skip


def _is(word: str) -> Value:
    return Value(word, output_field=TEXT)


def _none(kind: Field) -> Cast:
    return Cast(Value(None), kind)


_news = Statement(_rows)


def read_news(
    scholar: Membership, reader: Person, at: dt.datetime, *, since: dt.date, lines: Iterable[ForMyCoach]
) -> News:
    """What is new since a day on the cohort's wall; one query. `lines` are the scholar's for their
    coach only, as far as the reader may see them."""
    opens_at = clock.at_wall_clock(since, dt.time(0), scholar.cohort.time_zone).at
    found: dict[str, list[tuple[Any, ...]]] = {"log": [], "week": [], "action": []}
    for what, *row in _news.ask(scholar=scholar.pk, reader=reader, at=at, since=opens_at):
        found[what].append(tuple(row))
    newest_first = partial(sorted, key=itemgetter(2), reverse=True)
    return News(
        since=since,
        lines=[line for line in lines if line.created_at >= opens_at],
        logs=[_log(row) for row in newest_first(found["log"])[:WEEKS]],
        meetings=[_week(row) for row in newest_first(found["week"])[: 2 * WEEKS]],
        actions=sorted(map(_action, found["action"]), key=lambda action: not action.is_late)[:MOST_ACTIONS],
    )


def _log(row: tuple[Any, ...]) -> SentLog:
    pk, number, _, sent, edited, begins, _ = row
    return SentLog(pk, number, edited or sent, edited is not None, begins)


def _week(row: tuple[Any, ...]) -> MeetingWeek:
    _, number, _, _, _, mentor, state = row
    return MeetingWeek(number, mentor, MET[state])


def _action(row: tuple[Any, ...]) -> NewAction:
    _, _, due_on, _, done_at, what, why = row
    if done_at:
        return NewAction(what, "done", is_late=False)
    if why:
        return NewAction(what, f"dropped: {why}", is_late=False)
    return NewAction(what, f"open, was due {clock.format_day(due_on)}", is_late=True)
