"""The last weeks of a coach's scholars: marks for logs, and what is worth saying in words.

One miss says nothing. After two weeks in a row it comes to the coach (after three to staff); weeks
that do not count, the scholar being away, neither break a row nor make one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, QuerySet, Value

from cohorts.access import visible
from cohorts.models import Membership, Person
from cohorts.querysets import LocalDay
from mats.clock import format_weeks
from mats.prepared import prepared
from mats.statements import Statement
from mentorship.models import Action, PairingWeek, WeeklyLog

MARKS = 6
WORTH_SAYING = 2
NOT_COUNTED = frozenset({"away", "due", "running", "unknown"})

Marks = list[tuple[int, str]]  # number of the week and its state, the oldest first


def _rows(reader: Person, at: dt.datetime) -> list[QuerySet[Any]]:
    """Of everybody they coach, the weeks that have begun: (what, scholar, number, state)."""
    coached = visible(Membership, "coached", reader, at).values("pk")
    logs: Any = visible(WeeklyLog, "log", reader, at).filter(scholar__in=coached, archived_at=None)
    logs = logs.filter(week_starts_on__lte=LocalDay(at, "scholar__cohort__time_zone")).with_state(at)
    weeks: Any = visible(PairingWeek, "pairing_week", reader, at).filter(pairing__scholar__in=coached, archived_at=None)
    weeks = weeks.filter(week_starts_on__lte=LocalDay(at, "pairing__cohort__time_zone")).with_state(at)
    log, meeting = (Value(what, output_field=CharField()) for what in ("log", "meeting"))
    return [
        logs.values_list(log, "scholar", "number", "state"),
        weeks.values_list(meeting, "pairing__scholar", "number", "state"),
    ]


_weeks = Statement(_rows)


def last_weeks(person: Person, at: dt.datetime) -> tuple[dict[UUID, Marks], dict[UUID, Marks]]:
    """Logs, and whether they met, week by week and by scholar's place; one query. Whoever has two
    mentors met where they met one of them."""
    logs: dict[UUID, Marks] = defaultdict(list)
    met: dict[UUID, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for what, scholar, number, state in sorted(_weeks.ask(reader=person, at=at), key=itemgetter(2)):
        if what == "log":
            logs[scholar].append((number, state))
        else:
            met[scholar][number].add(state)
    return logs, {
        scholar: [(number, _of_all(some)) for number, some in weeks.items()] for scholar, weeks in met.items()
    }


def _of_all(states: set[str]) -> str:
    return next(state for state in ("met", "running", "due", "away", "unknown", "did_not_meet") if state in states)


def late_actions(person: Person, at: dt.datetime, scholars: Iterable[UUID]) -> dict[UUID, int]:
    """How many open actions are past their day, by scholar's place; one query."""
    return dict(_late_actions(person=person, at=at, scholars=list(scholars)))


@prepared
def _late_actions(person: Person, at: dt.datetime, scholars: list[UUID]) -> QuerySet[Any]:
    late = visible(Action, "action", person, at).filter(
        owner__any=scholars, archived_at=None, done_at=None, dropped_at=None,
        due_on__lt=LocalDay(at, "owner__cohort__time_zone"),
    )  # fmt: skip
    return late.order_by().values("owner").annotate(late=Count("pk", distinct=True)).values_list("owner", "late")


def worth_saying(logs: Marks, meetings: Marks) -> list[str]:
    """`no log for weeks 4 and 5`, `did not meet in weeks 4 and 5`; nothing before the second week in a row."""
    words = []
    if len(missed := _row_at_the_end(logs, "missing")) >= WORTH_SAYING:
        words.append(f"no log for {format_weeks(missed)}")
    if len(missed := _row_at_the_end(meetings, "did_not_meet")) >= WORTH_SAYING:
        words.append(f"did not meet in {format_weeks(missed)}")
    return words


def _row_at_the_end(weeks: Marks, missed: str) -> list[int]:
    """The weeks that were missed in a row up to now."""
    row: list[int] = []
    for number, state in reversed(weeks):
        if state == missed:
            row.append(number)
        elif state not in NOT_COUNTED:
            break
    return row
