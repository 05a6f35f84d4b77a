"""Extension cases under every order of presses: two scholars, one place, mentors, a committee; the clock moves on.

Whatever is pressed, and refused, afterwards the programme's promises still hold.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cohorts.models import Membership, Person, Role, Stay
from mats.history.record import EditedMeanwhile
from mats.identity.transaction import acting
from mentorship.actions.application import (
    accept,
    answer_more,
    appeal_refusal,
    apply_for_extension,
    change_application,
    decline,
    withdraw,
)
from mentorship.actions.approval import give_approval, record_talk_with_mentor
from mentorship.actions.decision import confirm, give_opinion, propose, pull_out
from mentorship.actions.letter import let_lapse, release_letters, say_talked
from mentorship.actions.sheet import agree, share_sheet
from mentorship.models import Decision, DecisionLetter, ExtensionCase, Round, State, TermSheet
from mentorship.models.case import MOVES, OPEN, PLACE_TAKEN
from mentorship.relations import recused_cases
from tests.cast import WEEK_SIX, a_caseload, a_cohort, a_pairing, a_person, a_place
from tests.mentorship.cases import a_duty, a_term, an_open_round

which = some.integers(0, 7)
outcome = some.sampled_from(["grant", "grant", "grant", "refuse", "waitlist", "more"])


class Cases(RuleBasedStateMachine):
    """A small cohort; every press may be refused in words, and by nothing else.

    Of the committee `Mona` mentors the first scholar, and `Cleo` coached the second one before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = WEEK_SIX
        cohort = self.cohort = a_cohort()
        for total in (6, 12):
            a_term(cohort, total)
        an_open_round(cohort)
        Round.objects.update(places=1)
        self.scholars = [a_place(a_person(f"Scholar {n}"), cohort, Role.SCHOLAR) for n in range(2)]
        mona, cleo, mentor = a_person("Mona"), a_person("Cleo"), a_place(a_person("Mentor"), cohort, Role.MENTOR)
        self.committee = [a_person(f"Member {n}") for n in range(4)] + [mona, cleo]
        for person in self.committee:
            a_duty(a_place(person, cohort, Role.STAFF))
        for scholar in self.scholars:
            a_pairing(scholar, mentor)
        a_pairing(self.scholars[0], a_place(mona, cohort, Role.MENTOR), is_lead=False)
        coached = a_place(cleo, cohort, Role.COACH)
        a_caseload(self.scholars[1], coached, ends_on=WEEK_SIX.date() - dt.timedelta(days=7))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def press(self, act, by: Person, **facts) -> None:
        with suppress(ValidationError, EditedMeanwhile), acting(by, self.at):
            act(by=by, at=self.at, **facts)

    def one_of(self, model, number: int, **lookup):
        rows = list(model.objects.filter(**lookup).order_by("created_at", "pk"))
        return rows[number % len(rows)] if rows else None

    def member(self, number: int) -> Person:
        return self.committee[number % len(self.committee)]

    # What carries a case on

    @rule(number=which, who=which, outcome=outcome, days=some.integers(0, 3))
    def go_on(self, number, who, outcome, days) -> None:
        """What the case waits for, by whoever happens to be there."""
        case = self.one_of(ExtensionCase, number, state__in=[*OPEN, State.REFUSED])
        if case is None:
            self.apply(number, 6)
        elif case.state in {State.MENTOR, State.TALK}:
            self.approve(case, "yes")
        elif case.state in {State.COMMITTEE, State.APPEALED, State.WAITLISTED}:
            for by in (who, who + 1):
                self.opine(case, by, "yes" if outcome == "grant" else "not_now")
            self.propose(case, who, outcome)
            self.at += dt.timedelta(days=days)
            self.confirm(who + 1)
        elif case.state == State.DECIDED:
            self.release(number, who)
        elif case.state == State.OFFERED:
            self.press(accept, case.scholar.person, case=case)
        elif case.state == State.ACCEPTED:
            self.set_the_term(number, who)
        else:
            self.write(case, number)

    # The same at any other time

    @rule(who=which, total=some.sampled_from([6, 6, 12, 13]))
    def apply_whenever(self, who, total) -> None:
        self.apply(who, total)

    @rule(number=which, act=some.sampled_from([accept, decline, decline, withdraw]))
    def say(self, number, act) -> None:
        if case := self.one_of(ExtensionCase, number):
            self.press(act, case.scholar.person, case=case)

    @rule(number=which, answer=some.sampled_from(["yes", "no", "not_sure"]), who=which)
    def say_as_a_mentor(self, number, answer, who) -> None:
        if case := self.one_of(ExtensionCase, number):
            self.approve(case, answer)
            self.press(record_talk_with_mentor, self.member(who), case=case, words="They are for it.")

    @rule(number=which)
    def write_whenever(self, number) -> None:
        if case := self.one_of(ExtensionCase, number):
            self.write(case, number)

    @rule(number=which, who=which, outcome=outcome)
    def propose_whenever(self, number, who, outcome) -> None:
        if case := self.one_of(ExtensionCase, number):
            self.opine(case, who, "if_room")
            self.propose(case, who, outcome)

    @rule(number=which, who=which)
    def confirm_or_pull_out(self, number, who) -> None:
        self.confirm(who)
        if row := self.one_of(Decision, number, confirmed_at=None, pulled_at=None, archived_at=None):
            self.press(pull_out, self.member(who), decision=row, reason="Let us talk.")

    @rule(number=which, who=which)
    def lapse(self, number, who) -> None:
        if case := self.one_of(ExtensionCase, number):
            self.press(let_lapse, self.member(who), case=case, version=case.version, reason="No word came.")

    @rule(days=some.sampled_from([1, 2, 8, 30]))
    def wait(self, days) -> None:
        self.at += dt.timedelta(days=days)

    # Presses

    def apply(self, who, total) -> None:
        scholar = Membership.objects.get(pk=self.scholars[who % 2].pk)
        self.press(apply_for_extension, scholar.person, scholar=scholar, total_months=total, plan="Finish it.")

    def write(self, case, number) -> None:
        """To whatever the case waits for, and to what it does not."""
        by, facts = case.scholar.person, {"version": case.version, "plan": f"Plan {number}.", "total_months": 12}
        self.press(change_application, by, case=case, **facts)
        self.press(answer_more, by, case=case, answer="By May.")
        self.press(appeal_refusal, by, case=case, appeal="Look again.")

    def approve(self, case, answer) -> None:
        for row in case.approvals.filter(archived_at=None):
            facts = {"answer": answer, "seen_done": "A probe.", "months_for": "More.", "can_mentor": "yes"}
            self.press(give_approval, row.mentor.person, approval=row, version=row.version, **facts)

    def opine(self, case, who, band) -> None:
        self.press(give_opinion, self.member(who), case=case, band=band, reasons="The result holds.")

    def propose(self, case, who, outcome) -> None:
        said = {"total_months": 6 if outcome == "grant" else None, "reason": "The plan follows."}
        said["would_change"] = "A result." if outcome == "refuse" else ""
        self.press(propose, self.member(who), case=case, outcome=outcome, **said)

    def confirm(self, who) -> None:
        if row := self.one_of(Decision, who, confirmed_at=None, pulled_at=None, archived_at=None):
            self.press(confirm, self.member(who), decision=row)

    def release(self, number, who) -> None:
        if letter := self.one_of(DecisionLetter, number, released_at=None, archived_at=None):
            self.press(say_talked, self.member(who), letter=letter, version=letter.version)
            letter.refresh_from_db()
            self.press(release_letters, self.member(who), letters=[letter])

    def set_the_term(self, number, who) -> None:
        if sheet := self.one_of(TermSheet, number):
            self.press(share_sheet, self.member(who), sheet=sheet, version=sheet.version)
            sheet.refresh_from_db()
            for by in (sheet.case.scholar.person, sheet.mentors.get(is_lead=True).mentor.person):
                self.press(agree, by, sheet=sheet, version=sheet.version)

    # What holds

    @invariant()
    def promises_are_kept(self) -> None:
        self.cases = list(ExtensionCase.objects.select_related("scholar"))
        self.one_case_is_open()
        self.two_people_decide_and_none_of_them_is_recused()
        self.every_move_is_allowed_and_in_the_history()
        self.a_grant_has_one_effect_and_takes_one_place()

    def one_case_is_open(self) -> None:
        scholars = [case.scholar_id for case in self.cases if case.is_open]
        assert len(scholars) == len(set(scholars))

    def two_people_decide_and_none_of_them_is_recused(self) -> None:
        recused = {person.pk: set(recused_cases(person).values_list("pk", flat=True)) for person in self.committee}
        for row in Decision.objects.exclude(confirmed_at=None):
            assert row.proposed_by_id != row.confirmed_by_id
            assert not any(row.case_id in recused[person] for person in (row.proposed_by_id, row.confirmed_by_id))
            assert row.confirmed_at >= row.opens_at >= row.proposed_at
            assert row.reason

    def every_move_is_allowed_and_in_the_history(self) -> None:
        events = ExtensionCase.pgh_event_model.objects.order_by("pgh_id")
        for case in self.cases:
            rows = list(events.filter(pgh_obj=case.pk).values_list("state", "state_by", "state_since", "pgh_context"))
            assert rows[-1][:3] == (case.state, case.state_by_id, case.state_since)
            for before, now in pairwise(rows):
                assert now[0] in (before[0], *MOVES[State(before[0])])
                assert now[0] == before[0] or str(now[1]) == now[3]["person"]
                assert now[0] not in {"lapsed", "more"} or now[3].get("why")

    def a_grant_has_one_effect_and_takes_one_place(self) -> None:
        """The dates move with the one transaction, and with nothing else; they never reach into the main phase."""
        stays = Stay.objects.filter(phase__kind="term", archived_at=None, membership__in=self.scholars)
        in_force = sorted(case.scholar_id for case in self.cases if case.state == State.IN_FORCE)
        assert sorted(stay.membership_id for stay in stays) == in_force
        assert all(stay.starts_on > self.cohort.main_phase.ends_on for stay in stays)
        assert sum(case.state in PLACE_TAKEN for case in self.cases) <= 1


def test_cases_keep_their_promises(db, week_six):
    run_state_machine_as_test(
        Cases,
        settings=settings(
            max_examples=10, stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
