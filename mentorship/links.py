"""What links in messages of this app do; importing this registers their purposes."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from cohorts.access import visible
from cohorts.models import Person
from mats import clock
from mats.post import links
from mats.post.models import Message
from mentorship.models import Approval, WeeklyLog
from mentorship.rules.approval import ANSWERED_IN


def _its_log(message: Message, person: Person, at: dt.datetime) -> WeeklyLog | None:
    """The log that a message is about, as long as it is theirs to write."""
    if message.about_id is None:
        return None
    mine = visible(WeeklyLog, "log", person, at, "write").filter(archived_at=None, pk=message.about_id)
    return mine.select_related("scholar__cohort").first()


def _say_open_log(log: WeeklyLog, person: Person, at: dt.datetime) -> links.Question:
    due = clock.format_moment(log.due_at, person.time_zone, date=True)
    if log.submitted_at:
        state = "You have sent it already; you can still change it."
    elif log.due_at < at:
        state = f"It was due {due}, and counts whenever it comes. Nothing is sent until you send it yourself."
    else:
        state = f"It is due {due}. Nothing is sent until you send it yourself."
    words = f"This opens your log for week {log.number} of {log.scholar.cohort.name}. {state}"
    return links.Question(f"Open your log of week {log.number}", words, "Open it")


def _open_log(log: WeeklyLog, person: Person, at: dt.datetime) -> str:
    return reverse("log_write", args=[log.pk])


OPEN_LOG = links.register(
    links.Purpose(
        name="open_log",
        kinds=("log_due_soon", "log_overdue"),
        life=dt.timedelta(days=14),
        find=_its_log,
        ask=_say_open_log,
        act=_open_log,
    )
)


def _its_approval(message: Message, person: Person, at: dt.datetime) -> Approval | None:
    """The approval that a message asks for, as long as it is theirs to give or change. Whoever a message was
    forwarded to is another person, and finds nothing."""
    if message.about_id is None:
        return None
    mine = visible(Approval, "approval", person, at, "write").filter(archived_at=None, pk=message.about_id)
    open_ones = mine.filter(case__archived_at=None, case__state__in=ANSWERED_IN)
    return open_ones.select_related("case__scholar__person").first()


def _say_approve(row: Approval, person: Person, at: dt.datetime) -> links.Question:
    name, due = row.case.scholar.person.name, clock.format_moment(row.due_at, person.time_zone, date=True)
    if row.given_at:
        state = "You have answered already; you can still change it."
    elif row.due_at < at:
        state = f"It was due {due}. Nothing is sent until you send it yourself."
    else:
        state = f"It is due {due}. Nothing is sent until you send it yourself."
    words = f"This opens your approval for the extension of {name}. {state}"
    return links.Question(f"Answer for {name}", words, "Open it")


def _approve(row: Approval, person: Person, at: dt.datetime) -> str:
    return reverse("approval_write", args=[row.pk])


APPROVE = links.register(
    links.Purpose(
        name="approve",
        kinds=("approval_asked",),
        life=dt.timedelta(days=14),
        find=_its_approval,
        ask=_say_approve,
        act=_approve,
    )
)
