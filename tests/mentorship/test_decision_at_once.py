"""Two people decide at the same moment: one outcome, and words for the other."""

from __future__ import annotations

import pytest
from django.db import transaction

from mentorship.actions.application import withdraw
from mentorship.actions.decision import confirm, pull_out
from mentorship.models import Decision, DecisionLetter, ExtensionCase
from tests.cast import WEEK_SIX, build_cast
from tests.mentorship.at_once import all_at_once
from tests.mentorship.decisions import (
    on_the_committee,
    opined,
    proposed,
    with_committee,
)


@pytest.fixture
def live(week_six):
    with transaction.atomic():
        cast = build_cast()
        people = on_the_committee(cast, "Ada Alt", "Ben Neu")
        case = with_committee(cast)
        opined(case, *people)
        return cast, people, case, proposed(case, people[0])


at_once = pytest.mark.django_db(transaction=True)


@at_once
def test_two_who_confirm_at_once_make_one_decision(live):
    _, people, case, decision = live
    found = all_at_once(*[lambda by=by: confirm(decision=decision, by=by, at=WEEK_SIX) for by in people[1:]])
    assert found == ["This was confirmed by now. Nothing was changed.", "done"]
    assert DecisionLetter.objects.filter(case=case).count() == 1


@at_once
def test_confirming_and_pulling_out_at_once_has_one_outcome(live):
    _, people, _, decision = live
    found = all_at_once(
        lambda: confirm(decision=decision, by=people[1], at=WEEK_SIX),
        lambda: pull_out(decision=decision, by=people[2], at=WEEK_SIX, reason="No."),
    )
    row, state = Decision.objects.get(), ExtensionCase.objects.get().state
    assert (found[1], bool(row.confirmed_at) != bool(row.pulled_at)) == ("done", True)
    assert state == ("decided" if row.confirmed_at else "committee")


@at_once
def test_confirming_and_withdrawing_at_once_has_one_outcome(live):
    cast, people, case, decision = live
    found = all_at_once(
        lambda: confirm(decision=decision, by=people[1], at=WEEK_SIX),
        lambda: withdraw(case=case, by=cast.scholar, at=WEEK_SIX),
    )
    assert ExtensionCase.objects.get().state == "withdrawn"
    row = Decision.objects.get()
    # Either it was decided first, and then withdrawn, or the proposal was off the table.
    assert (row.holds, bool(row.archived_at), found.count("done")) in {(True, False, 2), (False, True, 1)}


@at_once
def test_two_grants_on_the_last_place_are_one(live):
    cast, people, case, decision = live
    with transaction.atomic():
        other = with_committee(cast, scholar="other_scholar")
        opined(other, *people)
        second = proposed(other, people[0])
        case.round.places = 1
        case.round.save_edit("places")
    found = all_at_once(
        *[lambda one=one: confirm(decision=one, by=people[1], at=WEEK_SIX) for one in (decision, second)]
    )
    assert found == ["No place is left: waitlist it, or free one.", "done"]
    assert ExtensionCase.objects.filter(state="decided").count() == 1


@at_once
def test_two_proposals_at_once_are_one(live):
    _, people, case, decision = live
    pull_out(decision=decision, by=people[0], at=WEEK_SIX, reason="Anew.")
    found = all_at_once(*[lambda by=by: proposed(case, by) for by in people[1:]])
    assert found == ["There is a proposal already: confirm it, or pull it out first.", "done"]
