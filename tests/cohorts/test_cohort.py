"""Starting and correcting a cohort."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from cohorts.actions.cohort import change_cohort, create_cohort
from cohorts.models import Cohort, Membership
from cohorts.rules.cohort import may_start_cohorts
from mats.identity.transaction import acting
from mentorship.models import WeeklyLog
from tests.cast import WEEK_SIX, a_log, a_person
from tests.cohorts.staff import by_staff, day, refused_at, unlaunched


def plan(**more) -> dict:
    facts = {"name": "Spring 2028", "slug": "spring-2028", "time_zone": "Europe/London"}
    return {**facts, "starts_on": day(1, 10, 2028), "ends_on": day(4, 9, 2028), **more}


def change(**more) -> dict:
    return {"version": 1, "name": "Winter", "log_weekday": 2, "log_time": dt.time(18), **more}


def test_creator_becomes_staff_for_the_whole_main_phase(cast):
    cohort = create_cohort(**by_staff(cast), **plan())
    place = Membership.objects.get(cohort=cohort)
    stay = place.stays.get()
    assert (place.person, place.role) == (cast.staff, "staff")
    assert (stay.phase, stay.starts_on, stay.ends_on) == (cohort.main_phase, day(1, 10, 2028), day(4, 9, 2028))
    assert not cohort.is_launched


def test_main_phase_one_day_too_short_names_the_first_long_enough_day(cast):
    words = refused_at("ends_on", create_cohort, **by_staff(cast), **plan(ends_on=day(4, 8, 2028)))
    assert words == (
        "A main phase lasts at least three calendar months. The first last day that is long enough is 9 April 2028."
    )
    assert not Cohort.objects.filter(slug="spring-2028").exists()


def test_record_of_the_past_may_be_shorter(cast):
    past = plan(starts_on=day(1, 1, 2025), ends_on=day(2, 1, 2025), is_record=True)
    assert create_cohort(**by_staff(cast), **past).main_phase.is_record


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("is_record", {"is_record": True}),
        ("time_zone", {"time_zone": "Moon/Base"}),
        ("slug", {"slug": "winter-2027"}),
        ("ends_on", {"ends_on": day(1, 9, 2028)}),
        ("ends_on", {"ends_on": day(2, 1, 2031)}),
        ("ends_on", {"starts_on": day(12, 1, 2099), "ends_on": dt.date.max}),
    ],
)
def test_impossible_cohort_is_refused_at_its_field(cast, field, facts):
    refused_at(field, create_cohort, **by_staff(cast), **plan(**facts))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("staff", True), ("staff_elsewhere", True), ("mentor", False), ("stranger", False), ("disabled", False)],
)
def test_cohorts_are_started_by_staff(cast, who, allowed):
    assert may_start_cohorts(getattr(cast, who)) is allowed


def test_first_person_of_an_installation_starts_cohorts(cast):
    first = a_person("Fay First", starts_cohorts=True)
    assert create_cohort(by=first, at=WEEK_SIX, **plan()).pk
    with pytest.raises(PermissionDenied):
        create_cohort(by=cast.mentor, at=WEEK_SIX, **plan(slug="another"))


@pytest.mark.parametrize(("field", "value"), [("slug", "elsewhere"), ("time_zone", "Europe/Paris"), ("week_start", 6)])
def test_address_zone_and_week_start_are_fixed_at_launch(cast, field, value):
    words = refused_at(field, change_cohort, cohort=cast.cohort, **by_staff(cast), **change(**{field: value}))
    assert "fixed at launch" in words


def test_before_launch_everything_of_a_cohort_can_change(cast):
    cohort = unlaunched(cast.cohort)
    values = {"slug": "elsewhere", "time_zone": "Europe/Paris", "week_start": 6, "scholar_label": "fellow"}
    changed = change_cohort(cohort=cohort, **by_staff(cast), **change(**values))
    assert {name: getattr(changed, name) for name in values} == values


def test_moved_deadline_moves_logs_that_are_not_due_yet(cast):
    overdue, ahead = a_log(cast.place["scholar"], 5), a_log(cast.place["scholar"], 7)
    change_cohort(cohort=cast.cohort, **by_staff(cast), **change(log_weekday=4))
    moved = [WeeklyLog.objects.get(pk=log.pk).due_at.date() for log in (overdue, ahead)]
    assert moved == [day(2, 3), day(2, 19)]


def test_history_of_a_cohort_says_who_and_from_where(cast):
    with acting(cast.staff, WEEK_SIX, page="/c/winter-2027/change/"):
        change_cohort(cohort=cast.cohort, **by_staff(cast), **change())
    event = cast.cohort.events.order_by("-pgh_id").first()
    assert event.pgh_context == {"person": str(cast.staff.pk), "page": "/c/winter-2027/change/"}
