"""Extension cases for the pages that are measured: one of every scholar, and all that hangs on the named one's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohorts.actions.phase import add_term
from cohorts.models import Cohort, Duty, Membership, Person, Role
from mentorship.models import (
    Approval,
    CaseInvitation,
    Decision,
    DecisionLetter,
    ExtensionCase,
    MentorSearch,
    Opinion,
    Pairing,
    Round,
    SheetMentor,
    State,
    TermSheet,
)

DAY = dt.timedelta(days=1)
WORDS = "Reads closely, asks early, and says what did not work. " * 4


class Cases:
    """Every scholar has a case with the committee, approved, with two opinions; a third of them are on the
    agreed list. With the named scholar's stands also what comes later: a decision, the draft of its letter, a sheet."""

    def __init__(self, cohort: Cohort, scholar: Membership, staff: Person, at: dt.datetime) -> None:
        self.cohort, self.scholar, self.at = cohort, scholar, at
        self.made = {"cohort": cohort, "created_at": at}
        self.staff = [Membership.objects.get(cohort=cohort, person=staff, role=Role.STAFF)]
        self.staff += Membership.objects.filter(cohort=cohort, role=Role.STAFF).exclude(person=staff)[:2]
        for total in (6, 12):
            add_term(cohort=cohort, by=staff, at=at, total_months=total)
        self.duty, *_ = Duty.objects.bulk_create(
            Duty(membership=place, kind=Duty.Kind.COMMITTEE, starts_on=cohort.main_phase.starts_on, **self.made)
            for place in self.staff
        )
        self.leads = dict(Pairing.objects.filter(cohort=cohort, is_lead=True).values_list("scholar", "mentor"))
        self._open_all()
        self._decide_the_named_one()

    def _open_all(self) -> None:
        scholars = Membership.objects.filter(cohort=self.cohort, role=Role.SCHOLAR, archived_at=None)
        row = Round.objects.get(cohort=self.cohort)
        self.all = ExtensionCase.objects.bulk_create(
            ExtensionCase(
                scholar=place, round=row, state=State.COMMITTEE,
                state_since=self.at, total_months=6, plan=WORDS, applied_at=self.at, **self.made,
            )
            for place in scholars
        )  # fmt: skip
        self.case = next(case for case in self.all if case.scholar_id == self.scholar.pk)
        self.approvals = Approval.objects.bulk_create(
            Approval(
                case=case, mentor_id=self.leads[case.scholar_id], due_at=self.at + DAY, answer="yes", seen_done=WORDS,
                months_for=WORDS, for_committee=WORDS, can_mentor="yes", given_at=self.at, **self.made,
            )
            for case in self.all
            if case.scholar_id in self.leads
        )  # fmt: skip
        Opinion.objects.bulk_create(
            Opinion(case=case, author=place.person, band="yes", reasons=WORDS, given_at=self.at, **self.made)
            for case in self.all
            for place in self.staff[1:]
        )
        Decision.objects.bulk_create(
            self._proposal(case, is_agreed_list=True, opens_at=self.at + 2 * DAY)
            for case in self.all[::3]
            if case != self.case
        )

    def _proposal(self, case: ExtensionCase, **facts: Any) -> Decision:
        facts = {"number": 1, "outcome": "grant", "total_months": 6, "opens_at": self.at, **facts}
        return Decision(
            case=case, proposed_by=self.staff[1].person, proposed_at=self.at, reason=WORDS, **facts, **self.made
        )

    def _decide_the_named_one(self) -> None:
        case, (_, first, second) = self.case, self.staff
        condition = {"conditions": "A visa.", "conditions_by": self.at.date(), "conditions_due_at": self.at + DAY}
        held = self._proposal(case, confirmed_by=second.person, confirmed_at=self.at, **condition)
        self.proposal = self._proposal(case, number=2, outcome="waitlist", total_months=None)
        Decision.objects.bulk_create([held, self.proposal])
        self.decision = held
        self.letter = DecisionLetter.objects.create(
            case=case, decision=held, outcome="grant", body=WORDS, accept_by=self.at.date() + 7 * DAY,
            accept_due_at=self.at + 8 * DAY, **self.made,
        )  # fmt: skip
        phase = self.cohort.phases.get(total_months=6)
        self.sheet = TermSheet.objects.create(
            case=case, phase=phase, starts_on=phase.starts_on, ends_on=phase.ends_on, time_zone="Europe/London",
            hours_per_week=40, due_at=self.at, shared_at=self.at, shared_by=first.person, agree_due_at=self.at + DAY,
            **self.made,
        )  # fmt: skip
        mentor = self.leads[self.scholar.pk]
        SheetMentor.objects.create(sheet=self.sheet, mentor_id=mentor, **self.made)
        MentorSearch.objects.create(case=case, due_at=self.at + DAY, **self.made)
        outside = Membership.objects.filter(cohort=self.cohort, role=Role.COACH).order_by("pk")[0]
        self.case_invitation = CaseInvitation.objects.create(
            case=case, person=outside.person, invited_by=first.person, reason="For this case.", **self.made
        )

    @property
    def approval(self) -> Approval:
        return next(row for row in self.approvals if row.case_id == self.case.pk)
