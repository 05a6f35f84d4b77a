"""What is owed for milestones follows the cohort's dates, people and pairings."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.actions.membership import remove_person
from cohorts.actions.milestone import add_milestone, change_milestone, remove_milestone
from cohorts.models import Cohort, Membership, Role
from mats.identity.transaction import acting
from mentorship.actions.owed import lay_out_owed
from mentorship.actions.pairing import end_pairing, pair
from mentorship.models import MidpointLine, Submission
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_person, a_place, build_cast, not_accepted, week_start
from tests.mentorship.counting import MACHINE

pytestmark = pytest.mark.django_db

WEEK_EIGHT = week_start(8)


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


def set_milestone(cast: Cast, kind: str = "plan", due_on: dt.date = WEEK_EIGHT):
    with acting(cast.staff, WEEK_SIX):
        return add_milestone(cohort=cast.cohort, by=cast.staff, at=WEEK_SIX, kind=kind, due_on=due_on, is_read=True)


def owed(cohort: Cohort) -> list[str]:
    rows = Submission.objects.filter(cohort=cohort, archived_at=None)
    return sorted(rows.values_list("scholar__person__name", flat=True))


def test_submission_is_owed_by_every_scholar_once_a_milestone_is_set(cast):
    milestone = set_milestone(cast)

    assert owed(cast.cohort) == ["Otto Scholar", "Sana Scholar"]
    assert set(Submission.objects.values_list("due_at", flat=True)) == {milestone.due_at}
    assert milestone.due_at == dt.datetime(2027, 2, 22, 18, 0, tzinfo=dt.UTC)


def test_line_is_owed_by_each_mentor_of_the_midpoint_s_day(cast):
    set_milestone(cast, "midpoint")

    rows = MidpointLine.objects.values_list("mentor__person__name", "scholar__person__name")
    assert sorted(rows) == [("Bo Both", "Otto Scholar"), ("Mira Mentor", "Sana Scholar")]


def test_nothing_is_owed_twice(cast):
    set_milestone(cast, "midpoint")

    again = lay_out_owed(cast.cohort, at=WEEK_SIX)

    assert again == {"submissions": 0, "lines": 0, "readers": 0, "approvals": 0}


def test_nothing_is_owed_before_launch(cast):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    cast.cohort.refresh_from_db()

    set_milestone(cast, "midpoint")

    assert (owed(cast.cohort), MidpointLine.objects.count()) == ([], 0)


def test_moved_milestone_moves_what_was_not_submitted_and_nothing_else(cast):
    milestone = set_milestone(cast)
    sent, open_ = Submission.objects.order_by("scholar__person__name")
    Submission.objects.filter(pk=sent.pk).update(submitted_at=WEEK_SIX)

    with acting(cast.staff, WEEK_SIX):
        moved = change_milestone(
            milestone=milestone, by=cast.staff, at=WEEK_SIX, version=1, due_on=week_start(9), is_read=True,
            reading_days=7, reason="The reading group is away.",
        )  # fmt: skip

    sent.refresh_from_db()
    open_.refresh_from_db()
    assert (sent.due_at, open_.due_at) == (milestone.due_at, moved.due_at)


def test_own_date_stays_where_a_milestone_is_moved(cast):
    milestone = set_milestone(cast)
    mine = Submission.objects.get(scholar=cast.place["scholar"])
    Submission.objects.filter(pk=mine.pk).update(has_own_date=True, due_at=WEEK_SIX + dt.timedelta(days=30))

    with acting(cast.staff, WEEK_SIX):
        change_milestone(
            milestone=milestone, by=cast.staff, at=WEEK_SIX, version=1, due_on=week_start(9), is_read=True,
            reading_days=7, reason="The reading group is away.",
        )  # fmt: skip

    assert Submission.objects.get(pk=mine.pk).due_at == WEEK_SIX + dt.timedelta(days=30)


def test_scholar_who_joins_owes_what_is_still_ahead(cast):
    set_milestone(cast)
    a_milestone(cast.cohort, "symposium", week_start(3))
    late = a_place(a_person("Lana Late"), cast.cohort, Role.SCHOLAR)
    Membership.objects.filter(pk=late.pk).update(created_at=WEEK_SIX)

    lay_out_owed(cast.cohort, at=WEEK_SIX)

    assert list(Submission.objects.filter(scholar=late).values_list("milestone__kind", flat=True)) == ["plan"]


def test_scholar_who_is_gone_by_the_day_owes_nothing(cast):
    set_milestone(cast)
    cast.place["scholar"].stays.update(ends_on=week_start(7))

    lay_out_owed(cast.cohort, at=WEEK_SIX)

    assert owed(cast.cohort) == ["Otto Scholar"]


def test_what_was_submitted_stays_when_its_scholar_goes(cast):
    set_milestone(cast)
    Submission.objects.update(submitted_at=WEEK_SIX)
    cast.place["scholar"].stays.update(ends_on=week_start(7))

    lay_out_owed(cast.cohort, at=WEEK_SIX)

    assert owed(cast.cohort) == ["Otto Scholar", "Sana Scholar"]


def test_removed_milestone_takes_what_was_owed_with_it(cast):
    milestone = set_milestone(cast, "midpoint")

    with acting(cast.staff, WEEK_SIX):
        remove_milestone(milestone=milestone, by=cast.staff, at=WEEK_SIX, version=1, reason="No mid-point this time.")

    assert (owed(cast.cohort), MidpointLine.objects.filter(archived_at=None).count()) == ([], 0)


def test_line_goes_to_the_mentor_who_is_there_on_the_day(cast):
    set_milestone(cast, "midpoint")

    with acting(cast.staff, WEEK_SIX):
        end_pairing(
            pairing=cast.pairing, by=cast.staff, at=WEEK_SIX, version=1, last_day=week_start(7), reason="Moves abroad."
        )
        pair(
            scholar=cast.place["scholar"], mentor=cast.place["other_mentor"], by=cast.staff, at=WEEK_SIX,
            starts_on=week_start(7) + dt.timedelta(days=1), ends_on=week_start(12),
        )  # fmt: skip

    rows = MidpointLine.objects.filter(scholar=cast.place["scholar"], archived_at=None)
    assert [row.mentor.person.name for row in rows] == ["Omar Mentor"]


def test_moment_follows_the_cohort_s_clock_until_launch(cast):
    milestone = a_milestone(cast.cohort)
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None, time_zone="America/New_York")
    cast.cohort.refresh_from_db()

    lay_out_owed(cast.cohort, at=LONG_AGO)

    milestone.refresh_from_db()
    assert milestone.due_at == dt.datetime(2027, 1, 22, 23, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("more", [0, 30])
def test_laying_out_takes_the_same_statements_at_any_size(cast, more):
    a_milestone(cast.cohort, "midpoint", WEEK_EIGHT)
    for number in range(more):
        a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)

    with CaptureQueriesContext(connection) as asked:
        lay_out_owed(cast.cohort, at=WEEK_SIX)

    assert sum(not query["sql"].startswith(MACHINE) for query in asked.captured_queries) == 12


def test_removed_place_owes_nothing(cast):
    set_milestone(cast)
    place = a_place(a_person("Rita Removed"), cast.cohort, Role.SCHOLAR)
    lay_out_owed(cast.cohort, at=WEEK_SIX)

    with acting(cast.staff, WEEK_SIX):
        remove_person(membership=not_accepted(place), by=cast.staff, at=WEEK_SIX, version=1, reason="Never came.")

    assert owed(cast.cohort) == ["Otto Scholar", "Sana Scholar"]
