"""The reminder of a weekly log that is past due: once per scholar and week."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from cohorts.models import Leave, Stay
from cohorts.querysets import LocalDay
from mats import clock
from mats.post import kinds, outbox
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import WeeklyLog


def overdue_logs(at: dt.datetime) -> QuerySet[WeeklyLog]:
    """Logs past due and not written, of scholars who were here when they became due.

    Nothing is owed for a week away (`LogQuerySet.overdue`); nobody is chased for a log that became
    due on a day of leave, before they joined, or before the cohort was launched.
    """
    on_leave = Leave.objects.filter(
        membership=OuterRef("scholar"),
        archived_at=None,
        starts_on__lte=OuterRef("due_day"),
        ends_on__gte=OuterRef("due_day"),
    )
    here = Stay.objects.filter(
        membership=OuterRef("scholar"),
        archived_at=None,
        starts_on__lte=OuterRef("due_day"),
        ends_on__gte=OuterRef("due_day"),
    )
    return (
        WeeklyLog.objects.overdue(at)
        .filter(
            scholar__archived_at=None,
            scholar__created_at__lte=F("due_at"),
            scholar__person__is_active=True,
            scholar__person__archived_at=None,
            scholar__cohort__archived_at=None,
            scholar__cohort__launched_at__lte=F("due_at"),
        )
        .annotate(due_day=LocalDay(F("due_at"), "scholar__cohort__time_zone"))
        .filter(Exists(here), ~Exists(on_leave))
    )


def queue_overdue_logs(at: dt.datetime) -> int:
    """Put a reminder for every log that became overdue in the last twelve hours, in one statement.

    Older ones are never chased late. A stopped sweep of some hours heals; a second run adds nothing.
    """
    due = overdue_logs(at).filter(due_at__gt=at - outbox.NUDGE_LIFE).order_by()
    columns = due.values_list("scholar__person_id", "scholar__cohort_id", "pk", "due_at")
    return outbox.put_all(kind=LOG_OVERDUE.name, policy=LOG_OVERDUE.policy, due=columns, at=at)


def drop_overdue(message: Message, at: dt.datetime) -> str:
    """Why the reminder has become pointless, or nothing."""
    if _its_log(message, overdue_logs(at)).filter(scholar__person=message.person_id).exists():
        return ""
    if _its_log(message, WeeklyLog.objects.filter(submitted_at__isnull=False)).exists():
        return "The log was submitted."
    return "The log is not owed any more: away, or no longer in the cohort."


def write_overdue(message: Message, at: dt.datetime) -> Letter:
    log = _its_log(message, WeeklyLog.objects.select_related("scholar__cohort")).get()
    return emails.log_overdue(
        name=message.person.name,
        cohort=log.scholar.cohort.name,
        week=log.number,
        due=clock.format_moment(log.due_at, message.person.time_zone),
        write_link=link(reverse("log_write", args=[log.pk])),
        staff=log.scholar.cohort.staff_label_plural,
    )


def _its_log(message: Message, logs: QuerySet[WeeklyLog]) -> QuerySet[WeeklyLog]:
    return logs.filter(pk=message.about_id) if message.about_id else logs.none()


LOG_OVERDUE = kinds.register(
    kinds.Kind(
        name="log_overdue",
        words="Reminder: the weekly log was due",
        policy=Message.Policy.NUDGE,
        drop_why=drop_overdue,
        write=write_overdue,
        find=queue_overdue_logs,
        staff_read=True,
    )
)
