"""What one person of a meeting writes for themselves alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.models import Person
from mats.history.record import EditedMeanwhile
from mentorship.actions.diary import lock_people
from mentorship.models import Meeting, OwnNote


@transaction.atomic
def write_own_note(*, meeting: Meeting, by: Person, at: dt.datetime, version: int | None, body: str) -> OwnNote:
    """Keep one's own text about a meeting, called off or not; `version` 0 is for a first one.

    Raises `EditedMeanwhile` if another tab saved since. The writer is locked first, so that two
    first savings meet here and not in the unique key.
    """
    lock_people([by.pk])
    row = OwnNote.objects.filter(meeting=meeting, author=by).first()
    if row is None:
        row = OwnNote(meeting=meeting, author=by, created_at=at)
        row.body = body
        row.save(force_insert=True)
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    if row.body != body:
        row.body = body
        row.save_edit("sealed_body")
    return row
