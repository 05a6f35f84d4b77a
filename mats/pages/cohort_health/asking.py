"""What cohort health asks of the database: four statements, whatever the size of the cohort.

SQL by hand, as text: making Django querysets, and keys and moments of their answers, would cost
more than the answers. Who may see the cohort was asked before; what is owed is read as
`cohorts.expectations` gives it to this reader.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from mats.statements import Statement, Written


class Place(NamedTuple):
    """Somebody's place in the cohort; keys are text here."""

    key: str
    role: str
    name: str


PEOPLE = """
    SELECT m.id::text, m.role, p.name
      FROM cohorts_membership m JOIN cohorts_person p ON p.id = m.person_id
     WHERE m.cohort_id = {cohort} AND m.archived_at IS NULL AND m.accepted_at IS NOT NULL"""


class Tie(NamedTuple):
    """Two keys and the days between which they belong together: a scholar's pairing ("mentor"),
    caseload ("coach"; `days` between 1-1s), stay at a site, or anybody's days away; a site and its
    name; a phase's days."""

    kind: str
    key: str
    other: str | None
    first: dt.date
    last: dt.date
    days: int


TIES = """
    SELECT 'mentor', scholar_id::text, mentor_id::text, starts_on, ends_on, 0
      FROM mentorship_pairing WHERE cohort_id = {cohort} AND archived_at IS NULL
    UNION ALL
    SELECT 'coach', scholar_id::text, coach_id::text, starts_on, ends_on, cadence_days
      FROM cohorts_caseload WHERE cohort_id = {cohort} AND archived_at IS NULL
    UNION ALL
    SELECT 'stay', s.membership_id::text, s.site_id::text, s.starts_on, s.ends_on, 0
      FROM cohorts_stay s JOIN cohorts_membership m ON m.id = s.membership_id
     WHERE m.cohort_id = {cohort} AND m.role = 'scholar' AND s.archived_at IS NULL
    UNION ALL
    SELECT 'away', l.membership_id::text, NULL, l.starts_on, l.ends_on, 0
      FROM cohorts_leave l JOIN cohorts_membership m ON m.id = l.membership_id
     WHERE m.cohort_id = {cohort} AND l.archived_at IS NULL
    UNION ALL
    SELECT 'site', id::text, name, NULL, NULL, 0 FROM cohorts_site WHERE cohort_id = {cohort} AND archived_at IS NULL
    UNION ALL
    SELECT 'phase', kind, NULL, starts_on, ends_on, 0
      FROM cohorts_phase WHERE cohort_id = {cohort} AND archived_at IS NULL"""

ACTIONS = """
    SELECT a.owner_id::text, count(*) FILTER (WHERE a.due_on < {today}::date), count(*)
      FROM mentorship_action a JOIN cohorts_membership m ON m.id = a.owner_id
     WHERE m.cohort_id = {cohort} AND a.archived_at IS NULL AND a.done_at IS NULL AND a.dropped_at IS NULL
     GROUP BY a.owner_id"""

_people = Statement(lambda cohort: [Written(PEOPLE, cohort=cohort)])
_ties = Statement(lambda cohort: [Written(TIES, cohort=cohort)])
_actions = Statement(lambda cohort, today: [Written(ACTIONS, cohort=cohort, today=today)])


def ask_people(cohort: UUID) -> list[Place]:
    return [Place._make(row) for row in _people.ask(cohort=cohort)]


def ask_ties(cohort: UUID) -> list[Tie]:
    return [Tie._make(row) for row in _ties.ask(cohort=cohort)]


def ask_open_actions(cohort: UUID, today: dt.date) -> list[tuple[str, int, int]]:
    """Owner, how many of their open actions are late, and how many are open."""
    return [(owner, late, count) for owner, late, count in _actions.ask(cohort=cohort, today=today)]
