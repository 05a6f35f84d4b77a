"""The window of a round: who may apply, who did not, and which cases of it wait for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from cohorts.models import Cohort
from mats.statements import Statement, Written
from mentorship.models import State
from mentorship.owed import OPEN_STATES

# Scholars who may still apply, as `mentorship.rules.case.check_may_apply` judges it: the round is that of the
# phase they stay in last; no case of theirs is open; and the round has not answered them, unless staff have let
# them in since (never after a refusal: that is appealed). Where staff let them, until later than the others.
MAY_APPLY = f"""
    SELECT r.id AS round, r.cohort_id AS cohort, m.id AS place, m.person_id AS person, r.opens_at,
           greatest(r.closes_at, late.closes_at) AS closes_at
      FROM mentorship_round r
      JOIN cohorts_cohort k ON k.id = r.cohort_id AND k.launched_at IS NOT NULL AND k.archived_at IS NULL
      JOIN cohorts_membership m ON m.cohort_id = r.cohort_id AND m.role = 'scholar' AND m.archived_at IS NULL
      JOIN cohorts_phase f ON f.id = r.phase_id
      JOIN LATERAL (SELECT s.phase_id FROM cohorts_stay s WHERE s.membership_id = m.id AND s.archived_at IS NULL
                     ORDER BY s.ends_on DESC LIMIT 1) stay ON stay.phase_id = r.phase_id
      LEFT JOIN mentorship_lateentry late
        ON late.round_id = r.id AND late.scholar_id = m.id AND late.archived_at IS NULL
      LEFT JOIN LATERAL (
            SELECT c.id, c.state, c.state_since, c.round_id FROM mentorship_extensioncase c
             WHERE c.scholar_id = m.id AND c.archived_at IS NULL ORDER BY c.number DESC LIMIT 1) last ON true
     WHERE r.archived_at IS NULL
       AND EXISTS (SELECT FROM cohorts_phase t
                    WHERE t.cohort_id = r.cohort_id AND t.archived_at IS NULL
                      AND t.total_months > coalesce(f.total_months, 0))
       AND (last.id IS NULL
            OR (last.state NOT IN ({OPEN_STATES})
                AND (last.round_id <> r.id
                     OR (last.state <> 'refused' AND late.created_at >= last.state_since)
                     OR (last.state = 'withdrawn'
                         AND NOT EXISTS (SELECT FROM mentorship_decisionletter l
                                          WHERE l.case_id = last.id AND l.released_at IS NOT NULL)))))"""  # noqa: S608

OF_COHORT = f"""
    SELECT w.*, p.name FROM ({MAY_APPLY}) w JOIN cohorts_person p ON p.id = w.person
     WHERE w.cohort = {{cohort}}"""  # noqa: S608
STANDS = """
    SELECT c.state, count(*) FROM mentorship_extensioncase c
     WHERE c.cohort_id = {cohort} AND c.archived_at IS NULL GROUP BY c.state"""

_of_cohort = Statement(lambda cohort: [Written(OF_COHORT, cohort=cohort)])
_stands = Statement(lambda cohort: [Written(STANDS, cohort=cohort)])


class MayApply(NamedTuple):
    """A scholar without a case in a round, in whose window they may, or might, apply."""

    round: UUID
    cohort: UUID
    place: UUID
    person: UUID
    opens_at: dt.datetime
    closes_at: dt.datetime
    name: str


@dataclass(frozen=True)
class Window:
    """Names of those who may apply now, of those whose window closed with nothing done, and how many
    cases stand in each state, by its words."""

    may_apply: list[str]
    did_not: list[str]
    cases: dict[str, int]


def window(cohort: Cohort, at: dt.datetime) -> Window:
    """Two questions, whatever the size of the cohort."""
    rows = sorted((MayApply._make(row) for row in _of_cohort.ask(cohort=cohort.pk)), key=lambda row: row.name)
    stands = dict(_stands.ask(cohort=cohort.pk))
    return Window(
        may_apply=[row.name for row in rows if row.opens_at <= at < row.closes_at],
        did_not=[row.name for row in rows if row.closes_at <= at],
        cases={str(state.label): stands[state] for state in State if state in stands},
    )
