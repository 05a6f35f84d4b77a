"""Sentences about many logs and meetings."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

if TYPE_CHECKING:
    from mentorship.models import Meeting, PairingWeek, Submission, WeeklyLog  # noqa: F401  (for annotations alone: models import this module)


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
    """Whether a log was edited once a meeting of its week was over.

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
           AND m.is_live AND m.outcome <> 'did_not_meet' AND upper(coalesce(m.held, m.planned)) < {edited})"""

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
        """`edited_after_meeting`: whether the latest edit came when that week's meeting was over."""
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


class MeetingState(Func):
    """How a pairing's week stands, in one word.

    `MeetingState(outcome, held, planned, whether the meeting is live, close of the week, away, moment)`:
    met (also on another day, or begun and past its end, whoever has written that down yet), running,
    away, did_not_meet (somebody said so, or the week closed without a planned meeting), due (not
    over, or its meeting lies ahead, up to four days into the next week), unknown (it is over and
    nobody has said).
    """

    arity = 7
    output_field = CharField()
    sql = """CASE
        WHEN {outcome} IN ('met', 'another_day') THEN 'met'
        WHEN {is_live} AND {outcome} = '' AND {held} IS NOT NULL
            THEN CASE WHEN {held} @> {at}::timestamptz THEN 'running' ELSE 'met' END
        WHEN {away} THEN 'away'
        WHEN {is_live} AND {outcome} = 'did_not_meet' THEN 'did_not_meet'
        WHEN {closes_at} > {at} OR ({is_live} AND upper({planned}) > {at}) THEN 'due'
        WHEN {is_live} THEN 'unknown'
        ELSE 'did_not_meet' END"""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        names = ("outcome", "held", "planned", "is_live", "closes_at", "away", "at")
        columns = dict(zip(names, map(compiler.compile, self.source_expressions), strict=True))
        used = COLUMN.findall(self.sql)
        return COLUMN.sub(lambda found: columns[found[1]][0], self.sql), [p for name in used for p in columns[name][1]]


COLUMN = re.compile(r"\{(\w+)\}")


class PairingWeekQuerySet(QuerySet["PairingWeek"]):
    """What pairings owe week by week: to meet."""

    def with_away(self) -> PairingWeekQuerySet:
        """`scholar_away` and `mentor_away`: nothing is owed for a week in which either is wholly
        away, or for which the scholar's log says "away or ill"."""
        logs = apps.get_model("mentorship", "WeeklyLog").objects.filter(is_away=True, archived_at=None)
        said = logs.filter(scholar=OuterRef("pairing__scholar"), week_starts_on=OuterRef("week_starts_on"))
        week_start = "pairing__cohort__week_start"
        return self.annotate(
            scholar_away=Q(AwayAllWeek("pairing__scholar_id", "week_starts_on", week_start)) | Q(Exists(said)),
            mentor_away=AwayAllWeek("pairing__mentor_id", "week_starts_on", week_start),
        )

    def with_state(self, at: dt.datetime) -> PairingWeekQuerySet:
        """`state` in one word (see `MeetingState`), and `met_at` where they met."""
        meeting = ("meeting__outcome", "meeting__held", "meeting__planned", "meeting__is_live")
        away = ExpressionWrapper(Q(scholar_away=True) | Q(mentor_away=True), output_field=BooleanField())
        return self.with_away().annotate(
            state=MeetingState(*meeting, "closes_at", away, Value(at, output_field=DateTimeField())),
            met_at=Case(
                When(meeting__held__isnull=False, then=F("meeting__held__endswith")),
                When(meeting__outcome="met", then=F("meeting__planned__endswith")),
                When(meeting__outcome="another_day", then=F("meeting__outcome_at")),
                default=None,
                output_field=DateTimeField(),
            ),
        )


class SubmissionQuerySet(QuerySet["Submission"]):
    """What scholars owe for milestones."""

    def with_state(self, at: dt.datetime) -> SubmissionQuerySet:
        """`state` in one word: on_time, late, missing (past due, not submitted) or due."""
        return self.annotate(
            state=Case(
                When(submitted_at__lte=F("due_at"), then=Value("on_time")),
                When(submitted_at__isnull=False, then=Value("late")),
                When(due_at__lt=at, then=Value("missing")),
                default=Value("due"),
                output_field=CharField(),
            )
        )
