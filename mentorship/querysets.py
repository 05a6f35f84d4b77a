"""Sentences about many logs and meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

if TYPE_CHECKING:
    from mentorship.models import Meeting, PairingWeek, WeeklyLog  # noqa: F401  (for annotations alone: models import this module)


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


AWAY = AwayAllWeek("scholar_id", "week_starts_on", "scholar__cohort__week_start")


class LogQuerySet(QuerySet["WeeklyLog"]):
    """Weekly logs."""

    def submitted(self) -> LogQuerySet:
        return self.filter(submitted_at__isnull=False)

    def away(self) -> LogQuerySet:
        """Logs of weeks in which the scholar is on leave on every working day."""
        return self.filter(AWAY)

    def overdue(self, at: dt.datetime) -> LogQuerySet:
        """Owed, past due and not written; nothing is owed for a week away."""
        return self.filter(archived_at=None, submitted_at=None, due_at__lt=at).exclude(AWAY)

    def with_state(self, at: dt.datetime) -> LogQuerySet:
        """`state` in one word: on_time, late, away, missing (past due, not written) or due.

        A log is late only by its first submission; a late one of a week away counts as away.
        """
        return self.annotate(
            state=Case(
                When(submitted_at__lte=F("due_at"), then=Value("on_time")),
                When(AWAY, then=Value("away")),
                When(submitted_at__isnull=False, then=Value("late")),
                When(due_at__lt=at, then=Value("missing")),
                default=Value("due"),
                output_field=CharField(),
            )
        )


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


HAS_MEETING = Q(meeting__isnull=False, meeting__is_live=True)


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
        """`state` in one word, and `met_at` where they met.

        met (also on another day), running, away (scholar or mentor), did_not_meet (somebody said so,
        or the week closed without a planned meeting), due (not over, or its meeting lies ahead, up
        to four days into the next week), unknown (it is over and nobody has said).
        """
        meeting_begun = Q(meeting__held__isnull=False)
        return self.with_away().annotate(
            state=Case(
                When(meeting__outcome__in=["met", "another_day"], then=Value("met")),
                When(HAS_MEETING & Q(meeting__outcome="", meeting__held__contains=at), then=Value("running")),
                # Begun and past its end: they met, whoever has written that down yet.
                When(HAS_MEETING & Q(meeting__outcome="") & meeting_begun, then=Value("met")),
                When(Q(scholar_away=True) | Q(mentor_away=True), then=Value("away")),
                When(HAS_MEETING & Q(meeting__outcome="did_not_meet"), then=Value("did_not_meet")),
                When(HAS_MEETING & Q(meeting__planned__endswith__gt=at), then=Value("due")),
                When(closes_at__gt=at, then=Value("due")),
                When(HAS_MEETING, then=Value("unknown")),
                default=Value("did_not_meet"),
                output_field=CharField(),
            ),
            met_at=Case(
                When(meeting__held__isnull=False, then=F("meeting__held__endswith")),
                When(meeting__outcome="met", then=F("meeting__planned__endswith")),
                When(meeting__outcome="another_day", then=F("meeting__outcome_at")),
                default=None,
                output_field=DateTimeField(),
            ),
        )
