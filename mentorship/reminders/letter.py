"""The committee's decision is there: told to its scholar, with the day by which a grant is accepted. What
it says stands on the page, not in the message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from cohorts.access import visible
from cohorts.rules.days import in_words
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import DecisionLetter, State

UNANSWERED = (State.OFFERED, State.WAITLISTED, State.REFUSED)


def _occurrence(letter: DecisionLetter) -> str:
    """The letter and the day by which it is accepted, so that a later day is told again."""
    return f"{letter.pk} {letter.accept_by or ''}".strip()


def _about(message: Message) -> UUID:
    assert message.about_id  # every message here is about a letter
    return message.about_id


def tell_letters(letters: Sequence[DecisionLetter], at: dt.datetime) -> None:
    """To each letter's scholar, all in one statement and due at once; rings after the commit."""
    rows = [(letter.case.scholar.person_id, letter.cohort_id, letter.pk, _occurrence(letter)) for letter in letters]
    drop_in(DECISION_LETTER, rows, at)


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the message has become pointless, or nothing."""
    theirs = visible(DecisionLetter, "letter", message.person, at)
    letter = theirs.filter(pk=_about(message), archived_at=None).select_related("case").first()
    if letter is None:
        return "The letter is not the reader’s to read any more."
    if message.occurrence != _occurrence(letter):
        return "The day to accept has moved; a later message tells of it."
    return "" if letter.case.state in UNANSWERED else "The letter was answered."


def write(message: Message, at: dt.datetime) -> Letter:
    letter = DecisionLetter.objects.select_related("cohort").get(pk=_about(message))
    known = Message.objects.filter(kind=message.kind, about_id=letter.pk, sent_at__isnull=False).exclude(pk=message.pk)
    return emails.decision_letter(
        name=message.person.name,
        cohort=letter.cohort.name,
        accept_by=in_words(letter.accept_by) if letter.accept_by else "",
        is_moved=known.exists(),
        letter_link=link(reverse("letter", args=[letter.pk])),
    )


DECISION_LETTER = kinds.register(
    kinds.Kind(
        name="decision_letter",
        words="The committee’s decision is there",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write,
        staff_read=True,
    )
)
