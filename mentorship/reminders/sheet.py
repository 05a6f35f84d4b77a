"""The letter that a next-term sheet is there to agree on, or was changed since; to the two who agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from cohorts.access import visible
from mats import clock
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import State, TermSheet


def _occurrence(sheet: TermSheet) -> str:
    """The sheet as it stands: each change is told once."""
    return f"{sheet.pk} {sheet.version}"


def tell_shared(sheet: TermSheet, people: Iterable[UUID], at: dt.datetime) -> None:
    """A letter to each of these people (keys), in the transaction of the act; rings after its commit."""
    rows = [(person, sheet.cohort_id, sheet.pk, _occurrence(sheet)) for person in set(people)]
    drop_in(SHEET_SHARED, rows, at)


def _sheet(message: Message, at: dt.datetime) -> TermSheet | None:
    assert message.about_id
    theirs = visible(TermSheet, "sheet", message.person, at, "agree").filter(pk=message.about_id, archived_at=None)
    return theirs.select_related("case__scholar__person", "cohort").first()


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    sheet = _sheet(message, at)
    if sheet is None or sheet.case.state != State.ACCEPTED:
        return "The sheet is not to be agreed on any more."
    if message.occurrence != _occurrence(sheet):
        return "The sheet was changed since; a later letter tells of it."
    is_scholars = sheet.case.scholar.person_id == message.person_id
    agreed_at = sheet.scholar_agreed_at if is_scholars else sheet.mentor_agreed_at
    return "The reader has agreed." if agreed_at else ""


def write(message: Message, at: dt.datetime) -> Letter:
    sheet = _sheet(message, at)
    assert sheet
    assert sheet.agree_due_at
    scholar = sheet.case.scholar.person
    return emails.sheet_shared(
        name=message.person.name,
        cohort=sheet.cohort.name,
        scholar=scholar.name,
        is_theirs=scholar.pk == message.person_id,
        due=clock.format_moment(sheet.agree_due_at, message.person.time_zone, date=True),
        sheet_link=link(reverse("sheet", args=[sheet.pk])),
    )


SHEET_SHARED = kinds.register(
    kinds.Kind(
        name="sheet_shared",
        words="A next-term sheet is there to agree on",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write,
        staff_read=True,
    )
)
