"""The demo's cohort: believable, in the sizes and with the cases of a real programme."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Count, F, Q

from coaching.ahead import COACH, SCHOLAR, one_on_ones_ahead
from coaching.models import ForMyCoach, Note, OneOnOne
from coaching.querysets import one_on_ones, over_a_meeting
from cohorts.models import Invitation, Leave, Membership, Person, Role, Site, Stay
from mats.identity.transaction import acting
from mats.pages.demo_cohort.moments import week_six
from mats.pages.demo_cohort.names import FAMILY, GIVEN, names
from mats.post.models import Message
from mats.post.tasks import sweep
from mentorship.models import Absence, Attendance, Meeting, Pairing, PairingWeek, Tick, WeeklyLog
from tests.cast import WEEK_SIX

HALF_AN_HOUR = dt.timedelta(minutes=30)


@pytest.fixture(scope="module")
def cohort(django_db_setup, django_db_blocker):
    """The whole cohort, at noon (UTC) of a Wednesday; laid out once, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(WEEK_SIX, tick=True):
            cohort = week_six(WEEK_SIX)
        yield cohort
        transaction.set_rollback(True)


@pytest.fixture
def demo(cohort, db, week_six):
    return cohort


def named(part: str) -> Person:
    return Person.objects.get(email=f"{part}@demo.example")


def pairings_of(**lookup) -> list[Pairing]:
    return list(Pairing.objects.filter(**lookup).select_related("scholar", "mentor").order_by("starts_on"))


def mentors_by_scholar() -> Counter:
    return Counter(Pairing.objects.values_list("scholar__person__email", flat=True))


# Who is there


def test_cohort_has_the_size_of_a_real_programme(demo):
    here = Membership.objects.filter(archived_at=None, accepted_at__isnull=False)

    roles = Counter(here.values_list("role", flat=True))

    assert roles == {Role.SCHOLAR: 60, Role.MENTOR: 24, Role.COACH: 6, Role.STAFF: 5, Role.OUTSIDE: 2}
    assert len(set(Site.objects.values_list("time_zone", flat=True))) == 3
    assert set(Stay.objects.values_list("site__name", flat=True)) == set(Site.objects.values_list("name", flat=True))


def test_cohort_has_the_cases_of_a_real_programme(demo):
    number = Counter(mentors_by_scholar().values())
    left = pairings_of(end_reason__gt="", scholar__archived_at=None)
    two = [one for one in mentors_by_scholar() if len(pairings_of(scholar__person__email=one, end_reason="")) == 2]

    assert number == {1: 58, 2: 2}
    assert [(one.end_reason, one.ends_on < WEEK_SIX.date()) for one in left] == [
        ("Took a new post and left the programme.", True)
    ]
    assert [one.is_lead for one in pairings_of(scholar__person__email=two[0])] in ([True, False], [False, True])
    assert Leave.objects.filter(starts_on__lte=WEEK_SIX.date(), ends_on__gte=WEEK_SIX.date()).count() == 1
    assert Stay.objects.filter(membership__role=Role.SCHOLAR, hours_per_week__lt=40).count() == 1


def test_one_has_left_and_two_have_not_come_in(demo):
    left = Membership.objects.get(ended_at__isnull=False)

    assert (left.person.email, left.ended_how, left.reads_until > WEEK_SIX) == (
        "former-scholar@demo.example",
        "left",
        True,
    )
    assert WeeklyLog.objects.filter(scholar=left, archived_at=None, submitted_at__isnull=False).count() == 3
    assert Membership.objects.filter(accepted_at=None).count() == 2
    assert Invitation.objects.filter(accepted_at=None, expires_at__gt=WEEK_SIX).count() == 1


def test_team_of_three_meets_jointly(demo):
    sizes = Counter(PairingWeek.objects.filter(number=6, meeting__isnull=False).values_list("meeting", flat=True))

    assert sorted(sizes.values())[-2:] == [1, 3]


def test_names_never_come_twice():
    every = list(names())

    assert len(set(every)) == len(every) == len(GIVEN) * len(FAMILY)


# What has happened


def test_past_weeks_have_logs_on_time_late_and_missing(demo):
    states = Counter(
        WeeklyLog.objects.filter(number__lt=6, scholar__archived_at=None)
        .with_state(WEEK_SIX)
        .values_list("state", flat=True)
    )

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

    of_places = {"place_invitation", "place_ended", "place_left", "place_ended_beside"}
    assert set(kinds) == {"log_due_soon", "log_overdue", "did_you_meet", "meeting_moved"} | of_places
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


def test_one_on_ones_are_planned_held_missed_and_waiting_for_a_word(demo):
    coach = named("coach")
    with acting(coach, WEEK_SIX):
        mine = list(OneOnOne.objects.filter(coach__person=coach))
        ahead = [one for one in mine if one.planned and not one.took_place_on and not one.missed_at]
        found = one_on_ones(coach, WEEK_SIX)
        clashing = over_a_meeting(coach, WEEK_SIX, [plan for some in found.values() for plan in some.ahead(WEEK_SIX)])
        assert sum(row.unsaid is not None for row in one_on_ones_ahead(coach, WEEK_SIX, [COACH])) == 1
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
        [row] = one_on_ones_ahead(scholar, WEEK_SIX, [SCHOLAR])
    assert (row.planned.date(), row.other) == (WEEK_SIX.date(), named("coach").name)
