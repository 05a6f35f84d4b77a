"""Milestones of a cohort, their dates and their rubrics."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cohorts.actions.milestone import add_milestone, change_milestone, publish_rubric, remove_milestone
from cohorts.actions.phase import change_phase
from cohorts.milestones import kinds_left
from cohorts.models import Cohort, Milestone, Rubric
from tests.cast import FIRST_DAY, LAST_DAY, WEEK_SIX, Cast, a_milestone, a_round, a_submission, build_cast, week_start
from tests.cohorts.staff import by_staff, refused_at

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
WEEK_EIGHT = week_start(8)


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


def add(cast: Cast, kind: str = "plan", due_on: dt.date = WEEK_EIGHT, **facts) -> Milestone:
    return add_milestone(cohort=cast.cohort, kind=kind, due_on=due_on, **facts, **by_staff(cast))


def change(cast: Cast, milestone: Milestone, **facts) -> Milestone:
    now = {"due_on": milestone.due_on, "is_read": milestone.is_read, "reading_days": 7, "version": milestone.version}
    return change_milestone(milestone=milestone, **{**now, **facts}, **by_staff(cast))


def publish(cast: Cast, milestone: Milestone, lines: str, drawn_from: int = 0, reason: str = "Clearer") -> Rubric:
    return publish_rubric(milestone=milestone, lines=lines, drawn_from=drawn_from, reason=reason, **by_staff(cast))


def test_milestone_is_due_at_the_time_of_day_of_the_log(cast):
    assert add(cast).due_at == dt.datetime(2027, 2, 22, 18, 0, tzinfo=dt.UTC)


def test_milestone_comes_once_a_cohort(cast):
    add(cast)

    refused_at("kind", add, cast=cast)


@pytest.mark.parametrize(
    "due_on",
    [FIRST_DAY - DAY, LAST_DAY + DAY, WEEK_SIX.date() - DAY, dt.date(1, 1, 1), dt.date(9999, 12, 31)],
    ids=["before the phase", "after it", "gone by", "year 1", "year 9999"],
)
def test_impossible_day_is_refused_at_its_field(cast, due_on):
    refused_at("due_on", add, cast=cast, due_on=due_on)


def test_day_gone_by_is_refused_before_launch_too_since_nobody_would_owe_it(cast):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)

    refused_at("due_on", add, cast=cast, due_on=week_start(2))


@pytest.mark.parametrize("kind", ["", "party", "x\0"])
def test_forged_kind_is_refused_in_words(cast, kind):
    assert refused_at("kind", add, cast=cast, kind=kind).startswith("There is no such milestone.")


def test_kinds_left_are_those_that_the_cohort_does_not_have(cast):
    a_milestone(cast.cohort, "midpoint")

    assert kinds_left(cast.cohort) == ["plan", "symposium", "final"]


def test_moving_needs_a_reason_and_other_corrections_do_not(cast):
    milestone = add(cast)

    refused_at("reason", change, cast=cast, milestone=milestone, due_on=WEEK_EIGHT + DAY)
    assert change(cast, milestone, guide="A page.").guide == "A page."


def test_whether_it_is_read_stays_once_somebody_has_submitted(cast):
    milestone = add(cast, is_read=True)
    milestone.submissions.update(submitted_at=WEEK_SIX)

    refused_at("is_read", change, cast=cast, milestone=milestone, is_read=False)


def test_answered_milestone_is_not_removed(cast):
    milestone = a_milestone(cast.cohort)
    a_submission(milestone, cast.place["scholar"], "A plan.")

    with pytest.raises(ValidationError, match="answered this milestone already"):
        remove_milestone(milestone=milestone, version=1, reason="Not needed", **by_staff(cast))


def test_removed_milestone_may_come_again(cast):
    remove_milestone(milestone=add(cast), version=1, reason="Not needed", **by_staff(cast))

    assert add(cast).pk


def test_rubric_is_never_edited_but_followed_by_the_next(cast):
    milestone = add(cast, rubric="One\nTwo")

    second = publish(cast, milestone, "One\nTwo\nThree", drawn_from=1)

    assert [(row.number, row.criteria) for row in milestone.rubrics.all()] == [
        (1, ["One", "Two"]),
        (2, ["One", "Two", "Three"]),
    ]
    assert second.number == 2


def test_line_of_which_nothing_can_be_seen_is_no_criterion(cast):
    assert publish(cast, add(cast), "Real\n\u200b\n\u3164\nLast").criteria == ["Real", "Last"]


def test_next_rubric_says_why_and_the_first_need_not(cast):
    milestone = add(cast, rubric="One")

    refused_at("reason", publish, cast=cast, milestone=milestone, lines="Two", drawn_from=1, reason="")
    assert publish(cast, milestone, "Two", drawn_from=1).events.get().pgh_context["why"] == "Clearer"


def test_next_rubric_before_launch_needs_no_reason(cast):
    milestone = add(cast, rubric="One")
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)

    assert publish(cast, milestone, "Two", drawn_from=1, reason="").number == 2


def test_same_rubric_again_changes_nothing(cast):
    milestone = add(cast, rubric="One")

    assert publish(cast, milestone, " One \n\nOne", drawn_from=1).number == 1


def test_second_of_two_who_publish_at_once_is_told(cast):
    milestone = add(cast, rubric="One")
    publish(cast, milestone, "Two", drawn_from=1)

    with pytest.raises(ValidationError, match="published another version meanwhile"):
        publish(cast, milestone, "Three", drawn_from=1)


@pytest.mark.parametrize("lines", ["", " \n ", "\n".join(map(str, range(21))), "x" * 301])
def test_rubric_that_is_none_is_refused(cast, lines):
    refused_at("lines", publish, cast=cast, milestone=add(cast), lines=lines)


def move_end(cast: Cast, ends_on: dt.date) -> None:
    phase = cast.cohort.main_phase
    for stay in phase.stays.all():
        stay.ends_on = ends_on
        stay.save()
    change_phase(phase=phase, version=1, starts_on=FIRST_DAY, ends_on=ends_on, **by_staff(cast))


def test_phase_is_not_moved_away_from_under_a_milestone(cast):
    a_milestone(cast.cohort, "final", LAST_DAY)

    refused_at("ends_on", move_end, cast=cast, ends_on=LAST_DAY - DAY)


def test_phase_is_not_moved_away_from_under_a_round(cast):
    a_round(cast.cohort, letters_on=LAST_DAY)

    refused_at("ends_on", move_end, cast=cast, ends_on=LAST_DAY - DAY)
