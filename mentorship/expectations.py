"""What is owed in this app: a scholar's weekly log, and a pairing's week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value

from cohorts.access import condition
from cohorts.expectations import register
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


# --- SQL by hand, for pages of staff's -----------------------------------------------------------------------

# Weeks wholly away, looked up once for the few who are on leave at all.
AWAY_WEEKS = f"""
    SELECT DISTINCT l.membership_id AS who, w.day
      FROM cohorts_leave l
      JOIN cohorts_membership m ON m.id = l.membership_id AND m.cohort_id = {{cohort}}
     CROSS JOIN unnest({{weeks}}::date[]) AS w (day)
     WHERE l.archived_at IS NULL AND l.starts_on < w.day + 7 AND l.ends_on >= w.day
       AND {AwayAllWeek.sql.format(who="l.membership_id", day="w.day", week_start="{week_start}")}"""  # noqa: S608

LOG_STATE = """CASE
               WHEN l.is_away THEN 'away'
               WHEN l.submitted_at <= l.due_at THEN 'on_time'
               WHEN away.who IS NOT NULL THEN 'away'
               WHEN l.submitted_at IS NOT NULL THEN 'late'
               WHEN l.due_at < {at} THEN 'missing'
               ELSE 'due' END"""

LOG_LINES = f"""
    WITH away AS MATERIALIZED ({AWAY_WEEKS})
    SELECT l.scholar_id::text, 'log', string_agg(
               l.number || ' ' || {LOG_STATE} || ' ' || l.id || ' -', ',' ORDER BY l.week_starts_on),
           (max(l.submitted_at) AT TIME ZONE {{zone}})::date
      FROM mentorship_weeklylog l
      LEFT JOIN away ON away.who = l.scholar_id AND away.day = l.week_starts_on
     WHERE l.archived_at IS NULL AND l.week_starts_on = ANY ({{weeks}}::date[]) AND l.scholar_id IN ({{scholars}})
     GROUP BY l.scholar_id"""  # noqa: S608

STATE = MeetingState.sql.format(
    outcome="m.outcome",
    held="m.held",
    planned="m.planned",
    is_live="m.is_live",
    closes_at="w.closes_at",
    away="(away.who IS NOT NULL OR hers.who IS NOT NULL OR ill.id IS NOT NULL)",
    at="{at}",
)
# Weeks `w` of pairings `p`, with their meeting `m` and who is away; and which of them count.
WEEKS = """
          FROM mentorship_pairingweek w
          JOIN mentorship_pairing p ON p.id = w.pairing_id AND p.cohort_id = {cohort}
          LEFT JOIN mentorship_meeting m ON m.id = w.meeting_id
          LEFT JOIN away ON away.who = p.scholar_id AND away.day = w.week_starts_on
          LEFT JOIN away hers ON hers.who = p.mentor_id AND hers.day = w.week_starts_on
          LEFT JOIN mentorship_weeklylog ill ON ill.is_away AND ill.archived_at IS NULL
                AND ill.scholar_id = p.scholar_id AND ill.week_starts_on = w.week_starts_on"""
OWED = "w.archived_at IS NULL AND w.week_starts_on = ANY ({weeks}::date[])"
# Why they did not meet, as far as staff may know: also who was missing, as either of them said.
WHY = """CASE
                   WHEN word = 'away' AND mentor_away THEN 'mentor_away'
                   WHEN word <> 'did_not_meet' THEN '-'
                   WHEN meeting_id IS NULL THEN 'not_planned'
                   WHEN NOT is_live THEN 'called_off'
                   ELSE coalesce((SELECT string_agg(DISTINCT a.who, '+') FROM mentorship_absence a
                                   WHERE a.meeting_id = weeks.meeting_id AND a.archived_at IS NULL), '-') END"""

MEETING_LINES = f"""
    WITH away AS MATERIALIZED ({AWAY_WEEKS}),
    weeks AS (
        SELECT p.scholar_id, w.number, w.week_starts_on, w.meeting_id, m.is_live, {STATE} AS word,
               hers.who IS NOT NULL AS mentor_away, upper(coalesce(m.held, m.planned)) AS over_at
        {WEEKS}
         WHERE {OWED} AND p.scholar_id IN ({{scholars}}))
    SELECT scholar_id::text, 'meeting', string_agg(
               number || ' ' || word || ' ' || coalesce(meeting_id::text, '-') || ' ' || {WHY},
               ',' ORDER BY week_starts_on),
           (max(over_at) FILTER (WHERE word = 'met') AT TIME ZONE {{zone}})::date
      FROM weeks
     GROUP BY scholar_id"""  # noqa: S608


def _log_lines(scholars: QuerySet[Any], **values: Any) -> Written:
    return Written(LOG_LINES, scholars=scholars.values("pk"), **values)


def _meeting_lines(scholars: QuerySet[Any], **values: Any) -> Written:
    """Staff may know who was missing, as either of them said; nobody else reads this."""
    return Written(MEETING_LINES, scholars=scholars.values("pk"), **values)


register("log", _logs, _log_lines)
register("meeting", _weeks, _meeting_lines)
