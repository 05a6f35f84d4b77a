"""What somebody still owes for milestones and extensions, in words: for Home, staff's page and messages.

`cohorts.expectations` gives the same things as keys, met or not, to whoever may read them. Here each
row is told to the person who owes it (or to staff, who owe some together), with what it is about.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse

from cohorts.models import Milestone
from mats.statements import Statement, Written
from mentorship.models.case import OPEN

DAY = dt.timedelta(days=1)
OPEN_STATES = ", ".join(f"'{state}'" for state in OPEN)

# How long before its moment each kind is announced, in days; what is owed at once is not.
SOON = {
    "milestone": 7,
    "revision": 2,
    "review": 2,
    "reader": 0,
    "midpoint_line": 7,
    "midpoint_read": 0,
    "talk": 1,
    "support_plan": 1,
    "answers": 7,
    "letters": 7,
    "approval": 2,
    "approver": 0,
    "mentor_talk": 1,
    "mentor_search": 2,
    "confirm": 0,
    "more": 2,
    "acceptance": 2,
    "lapse": 0,
    "condition": 7,
    "sheet": 2,
    "agreement": 2,
    "appeal": 5,
}
READ_A_LINE, FIND_A_READER, CONFIRM, LET_LAPSE, NAME_ONE = 7, 3, 2, 3, 2  # days

# The same columns as below, of extension cases that are not archived.
OF_CASES = f"""
        SELECT 'approval', a.id, a.cohort_id, a.mentor_id, c.scholar_id, '', a.due_at, a.id, NULL
          FROM mentorship_approval a
          JOIN mentorship_extensioncase c ON c.id = a.case_id AND c.archived_at IS NULL
           AND c.state IN ('mentor', 'talk', 'committee', 'more')
         WHERE a.archived_at IS NULL AND a.given_at IS NULL
        UNION ALL
        SELECT 'approver', c.id, c.cohort_id, NULL, c.scholar_id, '', c.state_since + interval '{NAME_ONE} days',
               c.id, NULL
          FROM mentorship_extensioncase c
         WHERE c.archived_at IS NULL AND c.state = 'mentor'
           AND NOT EXISTS (SELECT FROM mentorship_approval a JOIN cohorts_membership p ON p.id = a.mentor_id
                            WHERE a.case_id = c.id AND a.is_lead AND a.archived_at IS NULL AND p.archived_at IS NULL)
        UNION ALL
        SELECT 'mentor_talk', a.id, a.cohort_id, NULL, c.scholar_id, '', a.talk_due_at, c.id, NULL
          FROM mentorship_approval a
          JOIN mentorship_extensioncase c ON c.id = a.case_id AND c.archived_at IS NULL AND c.state = 'talk'
         WHERE a.archived_at IS NULL AND a.is_lead AND a.talk_due_at IS NOT NULL AND a.talked_at IS NULL
        UNION ALL
        SELECT 'mentor_search', s.id, s.cohort_id, NULL, c.scholar_id, '', s.due_at, c.id, NULL
          FROM mentorship_mentorsearch s
          JOIN mentorship_extensioncase c ON c.id = s.case_id AND c.archived_at IS NULL AND c.state IN ({OPEN_STATES})
         WHERE s.archived_at IS NULL AND s.closed_at IS NULL
        UNION ALL
        SELECT 'confirm', c.round_id, d.cohort_id, NULL, NULL, '', min(d.opens_at) + interval '{CONFIRM} days',
               NULL, NULL
          FROM mentorship_decision d
          JOIN mentorship_extensioncase c ON c.id = d.case_id AND c.archived_at IS NULL AND c.state IN ({OPEN_STATES})
         WHERE d.archived_at IS NULL AND d.confirmed_at IS NULL AND d.pulled_at IS NULL AND d.is_agreed_list
         GROUP BY c.round_id, d.cohort_id
        UNION ALL
        SELECT 'more', d.id, d.cohort_id, c.scholar_id, c.scholar_id, '', d.answer_due_at, c.id, NULL
          FROM mentorship_decision d
          JOIN mentorship_extensioncase c ON c.id = d.case_id AND c.archived_at IS NULL AND c.state = 'more'
         WHERE d.archived_at IS NULL AND d.outcome = 'more' AND d.confirmed_at IS NOT NULL AND d.replaced_at IS NULL
           AND d.answered_at IS NULL
        UNION ALL
        SELECT offer.kind, l.id, l.cohort_id, offer.place, c.scholar_id, '', offer.due_at, c.id, NULL
          FROM mentorship_decisionletter l
          JOIN mentorship_decision d ON d.id = l.decision_id AND d.replaced_at IS NULL
          JOIN mentorship_extensioncase c ON c.id = l.case_id AND c.archived_at IS NULL AND c.state = 'offered'
         CROSS JOIN LATERAL (VALUES ('acceptance', c.scholar_id, l.accept_due_at),
                                    ('lapse', NULL, l.accept_due_at + interval '{LET_LAPSE} days')
                            ) AS offer (kind, place, due_at)
         WHERE l.archived_at IS NULL AND l.released_at IS NOT NULL
        UNION ALL
        SELECT 'condition', d.id, d.cohort_id, NULL, c.scholar_id, '', d.conditions_due_at, d.id, NULL
          FROM mentorship_decision d
          JOIN mentorship_extensioncase c ON c.id = d.case_id AND c.archived_at IS NULL
           AND c.state IN ('offered', 'accepted')
         WHERE d.archived_at IS NULL AND d.confirmed_at IS NOT NULL AND d.replaced_at IS NULL
           AND d.conditions_due_at IS NOT NULL AND d.conditions_met_at IS NULL
        UNION ALL
        SELECT 'sheet', s.id, s.cohort_id, NULL, c.scholar_id, '', s.due_at, s.id, NULL
          FROM mentorship_termsheet s
          JOIN mentorship_extensioncase c ON c.id = s.case_id AND c.archived_at IS NULL AND c.state = 'accepted'
         WHERE s.archived_at IS NULL AND s.shared_at IS NULL
        UNION ALL
        SELECT 'agreement', s.id, s.cohort_id, side.place, c.scholar_id, '', s.agree_due_at, s.id, NULL
          FROM mentorship_termsheet s
          JOIN mentorship_extensioncase c ON c.id = s.case_id AND c.archived_at IS NULL AND c.state = 'accepted'
          JOIN mentorship_sheetmentor t ON t.sheet_id = s.id AND t.is_lead AND t.archived_at IS NULL
         CROSS JOIN LATERAL (VALUES (c.scholar_id, s.scholar_agreed_at), (t.mentor_id, s.mentor_agreed_at)
                            ) AS side (place, agreed_at)
         WHERE s.archived_at IS NULL AND s.shared_at IS NOT NULL AND side.agreed_at IS NULL
        UNION ALL
        SELECT 'appeal', c.id, c.cohort_id, NULL, c.scholar_id, '', c.appeal_due_at, c.id, NULL
          FROM mentorship_extensioncase c WHERE c.archived_at IS NULL AND c.state = 'appealed'"""  # noqa: S608 - constants only

# Staff who must keep out of a case (the same people as `recused_cases` finds) are not told of it, nor is
# anybody but the committee of what it alone does; `of` is the cohort. A scholar's
# person is `o.person_id`; whose turn it is to read is filled in.
KEPT_OUT = """
    ((kind IN ('confirm', 'appeal') AND NOT EXISTS (
        SELECT FROM cohorts_duty t JOIN cohorts_membership a ON a.id = t.membership_id AND a.archived_at IS NULL
         WHERE a.person_id = {reader} AND t.cohort_id = {of} AND t.kind = 'committee' AND t.archived_at IS NULL))
     OR kind IN ('approver', 'mentor_talk', 'mentor_search', 'lapse', 'condition', 'sheet', 'appeal') AND (
        scholar_person = {reader}
        OR EXISTS (SELECT FROM mentorship_pairing t JOIN cohorts_membership a ON a.id = t.mentor_id
                     JOIN cohorts_membership b ON b.id = t.scholar_id
                    WHERE a.person_id = {reader} AND b.person_id = scholar_person AND t.archived_at IS NULL)
        OR EXISTS (SELECT FROM cohorts_caseload t JOIN cohorts_membership a ON a.id = t.coach_id
                     JOIN cohorts_membership b ON b.id = t.scholar_id
                    WHERE a.person_id = {reader} AND b.person_id = scholar_person AND t.archived_at IS NULL)
        OR EXISTS (SELECT FROM mentorship_conflict t JOIN cohorts_membership b ON b.id = t.scholar_id
                    WHERE t.person_id = {reader} AND b.person_id = scholar_person AND t.archived_at IS NULL)
        OR EXISTS (SELECT FROM mentorship_approval t JOIN cohorts_membership a ON a.id = t.mentor_id
                     JOIN mentorship_extensioncase c ON c.id = t.case_id
                     JOIN cohorts_membership b ON b.id = c.scholar_id
                    WHERE a.person_id = {reader} AND b.person_id = scholar_person AND t.archived_at IS NULL)))"""

# kind, what it is about, cohort, the place that owes it and its person (NULL: staff together), the
# scholar's name, the kind of milestone, due, the key of the page it leads to, and the milestone's.
OWED = f"""
    SELECT kind, about, owed.cohort_id, place, m.person_id AS person, p.name AS scholar, what, due_at, page, milestone,
           o.person_id AS scholar_person
      FROM (
        SELECT 'milestone' AS kind, s.id AS about, s.cohort_id, s.scholar_id AS place, s.scholar_id, f.kind AS what,
               s.due_at, s.id AS page, f.id AS milestone
          FROM mentorship_submission s JOIN cohorts_milestone f ON f.id = s.milestone_id
         WHERE s.archived_at IS NULL AND s.submitted_at IS NULL
        UNION ALL
        SELECT 'revision', s.id, s.cohort_id, s.scholar_id, s.scholar_id, f.kind, s.revise_at, s.id, f.id
          FROM mentorship_submission s JOIN cohorts_milestone f ON f.id = s.milestone_id
         WHERE s.archived_at IS NULL AND s.revise_at IS NOT NULL
        UNION ALL
        SELECT 'review', r.id, s.cohort_id, r.reader_id, s.scholar_id, f.kind, r.due_at, r.id, f.id
          FROM mentorship_review r
          JOIN mentorship_submission s ON s.id = r.submission_id
          JOIN cohorts_milestone f ON f.id = s.milestone_id
         WHERE r.archived_at IS NULL AND r.given_at IS NULL AND s.archived_at IS NULL
        UNION ALL
        SELECT 'reader', s.id, s.cohort_id, NULL, s.scholar_id, f.kind,
               s.submitted_at + interval '{FIND_A_READER} days', s.id, f.id
          FROM mentorship_submission s JOIN cohorts_milestone f ON f.id = s.milestone_id AND f.is_read
         WHERE s.archived_at IS NULL AND s.reader_id IS NULL AND s.submitted_at IS NOT NULL AND s.passed_at IS NULL
        UNION ALL
        SELECT 'midpoint_line', l.id, l.cohort_id, l.mentor_id, l.scholar_id, 'midpoint', l.due_at, l.id, l.milestone_id
          FROM mentorship_midpointline l WHERE l.archived_at IS NULL AND l.given_at IS NULL
        UNION ALL
        SELECT 'midpoint_read', l.id, l.cohort_id, l.scholar_id, l.scholar_id, 'midpoint',
               coalesce(l.changed_at, l.given_at) + interval '{READ_A_LINE} days', l.id, l.milestone_id
          FROM mentorship_midpointline l
         WHERE l.archived_at IS NULL AND l.given_at IS NOT NULL AND l.read_at IS NULL
        UNION ALL
        SELECT 'talk', t.id, t.cohort_id, t.owner_id, t.scholar_id, '', t.due_at, t.id, NULL
          FROM mentorship_talk t WHERE t.archived_at IS NULL AND t.done_at IS NULL
        UNION ALL
        SELECT 'support_plan', s.id, s.cohort_id, NULL, s.scholar_id, '', s.review_due_at, s.id, NULL
          FROM mentorship_supportplan s WHERE s.archived_at IS NULL AND s.reviewed_at IS NULL
        UNION ALL
        SELECT 'answers', r.id, r.cohort_id, NULL, NULL, '', r.answers_due_at, NULL, NULL
          FROM mentorship_round r WHERE r.archived_at IS NULL AND r.answers_given_at IS NULL
        UNION ALL
        SELECT 'letters', r.id, r.cohort_id, NULL, NULL, '', r.letters_due_at, NULL, NULL
          FROM mentorship_round r WHERE r.archived_at IS NULL AND r.letters_sent_at IS NULL
        UNION ALL
        {OF_CASES}) owed
      JOIN cohorts_cohort k ON k.id = owed.cohort_id AND k.launched_at IS NOT NULL AND k.archived_at IS NULL
      LEFT JOIN cohorts_membership m ON m.id = owed.place
      LEFT JOIN cohorts_membership o ON o.id = owed.scholar_id
      LEFT JOIN cohorts_person p ON p.id = o.person_id
     WHERE (owed.place IS NULL OR m.archived_at IS NULL) AND (owed.scholar_id IS NULL OR o.archived_at IS NULL)"""  # noqa: S608 - constants only


class Owed(NamedTuple):
    """One thing that is still owed; the columns are told above."""

    kind: str
    about: UUID
    cohort: UUID
    place: UUID | None
    person: UUID | None
    scholar: str | None
    milestone: str
    due_at: dt.datetime
    page: UUID | None
    milestone_id: UUID | None
    scholar_person: UUID | None

    @property
    def is_staffs(self) -> bool:
        """Owed by staff together: nobody has taken it."""
        return self.place is None

    @property
    def words(self) -> str:
        """`Research plan`, `Review of Sana Scholar’s research plan`, …, as whoever owes it reads it."""
        what = str(Milestone.Kind(self.milestone).label) if self.milestone else ""
        return WORDS[self.kind].format(scholar=self.scholar, what=what, What=what.capitalize())

    def url(self, slug: str) -> str:
        """Where it is done; `slug` is the cohort's."""
        name = PAGES[self.kind]
        return reverse(name, args=[self.page]) if self.page else reverse(name, args=[slug])


WORDS = {
    "milestone": "{What}",
    "revision": "{What}, next version",
    "review": "Review of {scholar}’s {what}",
    "reader": "A reader for {scholar}’s {what}",
    "midpoint_line": "Mid-point line on {scholar}",
    "midpoint_read": "Your mentor’s mid-point line",
    "talk": "Talk with {scholar} after the mid-point",
    "support_plan": "Look again at {scholar}’s support plan",
    "answers": "Answers on extensions",
    "letters": "Letters on extensions",
    "approval": "Your approval for {scholar}’s extension",
    "approver": "A mentor to approve {scholar}’s extension",
    "mentor_talk": "Talk with the mentor of {scholar} about the extension",
    "mentor_search": "A mentor for {scholar}’s next term",
    "confirm": "Proposals on the agreed list, to be confirmed",
    "more": "The committee asks you for more",
    "acceptance": "Your extension: accept or decline",
    "lapse": "{scholar} has not answered the offer",
    "condition": "The condition of {scholar}’s extension",
    "sheet": "Next-term sheet for {scholar}",
    "agreement": "Next-term sheet of {scholar}, to agree on",
    "appeal": "The appeal of {scholar}",
}
PAGES = {
    "milestone": "submission_write",
    "revision": "submission_write",
    "review": "review_write",
    "reader": "submission_reader",
    "midpoint_line": "midpoint_write",
    "midpoint_read": "midpoint_line",
    "talk": "talk",
    "support_plan": "support_plan",
    "answers": "committee",
    "letters": "letters",
    "approval": "approval_write",
    "approver": "case_approver",
    "mentor_talk": "case_talk",
    "mentor_search": "mentor_search",
    "confirm": "agreed_list",
    "more": "case_answer",
    "acceptance": "case",
    "lapse": "case",
    "condition": "condition_met",
    "sheet": "sheet",
    "agreement": "sheet",
    "appeal": "case_committee",
}

# What a person owes until a moment, and what the staff they belong to owe; with when they saved a draft of it.
OF_PERSON = f"""
    SELECT owed.*, (SELECT max(d.saved_at) FROM forms_draft d
                     WHERE d.person_id = {{reader}} AND d.about = owed.about::text) AS draft_saved_at
      FROM ({OWED}) owed
     WHERE (person = {{reader}} OR (place IS NULL AND cohort_id IN (
               SELECT cohort_id FROM cohorts_membership
                WHERE person_id = {{reader}} AND role = 'staff' AND archived_at IS NULL)
               AND NOT {KEPT_OUT.replace("{of}", "owed.cohort_id")}))
       AND due_at <= {{until}}"""  # noqa: S608
OF_COHORT = f"SELECT * FROM ({OWED}) owed WHERE cohort_id = {{cohort}} AND due_at <= {{until}}"  # noqa: S608
FOR_STAFF = f"{OF_COHORT} AND (place IS NOT NULL OR NOT {KEPT_OUT.replace('{of}', 'owed.cohort_id')})"

_of_cohort = Statement(lambda cohort, until: [Written(OF_COHORT, cohort=cohort, until=until)])
_for_staff = Statement(lambda cohort, until, reader: [Written(FOR_STAFF, cohort=cohort, until=until, reader=reader)])


def owed_in(cohort: UUID, *, until: dt.datetime, reader: UUID | None = None) -> list[Owed]:
    """What anybody of a cohort owes until a moment; the earliest first.

    With a `reader` of its staff what staff owe for cases of which they must keep out is left out.
    """
    if reader is None:
        rows = _of_cohort.ask(cohort=cohort, until=until)
    else:
        rows = _for_staff.ask(cohort=cohort, until=until, reader=reader)
    return sorted((Owed._make(row) for row in rows), key=order_of)


def order_of(row: Owed) -> tuple[dt.datetime, str, str, str]:
    """The earliest first, and always alike."""
    return row.due_at, row.kind, row.scholar or "", str(row.about)
