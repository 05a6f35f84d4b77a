"""The reminders of a weekly log, before it is due and after: each once per scholar and week."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Literal

from django.db.models import DateTimeField, Exists, F, Func, OuterRef, QuerySet
from django.db.models.functions import Greatest

from cohorts.models import Leave, Stay
from cohorts.querysets import LocalDay
from mats import clock
from mats.post import kinds, links, outbox
from mats.post.letters import Letter
from mats.post.models import Message
from mentorship import emails
from mentorship.links import OPEN_LOG
from mentorship.models import WeeklyLog
from mentorship.querysets import AWAY, LogQuerySet

SOON = dt.timedelta(hours=24)


class WeekOpens(Func):
    """The moment at which a cohort week begins: `WeekOpens(first day, zone of the cohort)`."""

    template = "(%(expressions)s)"
    arg_joiner = "::timestamp AT TIME ZONE "
    output_field = DateTimeField()


# A log that is due early in its week is not announced before it can be written.
SOON_FROM = Greatest(F("due_at") - SOON, WeekOpens("week_starts_on", "scholar__cohort__time_zone"))


def _of_people_here(logs: LogQuerySet) -> QuerySet[WeeklyLog]:
    """Logs of scholars who are in a launched cohort, here and not on leave on the day they are due."""
    of_the_day = {
        "membership": OuterRef("scholar"),
        "archived_at": None,
        "starts_on__lte": OuterRef("due_day"),
        "ends_on__gte": OuterRef("due_day"),
    }
    return (
        logs.filter(
            scholar__archived_at=None,
            scholar__created_at__lte=F("due_at"),
            scholar__person__is_active=True,
            scholar__person__archived_at=None,
            scholar__cohort__archived_at=None,
            scholar__cohort__launched_at__lte=F("due_at"),
        )
        .annotate(due_day=LocalDay(F("due_at"), "scholar__cohort__time_zone"))
        .filter(Exists(Stay.objects.filter(**of_the_day)), ~Exists(Leave.objects.filter(**of_the_day)))
    )


def overdue_logs(at: dt.datetime) -> QuerySet[WeeklyLog]:
    """Logs past due and not written, of scholars who were here when they became due.

    Nothing is owed for a week away (`LogQuerySet.overdue`); nobody is chased for a log that became
    due on a day of leave, before they joined, or before the cohort was launched.
    """
    return _of_people_here(WeeklyLog.objects.overdue(at))


def logs_due_soon(at: dt.datetime) -> QuerySet[WeeklyLog]:
    """Logs not written yet whose moment comes within 24 hours, of scholars who will owe them then.

    `soon_from` is when that began: a day before, or with the week where the log is due earlier in it.
    """
    ahead = WeeklyLog.objects.filter(archived_at=None, submitted_at=None, due_at__gt=at, due_at__lte=at + SOON)
    return _of_people_here(ahead.exclude(AWAY)).annotate(soon_from=SOON_FROM).filter(soon_from__lte=at)


def queue_overdue_logs(at: dt.datetime) -> int:
    """Put a reminder for every log that became overdue in the last twelve hours, in one statement.

    Older ones are never chased late. A stopped sweep of some hours heals; a second run adds nothing.
    """
    due = overdue_logs(at).filter(due_at__gt=at - outbox.NUDGE_LIFE).order_by()
    columns = due.values_list("scholar__person_id", "scholar__cohort_id", "pk", "due_at")
    return outbox.put_all(kind=LOG_OVERDUE.name, policy=LOG_OVERDUE.policy, due=columns, at=at)


def queue_logs_due_soon(at: dt.datetime) -> int:
    """Put a reminder for every log that is due within 24 hours, in one statement; as `queue_overdue_logs`."""
    due = logs_due_soon(at).filter(soon_from__gt=at - outbox.NUDGE_LIFE).order_by()  # type: ignore[misc]  # annotated
    columns = due.values_list("scholar__person_id", "scholar__cohort_id", "pk", "soon_from")  # type: ignore[misc]
    return outbox.put_all(kind=LOG_DUE_SOON.name, policy=LOG_DUE_SOON.policy, due=columns, at=at)


def drop_overdue(message: Message, at: dt.datetime) -> str:
    """Why the reminder has become pointless, or nothing."""
    return _drop_why(message, overdue_logs(at))


def drop_due_soon(message: Message, at: dt.datetime) -> str:
    """Why the reminder has become pointless, or nothing."""
    if _its_log(message, WeeklyLog.objects.filter(submitted_at=None, due_at__lte=at)).exists():
        return "The log was due by then."
    return _drop_why(message, logs_due_soon(at))


def _drop_why(message: Message, owed: QuerySet[WeeklyLog]) -> str:
    if _its_log(message, owed).filter(scholar__person=message.person_id).exists():
        return ""
    if _its_log(message, WeeklyLog.objects.filter(submitted_at__isnull=False)).exists():
        return "The log was submitted."
    return "The log is not owed any more: away, or no longer in the cohort."


def _write(message: Message, at: dt.datetime, *, kind: Literal["log_due_soon", "log_overdue"]) -> Letter:
    log = _its_log(message, WeeklyLog.objects.select_related("scholar__cohort")).get()
    return emails.log_reminder(
        kind,
        name=message.person.name,
        cohort=log.scholar.cohort.name,
        week=log.number,
        due=clock.format_moment(log.due_at, message.person.time_zone),
        write_link=links.address(OPEN_LOG, message),
        staff=log.scholar.cohort.staff_label_plural,
    )


def _its_log(message: Message, logs: QuerySet[WeeklyLog]) -> QuerySet[WeeklyLog]:
    return logs.filter(pk=message.about_id) if message.about_id else logs.none()


LOG_DUE_SOON = kinds.register(
    kinds.Kind(
        name="log_due_soon",
        words="Reminder: the weekly log is due within 24 hours",
        policy=Message.Policy.NUDGE,
        drop_why=drop_due_soon,
        write=partial(_write, kind="log_due_soon"),
        find=queue_logs_due_soon,
        staff_read=True,
    )
)
LOG_OVERDUE = kinds.register(
    kinds.Kind(
        name="log_overdue",
        words="Reminder: the weekly log was due",
        policy=Message.Policy.NUDGE,
        drop_why=drop_overdue,
        write=partial(_write, kind="log_overdue"),
        find=queue_overdue_logs,
        staff_read=True,
    )
)
