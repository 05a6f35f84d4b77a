"""What is owed in this app: the next 1-1 of every caseload. Those that took place are met facts.

Who may read them is asked of the access table for the scholar ("one_on_ones": their 1-1s as bare
facts), and of row-level security once more by the table itself. For a scholar whom staff mentor or
mentored there are no rows at all, so nothing can be counted.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from cohorts.access import condition, visible
from cohorts.expectations import fold, register
from cohorts.models import Membership, Person
from mats.statements import Written

# The table is named once: each time it is named the planner reads all of its policies. A 1-1 is
# owed by the end of the day `cadence_days` after the last one, at first after the caseload's first
# day; where scholar or coach are away then, of the first day after it with both of them here.
SQL = """
    WITH known AS MATERIALIZED ({readable}),
    held AS MATERIALIZED (
        SELECT o.id, o.coach_id, o.about_id, o.took_place_on FROM coaching_oneonone o
         WHERE o.about_id IN (SELECT * FROM known) AND o.took_place_on IS NOT NULL AND o.archived_at IS NULL),
    last AS (SELECT about_id, max(took_place_on) AS day FROM held GROUP BY about_id),
    next AS MATERIALIZED (
        SELECT c.*, k.time_zone, coalesce(last.day, c.starts_on) + c.cadence_days AS promised_on
          FROM cohorts_caseload c
          JOIN cohorts_cohort k ON k.id = c.cohort_id AND k.launched_at IS NOT NULL
          LEFT JOIN last ON last.about_id = c.scholar_id
         WHERE c.archived_at IS NULL AND c.scholar_id IN (SELECT * FROM known)
           AND ({at} AT TIME ZONE k.time_zone)::date BETWEEN c.starts_on AND c.ends_on),
    due AS MATERIALIZED (
        SELECT next.*, CASE WHEN EXISTS (
            SELECT FROM cohorts_leave l WHERE l.membership_id IN (next.scholar_id, next.coach_id)
               AND l.archived_at IS NULL AND next.promised_on BETWEEN l.starts_on AND l.ends_on)
          THEN (SELECT min(day)::date
                  FROM generate_series(next.promised_on, next.promised_on + 366, interval '1 day') day
                 WHERE NOT EXISTS (
                    SELECT FROM cohorts_leave l WHERE l.membership_id IN (next.scholar_id, next.coach_id)
                       AND l.archived_at IS NULL AND day::date BETWEEN l.starts_on AND l.ends_on))
          ELSE next.promised_on END AS due_on
          FROM next), places AS MATERIALIZED ({places})
    SELECT 'one_on_one', h.coach_id, h.about_id, k.id, NULL::int, h.took_place_on, NULL::timestamptz,
           h.took_place_on::timestamp AT TIME ZONE k.time_zone, 'took_place', h.id
      FROM held h
      JOIN cohorts_membership m ON m.id = h.about_id
      JOIN cohorts_cohort k ON k.id = m.cohort_id
     WHERE h.about_id IN (SELECT * FROM places) OR h.coach_id IN (SELECT * FROM places)
    UNION ALL
    SELECT 'one_on_one', d.coach_id, d.scholar_id, d.cohort_id, NULL, d.due_on,
           (d.due_on + 1)::timestamp AT TIME ZONE d.time_zone, NULL,
           CASE WHEN (d.due_on + 1)::timestamp AT TIME ZONE d.time_zone <= {at} THEN 'overdue' ELSE 'due' END, d.id
      FROM due d
     WHERE d.scholar_id IN (SELECT * FROM places) OR d.coach_id IN (SELECT * FROM places)"""

# A line for everybody whose 1-1s may be read, empty for whoever has had none. The next one is
# reckoned by the reader, which has caseloads and days away at hand.
LINES = """
    WITH known AS MATERIALIZED ({readable})
    SELECT known.pk::text, 'one_on_one', string_agg(
               o.took_place_on || ' took_place -', ',' ORDER BY o.took_place_on), max(o.took_place_on)
      FROM known
      LEFT JOIN coaching_oneonone o ON o.about_id = known.pk AND o.archived_at IS NULL AND o.took_place_on IS NOT NULL
     GROUP BY known.pk"""


def _one_on_ones(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> Written:
    """`until` does not matter here: the next one stands from the first day of its caseload on."""
    readable = visible(Membership, "one_on_ones", reader, at).values("pk")
    return Written(SQL, readable=readable, places=places, at=at)


def _lines(scholars: QuerySet[Any], *, reader: Person, at: dt.datetime, **values: Any) -> Written:
    """As staff, whatever else the reader is: a scholar whom they mentored and now coach stays out."""
    readable = scholars.filter(condition(reader, "read", "one_on_ones", at, relations=["staff"])).values("pk")
    return Written(LINES, readable=readable, at=at, **values)


register("one_on_one", _one_on_ones)
fold(_lines)
