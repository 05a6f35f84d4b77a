"""Writing entries about a scholar. Author and scholar come from the caseload, never from a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from coaching.actions.caseload import locked_caseload
from coaching.models import Note
from coaching.rules import check_day
from cohorts.models import Membership, Person


@transaction.atomic
def write_entry(
    *,
    about: Membership,
    by: Person,
    at: dt.datetime,
    dated: dt.date,
    working: str = "",
    with_scholar: str = "",
    topics: Sequence[str] = (),
) -> list[Note]:
    """A new entry by the scholar's coach: one note for each box that holds something."""
    caseload = locked_caseload(about=about, by=by, at=at)
    check_day("dated", dated, caseload=caseload, by=by, at=at)
    boxes = {Note.Audience.WORKING: working, Note.Audience.WITH_SCHOLAR: with_scholar}
    if not any(boxes.values()):
        raise ValidationError({"working": "Write a line here or in the other box; topics alone are no entry."})
    return [
        _write(caseload.coach, caseload.scholar, at, body, audience=audience, dated=dated, topics=list(topics))
        for audience, body in boxes.items()
        if body
    ]


def _write(author: Membership, about: Membership, at: dt.datetime, body: str, **fields: object) -> Note:
    note = Note(author=author, about=about, created_at=at, **fields)
    note.body = body
    note.save(force_insert=True)
    return note


@transaction.atomic
def edit_note(
    *,
    note: Note,
    by: Person,
    at: dt.datetime,
    version: int,
    dated: dt.date,
    audience: str,
    body: str,
    topics: Sequence[str] = (),
) -> Note:
    """The author changes an entry; raises `EditedMeanwhile` for an older version."""
    caseload = locked_caseload(about=note.about, by=by, at=at)
    note = Note.locked(note.pk, version=version, author__person=by)
    if dated != note.dated:
        check_day("dated", dated, caseload=caseload, by=by, at=at)
    note.dated, note.audience, note.topics = dated, audience, list(topics)
    if body != note.body:  # sealing anew would make a change of its own each time
        note.body = body
    note.save_edit("dated", "audience", "topics", "sealed_body")
    return note
