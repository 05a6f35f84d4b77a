"""The main phase, and extension terms."""

from __future__ import annotations

import pytest

from cohorts.actions.membership import add_person
from cohorts.actions.phase import add_term, change_phase, remove_term
from cohorts.actions.stay import add_stay
from cohorts.models import Phase
from tests.cast import FIRST_DAY, LAST_DAY
from tests.cohorts.staff import by_staff, day, refused_at, unlaunched, where


@pytest.fixture
def main(cast) -> Phase:
    return cast.cohort.main_phase


def move(phase: Phase, starts_on=FIRST_DAY, ends_on=LAST_DAY, **more) -> dict:
    return {"phase": phase, "version": phase.version, "starts_on": starts_on, "ends_on": ends_on, **more}


def test_main_phase_grows(cast, main):
    changed = change_phase(**by_staff(cast), **move(main, ends_on=day(4, 18)))
    assert (changed.ends_on, changed.version) == (day(4, 18), 2)


def test_main_phase_is_never_shorter_than_three_months(cast, main):
    words = refused_at("ends_on", change_phase, **by_staff(cast), **move(main, ends_on=day(4, 2)))
    assert words.endswith("The first last day that is long enough is 3 April 2027.")


def test_phase_is_never_shorter_than_its_stays(cast, main):
    words = refused_at("ends_on", change_phase, **by_staff(cast), **move(main, ends_on=day(4, 10)))
    assert "are here until 11 April 2027. Change their stays first." in words


def test_record_of_the_past_has_ended(cast, main):
    refused_at("is_record", change_phase, **by_staff(cast), **move(main, is_record=True))


@pytest.mark.parametrize(("total", "ends_on"), [(6, day(7, 3)), (12, day(1, 3, 2028))])
def test_term_ends_by_default_when_its_total_is_reached(cast, total, ends_on):
    term = add_term(cohort=cast.cohort, **by_staff(cast), total_months=total)
    assert (term.starts_on, term.ends_on) == (day(4, 12), ends_on)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("total_months", {"total_months": 9}),
        ("starts_on", {"total_months": 6, "starts_on": LAST_DAY}),
        ("ends_on", {"total_months": 6, "ends_on": day(4, 1)}),
    ],
)
def test_impossible_term_is_refused_at_its_field(cast, field, facts):
    refused_at(field, add_term, cohort=cast.cohort, **by_staff(cast), **facts)


def test_main_phase_does_not_grow_into_a_term(cast, main):
    add_term(cohort=cast.cohort, **by_staff(cast), total_months=6)
    refused_at("ends_on", change_phase, **by_staff(cast), **move(main, ends_on=day(4, 12)))


def test_term_where_somebody_stays_is_not_removed(cast):
    term = add_term(cohort=cast.cohort, **by_staff(cast), total_months=6)
    add_stay(membership=cast.place["scholar"], phase=term, **by_staff(cast), **where())
    refused_at("", remove_term, phase=term, version=1, **by_staff(cast))


def test_main_phase_is_never_removed(cast, main):
    refused_at("", remove_term, phase=main, version=1, **by_staff(cast))


def test_removed_term_is_archived_after_launch_and_deleted_before(cast):
    one = add_term(cohort=cast.cohort, **by_staff(cast), total_months=6)
    remove_term(phase=one, version=1, **by_staff(cast))
    unlaunched(cast.cohort)
    other = add_term(cohort=cast.cohort, **by_staff(cast), total_months=6)
    remove_term(phase=other, version=1, **by_staff(cast))
    left = Phase.objects.filter(cohort=cast.cohort, kind="term")
    assert [term.archived_at is not None for term in left] == [True]


def test_person_comes_into_a_term_for_its_days(cast):
    term = add_term(cohort=cast.cohort, **by_staff(cast), total_months=6)
    place = add_person(
        cohort=cast.cohort, **by_staff(cast), email="t@example.org", name="T", role="mentor",
        time_zone="Europe/London", phase=term,
    )  # fmt: skip
    assert place.stays.get().starts_on == day(4, 12)
