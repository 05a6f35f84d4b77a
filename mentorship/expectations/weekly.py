"""A scholar's weekly log, and a pairing's week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value

from cohorts.access import condition
from cohorts.expectations import fold, register
from cohorts.models import Person
from cohorts.querysets import LocalDay
from mats.statements import Written
from mentorship.models import PairingWeek, WeeklyLog
from mentorship.querysets import AwayAllWeek, MeetingState


def _logs(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    logs = WeeklyLog.objects.filter(condition(reader, "read", "log", at), archived_at=None, scholar__in=places)
    begun = logs.filter(week_starts_on__lte=LocalDay(until, "scholar__cohort__time_zone"))
    return begun.with_state(at).values_list(
        Value("log", output_field=CharField()),
        "scholar_id",
        "scholar_id",
        "scholar__cohort_id",
        "number",
        "week_starts_on",
        "due_at",
        "submitted_at",
        "state",
        "pk",
    )


def _weeks(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """A pairing's week is owed by the close of the cohort week; its mentor owns it."""
    theirs = Q(pairing__scholar__in=places) | Q(pairing__mentor__in=places)
    weeks = PairingWeek.objects.filter(condition(reader, "read", "pairing_week", at), theirs, archived_at=None)
    begun = weeks.filter(week_starts_on__lte=LocalDay(until, "pairing__cohort__time_zone"))
    return begun.with_state(at).values_list(
        Value("meeting", output_field=CharField()),
        "pairing__mentor_id",
        "pairing__scholar_id",
        "pairing__cohort_id",
        "number",
        "week_starts_on",
        "closes_at",
        "met_at",
        "state",
        "pk",
    )


# --- SQL by hand, for pages of staff's -----------------------------------------------------------
#
# Weeks away are told beside the rows, not in them (see `cohorts.expectations.excuse`): few are, and
# asking it of every row is most of the work.

AWAY_WEEKS = f"""
    SELECT DISTINCT l.membership_id::text AS who, w.day::text AS day
      FROM cohorts_leave l
      JOIN cohorts_membership m ON m.id = l.membership_id AND m.cohort_id = {{cohort}}
     CROSS JOIN unnest({{weeks}}::date[]) AS w (day)
     WHERE l.archived_at IS NULL AND l.starts_on < w.day + 7 AND l.ends_on >= w.day
       AND {AwayAllWeek.sql.format(who="l.membership_id", day="w.day", week_start="{week_start}")}"""  # noqa: S608

LOG_STATE = """CASE
               WHEN l.is_away THEN 'away'
               WHEN l.submitted_at <= l.due_at THEN 'on_time'
               WHEN l.submitted_at IS NOT NULL THEN 'late'
               WHEN l.due_at < {at} THEN 'missing'
               ELSE 'due' END"""

LOG_LINES = f"""
    SELECT l.scholar_id::text, 'log', string_agg(
               l.week_starts_on || ' ' || {LOG_STATE} || ' ' || l.id, ',' ORDER BY l.week_starts_on),
           (max(l.submitted_at) AT TIME ZONE {{zone}})::date
      FROM mentorship_weeklylog l
     WHERE l.archived_at IS NULL AND l.week_starts_on = ANY ({{weeks}}::date[]) AND l.scholar_id IN ({{scholars}})
     GROUP BY l.scholar_id"""  # noqa: S608

MEETING_STATE = MeetingState.sql.format(
    outcome="m.outcome",
    held="m.held",
    planned="m.planned",
    is_live="m.is_live",
    closes_at="w.closes_at",
    away="false",
    at="{at}",
)
# Why they did not meet, as far as staff may know: also who was missing, as either of them said. Of a
# meeting of the reader's own only what they said themselves (see "absence" in the access table).
WHY = """CASE
                   WHEN w.meeting_id IS NULL THEN 'not_planned'
                   WHEN NOT m.is_live THEN 'called_off'
                   WHEN m.outcome <> 'did_not_meet' THEN '-'
                   ELSE coalesce((SELECT string_agg(DISTINCT a.who, '+') FROM mentorship_absence a
                                   WHERE a.meeting_id = m.id AND a.archived_at IS NULL
                                     AND (a.said_by_id = {reader} OR NOT EXISTS (
                                         SELECT FROM mentorship_attendance own
                                          WHERE own.meeting_id = m.id AND own.person_id = {reader}))), '-') END"""

MEETING_LINES = f"""
    SELECT p.scholar_id::text, 'meeting', string_agg(
               w.week_starts_on || ' ' || {MEETING_STATE} || ' ' || coalesce(w.meeting_id::text, '-') || ' '
               || {WHY} || ' ' || p.mentor_id, ',' ORDER BY w.week_starts_on),
           (max(upper(coalesce(m.held, m.planned))) FILTER (WHERE m.outcome IN ('met', 'another_day')
               OR (m.outcome = '' AND upper(m.held) <= {{at}})) AT TIME ZONE {{zone}})::date
      FROM mentorship_pairingweek w
      JOIN mentorship_pairing p ON p.id = w.pairing_id AND p.cohort_id = {{cohort}}
      LEFT JOIN mentorship_meeting m ON m.id = w.meeting_id
     WHERE w.archived_at IS NULL AND w.week_starts_on = ANY ({{weeks}}::date[]) AND p.scholar_id IN ({{scholars}})
     GROUP BY p.scholar_id"""  # noqa: S608


def _away_lines(scholars: QuerySet[Any], **values: Any) -> Written:
    sql = f"SELECT who, 'away', string_agg(day || ' - -', ','), NULL::date FROM ({AWAY_WEEKS}) away GROUP BY who"  # noqa: S608
    return Written(sql, **values)


def _log_lines(scholars: QuerySet[Any], **values: Any) -> Written:
    return Written(LOG_LINES, scholars=scholars.values("pk"), **values)


def _meeting_lines(scholars: QuerySet[Any], **values: Any) -> Written:
    """For staff: `WHY` tells who was missing."""
    return Written(MEETING_LINES, scholars=scholars.values("pk"), **values)


register("log", _logs)
register("meeting", _weeks)
fold(_away_lines, _log_lines, _meeting_lines)
