"""The demo's cohort: the same for a seed, ready at whatever hour it is laid out, and its command."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from coaching.models import ForMyCoach, Note, OneOnOne
from cohorts.models import Leave, Membership, Person, Role, Stay
from mats.identity.transaction import acting
from mats.pages.demo_cohort.moments import week_six
from mats.pages.demo_cohort.people import FEWEST_FOR_ALL
from mats.post.models import Message
from mentorship.models import Action, Meeting, Pairing, PairingWeek, Tick, WeeklyLog
from tests.cast import WEEK_SIX

HALF_AN_HOUR = dt.timedelta(minutes=30)
# Seven hours on each time: every hour of the day, and every day of the week, within a week.
HOURS = [dt.datetime(2027, 3, 24, 0, 4, tzinfo=dt.UTC) + turn * dt.timedelta(hours=7) for turn in range(24)]
AWKWARD = {
    "Sunday before midnight in London": "2027-01-17T23:52+00:00",
    "midnight between two weeks in London": "2027-01-18T00:00+00:00",
    "Sunday midnight in Singapore": "2027-01-18T00:01+08:00",
    "Sunday before midnight in Berkeley": "2027-01-17T23:58-08:00",
    "last minutes of the year": "2026-12-31T23:51+00:00",
    "first minute of the year": "2027-01-01T00:01+00:00",
    "before the hour that London skips": "2027-03-28T00:48+00:00",
    "after the hour that London skips": "2027-03-28T02:02+01:00",
    "first pass of the hour that comes twice": "2027-10-31T00:20+00:00",
    "second pass of the hour that comes twice": "2027-10-31T01:20+00:00",
    "the night on which Berkeley skips an hour": "2027-03-14T01:50-08:00",
    "the night on which Berkeley has an hour twice": "2027-11-07T01:20-08:00",
}


def lay_out(at: dt.datetime, **options):
    return week_six(at, **options)


def named(part: str) -> Person:
    return Person.objects.get(email=f"{part}@demo.example")


def content() -> str:
    """A digest of everything laid out, without keys and ciphertext."""
    rows = [
        Membership.objects.values_list("role", "person__email", "person__name", "person__time_zone"),
        Stay.objects.values_list("membership__person__email", "starts_on", "site__name", "hours_per_week"),
        Pairing.objects.values_list(
            "scholar__person__email",
            "mentor__person__email",
            "starts_on",
            "ends_on",
            "weekday",
            "local_time",
            "is_lead",
        ),
        WeeklyLog.objects.values_list("scholar__person__email", "number", "done", "next_up", "stuck", "submitted_at"),
        WeeklyLog.objects.values_list("scholar__person__email", "number", "links", "is_away", "edited_at"),
        Tick.objects.values_list("log__scholar__person__email", "log__number", "action__what", "outcome", "why"),
        PairingWeek.objects.values_list(
            "pairing__scholar__person__email", "number", "meeting__planned", "meeting__held", "meeting__outcome"
        ),
        Action.objects.values_list("owner__person__email", "what", "due_on", "done_at", "dropped_why"),
        Message.objects.values_list("person__email", "moment", "sent_at"),
        Leave.objects.values_list("membership__person__email", "starts_on", "ends_on"),
        *(for_coach_of(scholar) for scholar in Person.objects.filter(memberships__role=Role.SCHOLAR).order_by("email")),
        *(of_coach(coach) for coach in Person.objects.filter(memberships__role=Role.COACH).order_by("email")),
    ]
    return hashlib.sha256(repr([sorted(map(repr, some)) for some in rows]).encode()).hexdigest()


def of_coach(coach: Person) -> list[tuple]:
    with acting(coach, WEEK_SIX):
        notes = Note.objects.filter(author__person=coach)
        found: list[tuple] = [(note.dated, note.audience, note.topics, note.body) for note in notes]
        spoken = OneOnOne.objects.values_list("about__person__email", "planned", "took_place_on", "missed_at")
        return found + list(spoken)


def for_coach_of(scholar: Person) -> list[tuple]:
    with acting(scholar, WEEK_SIX):
        return [(row.log.number, row.body) for row in ForMyCoach.objects.filter(about__person=scholar)]


def content_of(**options) -> str:
    with transaction.atomic():
        lay_out(options.pop("at", WEEK_SIX), scholars=FEWEST_FOR_ALL, **options)
        digest = content()
        transaction.set_rollback(True)
    return digest


# The same for a seed and a moment


def test_same_seed_and_moment_lay_out_the_same(db):
    assert content_of() == content_of()


@pytest.mark.parametrize("other", [{"seed": 2}, {"at": WEEK_SIX + dt.timedelta(hours=1)}], ids=["seed", "moment"])
def test_another_seed_or_moment_lays_out_something_else(db, other):
    assert content_of() != content_of(**other)


# Ready at whatever hour


def meetings_soon(at: dt.datetime) -> list[dt.timedelta]:
    mine = Meeting.objects.filter(attendances__person=named("mentor"), is_live=True, outcome="")
    soon = mine.filter(planned__startswith__gt=at, planned__startswith__lte=at + HALF_AN_HOUR)
    return [meeting.planned.lower - at for meeting in soon]


@pytest.mark.parametrize("at", HOURS, ids=lambda at: f"{at:%a %H:%M}")
def test_demo_mentor_meets_within_half_an_hour(db, at):
    lay_out(at, scholars=FEWEST_FOR_ALL)

    assert [dt.timedelta(0) < wait <= HALF_AN_HOUR for wait in meetings_soon(at)] == [True]


@pytest.mark.parametrize("at", AWKWARD.values(), ids=AWKWARD.keys())
def test_demo_mentor_meets_soon_at_awkward_moments(db, at):
    moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
    lay_out(moment, scholars=FEWEST_FOR_ALL)

    assert [dt.timedelta(0) < wait <= HALF_AN_HOUR for wait in meetings_soon(moment)] == [True]


# The command


def test_command_lays_out_week_six_at_a_moment(db, capsys):
    call_command("demo_cohort", "--moment", "week_six", "--at", "2027-10-31T01:20+00:00")

    assert capsys.readouterr().out == "Demo cohort: 99 places, week 6 of 14.\n"
    assert len(meetings_soon(dt.datetime(2027, 10, 31, 1, 20, tzinfo=dt.UTC))) == 1


def test_second_run_is_refused_and_changes_nothing(db):
    lay_out(WEEK_SIX, scholars=FEWEST_FOR_ALL)
    before = content()

    with pytest.raises(CommandError, match="is there already"):
        call_command("demo_cohort")
    assert content() == before


def test_production_is_refused(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never laid out in production"):
        call_command("demo_cohort")
    assert not Person.objects.exists()


def test_moment_without_its_offset_is_refused(db):
    with pytest.raises(CommandError, match="needs an offset"):
        call_command("demo_cohort", "--at", "2027-02-10T12:00")


def test_command_says_who_can_be_signed_in_as(db, capsys):
    with time_machine.travel(WEEK_SIX):
        lay_out(WEEK_SIX, scholars=1)
    call_command("demo_cohort", "--who")

    told = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(part, email) for part, _, email in told] == [
        (part, f"{part}@demo.example") for part in ("scholar", "mentor", "coach", "staff")
    ]
