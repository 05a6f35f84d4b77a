"""A prepared question answers as its queryset would, for any values, from the second time on too."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F, Q, Value
from django.test.utils import CaptureQueriesContext

from cohorts.access import visible
from cohorts.models import Membership, Person
from mats.prepared import prepared
from mentorship.models import WeeklyLog
from tests.cast import WEEK_SIX, a_log, week_start


@prepared
def logs_of(person, at):
    return visible(WeeklyLog, "log", person, at).with_state(at).select_related("scholar__person").order_by("number")


@prepared
def names(keys, role):
    return Person.objects.filter(memberships__pk__any=keys, memberships__role=role).order_by("name").values_list("name")


def test_it_answers_as_the_queryset_does(cast):
    a_log(cast.place["other_scholar"], 6, done="Read.")
    for person in (cast.scholar, cast.other_scholar, cast.staff, cast.stranger, cast.scholar):
        asked = logs_of(person=person, at=WEEK_SIX)
        meant = visible(WeeklyLog, "log", person, WEEK_SIX).with_state(WEEK_SIX).order_by("number")
        assert [(log.pk, log.state) for log in asked] == [(log.pk, log.state) for log in meant]


def test_another_moment_is_another_answer(cast):
    states = [logs_of(person=cast.scholar, at=WEEK_SIX + dt.timedelta(days=days))[0].state for days in (0, 3, 0)]
    assert states == ["due", "missing", "due"]


def test_related_rows_come_along_in_the_same_query(cast):
    logs_of(person=cast.scholar, at=WEEK_SIX)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert logs_of(person=cast.scholar, at=WEEK_SIX)[0].scholar.person == cast.scholar
    assert len(asked) == 1


def test_lists_of_any_length_fill_one_place(cast):
    keys = [cast.place["scholar"].pk, cast.place["mentor"].pk, cast.place["other_scholar"].pk]
    assert [names(keys=keys[:length], role="scholar") for length in (1, 3, 0)] == [
        [("Sana Scholar",)],
        [("Otto Scholar",), ("Sana Scholar",)],
        [],
    ]


def test_a_closed_account_gets_nothing(cast):
    assert logs_of(person=cast.disabled, at=WEEK_SIX) == []
    assert logs_of(person=cast.staff, at=WEEK_SIX) != []


def test_none_is_a_question_of_its_own(cast):
    asked = prepared(lambda day: WeeklyLog.objects.filter(Q(week_starts_on=day) | Q(submitted_at=None)))
    assert [len(asked(day=day)) for day in (week_start(6), None, week_start(5))] == [1, 1, 1]


def test_what_nothing_can_answer_is_not_asked(cast, django_assert_num_queries):
    nothing = prepared(lambda day: WeeklyLog.objects.filter(pk__in=[], week_starts_on=day))
    with django_assert_num_queries(0):
        assert nothing(day=week_start(6)) == []


def test_a_value_computed_from_a_value_is_refused(cast):
    computing = prepared(lambda at: WeeklyLog.objects.filter(due_at__gt=at - dt.timedelta(days=1)))
    with pytest.raises(ImproperlyConfigured, match="computes with its values"):
        computing(at=WEEK_SIX)


@pytest.mark.parametrize("days", [1, 7, 14])
def test_a_value_computed_from_one_is_never_taken_for_another(cast, days):
    """Stand-ins a day apart would put `until` where a day after `at` belongs."""
    offset = dt.timedelta(days=days)
    moments = prepared(lambda at, until: WeeklyLog.objects.filter(due_at__gt=at + offset, created_at__lt=until))
    dates = prepared(lambda day, last: WeeklyLog.objects.filter(week_starts_on__in=[day + offset, last]))
    numbers = prepared(lambda least, most: WeeklyLog.objects.filter(number__in=[least + days, most]))
    for computing, values in [
        (moments, {"at": WEEK_SIX, "until": WEEK_SIX}),
        (dates, {"day": week_start(6), "last": week_start(6)}),
        (numbers, {"least": 1, "most": 2}),
    ]:
        with pytest.raises(ImproperlyConfigured, match="computes with its values"):
            computing(**values)


def test_day_computed_from_a_moment_is_never_taken_for_a_day(cast):
    asked = prepared(lambda day, at: WeeklyLog.objects.filter(week_starts_on__in=[day, at.date() - dt.timedelta(1)]))
    with pytest.raises(ImproperlyConfigured, match="computes with its values"):
        asked(day=week_start(6), at=WEEK_SIX)


def test_more_of_a_row_than_its_key_is_refused(cast):
    looking = prepared(lambda cohort: WeeklyLog.objects.filter(scholar__cohort__name=cohort.name))
    with pytest.raises(cast.cohort.DoesNotExist):
        looking(cohort=cast.cohort)


def test_a_question_that_changes_with_its_values_is_refused(cast):
    def build(number):
        rows = Membership.objects.filter(role="scholar")
        return rows.filter(version=number) if number % 2 else rows.annotate(n=Value(1)).filter(version=F("n"))

    with pytest.raises(ImproperlyConfigured):
        prepared(build)(number=1)


@prepared
def numbered(scholar, number):
    return WeeklyLog.objects.filter(scholar=scholar, number=number).values_list("number")


def test_number_may_be_asked_of_a_small_column(cast):
    assert [numbered(scholar=cast.place["scholar"], number=number) for number in (6, 7)] == [[(6,)], []]
