"""What a log says of earlier actions; the actions follow."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from mentorship.models import Action, Tick, WeeklyLog
from mentorship.rules.tick import check_has_a_reason


@dataclass(frozen=True)
class Said:
    """What became of one action. `was` is the outcome that its form was drawn with: where the
    scholar left that as it was, an action that was closed elsewhere meanwhile stays closed."""

    outcome: str
    why: str = ""
    was: str = Tick.Outcome.CARRIED


def tick_actions(
    *, log: WeeklyLog, said: Mapping[uuid.UUID, Said], actions: Mapping[uuid.UUID, Action], at: dt.datetime
) -> bool:
    """Write the ticks of a log, and whether any is new or other than before.

    `actions` are its scholar's own, locked; what is said of any other is left out. A tick that is
    not said again stays: an edit replaces what it speaks of.
    """
    before = {tick.action_id: tick for tick in log.ticks.all()}
    written = [
        _tick(log, actions[pk], before.get(pk), one, at) for pk, one in said.items() if pk in actions and one.outcome
    ]
    return any(written)


def _tick(log: WeeklyLog, action: Action, tick: Tick | None, said: Said, at: dt.datetime) -> bool:
    check_has_a_reason(action.pk, said.outcome, said.why)
    if not _is_as_drawn(said, tick.why if tick else action.dropped_why):
        _follow(action, said, at)
        return _write(tick or Tick(log=log, action=action, created_at=at), said.outcome, said.why)
    if tick or (log.is_away and said.outcome == Tick.Outcome.CARRIED):
        return False
    return _write(Tick(log=log, action=action, created_at=at), *_as_it_stands(action))


def _is_as_drawn(said: Said, why: str) -> bool:
    return said.outcome == said.was and (said.outcome != Tick.Outcome.DROPPED or said.why == why)


def _as_it_stands(action: Action) -> tuple[str, str]:
    if action.dropped_at:
        return Tick.Outcome.DROPPED, action.dropped_why
    return (Tick.Outcome.DONE if action.done_at else Tick.Outcome.CARRIED), ""


def _write(tick: Tick, outcome: str, why: str) -> bool:
    if (tick.outcome, tick.why) == (outcome, why):
        return False
    tick.outcome, tick.why = outcome, why
    if tick._state.adding:
        tick.save(force_insert=True)
    else:
        tick.save_edit("outcome", "why")
    return True


def _follow(action: Action, said: Said, at: dt.datetime) -> None:
    """Close the action, or open it again, as its owner said; history keeps what stood there."""
    before = (action.done_at, action.dropped_at, action.dropped_why)
    done = (action.done_at or at) if said.outcome == Tick.Outcome.DONE else None
    dropped = (action.dropped_at or at) if said.outcome == Tick.Outcome.DROPPED else None
    after = (done, dropped, said.why if dropped else "")
    if after != before:
        action.done_at, action.dropped_at, action.dropped_why = after
        action.save_edit("done_at", "dropped_at", "dropped_why")
