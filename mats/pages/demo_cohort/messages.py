"""Messages that the demo has sent so far."""

from __future__ import annotations

import datetime as dt
import uuid

from cohorts.models import Role
from mats.pages.demo_cohort.people import DEMO, Scene
from mats.post.models import Message
from mats.post.outbox import message_id_of
from mentorship.models import WeeklyLog
from mentorship.reminders.log import LOG_OVERDUE, overdue_logs

MINUTE = dt.timedelta(minutes=1)


def send_reminders(scene: Scene) -> None:
    """Reminders that went out in the past weeks, so that the first sweep sends one and not hundreds.

    The one it sends is to the demo's own scholar, whose log became due an hour or two ago.
    """
    owed = WeeklyLog.objects.filter(scholar__cohort=scene.cohort, due_at__lte=scene.at).select_related(
        "scholar__person"
    )
    here = set(overdue_logs(scene.at).filter(scholar__cohort=scene.cohort).values_list("pk", flat=True))
    demo = scene.places[Role.SCHOLAR][DEMO]
    Message.objects.bulk_create(
        _reminder(scene, log)
        for log in owed.order_by("due_at", "scholar__person__email")
        if (log.pk in here or (log.submitted_at and log.submitted_at > log.due_at + 2 * MINUTE))
        and not (log.scholar_id == demo.pk and log.submitted_at is None)
    )


def _reminder(scene: Scene, log: WeeklyLog) -> Message:
    pk = uuid.UUID(int=scene.random.getrandbits(128), version=4)
    sent_at = log.due_at + scene.random.randint(20, 100) * dt.timedelta(seconds=1)
    return Message(
        pk=pk,
        person=log.scholar.person,
        cohort=scene.cohort,
        kind=LOG_OVERDUE.name,
        policy=LOG_OVERDUE.policy,
        occurrence=str(log.pk),
        about_id=log.pk,
        moment=log.due_at,
        created_at=log.due_at,
        message_id=message_id_of(pk),
        attempts=1,
        intended_at=sent_at,
        sent_at=sent_at,
    )
