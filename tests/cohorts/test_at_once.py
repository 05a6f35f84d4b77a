"""Two members of staff at the same moment: real threads, real transactions, no broken rule."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction

from cohorts.actions.caseload import assign
from cohorts.actions.ending import withdraw
from cohorts.actions.membership import add_person
from cohorts.actions.stay import change_stay
from cohorts.models import Membership, Person
from mentorship.actions.pairing import pair
from mentorship.models import Pairing
from tests.cast import FIRST_DAY, LONDON, WEEK_SIX, a_place, build_cast
from tests.cohorts.staff import by_staff, day, where

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        return build_cast()


@pytest.fixture
def newcomer(cast) -> Membership:
    return a_place(cast.stranger, cast.cohort, "scholar")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread of its own; what the refused ones were told, in order of the alphabet."""
    refusals: list[str] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
        except ValidationError as refusal:
            refusals.append(refusal.messages[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(refusals)


def test_two_lead_mentors_at_once_are_one_lead_mentor(cast, newcomer):
    mentors = [cast.place["mentor"], cast.place["other_mentor"]]
    refusals = at_once(*[lambda one=one: pair(scholar=newcomer, mentor=one, **by_staff(cast)) for one in mentors])
    assert len(refusals) == 1
    assert "is lead mentor of Nobody Known" in refusals[0]
    assert Pairing.objects.filter(scholar=newcomer).count() == 1


def test_mentor_and_coach_at_once_are_one_of_the_two(cast, newcomer):
    refusals = at_once(
        lambda: pair(scholar=newcomer, mentor=cast.place["both_as_mentor"], **by_staff(cast)),
        lambda: assign(scholar=newcomer, coach=cast.place["both_as_coach"], **by_staff(cast)),
    )
    assert (len(refusals), newcomer.pairings.count() + newcomer.caseloads.count()) == (1, 1)


def test_two_last_staff_members_do_not_leave_together(cast):
    gone = [cast.place["staff"], a_place(cast.mentor, cast.cohort, "staff")]
    refusals = at_once(*[lambda one=one: withdraw(membership=one, by=one.person, at=WEEK_SIX) for one in gone])
    assert len(refusals) == 1
    assert "is the last staff member of this cohort" in refusals[0]


def test_stay_is_not_shortened_under_a_pairing_made_meanwhile(cast, newcomer):
    stay = newcomer.stays.get()
    shorter = {"stay": stay, "version": 1, "starts_on": FIRST_DAY, "ends_on": day(2, 28), **where()}
    at_once(
        lambda: pair(scholar=newcomer, mentor=cast.place["mentor"], **by_staff(cast)),
        lambda: change_stay(**shorter, **by_staff(cast)),
    )
    stay.refresh_from_db()
    assert newcomer.pairings.get().ends_on <= stay.ends_on


def test_one_address_added_twice_at_once_is_one_account(cast):
    facts = {"cohort": cast.cohort, "email": "new@example.org", "name": "New", "time_zone": LONDON}
    at_once(*[lambda r=role: add_person(**facts, role=r, **by_staff(cast)) for role in ("scholar", "mentor", "mentor")])
    assert Person.objects.filter(email="new@example.org").count() == 1
    assert Membership.objects.filter(person__email="new@example.org").count() == 2
