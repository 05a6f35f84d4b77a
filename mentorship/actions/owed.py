"""What is owed for a cohort's milestones, there before it is done: submissions, and mid-point lines.

Laid out for a whole cohort at once, at launch and after each correction, in a number of statements
that does not depend on its size. Running it twice changes nothing, and what was done stays as it is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from cohorts import milestones
from cohorts.models import Cohort, Milestone
from mentorship.actions.approval import lay_out_approvals
from mentorship.actions.reader import free_readers
from mentorship.actions.round import settle_promises
from mentorship.deadlines import round_moments
from mentorship.models import Round

# Who owes a milestone: every scholar who is here on its day, and was in the cohort by its moment.
WANTED_SUBMISSIONS = """
    SELECT m.id AS milestone_id, p.id AS scholar_id, m.due_at
      FROM cohorts_milestone m
      JOIN cohorts_membership p ON p.cohort_id = m.cohort_id AND p.role = 'scholar'
     WHERE m.cohort_id = %(cohort)s AND m.archived_at IS NULL AND p.archived_at IS NULL AND p.created_at <= m.due_at
       AND EXISTS (SELECT FROM cohorts_stay s WHERE s.membership_id = p.id AND s.archived_at IS NULL
                      AND m.due_on BETWEEN s.starts_on AND s.ends_on)"""

# Who owes a line: each mentor of a scholar on the mid-point's day, paired by its moment.
WANTED_LINES = """
    SELECT DISTINCT ON (m.id, t.scholar_id, t.mentor_id) m.id AS milestone_id, t.scholar_id, t.mentor_id, m.due_at
      FROM cohorts_milestone m
      JOIN mentorship_pairing t ON t.cohort_id = m.cohort_id AND t.archived_at IS NULL
       AND m.due_on BETWEEN t.starts_on AND t.ends_on AND t.created_at <= m.due_at
     WHERE m.cohort_id = %(cohort)s AND m.kind = 'midpoint' AND m.archived_at IS NULL"""

ADD_SUBMISSIONS = f"""
    INSERT INTO mentorship_submission
           (id, version, created_at, cohort_id, milestone_id, scholar_id, due_at, has_own_date)
    SELECT gen_random_uuid(), 1, %(at)s, %(cohort)s, milestone_id, scholar_id, due_at, false
      FROM ({WANTED_SUBMISSIONS}) wanted
    ON CONFLICT DO NOTHING"""  # noqa: S608 - constants only

ADD_LINES = f"""
    INSERT INTO mentorship_midpointline
           (id, version, created_at, cohort_id, milestone_id, scholar_id, mentor_id, due_at,
            view, because, would_change)
    SELECT gen_random_uuid(), 1, %(at)s, %(cohort)s, milestone_id, scholar_id, mentor_id, due_at, '', '', ''
      FROM ({WANTED_LINES}) wanted
    ON CONFLICT DO NOTHING"""  # noqa: S608

# Not a new version of the row: whoever writes at this moment goes on writing.
MOVE_SUBMISSIONS = f"""
    UPDATE mentorship_submission row SET due_at = CASE WHEN has_own_date THEN row.due_at ELSE wanted.due_at END,
           archived_at = NULL
      FROM ({WANTED_SUBMISSIONS}) wanted
     WHERE row.milestone_id = wanted.milestone_id AND row.scholar_id = wanted.scholar_id AND row.submitted_at IS NULL
       AND (row.archived_at IS NOT NULL OR (row.due_at <> wanted.due_at AND NOT has_own_date))"""  # noqa: S608

MOVE_LINES = f"""
    UPDATE mentorship_midpointline row SET due_at = wanted.due_at, archived_at = NULL
      FROM ({WANTED_LINES}) wanted
     WHERE row.milestone_id = wanted.milestone_id AND row.scholar_id = wanted.scholar_id
       AND row.mentor_id = wanted.mentor_id AND row.given_at IS NULL
       AND (row.archived_at IS NOT NULL OR row.due_at <> wanted.due_at)"""  # noqa: S608

# An own date may lie beyond the milestone's day, so such a row lives as long as the place and the milestone.
RETIRE_SUBMISSIONS = f"""
    UPDATE mentorship_submission row SET archived_at = %(at)s
      FROM cohorts_milestone m, cohorts_membership p
     WHERE row.cohort_id = %(cohort)s AND row.archived_at IS NULL AND row.submitted_at IS NULL
       AND m.id = row.milestone_id AND p.id = row.scholar_id
       AND NOT (row.has_own_date AND m.archived_at IS NULL AND p.archived_at IS NULL)
       AND NOT EXISTS (SELECT FROM ({WANTED_SUBMISSIONS}) wanted
                        WHERE wanted.milestone_id = row.milestone_id AND wanted.scholar_id = row.scholar_id)"""  # noqa: S608

RETIRE_LINES = f"""
    UPDATE mentorship_midpointline row SET archived_at = %(at)s
     WHERE row.cohort_id = %(cohort)s AND row.archived_at IS NULL AND row.given_at IS NULL
       AND NOT EXISTS (SELECT FROM ({WANTED_LINES}) wanted
                        WHERE wanted.milestone_id = row.milestone_id AND wanted.scholar_id = row.scholar_id
                          AND wanted.mentor_id = row.mentor_id)"""  # noqa: S608

STEPS = {
    "submissions": (ADD_SUBMISSIONS, MOVE_SUBMISSIONS, RETIRE_SUBMISSIONS),
    "lines": (ADD_LINES, MOVE_LINES, RETIRE_LINES),
}


@transaction.atomic
def lay_out_owed(cohort: Cohort, *, at: dt.datetime) -> dict[str, int]:
    """Bring what is owed for milestones in step with the cohort's dates, people and pairings; what changed, by kind.

    Whoever may no longer read what they were to read ("readers") is taken off it, and where a mentor who was
    asked for an approval has left, the next one is asked ("approvals"). Promises of a round that its cases
    have kept are written.

    Before launch nobody owes anything: only the moments of the milestones follow the cohort's clock.
    """
    _follow_the_clock(cohort, at)
    if not cohort.is_launched:
        return {**dict.fromkeys(STEPS, 0), "readers": 0, "approvals": 0}
    for row in Round.objects.filter(cohort=cohort, closes_at__lte=at, letters_sent_at=None):
        settle_promises(row.pk, at)
    changed = {kind: sum(_run(sql, cohort=cohort.pk, at=at) for sql in steps) for kind, steps in STEPS.items()}
    return {**changed, "readers": free_readers(cohort, at), "approvals": lay_out_approvals(cohort, at)}


def _follow_the_clock(cohort: Cohort, at: dt.datetime) -> None:
    """Zone and time of day as the cohort has them now, for milestones and promises that are not due yet."""
    ahead = Milestone.objects.filter(cohort=cohort, archived_at=None)
    for milestone in ahead.filter(due_at__gt=at) if cohort.is_launched else ahead:
        due_at = milestones.due_at(cohort, milestone.due_on)
        if due_at != milestone.due_at:
            milestone.due_at = due_at
            milestone.save_edit("due_at")
    for row in Round.objects.filter(cohort=cohort, archived_at=None, opens_at__gt=at):
        moments = round_moments(row, cohort.time_zone)
        if any(getattr(row, field) != moment for field, moment in moments.items()):
            for field, moment in moments.items():
                setattr(row, field, moment)
            row.save_edit(*moments)


def _run(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
