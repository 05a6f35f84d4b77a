"""Reminders of what is owed for milestones and extensions: before it is due, and once it was.

Each once per person, thing and due moment: what is moved is announced again, what is done is not.
What staff owe together is told to each of them.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Literal, NamedTuple
from uuid import UUID

from cohorts.models import Cohort
from mats import clock
from mats.post import kinds, outbox
from mats.post.letters import Letter, link
from mats.post.models import Message
from mats.statements import Statement, Written
from mentorship import emails
from mentorship.owed import KEPT_OUT, OWED, SOON, Owed

Nudge = Literal["owed_soon", "owed_late"]

SOON_DAYS = "CASE kind " + " ".join(f"WHEN '{kind}' THEN {days}" for kind, days in SOON.items()) + " END"

# Every person who is to be told of each row, and was in the cohort and not away on the day of the nudge.
KEEP_OUT = KEPT_OUT.format(reader="m.person_id", of="o.cohort_id")
TOLD = f"""
    SELECT o.*, m.person_id AS reader, o.due_at - {{days}} * interval '1 day' AS moment,
           o.kind || ' ' || o.about || ' ' || extract(epoch FROM o.due_at)::bigint AS occurrence
      FROM ({OWED}) o
      JOIN cohorts_cohort k ON k.id = o.cohort_id
      JOIN cohorts_membership m ON m.archived_at IS NULL
       AND (m.id = o.place OR (o.place IS NULL AND m.cohort_id = o.cohort_id AND m.role = 'staff'))
      JOIN cohorts_person p ON p.id = m.person_id AND p.is_active AND p.archived_at IS NULL
     WHERE m.created_at <= o.due_at AND (o.place IS NOT NULL OR NOT {KEEP_OUT})
       AND NOT EXISTS (SELECT FROM cohorts_leave l
                        WHERE l.membership_id = m.id AND l.archived_at IS NULL
                          AND ((o.due_at - {{days}} * interval '1 day') AT TIME ZONE k.time_zone)::date
                              BETWEEN l.starts_on AND l.ends_on)"""  # noqa: S608 - constants only

# A nudge has its moment, and comes within half a day of it or not at all.
DUE_SOON = f"""
    SELECT reader, cohort_id, about, moment, occurrence
      FROM ({TOLD.format(days=SOON_DAYS)}) told
     WHERE moment <= {{at}} AND moment > {{since}} AND due_at > {{at}} AND moment < due_at"""  # noqa: S608
WAS_DUE = f"""
    SELECT reader, cohort_id, about, moment, occurrence
      FROM ({TOLD.format(days=0)}) told
     WHERE moment <= {{at}} AND moment > {{since}}"""  # noqa: S608
DUE: dict[Nudge, str] = {"owed_soon": DUE_SOON, "owed_late": WAS_DUE}
ONE = f"SELECT * FROM ({TOLD.format(days=0)}) told WHERE about = {{about}} AND reader = {{person}}"  # noqa: S608

_one = Statement(lambda about, person: [Written(ONE, about=about, person=person)])


class Told(NamedTuple):
    """Something that is owed, told to one person."""

    row: Owed
    occurrence: str


def _still_owed(message: Message) -> list[Told]:
    """What the message is about, as long as it is owed and the reader's to hear of."""
    found = _one.ask(about=message.about_id, person=message.person_id) if message.about_id else []
    columns = len(Owed._fields)
    return [Told(Owed._make(row[:columns]), row[-1]) for row in found]


def queue(at: dt.datetime, *, kind: Nudge, cohort: UUID | None = None) -> int:
    """Put what has become due to be said in the last twelve hours, everywhere or in one cohort, in one
    statement; how many are new."""
    values = {"at": at, "since": at - outbox.NUDGE_LIFE}
    if cohort is None:
        due = Written(DUE[kind], **values)
    else:
        due = Written(f"SELECT * FROM ({DUE[kind]}) due WHERE cohort_id = {{cohort}}", cohort=cohort, **values)  # noqa: S608
    return outbox.put_all(kind=kind, policy=Message.Policy.NUDGE, due=due, at=at)


def drop_why(message: Message, at: dt.datetime, *, kind: Nudge) -> str:
    """Why the reminder has become pointless, or nothing."""
    told = [one for one in _still_owed(message) if one.row.kind == message.occurrence.partition(" ")[0]]
    if not told:
        return "It is done, or no longer owed by the reader."
    if told[0].occurrence != message.occurrence:
        return "It was moved to another day."
    if kind == "owed_soon" and told[0].row.due_at <= at:
        return "It was due by then."
    return ""


def write(message: Message, at: dt.datetime, *, kind: Nudge) -> Letter:
    row = next(one.row for one in _still_owed(message) if one.occurrence == message.occurrence)
    cohort = Cohort.objects.get(pk=row.cohort)
    return emails.owed(
        kind,
        name=message.person.name,
        cohort=cohort.name,
        what=row.words,
        due=clock.format_moment(row.due_at, message.person.time_zone, date=True),
        owed_link=link(row.url(cohort.slug)),
        by_staff=cohort.staff_label_plural if row.is_staffs else "",
    )


def _register(name: Nudge, words: str) -> kinds.Kind:
    return kinds.register(
        kinds.Kind(
            name=name,
            words=words,
            policy=Message.Policy.NUDGE,
            drop_why=partial(drop_why, kind=name),
            write=partial(write, kind=name),
            find=partial(queue, kind=name),
            staff_read=True,
        )
    )


OWED_SOON = _register("owed_soon", "Reminder: something for a milestone or an extension is due soon")
OWED_LATE = _register("owed_late", "Reminder: something for a milestone or an extension was due")
