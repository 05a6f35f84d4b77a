"""Server drafts: unsent text, sealed, one per person, form and row.

A draft knows the key of the drawing that wrote it. Another tab has another key; it may write on
only if it was drawn from this very draft (`base`), so no tab silently overwrites another.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict

from mats.clock import format_moment, format_time, local_date
from mats.forms.models import Draft
from mats.forms.submissions import was_sent

# Characters of all fields together; a page of text has about 3,000.
DRAFT_CAP = 400_000


class DraftElsewhere(Exception):
    """Another tab saved a draft of the same form; `draft` is that one."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Another tab saved a draft.")
        self.draft = draft


class DraftTooLong(Exception):
    """More text than a draft may hold."""


@dataclass(frozen=True)
class Content:
    """What a draft holds: the key and version of the drawing it was written in, and its fields."""

    key: str
    version: int | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> Content:
        return cls(**json.loads(draft.content))

    def as_text(self) -> str:
        return json.dumps({"key": self.key, "version": self.version, "fields": self.fields})

    def as_data(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data


def scrub(text: str) -> str:
    """Text as a page can show it again: no control characters but tab and line ends, no surrogates."""
    kept = "".join(sign for sign in text if sign in "\t\r\n" or ord(sign) >= ord(" "))
    return kept.encode("utf-8", "replace").decode()


def token(draft: Draft | None) -> str:
    """Names one state of a draft; every saving seals anew, so it changes each time."""
    return hashlib.sha256(draft.sealed.encode()).hexdigest()[:16] if draft else ""


def _row(person: Any, form: str, about: str):
    return Draft.objects.filter(person=person, form=form, about=about)


def find_draft(person: Any, form: str, about: str) -> Draft | None:
    """The draft there is. One whose form was sent meanwhile is none: an autosave that was still
    under way when the button was pressed may have written it after the form had swept it away."""
    draft = _row(person, form, about).first()
    return None if draft is None or was_sent(person, Content.of(draft).key) else draft


def save_draft(*, by: Any, form: str, about: str, content: Content, base: str, at: dt.datetime) -> Draft | None:
    """Keep unsent text. None if this very form was sent meanwhile.

    Raises `DraftElsewhere` where another tab has saved since, `DraftTooLong` over the cap.
    """
    if sum(len(value) for values in content.fields.values() for value in values) > DRAFT_CAP:
        raise DraftTooLong
    if was_sent(by, content.key):
        return None
    with transaction.atomic():
        draft = _locked_or_new(by, form, about, at)
        if not _continues(draft, content.key, base):
            raise DraftElsewhere(draft)
        draft.content, draft.saved_at = content.as_text(), at
        draft.save()
    return draft


def _locked_or_new(person: Any, form: str, about: str, at: dt.datetime) -> Draft:
    """The row, locked; a new one is inserted blank, so that two first savings meet in the unique key."""
    locked = _row(person, form, about).select_for_update(no_key=True)
    if draft := locked.first():
        return draft
    draft = Draft(person=person, form=form, about=about, saved_at=at)
    draft.content = Content(key="").as_text()
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return locked.get()
    return draft


def _continues(draft: Draft, key: str, base: str) -> bool:
    return (
        base == token(draft) or Content.of(draft).key in {"", key} or was_sent(draft.person_id, Content.of(draft).key)
    )


def drop_draft(*, by: Any, form: str, about: str, key: str, base: str) -> None:
    """The form was sent: its own draft goes. One that another tab wrote stays; it holds other text."""
    draft = _row(by, form, about).select_for_update(no_key=True).first()
    if draft and _continues(draft, key, base):
        draft.delete()


def throw_away(*, by: Any, form: str, about: str) -> None:
    _row(by, form, about).delete()


def saved_words(at: dt.datetime, now: dt.datetime, zone: str) -> str:
    """`10:42`, or with its day when that was not today; on the person's own wall."""
    is_today = local_date(at, zone) == local_date(now, zone)
    return format_time(at, zone) if is_today else format_moment(at, zone, date=True)
