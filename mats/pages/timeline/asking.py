"""What a timeline asks of the database: one statement for all kinds of entries.

SQL by hand, like cohort health's and for the same reason. Whether the reader may see the timeline
was asked before; 1-1s are asked for only where they may read those of this scholar, and stand
behind row-level security besides.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from cohorts.access import condition
from cohorts.expectations import STANDS
from cohorts.models import Membership, Person
from mats.statements import Statement, Written
from mentorship.expectations import AWAY_WEEKS, LOG_STATE, MEETING_STATE, WHY


class Row(NamedTuple):
    """One thing that happened; what its columns hold is said beside each part of the SQL."""

    kind: str
    day: dt.date
    at: dt.datetime | None
    before: dt.datetime | None
    word: str
    who: str | None
    what: str | None
    key: str | None


# A week for which nothing is owed, as somebody of the cohort (`who`, a place) is away on all of it.
GONE = f"""
    SELECT 'gone', day::date, NULL::timestamptz, NULL::timestamptz, '', who, NULL::text, NULL::text
      FROM ({AWAY_WEEKS}) gone"""  # noqa: S608

# A log, in its week: when it was sent and edited, its state, the beginning of its text.
LOGS = f"""
    SELECT 'log', l.week_starts_on, l.submitted_at, l.edited_at, {LOG_STATE}, l.scholar_id::text,
           left(coalesce(nullif(l.done, ''), l.links), 600), l.id::text
      FROM mentorship_weeklylog l
     WHERE l.scholar_id = {{place}} AND l.archived_at IS NULL AND l.week_starts_on = ANY ({{weeks}}::date[])"""  # noqa: S608

# A pairing's week: when they meet, when they would have before it was moved, its state, with whom.
# `what` is why they did not meet, the places of scholar and mentor, and whether the scholar was ill.
MEETINGS = f"""
    SELECT 'meeting', w.week_starts_on, lower(coalesce(m.held, m.planned)), m.moved_from, {MEETING_STATE}, other.name,
           {WHY} || ' ' || p.scholar_id || ' ' || p.mentor_id || ' ' || (ill.id IS NOT NULL)::text, w.meeting_id::text
      FROM mentorship_pairingweek w
      JOIN mentorship_pairing p ON p.id = w.pairing_id
      JOIN cohorts_membership o ON o.id = CASE WHEN p.scholar_id = {{place}} THEN p.mentor_id ELSE p.scholar_id END
      JOIN cohorts_person other ON other.id = o.person_id
      LEFT JOIN mentorship_meeting m ON m.id = w.meeting_id
      LEFT JOIN mentorship_weeklylog ill ON ill.is_away AND ill.archived_at IS NULL
            AND ill.scholar_id = p.scholar_id AND ill.week_starts_on = w.week_starts_on
     WHERE {{place}} IN (p.scholar_id, p.mentor_id) AND w.archived_at IS NULL
       AND w.week_starts_on = ANY ({{weeks}}::date[])"""  # noqa: S608

# An action, on the day it was agreed: when it was done or dropped, by when, what, why dropped, where it stands.
ACTIONS = """
    SELECT 'action', (a.created_at AT TIME ZONE {zone})::date, coalesce(a.done_at, a.dropped_at), NULL::timestamptz,
           CASE WHEN a.done_at IS NOT NULL THEN 'done' WHEN a.dropped_at IS NOT NULL THEN 'dropped'
                WHEN a.due_on < ({at} AT TIME ZONE {zone})::date THEN 'late' ELSE 'open' END,
           CASE WHEN a.dropped_at IS NOT NULL THEN a.dropped_why ELSE a.due_on::text END, a.what,
           CASE WHEN a.log_id IS NOT NULL THEN '/logs/' || a.log_id || '/'
                WHEN a.meeting_id IS NOT NULL THEN '/meetings/' || a.meeting_id || '/' END
      FROM mentorship_action a WHERE a.owner_id = {place} AND a.archived_at IS NULL
     ORDER BY a.created_at DESC LIMIT 300"""

# Milestones, on the day they were submitted or else are due: when submitted and passed, the state, the
# kind. Reviews, by whom and with what outcome. Mid-point lines as they were given: what was said, by
# whom, why. Talks that took place, and support plans as they were opened, with what was agreed.
MILESTONES = """
    SELECT 'milestone', (coalesce(s.submitted_at, s.due_at) AT TIME ZONE {zone})::date, s.submitted_at, s.passed_at,
           CASE WHEN s.submitted_at <= s.due_at THEN 'on_time' WHEN s.submitted_at IS NOT NULL THEN 'late'
                WHEN s.due_at < {at} THEN 'missing' ELSE 'due' END,
           NULL::text, f.kind, '/submissions/' || s.id || '/'
      FROM mentorship_submission s JOIN cohorts_milestone f ON f.id = s.milestone_id
     WHERE s.scholar_id = {place} AND s.archived_at IS NULL
    UNION ALL
    SELECT 'midpoint', (l.given_at AT TIME ZONE {zone})::date, l.given_at, l.changed_at, l.view, p.name, l.because,
           '/midpoint/' || l.id || '/'
      FROM mentorship_midpointline l
      JOIN cohorts_membership m ON m.id = l.mentor_id
      JOIN cohorts_person p ON p.id = m.person_id
     WHERE l.scholar_id = {place} AND l.archived_at IS NULL AND l.given_at IS NOT NULL
    UNION ALL
    SELECT 'review', (r.given_at AT TIME ZONE {zone})::date, r.given_at, s.revise_at, r.outcome, p.name, f.kind,
           '/submissions/' || s.id || '/'
      FROM mentorship_review r
      JOIN mentorship_submission s ON s.id = r.submission_id
      JOIN cohorts_milestone f ON f.id = s.milestone_id
      JOIN cohorts_membership m ON m.id = r.reader_id
      JOIN cohorts_person p ON p.id = m.person_id
     WHERE s.scholar_id = {place} AND r.given_at IS NOT NULL AND r.archived_at IS NULL
    UNION ALL
    SELECT 'talk', t.talked_on, t.done_at, NULL, '', p.name, t.words, '/talks/' || t.id || '/'
      FROM mentorship_talk t LEFT JOIN cohorts_person p ON p.id = t.done_by_id
     WHERE t.scholar_id = {place} AND t.archived_at IS NULL AND t.done_at IS NOT NULL
    UNION ALL
    SELECT 'support_plan', (s.created_at AT TIME ZONE {zone})::date, s.created_at, s.reviewed_at, '', NULL, s.what,
           '/support/' || s.id || '/'
      FROM mentorship_supportplan s WHERE s.scholar_id = {place} AND s.archived_at IS NULL"""

# Days away; pairings and caseloads as they begin and end, with whom and why. `what` is the last day, or the reason.
OTHERS = """
    SELECT 'away', l.starts_on, NULL::timestamptz, NULL::timestamptz, '', NULL::text, l.ends_on::text, NULL::text
      FROM cohorts_leave l WHERE l.membership_id = {place} AND l.archived_at IS NULL
    UNION ALL
    SELECT tie.kind, CASE side WHEN 'began' THEN tie.starts_on ELSE tie.ends_on END, NULL, NULL, side, other.name,
           CASE side WHEN 'ended' THEN tie.end_reason END, tie.key
      FROM (
        SELECT 'pairing' AS kind, scholar_id, mentor_id AS second_id, starts_on, ends_on, end_reason,
               '/pairings/' || id || '/' AS key
          FROM mentorship_pairing WHERE {place} IN (scholar_id, mentor_id) AND archived_at IS NULL
        UNION ALL
        SELECT 'caseload', scholar_id, coach_id, starts_on, ends_on, end_reason, NULL
          FROM cohorts_caseload WHERE {place} IN (scholar_id, coach_id) AND archived_at IS NULL) tie
      JOIN cohorts_membership o ON o.id = CASE WHEN tie.scholar_id = {place} THEN tie.second_id ELSE tie.scholar_id END
      JOIN cohorts_person other ON other.id = o.person_id
     CROSS JOIN (VALUES ('began'), ('ended')) AS sides (side)
     WHERE side = 'began' OR tie.ends_on < ({at} AT TIME ZONE {zone})::date"""

# That a 1-1 took place: with whom, and nothing else.
ONE_ON_ONES = """
    SELECT 'one_on_one', f.took_place_on, NULL::timestamptz, NULL::timestamptz, 'took_place', other.name,
           NULL::text, NULL::text
      FROM coaching_oneonone f
      JOIN cohorts_membership o ON o.id = CASE WHEN f.about_id = {place} THEN f.coach_id ELSE f.about_id END
      JOIN cohorts_person other ON other.id = o.person_id
     WHERE (f.about_id = {place} OR f.coach_id = {place}) AND f.about_id IN ({readable})
       AND f.took_place_on IS NOT NULL AND f.archived_at IS NULL"""


def ask_entries(
    *, place: Membership, reader: Person, at: dt.datetime, weeks: list[dt.date], kinds: tuple[str, ...]
) -> list[Row]:
    """Everything of these kinds on a place's timeline; logs and meetings of the weeks that begin on these days."""
    cohort = place.cohort
    values = {"zone": cohort.time_zone, "week_start": cohort.week_start, "weeks": weeks}
    found = _statement(("gone", *kinds)).ask(place=place.pk, cohort=cohort.pk, reader=reader, at=at, **values)
    rows = [Row._make(row) for row in found]
    gone = {(row.who, row.day) for row in rows if row.kind == "gone"}
    return [_excused(row, gone) for row in rows if row.kind != "gone"]


def _excused(row: Row, gone: set[tuple[str | None, dt.date]]) -> Row:
    """A week away counts as away, unless what was owed in it was done all the same."""
    if row.kind == "log" and row.word not in STANDS and (row.who, row.day) in gone:
        return row._replace(word="away")
    if row.kind != "meeting":
        return row
    why, scholar, mentor, ill = (row.what or "").split(" ")
    if row.word in STANDS:
        return row._replace(what="-")
    if (mentor, row.day) in gone:
        return row._replace(word="away", what="mentor_away")
    if (scholar, row.day) in gone or ill == "true":
        return row._replace(word="away", what="-")
    return row._replace(what=why if row.word == "did_not_meet" else "-")


PARTS = {
    "gone": GONE,
    "logs": LOGS,
    "meetings": MEETINGS,
    "actions": ACTIONS,
    "milestones": MILESTONES,
    "others": OTHERS,
    "one_on_ones": ONE_ON_ONES,
}


@cache
def _statement(kinds: tuple[str, ...]) -> Statement:
    def build(reader: Person, at: dt.datetime, **values: Any) -> list[Written]:
        # As staff, whatever else the reader is: see `coaching.expectations`.
        readable = Membership.objects.filter(condition(reader, "read", "one_on_ones", at, relations=["staff"]))
        parts = {"readable": readable.values("pk"), "reader": reader, "at": at, **values}
        return [Written(PARTS[kind], **parts) for kind in kinds]

    return Statement(build)


@cache
def _may_read_one_on_ones() -> Statement:
    def build(place: UUID, reader: Person, at: dt.datetime) -> list[Any]:
        allowed = condition(reader, "read", "one_on_ones", at, relations=["staff"])
        return [Membership.objects.filter(allowed, pk=place).values_list("pk")]

    return Statement(build)


def may_read_one_on_ones(place: Membership, reader: Person, at: dt.datetime) -> bool:
    return bool(_may_read_one_on_ones().ask(place=place.pk, reader=reader, at=at))
