"""Chances: said in a log about the next milestone, resolved by it, put together for their author alone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cohorts.models import Cohort, Membership, Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.chance import SaidChance, say_chance
from mentorship.actions.log import submit_log
from mentorship.chances import (
    CohortChance,
    calibration,
    chance_trends,
    chances_of_logs,
    cohort_chances,
    next_submission,
    own_chances,
)
from mentorship.models import Chance, Submission, WeeklyLog
from tests.cast import WEEK_SIX, a_caseload, a_log, a_milestone, a_person, a_place, a_submission, build_cast
from tests.coaching.pages_to_walk import addresses
from tests.cohorts.staff import day, refused_at
from tests.mentorship.counting import questions

HOUR = dt.timedelta(hours=1)
NBSP = "\u00a0"


@pytest.fixture
def plan(cast) -> Submission:
    """The research plan of the scholar, due on the Friday of week 7."""
    return a_submission(a_milestone(cast.cohort, due_on=day(2, 19)), cast.place["scholar"])


def says(cast, submission, percent, was=None, *, log=None, at=WEEK_SIX) -> Chance | None:
    said = SaidChance(submission.pk, percent, was)
    return say_chance(log=log or cast.log, said=said, by=cast.scholar, at=at)


def stored() -> list[tuple[int, int | None]]:
    """Week and percent of every chance that stands."""
    return list(Chance.objects.filter(archived_at=None).order_by("log__number").values_list("log__number", "percent"))


def a_chance(submission: Submission, number: int, percent: int, scholar: Membership | None = None) -> Chance:
    """As it was said in the log of one week, sent in time."""
    place = scholar or submission.scholar
    log = WeeklyLog.objects.filter(scholar=place, number=number).first() or a_log(place, number, done="Read")
    return Chance.objects.create(log=log, submission=submission, percent=percent, created_at=WEEK_SIX)


# Saying one


def test_chance_is_about_the_next_milestone(cast, plan):
    a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    a_submission(a_milestone(cast.cohort, "midpoint", due_on=day(2, 9)), cast.place["scholar"])
    found = next_submission(cast.log, WEEK_SIX)
    assert (found.pk, found.milestone, found.due_on, found.percent) == (plan.pk, "research plan", day(2, 19), None)
    says(cast, plan, 60)
    assert (stored(), next_submission(cast.log, WEEK_SIX).percent) == ([(6, 60)], 60)


def test_log_and_its_chance_are_one_transaction(cast, plan):
    said = SaidChance(plan.pk, 15)
    refused_at(
        "next_chance", submit_log, log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read", next_chance=said
    )
    assert WeeklyLog.objects.get(pk=cast.log.pk).submitted_at is None
    submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read", next_chance=SaidChance(plan.pk, 60))
    assert stored() == [(6, 60)]


@pytest.mark.parametrize("percent", [0, 5, 15, 95, 100, -10])
def test_chance_is_a_whole_ten_between_10_and_90(cast, plan, percent):
    assert refused_at("next_chance", says, cast=cast, submission=plan, percent=percent).startswith(
        "A chance is 10, 20,"
    )


@pytest.mark.parametrize("percent", [0, 15, 100])
def test_database_refuses_another_chance(cast, plan, percent):
    with pytest.raises(IntegrityError, match="chance_is_between_10_and_90"), transaction.atomic():
        Chance.objects.create(log=cast.log, submission=plan, percent=percent, created_at=WEEK_SIX)


@pytest.mark.parametrize("whose", ["somebody else’s", "later", "sent", "past", "archived"])
def test_chance_of_anything_but_the_own_next_milestone_is_refused(cast, plan, whose):
    milestone = a_milestone(cast.cohort, "symposium", due_on=day(2, 12) if whose == "somebody else’s" else day(4, 2))
    other = a_submission(milestone, cast.place["other_scholar" if whose == "somebody else’s" else "scholar"])
    changes = {
        "sent": {"submitted_at": WEEK_SIX - HOUR},
        "past": {"due_at": WEEK_SIX},
        "archived": {"archived_at": WEEK_SIX},
    }
    Submission.objects.filter(pk=other.pk).update(**changes.get(whose, {"version": 1}))
    refused_at("next_chance", says, cast=cast, submission=other, percent=60)
    assert stored() == []


def test_chance_is_changed_and_taken_back_with_its_history(cast, plan):
    says(cast, plan, 60)
    says(cast, plan, 70, was=60)
    assert says(cast, plan, None, was=70) is None
    assert stored() == []
    says(cast, plan, 30)
    events = Chance.pgh_event_model.objects.order_by("pgh_id").values_list("percent", "archived_at")
    assert list(events) == [(60, None), (70, None), (70, WEEK_SIX), (30, None)]


def test_what_was_left_as_drawn_says_nothing(cast, plan):
    says(cast, plan, 60)
    for left in (None, 30):
        assert says(cast, plan, left, was=left).percent == 60
    assert Chance.objects.get().version == 1


def test_two_tabs_with_two_chances_meet(cast, plan):
    says(cast, plan, 60)
    for other in (70, 30):
        with pytest.raises(EditedMeanwhile):
            says(cast, plan, other)
    says(cast, plan, None, was=60)
    with pytest.raises(EditedMeanwhile):
        says(cast, plan, 70, was=60)


@pytest.mark.parametrize("change", [{"submitted_at": WEEK_SIX}, {"due_at": WEEK_SIX}, {"archived_at": WEEK_SIX}])
def test_chance_of_what_is_resolved_stays_as_it_stands(cast, plan, change):
    a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    says(cast, plan, 60)
    Submission.objects.filter(pk=plan.pk).update(**change)
    assert next_submission(cast.log, WEEK_SIX) is None
    for percent in (30, None):
        refused_at("next_chance", says, cast=cast, submission=plan, percent=percent, was=60)
    assert says(cast, plan, 60).percent == 60
    submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read")
    assert stored() == [(6, 60)]


def test_chance_stays_about_its_milestone_when_another_moves_before_it(cast, plan):
    says(cast, plan, 60)
    a_submission(a_milestone(cast.cohort, "midpoint", due_on=day(2, 12)), cast.place["scholar"])
    assert next_submission(cast.log, WEEK_SIX).pk == plan.pk
    assert says(cast, plan, 40, was=60).submission == plan


def test_cohort_without_milestones_asks_for_none(cast):
    assert next_submission(cast.log, WEEK_SIX) is None


# Reading them


READERS = {"scholar": True, "mentor": True, "coach": True, "staff": False}


def world(cast, plan) -> None:
    """The logs of weeks 5 and 6 are sent, with what they say of the plan."""
    a_chance(plan, 5, 80)
    submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read", next_chance=SaidChance(plan.pk, 60))


WORDS = f"Research plan is in by Fri 19 Feb: 60{NBSP}% (was 80{NBSP}%)"


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("page", ["log", "meeting"])
def test_chance_stands_with_its_log_for_scholar_mentor_and_coach(cast, client, plan, who, page):
    world(cast, plan)
    client.force_login(getattr(cast, who))
    found = client.get(reverse(page, args=[getattr(cast, page).pk])).content.decode()
    assert ("Read" in found, WORDS in found, "research plan" in found.lower()) == (True, *[READERS[who]] * 2)


def test_first_chance_has_nothing_before_it(cast, plan):
    says(cast, plan, 60)
    assert chances_of_logs(cast.mentor, WEEK_SIX, [cast.log])[cast.log.pk].words == f"60{NBSP}%"


def test_was_is_what_an_earlier_week_said_of_the_same_milestone(cast, plan):
    symposium = a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    a_chance(plan, 3, 80)
    a_chance(symposium, 5, 10)
    a_chance(plan, 7, 30)
    a_chance(plan, 6, 60)
    assert chances_of_logs(cast.mentor, WEEK_SIX, [cast.log])[cast.log.pk].was == 80


def test_member_of_staff_who_mentors_the_scholar_reads_it_as_their_mentor(cast, client, plan):
    world(cast, plan)
    a_place(cast.mentor, cast.cohort, Role.STAFF)
    client.force_login(cast.mentor)
    assert WORDS in client.get(reverse("log", args=[cast.log.pk])).content.decode()


@pytest.mark.parametrize("who", READERS)
def test_pages_ask_few_questions(cast, client, plan, who):
    world(cast, plan)
    client.force_login(getattr(cast, who))
    for page in ("log", "meeting"):
        assert questions(client, reverse(page, args=[getattr(cast, page).pk])) <= 12


# The coach's list


def test_coach_reads_how_the_chances_of_the_next_milestone_go(cast, client, plan):
    later = a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    for number, percent in ((2, 90), (3, 80), (4, 70), (5, 60)):
        a_chance(plan, number, percent)
    a_chance(later, 6, 50)
    assert chance_trends(cast.coach, WEEK_SIX, [cast.place["scholar"].pk]) == {
        cast.place["scholar"].pk: f"research plan 80 → 70 → 60{NBSP}%"
    }
    client.force_login(cast.coach)
    assert f"chance of research plan 80 → 70 → 60{NBSP}%" in client.get(reverse("coaching")).content.decode()


@pytest.mark.parametrize("change", [{"submitted_at": WEEK_SIX}, {"due_at": WEEK_SIX}, {"archived_at": WEEK_SIX}])
def test_trend_ends_with_its_milestone(cast, plan, change):
    a_chance(plan, 5, 80)
    Submission.objects.filter(pk=plan.pk).update(**change)
    assert chance_trends(cast.coach, WEEK_SIX, [cast.place["scholar"].pk]) == {}


@pytest.mark.parametrize("who", ["staff", "other_coach", "other_mentor", "other_scholar", "stranger"])
def test_trend_is_read_by_whoever_may_read_the_chances(cast, plan, who):
    a_chance(plan, 5, 80)
    assert chance_trends(getattr(cast, who), WEEK_SIX, [cast.place["scholar"].pk]) == {}


def many(cast, plan, number: int) -> None:
    for count in range(number):
        place = a_place(a_person(f"Scholar {count}"), cast.cohort, Role.SCHOLAR)
        a_caseload(place, cast.place["coach"])
        theirs = a_submission(plan.milestone, place)
        for week in (4, 5):
            a_chance(theirs, week, 10 * week)


def test_list_asks_the_same_questions_of_1_and_of_30_scholars(cast, client, plan):
    a_chance(plan, 5, 80)
    client.force_login(cast.coach)
    few = questions(client, reverse("coaching"))
    many(cast, plan, 29)
    assert questions(client, reverse("coaching")) == few <= 12


# The cohort's line


def test_cohort_line_is_the_median_of_the_latest_of_each(cast, plan):
    milestone = plan.milestone
    for number, percents in enumerate([(90, 30), (40,), (80,), (10, 50)]):
        theirs = a_submission(milestone, a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR))
        for week, percent in enumerate(percents, start=4):
            a_chance(theirs, week, percent)
    assert cohort_chances(cast.cohort, WEEK_SIX) == CohortChance("research plan", milestone.due_at, 4, 45)


def test_cohort_line_needs_three_people(cast, plan, django_assert_num_queries):
    many(cast, plan, 2)
    assert cohort_chances(cast.cohort, WEEK_SIX) is None
    a_chance(plan, 5, 50)
    with django_assert_num_queries(1):
        assert cohort_chances(cast.cohort, WEEK_SIX).n == 3
    assert cohort_chances(cast.other_cohort, WEEK_SIX) is None


def test_whoever_has_sent_theirs_stays_counted_and_whoever_left_does_not(cast, plan):
    many(cast, plan, 3)
    a_chance(plan, 5, 90)
    Submission.objects.filter(pk=plan.pk).update(submitted_at=WEEK_SIX)
    assert cohort_chances(cast.cohort, WEEK_SIX).n == 4
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(archived_at=WEEK_SIX)
    assert cohort_chances(cast.cohort, WEEK_SIX).n == 3


def test_cohort_line_is_of_the_next_milestone_alone(cast, plan):
    many(cast, plan, 3)
    assert cohort_chances(cast.cohort, plan.milestone.due_at) is None
    a_milestone(cast.cohort, "midpoint", due_on=day(2, 12))
    assert cohort_chances(cast.cohort, WEEK_SIX) is None


# What became of them, for their author alone


def resolved(cast, became: list[tuple[int, bool]]) -> None:
    """A chance a week, about one milestone that held and one that did not."""
    kinds = {True: "plan", False: "symposium"}
    theirs = {
        held: a_submission(
            a_milestone(cast.cohort, kind, due_on=day(2, 5)),
            cast.place["scholar"],
            **({"submitted_at": day_at(2, 4)} if held else {}),
        )
        for held, kind in kinds.items()
    }
    for number, (percent, held) in enumerate(became, start=7):
        a_chance(theirs[held], number, percent)


def day_at(month: int, of_month: int) -> dt.datetime:
    return dt.datetime.combine(day(month, of_month), dt.time(12), tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("facts", "became"),
    [
        ({}, "open"),
        ({"due_at": WEEK_SIX}, "open"),
        ({"due_at": WEEK_SIX - HOUR}, "did not hold"),
        ({"submitted_at": WEEK_SIX}, "held"),
        ({"due_at": WEEK_SIX - HOUR, "submitted_at": WEEK_SIX - HOUR}, "held"),
        ({"due_at": WEEK_SIX - HOUR, "submitted_at": WEEK_SIX}, "did not hold"),
        ({"due_at": WEEK_SIX - HOUR, "archived_at": WEEK_SIX}, "no longer asked"),
        ({"submitted_at": WEEK_SIX, "archived_at": WEEK_SIX}, "no longer asked"),
    ],
)
def test_milestone_resolves_its_chances(cast, plan, facts, became):
    says(cast, plan, 60)
    Submission.objects.filter(pk=plan.pk).update(**facts)
    assert [chance.became for chance in own_chances(cast.scholar, WEEK_SIX)] == [became]


def test_calibration_counts_each_percent_by_itself_and_rounds_half_up(cast):
    resolved(cast, [(60, True)] * 5 + [(60, False)] * 3 + [(90, True), (10, False)])
    found = calibration(own_chances(cast.scholar, WEEK_SIX))
    assert [(row.percent, row.n, row.held, row.share) for row in found.rows] == [
        (10, 1, 0, 0), (60, 8, 5, 63), (90, 1, 1, 100),
    ]  # fmt: skip
    assert (found.n, found.held, found.share, found.mean) == (10, 6, 60, 58)


def test_author_sees_their_calibration_from_ten_resolved_on(cast, client):
    resolved(cast, [(60, True)] * 6 + [(20, False)] * 3)
    client.force_login(cast.scholar)
    page = client.get(reverse("my_chances")).content.decode()
    assert ("9 of your chances are resolved. Once there are 10" in page, "<svg" in page) == (True, False)
    a_chance(Submission.objects.get(milestone__kind="plan"), 6, 60)
    page = client.get(reverse("my_chances")).content.decode()
    assert "10 resolved: on average you said 48&nbsp;%, and 7 held, which is 70&nbsp;%." in page
    assert len(re.findall("<circle", page)) == 2
    assert '<th scope="row" class="number">60&nbsp;%</th><td class="number">7</td><td class="number">7</td>' in page


def test_figure_has_no_inline_style(cast, client):
    resolved(cast, [(60, True)] * 10)
    client.force_login(cast.scholar)
    answer = client.get(reverse("my_chances"))
    assert ("style=" in answer.content.decode(), "<style" in answer.content.decode()) == (False, False)


def test_page_of_chances_says_at_first_what_will_stand_there(cast, client, plan):
    client.force_login(cast.scholar)
    assert "What you say will stand here" in client.get(reverse("my_chances")).content.decode()


def test_page_of_chances_asks_the_same_questions_of_1_and_of_30(cast, client):
    resolved(cast, [(60, True)])
    client.force_login(cast.scholar)
    few = questions(client, reverse("my_chances"))
    Chance.objects.all().delete()
    Submission.objects.all().delete()
    cast.cohort.milestones.all().delete()
    WeeklyLog.objects.filter(number__lte=1).delete()
    resolved(cast, [(10 * (1 + number % 9), bool(number % 2)) for number in range(30)])
    assert questions(client, reverse("my_chances")) == few <= 12


@pytest.mark.parametrize("who", ["mentor", "coach", "staff", "staff_elsewhere", "stranger"])
def test_page_of_chances_is_for_scholars(cast, client, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("my_chances")).status_code == 404


def test_another_scholar_sees_their_own_page(cast, client, plan):
    says(cast, plan, 60)
    assert own_chances(cast.other_scholar, WEEK_SIX) == []
    assert own_chances(cast.mentor, WEEK_SIX) == []


# Staff: the same bytes with and without

ONCE_ONLY = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"|nonce="[^"]+"|name="_key" value="[0-9a-f-]{36}"'
)


def bytes_of(client: Client, cast) -> dict[str, tuple[int, bytes]]:
    answers = {address: client.get(address) for address in [*addresses(cast), *csv_of(cast.cohort)]}
    return {address: (answer.status_code, ONCE_ONLY.sub(b"", b"".join(answer))) for address, answer in answers.items()}


def csv_of(cohort: Cohort) -> list[str]:
    return [reverse("cohort_health_csv", args=[cohort.slug])]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["staff", "other_mentor", "other_coach", "other_scholar", "staff_elsewhere"])
def test_pages_of_whoever_may_not_read_chances_are_the_same_with_and_without(who):
    with time_machine.travel(WEEK_SIX, tick=False):
        cast = build_cast()
        plan = a_submission(a_milestone(cast.cohort, due_on=day(2, 19)), cast.place["scholar"])
        before = a_log(cast.place["scholar"], 5, done="Read papers")
        submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read")
        client = Client()
        client.force_login(getattr(cast, who))
        without = bytes_of(client, cast)
        says(cast, plan, 80, log=before)
        submit_log(
            log=cast.log,
            by=cast.scholar,
            at=WEEK_SIX + HOUR,
            version=2,
            done="Read",
            next_chance=SaidChance(plan.pk, 60),
        )
        says(cast, plan, 30, was=60)
        after = bytes_of(client, cast)
    assert [address for address in without if without[address] != after[address]] == []
    assert {reverse(name, args=[key]) for name, key in pages_of_staff(cast)} <= set(after)


def pages_of_staff(cast) -> list[tuple[str, object]]:
    return [
        ("log", cast.log.pk), ("log_changes", cast.log.pk), ("meeting", cast.meeting.pk),
        ("timeline", cast.place["scholar"].pk), ("cohort_health", cast.cohort.slug),
        ("cohort_health_csv", cast.cohort.slug),
    ]  # fmt: skip


def test_the_walk_would_notice(cast, plan):
    """The mentor's pages do change: the test above compares something."""
    client = Client()
    client.force_login(cast.mentor)
    with time_machine.travel(WEEK_SIX, tick=False):
        submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read")
        without = bytes_of(client, cast)
        says(cast, plan, 60)
        after = bytes_of(client, cast)
    changed = {address for address in without if without[address] != after[address]}
    assert {reverse("log", args=[cast.log.pk]), reverse("meeting", args=[cast.meeting.pk])} <= changed
