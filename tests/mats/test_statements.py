"""Statements are compiled once, and answer each value anew."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.access import visible
from cohorts.models import Membership, Person
from mats.statements import Statement, Written
from tests.cast import WEEK_SIX


def test_queryset_with_the_access_table_in_it_answers_each_reader_anew(cast):
    builds = []

    def build(reader: Person, at: dt.datetime):
        builds.append(reader)
        return [visible(Membership, "coached", reader, at).values_list("pk")]

    statement = Statement(build)

    assert statement.ask(reader=cast.coach, at=WEEK_SIX) == [(cast.place["scholar"].pk,)]
    assert statement.ask(reader=cast.other_coach, at=WEEK_SIX) == []
    assert statement.ask(reader=cast.coach, at=WEEK_SIX + dt.timedelta(days=365)) == []
    assert len(builds) == 2  # both to learn where the values go


def test_closed_account_gets_nothing(cast):
    """The access table asks it of the person; the compiled one stands for somebody else."""
    place = cast.place["scholar"].pk
    asked = Statement(lambda reader, at: [visible(Membership, "membership", reader, at).filter(pk=place).values("pk")])
    assert asked.ask(reader=cast.staff, at=WEEK_SIX) == [(place,)]
    cast.staff.is_active = False
    assert asked.ask(reader=cast.staff, at=WEEK_SIX) == []


def test_several_sources_are_one_question(cast):
    def build(place: uuid.UUID):
        rows = Membership.objects.filter(pk=place).values_list("role")
        return [
            rows,
            Written("SELECT name FROM ({rows}) r, cohorts_cohort WHERE id = {cohort}", rows=rows, cohort=cast.cohort),
        ]

    with CaptureQueriesContext(connection) as asked:
        found = Statement(build).ask(place=cast.place["coach"].pk)

    assert (found, len(asked)) == ([("coach",), (cast.cohort.name,)], 1)


def test_sql_by_hand_takes_any_value_and_never_as_sql(db):
    statement = Statement(lambda text, days: [Written("SELECT {text}::text, {days}::date[]", text=text, days=days)])
    day = dt.date(2027, 2, 10)

    assert statement.ask(text="'; DROP TABLE x; --", days=[day]) == [("'; DROP TABLE x; --", [day])]


def test_source_that_can_have_no_rows_is_left_out(db):
    assert Statement(lambda: [Membership.objects.none().values_list("pk")]).ask() == []


def test_name_that_is_not_given_is_an_error(db):
    statement = Statement(lambda place: [Membership.objects.filter(pk=place).values_list("pk")])

    with pytest.raises(TypeError):
        statement.ask()
