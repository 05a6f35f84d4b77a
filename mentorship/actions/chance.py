"""The chance that a scholar puts on their next milestone, in a weekly log."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.models import Person
from mats.history.record import EditedMeanwhile
from mentorship.models import Chance, Submission, WeeklyLog
from mentorship.rules.chance import NOT_AHEAD, ahead, chance_is_possible, is_ahead


@dataclass(frozen=True)
class SaidChance:
    """What a log says of one submission, by its key: a percent, or none. `was` stood there when the
    form was drawn: where the scholar left it so, nothing is said."""

    submission: uuid.UUID
    percent: int | None
    was: int | None = None


@transaction.atomic
def say_chance(*, log: WeeklyLog, said: SaidChance, by: Person, at: dt.datetime) -> Chance | None:
    """Keep the chance that a log says; what stands there afterwards, None where nothing does.

    It is about the scholar's next milestone, or the one that this log spoke of before; and of one
    that is sent or past its date it stays as it stands. Taken back, it is archived. Whatever changes
    here leaves no trace on the log, which staff read; `log` is locked, so two tabs meet at it, and
    the later one gets `EditedMeanwhile`.
    """
    chance_is_possible(said.percent)
    row = Chance.objects.select_for_update(no_key=True, of=("self",)).filter(log=log).first()
    live = row if row and row.archived_at is None else None
    stands = live.percent if live and live.submission_id == said.submission else None
    if said.percent in {said.was, stands}:
        return live
    if row and stands != said.was:
        raise EditedMeanwhile(row)
    _is_the_next(log, live, said.submission, at)
    return _write(row or Chance(log=log, created_at=at), said, at)


def _is_the_next(log: WeeklyLog, live: Chance | None, submission: uuid.UUID, at: dt.datetime) -> None:
    """A chance is about the scholar's next milestone, or the one this log spoke of before, as long as it is ahead."""
    theirs = Submission.objects.filter(scholar=log.scholar_id)
    asked = theirs.filter(pk=live.submission_id) if live else theirs.filter(ahead(at)).order_by("due_at", "pk")
    found = asked.select_for_update(no_key=True, of=("self",)).first()
    if found is None or found.pk != submission or not is_ahead(found, at):
        raise ValidationError({"next_chance": NOT_AHEAD})


def _write(row: Chance, said: SaidChance, at: dt.datetime) -> Chance | None:
    if said.percent is None:
        row.archived_at = at
        row.save_edit("archived_at")
        return None
    row.submission_id, row.percent, row.archived_at = said.submission, said.percent, None
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save_edit("submission", "percent", "archived_at")
    return row
