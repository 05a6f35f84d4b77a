"""Writing entries about a scholar. Author and scholar come from the caseload, never from a form."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from coaching.actions.caseload import locked_caseload
from coaching.models import Note
from coaching.rules import check_day
from cohorts.models import Membership, Person


@transaction.atomic
def write_note(*, about: Membership, by: Person, at: dt.datetime, dated: dt.date, audience: str, body: str) -> Note:
    """A new entry by the scholar's coach."""
    caseload = locked_caseload(about=about, by=by, at=at)
    check_day("dated", dated, caseload=caseload, by=by, at=at)
    note = Note(author=caseload.coach, about=caseload.scholar, audience=audience, dated=dated, created_at=at)
    note.body = body
    note.save(force_insert=True)
    return note


@transaction.atomic
def edit_note(
    *, note: Note, by: Person, at: dt.datetime, version: int, dated: dt.date, audience: str, body: str
) -> Note:
    """The author changes an entry; raises `EditedMeanwhile` for an older version."""
    caseload = locked_caseload(about=note.about, by=by, at=at)
    note = Note.locked(note.pk, version=version, author__person=by)
    if dated != note.dated:
        check_day("dated", dated, caseload=caseload, by=by, at=at)
    note.dated, note.audience = dated, audience
    if body != note.body:  # sealing anew would make a change of its own each time
        note.body = body
    note.save_edit("dated", "audience", "sealed_body")
    return note
