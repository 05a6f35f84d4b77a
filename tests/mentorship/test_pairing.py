"""Who works with whom, by date."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts.actions.caseload import assign
from cohorts.models import Membership
from mats.identity.transaction import acting
from mentorship.actions.pairing import correct_pairing, end_pairing, hand_over, pair, remove_pairing
from mentorship.models import Pairing, PairingWeek
from tests.cast import FIRST_DAY, LAST_DAY, LONDON, WEEK_SIX, a_caseload, a_cohort, a_pairing, a_place
from tests.cohorts.staff import by_staff, day, refused_at, unlaunched

TWO = dt.time(14)
THURSDAY = {"weekday": 3, "local_time": TWO, "time_zone": LONDON}


@pytest.fixture
def newcomer(cast) -> Membership:
    """A scholar whom nobody mentors or coaches yet."""
    return a_place(cast.stranger, cast.cohort, "scholar")


def correct(cast, **more) -> dict:
    facts = {"pairing": cast.pairing, "version": 1, "is_lead": True, "starts_on": FIRST_DAY, "ends_on": LAST_DAY}
    return {**by_staff(cast), **facts, **more}


def test_pairing_lasts_by_default_as_long_as_both_are_here(cast, newcomer):
    newcomer.stays.update(ends_on=day(3, 31))
    pairing = pair(scholar=newcomer, mentor=cast.place["mentor"], **by_staff(cast))
    assert (pairing.starts_on, pairing.ends_on, pairing.is_lead) == (FIRST_DAY, day(3, 31), True)


def test_pairing_in_a_launched_cohort_has_its_weeks_at_once(cast, newcomer):
    pairing = pair(scholar=newcomer, mentor=cast.place["mentor"], **THURSDAY, **by_staff(cast))
    assert PairingWeek.objects.filter(pairing=pairing).count() == 14


@pytest.mark.parametrize("who", ["coach", "staff", "staff_elsewhere"])
def test_only_a_mentor_of_the_cohort_mentors(cast, newcomer, who):
    refused_at("mentor", pair, scholar=newcomer, mentor=cast.place[who], **by_staff(cast))


def test_only_a_scholar_is_mentored(cast):
    refused_at("scholar", pair, scholar=cast.place["coach"], mentor=cast.place["mentor"], **by_staff(cast))


def test_nobody_is_paired_with_themselves_through_two_places(cast):
    as_scholar = a_place(cast.mentor, cast.cohort, "scholar")
    words = refused_at("mentor", pair, scholar=as_scholar, mentor=cast.place["mentor"], **by_staff(cast))
    assert words == "Mira Mentor can't be their own mentor."


def test_nothing_crosses_cohorts(cast, newcomer):
    elsewhere = a_place(cast.mentor, cast.other_cohort, "mentor")
    words = refused_at("mentor", pair, scholar=newcomer, mentor=elsewhere, **by_staff(cast))
    assert words == "Choose a mentor of this cohort."


def test_coach_of_a_scholar_does_not_mentor_them(cast, newcomer):
    a_caseload(newcomer, cast.place["both_as_coach"])
    words = refused_at("mentor", pair, scholar=newcomer, mentor=cast.place["both_as_mentor"], **by_staff(cast))
    assert words.startswith("Bo Both is coach of Nobody Known until 11 April 2027.")


def test_coach_of_other_days_can_mentor(cast, newcomer):
    a_caseload(newcomer, cast.place["both_as_coach"], ends_on=day(1, 31))
    days = {"starts_on": day(2, 1), "ends_on": LAST_DAY}
    assert pair(scholar=newcomer, mentor=cast.place["both_as_mentor"], **days, **by_staff(cast)).pk


def test_one_lead_mentor_at_a_time(cast):
    facts = {"scholar": cast.place["scholar"], "mentor": cast.place["other_mentor"], **by_staff(cast)}
    words = refused_at("is_lead", pair, **facts)
    assert words == (
        "Mira Mentor is lead mentor of Sana Scholar from 4 January 2027 to 11 April 2027. "
        "Take this tick away, or end that first."
    )
    assert pair(is_lead=False, **facts).pk


def test_two_people_are_paired_once_at_a_time(cast):
    facts = {"scholar": cast.place["scholar"], "mentor": cast.place["mentor"], "is_lead": False}
    refused_at("mentor", pair, **facts, **by_staff(cast))


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [("starts_on", (1, 3), (4, 11)), ("ends_on", (1, 4), (4, 12)), ("ends_on", (2, 2), (2, 1))],
)
def test_pairing_lies_within_both_stays(cast, newcomer, field, first, last):
    days = {"starts_on": day(*first), "ends_on": day(*last)}
    refused_at(field, pair, scholar=newcomer, mentor=cast.place["mentor"], **days, **by_staff(cast))


@pytest.mark.parametrize(
    ("field", "time"),
    [
        ("local_time", {"weekday": 3, "time_zone": LONDON}),
        ("weekday", {"local_time": TWO, "time_zone": LONDON}),
        ("time_zone", {"weekday": 3, "local_time": TWO}),
        ("time_zone", {"weekday": 3, "local_time": TWO, "time_zone": "Moon/Base"}),
    ],
)
def test_weekly_time_is_whole_or_blank(cast, field, time):
    refused_at(field, correct_pairing, **correct(cast, **time))


# Times that clash


def other_at(cast, **time) -> Pairing:
    """The mentor's pairing with another scholar, at a time of its own."""
    return a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False, **{**THURSDAY, **time})


@pytest.mark.parametrize(
    ("time", "clashes"),
    [
        ({"local_time": dt.time(14, 29)}, True),
        ({"local_time": dt.time(13, 31)}, True),
        ({"local_time": dt.time(15), "time_zone": "Europe/Paris"}, True),
        ({"local_time": dt.time(14, 30)}, False),
        ({"local_time": dt.time(13, 30)}, False),
        ({"weekday": 4}, False),
        ({"starts_on": day(3, 1), "local_time": dt.time(14, 15)}, True),
        ({}, False),  # a team: exactly the same time, one meeting
    ],
)
def test_meetings_of_one_mentor_do_not_overlap(cast, time, clashes):
    other_at(cast, **time)
    if clashes:
        words = refused_at("local_time", correct_pairing, **correct(cast, **THURSDAY))
        assert words.startswith("For Mira Mentor this is at the same time as the weekly meeting with Otto Scholar, ")
    else:
        correct_pairing(**correct(cast, **THURSDAY))


def test_clash_by_two_zones_clocks_names_its_days(cast):
    other_at(cast, local_time=dt.time(10), time_zone="America/New_York")
    words = refused_at("local_time", correct_pairing, **correct(cast, **THURSDAY))
    assert words.endswith("on Thu 18 Mar and Thu 25 Mar only, because the clocks of the two zones differ then.")


def test_meetings_of_one_scholar_do_not_overlap(cast):
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False, **THURSDAY)
    words = refused_at("local_time", correct_pairing, **correct(cast, **THURSDAY))
    assert words.startswith("For Sana Scholar this is at the same time as the weekly meeting with Omar Mentor")


def test_clash_in_another_cohort_names_nobody_there(cast):
    third = a_cohort("Third", "third")
    a_pairing(a_place(cast.stranger, third, "scholar"), a_place(cast.mentor, third, "mentor"), **THURSDAY)
    words = refused_at("local_time", correct_pairing, **correct(cast, **THURSDAY))
    assert words == "For Mira Mentor this is at the same time as a weekly meeting in another cohort."


# Ending, changing hands, taking away


def test_ending_needs_a_reason_and_a_day_within(cast):
    end = {"pairing": cast.pairing, "version": 1, **by_staff(cast)}
    refused_at("reason", end_pairing, last_day=day(2, 12), **end)
    refused_at("last_day", end_pairing, last_day=day(1, 3), reason="New job.", **end)
    with acting(cast.staff, WEEK_SIX, page="/pairings/"):
        ended = end_pairing(last_day=day(2, 14), reason="New job.", **end)
    assert (ended.ends_on, ended.end_reason) == (day(2, 14), "New job.")
    assert not PairingWeek.objects.filter(pairing=ended, week_starts_on__gt=day(2, 14), archived_at=None).exists()
    said = ended.events.order_by("-pgh_id").first().pgh_context
    assert said == {"person": str(cast.staff.pk), "page": "/pairings/", "why": "New job."}


def test_change_of_mentor_makes_periods(cast):
    facts = {"pairing": cast.pairing, "mentor": cast.place["other_mentor"], "version": 1, "reason": "New job."}
    new = hand_over(starts_on=day(2, 15), **facts, **THURSDAY, **by_staff(cast))
    periods = Pairing.objects.filter(scholar=cast.place["scholar"]).values_list("mentor", "starts_on", "ends_on")
    assert list(periods) == [
        (cast.place["mentor"].pk, FIRST_DAY, day(2, 14)),
        (cast.place["other_mentor"].pk, day(2, 15), LAST_DAY),
    ]
    assert (new.is_lead, PairingWeek.objects.filter(pairing=new, meeting__isnull=False).count()) == (True, 8)


@pytest.mark.parametrize("starts_on", [FIRST_DAY, day(4, 12)])
def test_change_of_mentor_lies_in_between(cast, starts_on):
    facts = {"pairing": cast.pairing, "mentor": cast.place["other_mentor"], "version": 1, "reason": "New job."}
    refused_at("starts_on", hand_over, starts_on=starts_on, **facts, **by_staff(cast))


def test_change_of_mentor_is_to_somebody_else(cast):
    facts = {"pairing": cast.pairing, "mentor": cast.place["mentor"], "version": 1, "reason": "New job."}
    refused_at("mentor", hand_over, starts_on=day(2, 15), **facts, **by_staff(cast))


def test_refused_change_of_mentor_ends_nothing(cast):
    cast.place["other_mentor"].stays.update(ends_on=day(3, 1))
    facts = {"pairing": cast.pairing, "mentor": cast.place["other_mentor"], "version": 1, "reason": "New job."}
    refused_at("ends_on", hand_over, starts_on=day(2, 15), **facts, **by_staff(cast))
    assert Pairing.objects.get(pk=cast.pairing.pk).ends_on == LAST_DAY


def test_pairing_that_began_is_ended_and_not_removed(cast, newcomer):
    ahead = a_pairing(newcomer, cast.place["mentor"], starts_on=day(3, 1))
    remove_pairing(pairing=ahead, version=1, reason="By mistake.", **by_staff(cast))
    refused_at("", remove_pairing, pairing=cast.pairing, version=1, reason="By mistake.", **by_staff(cast))
    assert Pairing.objects.get(pk=ahead.pk).archived_at == WEEK_SIX


def test_pairing_is_deleted_before_launch(cast, newcomer):
    unlaunched(cast.cohort)
    pairing = pair(scholar=newcomer, mentor=cast.place["mentor"], **by_staff(cast))
    remove_pairing(pairing=pairing, version=1, **by_staff(cast))
    assert not Pairing.objects.filter(pk=pairing.pk).exists()


def test_wall_is_refused_on_both_sides(cast, newcomer):
    """Whichever comes first, the other is refused."""
    pair(scholar=newcomer, mentor=cast.place["both_as_mentor"], **by_staff(cast))
    refused_at("coach", assign, scholar=newcomer, coach=cast.place["both_as_coach"], **by_staff(cast))
