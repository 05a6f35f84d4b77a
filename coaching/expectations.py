"""What is owed in this app: the next 1-1 of every caseload. Those that took place are met facts.

Who may read them is asked of the access table for the scholar ("one_on_ones": their 1-1s as bare
facts), and of row-level security once more by the table itself. For a scholar whom staff mentor or
mentored there are no rows at all, so nothing can be counted.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from coaching.models import OneOnOne
from cohorts.access import visible
from cohorts.expectations import register
from cohorts.models import Caseload, Membership, Person
from cohorts.querysets import LAUNCHED, LocalDay, running

KIND = Value("one_on_one", output_field=CharField())
NO_NUMBER = Value(None, output_field=IntegerField())
NEVER = Value(None, output_field=DateTimeField())


class Opening(Func):
    """The moment at which a day begins on the wall of a zone."""

    template = "((%(expressions)s))"
    arg_joiner = "::timestamp AT TIME ZONE "
    output_field = DateTimeField()


class DayAfter(Func):
    """`DayAfter(day, n)`: n days later."""

    template = "((%(expressions)s)::date)"
    arg_joiner = " + "
    output_field = DateField()


class FirstDayHere(Func):
    """This day, or where scholar or coach are away then, the first day after it with both of them here.

    `FirstDayHere(day, scholar's place, coach's place)`.
    """

    arity = 3
    output_field = DateField()
    away = """EXISTS (SELECT FROM cohorts_leave l WHERE l.membership_id IN ({scholar}, {coach})
        AND l.archived_at IS NULL AND {day} BETWEEN l.starts_on AND l.ends_on)"""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        (day, params), (scholar, _), (coach, _) = (compiler.compile(column) for column in self.source_expressions)
        here = self.away.format(scholar=scholar, coach=coach, day="d::date")
        sql = f"""(SELECT coalesce(min(d::date), {day}) FROM generate_series({day}, {day} + 366, interval '1 day') d
            WHERE NOT {here})"""  # noqa: S608  (columns only)
        return f"CASE WHEN {self.away.format(scholar=scholar, coach=coach, day=day)} THEN {sql} ELSE {day} END", [
            *params * 5
        ]


def _readable(reader: Person, at: dt.datetime) -> QuerySet[Any]:
    return visible(Membership, "one_on_ones", reader, at).values("pk")


def _held(*, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    zone = "about__cohort__time_zone"
    held = OneOnOne.objects.filter(about__in=_readable(reader, at), took_place_on__isnull=False, archived_at=None)
    return held.filter(took_place_on__lte=LocalDay(until, zone)).values_list(
        KIND,
        "coach_id",
        "about_id",
        "about__cohort_id",
        NO_NUMBER,
        "took_place_on",
        NEVER,
        Opening(F("took_place_on"), F(zone)),
        Value("took_place", output_field=CharField()),
        "pk",
    )


def _next(*, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """The one to come, a row a running caseload: owed by the end of the day `cadence_days` after the
    last one, at first after the caseload's first day. Days away put it off.

    `until` does not matter here: it stands from the day on which the caseload begins.
    """
    zone = "cohort__time_zone"
    running_now = Caseload.objects.filter(LAUNCHED, scholar__in=_readable(reader, at)).filter(running(at, zone))
    held = OneOnOne.objects.filter(about=OuterRef("scholar"), took_place_on__isnull=False)
    last = held.filter(archived_at=None).order_by("-took_place_on").values("took_place_on")[:1]
    promised = DayAfter(Coalesce(Subquery(last), F("starts_on")), F("cadence_days"))
    due = running_now.annotate(due_on=FirstDayHere(promised, F("scholar"), F("coach")))
    due = due.annotate(due_at=Opening(DayAfter(F("due_on"), Value(1)), F(zone)))
    return due.values_list(
        KIND,
        "coach_id",
        "scholar_id",
        "cohort_id",
        NO_NUMBER,
        "due_on",
        "due_at",
        NEVER,
        Case(When(due_at__lte=at, then=Value("overdue")), default=Value("due"), output_field=CharField()),
        "pk",
    )


register("one_on_one", _held, scholar="about", owner="coach")
register("one_on_one", _next, scholar="scholar", owner="coach")
