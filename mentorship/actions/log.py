"""Writing a weekly log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q

from cohorts.models import Person
from mentorship.actions.chance import SaidChance, say_chance
from mentorship.actions.tick import Said, tick_actions
from mentorship.models import Action, WeeklyLog
from mentorship.rules.log import check_open, check_says_something, clean_links, next_lines

FIELDS = ("done", "next_up", "stuck", "links", "is_away")
A_LINE = dt.timedelta(microseconds=1)


@transaction.atomic
def submit_log(
    *,
    log: WeeklyLog,
    by: Person,
    at: dt.datetime,
    version: int | None,
    done: str = "",
    next_up: str = "",
    stuck: str = "",
    links: str = "",
    is_away: bool = False,
    ticks: Mapping[uuid.UUID, Said] | None = None,
    next_chance: SaidChance | None = None,
) -> WeeklyLog:
    """Submit a log, or edit a submitted one; raises `EditedMeanwhile` for an older version.

    The first submission fixes `submitted_at`, which says whether the log was in time; every later
    change sets `edited_at`, which readers see. `ticks` say what became of earlier actions, by the
    action's key; the lines of `next_up` become actions of the scholar. `next_chance` is what is said of
    the next milestone; without it, what was said stays. It is no edit of the log: staff read that.
    """
    row = WeeklyLog.locked(log.pk, version=version)
    check_open(row, at)
    lines, links = next_lines(next_up), clean_links(links)
    check_says_something(done=done, links=links, is_away=is_away)
    was = _fields(row)
    row.done, row.next_up, row.stuck, row.links, row.is_away = done, next_up, stuck, links, is_away
    if _write_around(row, lines, ticks or {}, by, at) or was != _fields(row) or row.submitted_at is None:
        _stamp(row, at)
        row.save_edit(*FIELDS, "submitted_at", "edited_at")
    if next_chance:
        say_chance(log=row, said=next_chance, by=by, at=at)
    return row


def _fields(row: WeeklyLog) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in FIELDS)


def _stamp(row: WeeklyLog, at: dt.datetime) -> None:
    if row.submitted_at is None:
        row.submitted_at = at
    else:
        row.edited_at = at


def _write_around(
    row: WeeklyLog, lines: list[str], ticks: Mapping[uuid.UUID, Said], by: Person, at: dt.datetime
) -> bool:
    """Ticks, and the actions of "next"; whether what the log says of earlier actions has changed."""
    theirs = _locked_actions(row, ticks)
    _agree_next(row, [action for action in theirs if action.log_id == row.pk], lines, by, at)
    earlier = {action.pk: action for action in theirs if action.log_id != row.pk and not action.archived_at}
    return tick_actions(log=row, said=ticks, actions=earlier, at=at)


def _locked_actions(row: WeeklyLog, ticked: Iterable[uuid.UUID]) -> list[Action]:
    """The scholar's own actions that this log is about, locked in the order of their keys."""
    about = Action.objects.filter(Q(pk__in=list(ticked)) | Q(log=row), owner=row.scholar_id)
    return list(about.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _agree_next(row: WeeklyLog, ours: list[Action], lines: list[str], by: Person, at: dt.datetime) -> None:
    """A line that stands there still is the same action, a new one a new action. One whose line was
    taken out is archived, unless it was closed: what was done or dropped stays."""
    known = {action.what: action for action in ours}
    for action in ours:
        is_gone = action.what not in lines and not (action.done_at or action.dropped_at)
        archived_at = (action.archived_at or at) if is_gone else None
        if archived_at != action.archived_at:
            action.archived_at = archived_at
            action.save_edit("archived_at")
    new = [line for line in lines if line not in known]
    # A microsecond apart, so that a list by date keeps the order of the lines.
    Action.objects.bulk_create(
        Action(log=row, owner_id=row.scholar_id, added_by=by, what=line, created_at=at + turn * A_LINE)
        for turn, line in enumerate(new)
    )
