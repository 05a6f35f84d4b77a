"""The demo's cohort: believable, the same for a seed, and ready at whatever hour it is laid out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q

from coaching.models import ForMyCoach, Note, OneOnOne
from coaching.querysets import next_planned, one_on_ones, over_a_meeting, waiting_for_a_word
from cohorts.models import Leave, Membership, Person, Role, Site, Stay
from mats.identity.transaction import acting
from mats.pages.demo_cohort.moments import week_six
from mats.pages.demo_cohort.names import FAMILY, GIVEN, names
from mats.pages.demo_cohort.people import FEWEST_FOR_ALL
from mats.post.models import Message
from mats.post.tasks import sweep
from mentorship.models import Absence, Action, Attendance, Meeting, Pairing, PairingWeek, Tick, WeeklyLog
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


@pytest.fixture
def demo(db, week_six):
    """The whole cohort, at noon (UTC) of a Wednesday."""
    return lay_out(week_six)


def lay_out(at: dt.datetime, **options):
    return week_six(at, **options)


def named(part: str) -> Person:
    return Person.objects.get(email=f"{part}@demo.example")


def pairings_of(**lookup) -> list[Pairing]:
    return list(Pairing.objects.filter(**lookup).select_related("scholar", "mentor").order_by("starts_on"))


def mentors_by_scholar() -> Counter:
    return Counter(Pairing.objects.values_list("scholar__person__email", flat=True))


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


# Who is there


def test_cohort_has_the_size_of_a_real_programme(demo):
    roles = Counter(Membership.objects.values_list("role", flat=True))

    assert roles == {Role.SCHOLAR: 60, Role.MENTOR: 24, Role.COACH: 6, Role.STAFF: 5}
    assert len(set(Site.objects.values_list("time_zone", flat=True))) == 3
    assert set(Stay.objects.values_list("site__name", flat=True)) == set(Site.objects.values_list("name", flat=True))


def test_cohort_has_the_cases_of_a_real_programme(demo):
    number = Counter(mentors_by_scholar().values())
    left = pairings_of(end_reason__gt="")
    two = [one for one in mentors_by_scholar() if len(pairings_of(scholar__person__email=one, end_reason="")) == 2]

    assert number == {1: 57, 2: 2}
    assert [(one.end_reason, one.ends_on < WEEK_SIX.date()) for one in left] == [
        ("Took a new post and left the programme.", True)
    ]
    assert [one.is_lead for one in pairings_of(scholar__person__email=two[0])] in ([True, False], [False, True])
    assert Leave.objects.filter(starts_on__lte=WEEK_SIX.date(), ends_on__gte=WEEK_SIX.date()).count() == 1
    assert Stay.objects.filter(membership__role=Role.SCHOLAR, hours_per_week__lt=40).count() == 1


def test_team_of_three_meets_jointly(demo):
    sizes = Counter(PairingWeek.objects.filter(number=6, meeting__isnull=False).values_list("meeting", flat=True))

    assert sorted(sizes.values())[-2:] == [1, 3]


def test_names_never_come_twice():
    every = list(names())

    assert len(set(every)) == len(every) == len(GIVEN) * len(FAMILY)


# The same for a seed and a moment


def test_same_seed_and_moment_lay_out_the_same(db):
    assert content_of() == content_of()


@pytest.mark.parametrize("other", [{"seed": 2}, {"at": WEEK_SIX + dt.timedelta(hours=1)}], ids=["seed", "moment"])
def test_another_seed_or_moment_lays_out_something_else(db, other):
    assert content_of() != content_of(**other)


# What has happened


def test_past_weeks_have_logs_on_time_late_and_missing(demo):
    states = Counter(WeeklyLog.objects.filter(number__lt=6).with_state(WEEK_SIX).values_list("state", flat=True))

    assert sum(states.values()) == 300
    assert states["on_time"] > 200
    assert {state for state, count in states.items() if count} >= {"on_time", "late", "missing"}
    assert not WeeklyLog.objects.filter(submitted_at__gt=WEEK_SIX).exists()


def test_logs_show_what_can_be_in_a_log(demo):
    sent = WeeklyLog.objects.filter(submitted_at__isnull=False)

    assert sent.filter(is_away=True).count() == 1
    assert sent.filter(done="").exclude(links="").exists()
    edits = Counter(sent.with_edits().exclude(edited_at=None).values_list("edited_after_meeting", flat=True))
    assert set(edits) == {True, False}
    with acting(named("scholar"), WEEK_SIX):
        assert ForMyCoach.objects.count() == 2


def test_ticks_and_actions_agree(demo):
    told = Counter(Tick.objects.values_list("outcome", flat=True))
    ticks = Tick.objects.select_related("action", "log")

    assert set(told) == {"done", "carried", "dropped"}
    assert not ticks.filter(action__created_at__gte=F("log__submitted_at")).exists()
    assert not ticks.exclude(action__owner=F("log__scholar")).exists()
    assert not ticks.filter(outcome="done").exclude(action__done_at__lte=F("log__submitted_at")).exists()
    assert not ticks.filter(outcome="dropped").exclude(action__dropped_why=F("why")).exists()
    assert not ticks.filter(outcome="carried", action__done_at__lte=F("log__submitted_at")).exists()


def test_people_have_a_handful_of_open_actions(demo):
    scholars = Membership.objects.filter(role=Role.SCHOLAR)
    is_open = Q(actions__done_at=None, actions__dropped_at=None, actions__isnull=False)
    counts = sorted(scholars.annotate(n=Count("actions", filter=is_open)).values_list("n", flat=True))

    assert 3 <= counts[len(counts) // 2] <= 6
    assert counts[-1] <= 12


def test_past_meetings_were_held_missed_or_nobody_has_said(demo):
    past = Meeting.objects.filter(planned__endswith__lt=WEEK_SIX)
    outcomes = Counter(past.values_list("outcome", flat=True))

    assert set(outcomes) == {"met", "another_day", "did_not_meet", ""}
    assert outcomes["met"] > 200
    assert not past.filter(outcome="met", held=None).exists()
    assert not Meeting.objects.filter(held__endswith__gt=WEEK_SIX).exists()


def test_meetings_were_moved_called_off_and_asked_about(demo):
    moved = Meeting.objects.filter(is_live=True, moved_at__isnull=False)
    of_week = moved.filter(planned__startswith__gte=F("pairing_weeks__closes_at"))

    assert (moved.count() > 5, of_week.count() >= 1) == (True, True)
    assert Meeting.objects.filter(is_live=False, moved_at__isnull=False).count() == 1
    assert Message.objects.filter(kind="did_you_meet", sent_at__isnull=False).exists()
    assert set(Counter(Absence.objects.values_list("meeting", flat=True)).values()) == {1, 2}


def test_first_sweep_sends_one_message_to_the_demo_scholar(demo, mailoutbox):
    before = Message.objects.count()

    sweep()
    sweep()

    assert [letter.to for letter in mailoutbox] == [["scholar@demo.example"]]
    assert Message.objects.count() == before + 1
    assert not Message.objects.waiting().exists()


def test_past_messages_are_of_each_kind_and_one_came_to_each_end(demo):
    kinds = Counter(Message.objects.values_list("kind", flat=True))
    ends = Counter(Message.objects.with_state().values_list("state", flat=True))

    assert set(kinds) == {"log_due_soon", "log_overdue", "did_you_meet", "meeting_moved"}
    assert (ends.pop("sent") > 100, ends) == (True, {"dropped": 1, "failed": 1, "unknown": 1})
    assert not Message.objects.filter(moment__gt=WEEK_SIX).exists()


def test_no_note_stands_in_clear(demo):
    with acting(named("coach"), WEEK_SIX), connection.cursor() as cursor:
        words = {word for note in Note.objects.all() for word in note.body.split() if len(word) > 4}
        cursor.execute("SELECT sealed_body FROM coaching_note UNION ALL SELECT sealed_body FROM coaching_noteevent")
        stored = [body for (body,) in cursor.fetchall()]

    assert len(stored) > 20
    assert len(words) > 20
    assert [word for word in words if any(word in body for body in stored)] == []


def test_nobody_is_in_two_meetings_at_once(demo):
    spans = {}
    for person, during in Attendance.objects.filter(is_live=True).values_list("person", "during").order_by("during"):
        assert spans.get(person, during.lower) <= during.lower
        spans[person] = during.upper
    assert len(spans) == 59 + 24


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

    assert capsys.readouterr().out == "Demo cohort: 95 places, week 6 of 14.\n"
    assert len(meetings_soon(dt.datetime(2027, 10, 31, 1, 20, tzinfo=dt.UTC))) == 1


def test_second_run_is_refused_and_changes_nothing(demo):
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


def test_one_on_ones_are_planned_held_missed_and_waiting_for_a_word(demo):
    coach = named("coach")
    with acting(coach, WEEK_SIX):
        mine = list(OneOnOne.objects.filter(coach__person=coach))
        ahead = [one for one in mine if one.planned and not one.took_place_on and not one.missed_at]
        found = one_on_ones(coach, WEEK_SIX)
        clashing = over_a_meeting(coach, WEEK_SIX, [plan for some in found.values() for plan in some.ahead(WEEK_SIX)])
        assert len(waiting_for_a_word(coach, WEEK_SIX)) == 1
        assert {note.audience for note in Note.objects.all()} == set(Note.Audience.values)
        assert all(note.topics for note in Note.objects.all())
    assert sum(one.missed_at is not None for one in mine) == 1
    assert sum(one.took_place_on is not None for one in mine) > 10
    assert len(clashing) == 1
    today = [one for one in ahead if one.starts_at.date() == WEEK_SIX.date()]
    assert len(today) == 2


def test_demo_scholar_has_a_one_on_one_today(demo):
    scholar = named("scholar")
    with acting(scholar, WEEK_SIX):
        [plan] = next_planned(scholar, WEEK_SIX, [scholar.memberships.get().pk]).values()
    assert (plan.starts_at.date(), plan.coach) == (WEEK_SIX.date(), named("coach").name)
