"""Messages about the window of a round: it has opened, and it closes soon; to whoever may still apply.

The first is a letter: whenever the schedule comes to it while the window is open, everybody who may
apply has it once. The second is a nudge with its moment, three days before the end.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any, Literal

from django.db import connection
from django.urls import reverse

from mats import clock
from mats.post import kinds, outbox
from mats.post.letters import Letter, link
from mats.post.models import Message
from mats.statements import Written
from mentorship import emails
from mentorship.models import Round
from mentorship.window import MAY_APPLY

Kind = Literal["applications_open", "applications_close"]

CLOSES_SOON = dt.timedelta(days=3)

WINDOWS = f"""
    SELECT w.*, p.time_zone FROM ({MAY_APPLY}) w
      JOIN cohorts_person p ON p.id = w.person AND p.is_active AND p.archived_at IS NULL"""  # noqa: S608
OPEN = f"""
    SELECT person, cohort, round, greatest(opens_at, {{since}}) AS moment, round::text
      FROM ({WINDOWS}) w WHERE opens_at <= {{at}} AND closes_at > {{at}}"""  # noqa: S608
CLOSING = f"""
    SELECT person, cohort, round, closes_at - interval '{CLOSES_SOON.days} days' AS moment,
           round::text || ' ' || extract(epoch FROM closes_at)::bigint
      FROM ({WINDOWS}) w
     WHERE opens_at <= {{at}} AND closes_at > {{at}} AND closes_at - interval '{CLOSES_SOON.days} days' <= {{at}}
       AND closes_at - interval '{CLOSES_SOON.days} days' > {{since}}"""  # noqa: S608
DUE: dict[Kind, str] = {"applications_open": OPEN, "applications_close": CLOSING}
ONE = f"SELECT closes_at FROM ({MAY_APPLY}) w WHERE round = {{round}} AND person = {{person}} AND closes_at > {{at}}"  # noqa: S608


def queue(at: dt.datetime, *, kind: Kind) -> int:
    """Put what has become due to be said, everywhere, in one statement; how many are new."""
    policy = Message.Policy.LETTER if kind == "applications_open" else Message.Policy.NUDGE
    due = Written(DUE[kind], at=at, since=at - outbox.NUDGE_LIFE)
    return outbox.put_all(kind=kind, policy=policy, due=due, at=at)


def _closes_at(message: Message, at: dt.datetime) -> Any:
    sql, values = Written(ONE, round=message.about_id, person=message.person_id, at=at).sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    return found and found[0]


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the message has become pointless, or nothing."""
    return "" if _closes_at(message, at) else "The reader has applied, or can’t apply any more."


def write(message: Message, at: dt.datetime, *, kind: Kind) -> Letter:
    assert message.about_id
    cohort = Round.objects.select_related("cohort").get(pk=message.about_id).cohort
    return emails.applications(
        kind,
        name=message.person.name,
        cohort=cohort.name,
        until=clock.format_moment(_closes_at(message, at), message.person.time_zone, date=True),
        apply_link=link(reverse("case_apply", args=[cohort.slug])),
    )


def _register(name: Kind, words: str, policy: str) -> kinds.Kind:
    return kinds.register(
        kinds.Kind(
            name=name,
            words=words,
            policy=policy,
            drop_why=drop_why,
            write=partial(write, kind=name),
            find=partial(queue, kind=name),
            staff_read=True,
        )
    )


APPLICATIONS_OPEN = _register("applications_open", "An extension can be asked for", Message.Policy.LETTER)
APPLICATIONS_CLOSE = _register(
    "applications_close", "Reminder: an extension can be asked for until soon", Message.Policy.NUDGE
)
