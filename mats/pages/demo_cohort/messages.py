"""Messages that the demo has sent so far."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from cohorts.models import Role
from mats.pages.demo_cohort.people import DEMO, Scene
from mats.post.kinds import Kind
from mats.post.models import Message
from mats.post.outbox import STOPPED, message_id_of
from mentorship.models import WeeklyLog
from mentorship.reminders.log import LOG_DUE_SOON, LOG_OVERDUE, SOON, overdue_logs

MINUTE = dt.timedelta(minutes=1)


def send_reminders(scene: Scene) -> None:
    """Reminders that went out in the past weeks, so that the first sweep sends one and not hundreds.

    The one it sends is to the demo's own scholar, whose log became due an hour or two ago.
    """
    messages = list(_reminders(scene))
    Message.objects.bulk_create(_with_mishaps(messages))


def _reminders(scene: Scene) -> Iterator[Message]:
    owed = WeeklyLog.objects.filter(scholar__cohort=scene.cohort, due_at__lte=scene.at).select_related(
        "scholar__person"
    )
    here = set(overdue_logs(scene.at).filter(scholar__cohort=scene.cohort).values_list("pk", flat=True))
    demo = scene.places[Role.SCHOLAR][DEMO]
    for log in owed.order_by("due_at", "scholar__person__email"):
        if log.is_away or not (log.pk in here or log.submitted_at):
            continue
        if _was_open(log, log.due_at - SOON):
            yield _message(scene, log, LOG_DUE_SOON, log.due_at - SOON)
        if _was_open(log, log.due_at) and not (log.scholar_id == demo.pk and log.submitted_at is None):
            yield _message(scene, log, LOG_OVERDUE, log.due_at)


def _was_open(log: WeeklyLog, moment: dt.datetime) -> bool:
    return log.submitted_at is None or log.submitted_at > moment + 2 * MINUTE


def _message(scene: Scene, log: WeeklyLog, kind: Kind, moment: dt.datetime) -> Message:
    pk = uuid.UUID(int=scene.random.getrandbits(128), version=4)
    sent_at = moment + scene.random.randint(20, 100) * dt.timedelta(seconds=1)
    return Message(
        pk=pk,
        person=log.scholar.person,
        cohort=scene.cohort,
        kind=kind.name,
        policy=kind.policy,
        occurrence=str(log.pk),
        about_id=log.pk,
        moment=moment,
        created_at=moment,
        message_id=message_id_of(pk),
        attempts=1,
        intended_at=sent_at,
        sent_at=sent_at,
    )


def _with_mishaps(messages: list[Message]) -> list[Message]:
    """One that was kept back, one that was refused to the last, and one of which nobody knows."""
    ends: list[dict[str, Any]] = [
        {"dropped_why": "The log was submitted.", "intended_at": None},
        {"failed_why": "The mail server refused the recipient's address (answer 550).", "intended_at": None},
        {"failed_why": STOPPED},
    ]
    for message, end in zip(messages[20::31], ends, strict=False):
        ended_at, message.sent_at = message.sent_at, None
        for name, value in end.items():
            setattr(message, name, value)
        if message.dropped_why:
            message.dropped_at = ended_at
        else:
            message.failed_at = message.given_up_at = ended_at
    return messages
