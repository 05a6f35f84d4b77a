"""The outbox: rows are put before anything is sent, and each is sent by one worker at a time."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from mats.identity.transaction import acting
from mats.post import kinds
from mats.post.kinds import kind_of
from mats.post.letters import Letter
from mats.post.models import Message
from mats.post.transport import NotAccepted, Unanswered, hand_over
from mats.sealing import seal
from mats.statements import Written

logger = logging.getLogger(__name__)

# A worker that holds a message longer than this is taken for dead. Longer than a slow mail
# server's patience (EMAIL_TIMEOUT for each of a few answers).
LEASE = dt.timedelta(seconds=120)
NUDGE_LIFE = dt.timedelta(hours=12)
# Time to wait after the first, second, ... failure; after the last attempt a person looks.
SPACING = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
ATTEMPTS = len(SPACING) + 1

CLOSED_ACCOUNT = "The account is closed."
NO_SUCH_KIND = "This kind of message is no longer sent."
TOO_LATE = "Twelve hours had passed since its moment."
NOT_WRITTEN = "The message could not be written."
STOPPED = "The worker stopped while it was sending."


def message_id_of(pk: uuid.UUID) -> str:
    return f"<{pk}@{urlsplit(settings.PUBLIC_ORIGIN).hostname}>"


def put(
    *,
    kind: str,
    policy: str,
    person: Any,
    occurrence: str,
    at: dt.datetime,
    secret: str = "",
    about_id: Any = None,
    cohort: Any = None,
) -> Message:
    """One message that is due now; `secret` is sealed for its row. Unique per person, kind and occurrence."""
    pk = uuid.uuid4()
    return Message.objects.create(
        pk=pk,
        person=person,
        cohort=cohort,
        kind=kind,
        policy=policy,
        occurrence=occurrence,
        about_id=about_id,
        moment=at,
        created_at=at,
        sealed=seal(secret, pk) if secret else "",
        message_id=message_id_of(pk),
    )


UNNAMED_COLUMNS = 4

# Ids are made by the database, so that ten thousand rows are one statement.
PUT_ALL = """
INSERT INTO post_message (id, person_id, cohort_id, about_id, occurrence, moment, kind, policy, message_id,
                          created_at, sealed, attempts, dropped_why, failed_why)
SELECT id, person_id, cohort_id, about_id, {occurs}, moment, %s, %s, '<' || id || '@' || %s || '>',
       %s, '', 0, '', ''
  FROM (SELECT gen_random_uuid() AS id, due.*
          FROM ({due}) AS due (person_id, cohort_id, about_id, moment{occurrence})) AS rows
ON CONFLICT DO NOTHING
"""


def put_all(*, kind: str, policy: str, due: QuerySet | Written, at: dt.datetime) -> int:
    """Put a message for every row of `due`: person, cohort, about, moment, occurrence, as a
    `values_list` or as SQL by hand.

    One statement whatever their number; rows that stand already are left alone. Without its last
    column a `values_list` has the id of what the message is about as its occurrence. Answers with
    the number of new rows.
    """
    named = isinstance(due, Written) or len(due.query.selected or {}) > UNNAMED_COLUMNS
    select, params = (due if isinstance(due, Written) else due.query).sql_with_params()
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    sql = PUT_ALL.format(
        due=select, occurs="occurrence" if named else "about_id::text", occurrence=", occurrence" if named else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [kind, policy, host, at, *params])
        return cursor.rowcount


def put_each(
    *,
    kind: str,
    policy: str,
    rows: list[tuple[Any, Any, Any, str]],
    at: dt.datetime,
    secrets: Mapping[Any, str] | None = None,
) -> None:
    """Put messages that are due now: rows of the keys of person, cohort and about, and the occurrence.

    One statement; rows that stand already are left alone. `secrets`, by the key of what a message is
    about, are sealed for their rows.
    """
    held = secrets or {}
    made = [
        Message(
            pk=pk, person_id=person, cohort_id=cohort, about_id=about, occurrence=occurrence, moment=at,
            kind=kind, policy=policy, message_id=message_id_of(pk), created_at=at,
            sealed=seal(held[about], pk) if about in held else "",
        )
        for pk, (person, cohort, about, occurrence) in ((uuid.uuid4(), row) for row in rows)
    ]  # fmt: skip
    Message.objects.bulk_create(made, ignore_conflicts=True)


def drop_waiting(why: str, at: dt.datetime, **lookup: Any) -> int:
    """Drop what was not sent yet, for a reason; answers with the number."""
    waiting = Message.objects.waiting().filter(**lookup)
    return waiting.update(dropped_at=at, dropped_why=why, sealed="", leased_until=None)


def claim(at: dt.datetime, **lookup: Any) -> Message | None:
    """Take one due message for the time of a lease; None if there is none that is free.

    Two workers that ask at once get two messages: a row locked by one is skipped by the other.
    """
    with acting(None, at):
        free = Message.objects.claimable(at).filter(**lookup).select_for_update(skip_locked=True, no_key=True)
        message = free.first()
        if message is not None:
            message.leased_until = at + LEASE
            message.attempts += 1
            message.save(update_fields=["leased_until", "attempts"])
        return message


def deliver(message: Message, at: dt.datetime) -> None:
    """Send a claimed message, or drop it with its reason.

    The intent to send is committed before the mail server is called, so that a worker killed in
    between leaves a trace: a nudge is then never sent again, a letter with the same Message-ID.
    """
    letter = _prepare(message, at)
    if letter is None:
        return
    try:
        hand_over(message, letter)
    except NotAccepted as refusal:
        # Back to what was on record before: of this attempt we know that nothing went out.
        _record_failure(message, at, str(refusal), intended_at=message.intended_at)
    except Unanswered as silence:
        _record_failure(message, at, str(silence), final=message.policy == Message.Policy.NUDGE)
    else:
        _mark_sent(message, at)


def _prepare(message: Message, at: dt.datetime) -> Letter | None:
    """The letter, with the intent to send it on record; None if there is nothing to send."""
    with acting(None, at):
        held = _held(message)
        if held is None:
            return None
        if reason := _drop_why(held, at):
            _end(held, dropped_at=at, dropped_why=reason[:200])
            return None
        letter = _write(held, at)
        if letter is None:
            _record_failure(held, at, NOT_WRITTEN)
            return None
        held.intended_at = at
        held.save(update_fields=["intended_at"])
        message.person = held.person
        return letter


def _held(message: Message) -> Message | None:
    """The row, locked, while the lease is still ours: a worker that slept too long has lost it."""
    mine = Message.objects.waiting().filter(pk=message.pk, leased_until=message.leased_until)
    return mine.select_related("person").select_for_update(of=("self",), no_key=True).first()


def _drop_why(message: Message, at: dt.datetime) -> str:
    kind = kind_of(message)
    if kind is None:
        return NO_SUCH_KIND
    if not message.person.is_active or message.person.archived_at:
        return CLOSED_ACCOUNT
    if message.policy == Message.Policy.NUDGE and at >= message.moment + NUDGE_LIFE:
        return TOO_LATE
    return kinds.drop_why(kind, message, at)


def _write(message: Message, at: dt.datetime) -> Letter | None:
    """A message that cannot be written must not stop those behind it."""
    kind = kind_of(message)
    try:
        with transaction.atomic():
            return kind.write(message, at) if kind else None
    except Exception as error:
        logger.error("Message %s could not be written: %s.", message.pk, type(error).__name__)
        return None


def _end(message: Message, **how: Any) -> None:
    """Write how a message ended. What was sealed in it goes with it."""
    Message.objects.waiting().filter(pk=message.pk).update(sealed="", leased_until=None, **how)


def _mark_sent(message: Message, at: dt.datetime) -> None:
    """The mail server has it: true even if the message was given up or dropped while we waited."""
    Message.objects.filter(pk=message.pk, sent_at=None).update(
        sent_at=at, intended_at=at, dropped_at=None, dropped_why="", given_up_at=None, sealed="", leased_until=None
    )


def _record_failure(message: Message, at: dt.datetime, why: str, *, final: bool = False, **facts: Any) -> None:
    """Note the failure; try again after a while, or after the last attempt give up and say so."""
    facts.update(failed_at=at, failed_why=why)
    if final or message.attempts >= ATTEMPTS:
        _end(message, given_up_at=at, **facts)
        logger.error("Message %s was given up: %s", message.pk, why)
    else:
        again = at + SPACING[message.attempts - 1]
        Message.objects.waiting().filter(pk=message.pk).update(leased_until=again, **facts)


def give_up_what_stopped(at: dt.datetime) -> int:
    """Put before a person what no worker may touch again: intended nudges and used-up attempts,
    whose worker has not come back within its lease. Answers with their number."""
    over = Q(policy=Message.Policy.NUDGE, intended_at__isnull=False) | Q(attempts__gte=ATTEMPTS)
    stopped = Message.objects.waiting().filter(over, leased_until__lte=at)
    return stopped.update(given_up_at=at, failed_at=at, failed_why=STOPPED, sealed="", leased_until=None)
