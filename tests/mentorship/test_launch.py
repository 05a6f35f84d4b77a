"""A cohort begins."""

from __future__ import annotations

import pytest

from mats.history.record import EditedMeanwhile
from mats.post.models import Message
from mentorship.actions.launch import launch_cohort
from mentorship.models import PairingWeek, WeeklyLog
from tests.cast import WEEK_SIX, a_cohort, a_pairing, a_place
from tests.cohorts.staff import by_staff, refused_at


@pytest.fixture
def third(cast):
    """A cohort of one scholar and one mentor, not launched."""
    cohort = a_cohort("Third", "third", launched_at=None)
    a_pairing(a_place(cast.scholar, cohort, "scholar"), a_place(cast.mentor, cohort, "mentor"))
    return cohort


def test_launch_lays_out_the_weeks_and_invites_nobody_who_is_in(cast, third):
    done = launch_cohort(cohort=third, version=1, **by_staff(cast))
    third.refresh_from_db()
    logs = WeeklyLog.objects.filter(scholar__cohort=third).count()
    weeks = PairingWeek.objects.filter(pairing__cohort=third).count()
    assert (third.launched_at, logs, weeks, done.logs) == (WEEK_SIX, 14, 14, 14)
    assert Message.objects.count() == 0


def test_cohort_is_launched_once(cast, third):
    launch_cohort(cohort=third, version=1, **by_staff(cast))
    words = refused_at("", launch_cohort, cohort=third, version=2, **by_staff(cast))
    assert words == "This cohort is launched already."


def test_cohort_without_scholars_is_not_launched(cast):
    empty = a_cohort("Third", "third", launched_at=None)
    words = refused_at("", launch_cohort, cohort=empty, version=1, **by_staff(cast))
    assert words == "There is no scholar yet. Add people first, then launch."


def test_cohort_changed_meanwhile_is_a_conflict(cast, third):
    with pytest.raises(EditedMeanwhile):
        launch_cohort(cohort=third, version=7, **by_staff(cast))
