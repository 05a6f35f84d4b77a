"""Sentences about many logs and meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db.models import BooleanField, Case, CharField, F, Func, QuerySet, Value, When

if TYPE_CHECKING:
    from mentorship.models import Meeting, WeeklyLog  # noqa: F401  (for annotations alone: models import this module)


class AwayAllWeek(Func):
    """Whether somebody is on leave on every working day of a cohort week.

    `AwayAllWeek(membership, first day of the week, weekday on which the cohort's weeks start)`.
    Working days are Monday to Friday within their stay: a short week, or one in which the stay
    starts or ends, has fewer. The first look, for any leave at all, spares nearly every row the
    second.
    """

    arity = 3
    output_field = BooleanField()
    sql = """(
        EXISTS (SELECT FROM cohorts_leave l WHERE l.membership_id = {who} AND l.archived_at IS NULL
                   AND l.starts_on < {day} + 7 AND l.ends_on >= {day})
        AND NOT EXISTS (
            SELECT FROM generate_series(
                {day}, {day} + 6 - mod(extract(isodow FROM {day})::int + 6 - {week_start}, 7), interval '1 day'
            ) d
             WHERE extract(isodow FROM d) < 6
               AND EXISTS (SELECT FROM cohorts_stay s WHERE s.membership_id = {who} AND s.archived_at IS NULL
                              AND d::date BETWEEN s.starts_on AND s.ends_on)
               AND NOT EXISTS (SELECT FROM cohorts_leave l WHERE l.membership_id = {who} AND l.archived_at IS NULL
                                  AND d::date BETWEEN l.starts_on AND l.ends_on)))"""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        who, day, week_start = (compiler.compile(column)[0] for column in self.source_expressions)
        return self.sql.format(who=who, day=day, week_start=week_start), []


class EditedAfterMeeting(Func):
    """Whether a log was edited once a meeting of its week had begun.

    `EditedAfterMeeting(membership, first day of the week, moment of the edit)`. A meeting that was
    called off, or did not take place, is none; of several the first counts.
    """

    arity = 3
    output_field = BooleanField()
    sql = """EXISTS (
        SELECT FROM mentorship_pairingweek w
          JOIN mentorship_pairing p ON p.id = w.pairing_id
          JOIN mentorship_meeting m ON m.id = w.meeting_id
         WHERE p.scholar_id = {who} AND w.week_starts_on = {day} AND w.archived_at IS NULL
           AND m.is_live AND m.outcome <> 'did_not_meet' AND lower(coalesce(m.held, m.planned)) < {edited})"""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        who, day, edited = (compiler.compile(column)[0] for column in self.source_expressions)
        return self.sql.format(who=who, day=day, edited=edited), []


AWAY = AwayAllWeek("scholar_id", "week_starts_on", "scholar__cohort__week_start")


class LogQuerySet(QuerySet["WeeklyLog"]):
    """Weekly logs."""

    def submitted(self) -> LogQuerySet:
        return self.filter(submitted_at__isnull=False)

    def overdue(self, at: dt.datetime) -> LogQuerySet:
        """Owed, past due and not written; nothing is owed for a week away."""
        return self.filter(archived_at=None, submitted_at=None, due_at__lt=at).exclude(AWAY)

    def with_state(self, at: dt.datetime) -> LogQuerySet:
        """`state` in one word: on_time, late, away, missing (past due, not written) or due.

        A log is late only by its first submission; a late one of a week away counts as away. One
        that says its writer was away or ill counts as away whenever it was sent.
        """
        return self.annotate(
            state=Case(
                When(is_away=True, then=Value("away")),
                When(submitted_at__lte=F("due_at"), then=Value("on_time")),
                When(AWAY, then=Value("away")),
                When(submitted_at__isnull=False, then=Value("late")),
                When(due_at__lt=at, then=Value("missing")),
                default=Value("due"),
                output_field=CharField(),
            )
        )

    def with_edits(self) -> LogQuerySet:
        """`edited_after_meeting`: whether the latest edit came after that week's meeting had begun."""
        return self.annotate(edited_after_meeting=EditedAfterMeeting("scholar_id", "week_starts_on", "edited_at"))


class MeetingQuerySet(QuerySet["Meeting"]):
    """Meetings."""

    def planned_ahead(self, at: dt.datetime) -> MeetingQuerySet:
        """Planned, not called off, not begun."""
        return self.filter(is_live=True, held=None, planned__startswith__gt=at)

    def running(self, at: dt.datetime) -> MeetingQuerySet:
        """Started, and not over at this moment, whoever has written that down yet."""
        return self.filter(held__contains=at)

    def over_but_not_ended(self, at: dt.datetime) -> MeetingQuerySet:
        """Started and past the latest end, which nobody has written down yet."""
        return self.filter(ended_at=None, held__endswith__lte=at)

    def end(self) -> int:
        """Write the end that each of these meetings had, never the moment of writing; how many."""
        ended_at = RangeEndsWith(F("held"))
        return self.update(
            ended_at=ended_at,
            outcome_at=Case(When(outcome="", then=ended_at), default=F("outcome_at")),
            outcome=Case(When(outcome="", then=Value("met")), default=F("outcome")),
        )
