"""Which coach looks after which scholar."""

from __future__ import annotations

import pytest

from cohorts.actions.caseload import assign, correct_caseload, end_caseload, hand_over_caseload, remove_caseload
from cohorts.models import Caseload, Membership
from mats.identity.transaction import acting
from tests.cast import FIRST_DAY, LAST_DAY, WEEK_SIX, a_caseload, a_cohort, a_pairing, a_place
from tests.cohorts.staff import by_staff, day, refused_at, unlaunched


@pytest.fixture
def newcomer(cast) -> Membership:
    """A scholar whom nobody mentors or coaches yet."""
    return a_place(cast.stranger, cast.cohort, "scholar")


def test_caseload_lasts_by_default_as_long_as_both_are_here(cast, newcomer):
    newcomer.stays.update(starts_on=day(2, 1))
    caseload = assign(scholar=newcomer, coach=cast.place["coach"], **by_staff(cast))
    assert (caseload.starts_on, caseload.ends_on, caseload.cadence_days) == (day(2, 1), LAST_DAY, 14)


def test_one_coach_at_a_time(cast):
    words = refused_at(
        "coach", assign, scholar=cast.place["scholar"], coach=cast.place["other_coach"], **by_staff(cast)
    )
    assert words == (
        "Cleo Coach is coach of Sana Scholar from 4 January 2027 to 11 April 2027. End that first, or hand over."
    )


@pytest.mark.parametrize("who", ["mentor", "staff", "staff_elsewhere"])
def test_only_a_coach_of_the_cohort_coaches(cast, newcomer, who):
    refused_at("coach", assign, scholar=newcomer, coach=cast.place[who], **by_staff(cast))


def test_only_a_scholar_is_coached(cast):
    refused_at("scholar", assign, scholar=cast.place["mentor"], coach=cast.place["coach"], **by_staff(cast))


def test_nobody_coaches_themselves_through_two_places(cast, newcomer):
    as_coach = a_place(cast.stranger, cast.cohort, "coach")
    words = refused_at("coach", assign, scholar=newcomer, coach=as_coach, **by_staff(cast))
    assert words == "Nobody Known can't be their own coach."


def test_mentor_of_a_scholar_does_not_coach_them(cast, newcomer):
    a_pairing(newcomer, cast.place["both_as_mentor"])
    words = refused_at("coach", assign, scholar=newcomer, coach=cast.place["both_as_coach"], **by_staff(cast))
    assert words == (
        "Bo Both is mentor of Nobody Known until 11 April 2027. Nobody is mentor and coach of one scholar at a time: "
        "choose another coach, or end the other first."
    )


def test_former_mentor_can_coach(cast, newcomer):
    a_pairing(newcomer, cast.place["both_as_mentor"], ends_on=day(1, 31))
    coach = cast.place["both_as_coach"]
    assert assign(scholar=newcomer, coach=coach, starts_on=day(2, 1), ends_on=LAST_DAY, **by_staff(cast)).pk


def test_wall_stands_across_cohorts_and_tells_nothing_of_the_other(cast, newcomer):
    third = a_cohort("Third", "third")
    there = [a_place(cast.stranger, third, "scholar"), a_place(cast.mentor_and_coach, third, "mentor")]
    a_pairing(*there)
    words = refused_at("coach", assign, scholar=newcomer, coach=cast.place["both_as_coach"], **by_staff(cast))
    assert "mentor" not in words


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [("starts_on", (1, 3), (4, 11)), ("ends_on", (1, 4), (4, 12)), ("ends_on", (2, 2), (2, 1))],
)
def test_caseload_lies_within_both_stays(cast, newcomer, field, first, last):
    days = {"starts_on": day(*first), "ends_on": day(*last)}
    refused_at(field, assign, scholar=newcomer, coach=cast.place["coach"], **days, **by_staff(cast))


def test_caseload_is_corrected_in_place(cast):
    days = {"starts_on": FIRST_DAY, "ends_on": day(3, 31)}
    changed = correct_caseload(caseload=cast.caseload, version=1, cadence_days=7, **days, **by_staff(cast))
    assert (changed.pk, changed.ends_on, changed.cadence_days) == (cast.caseload.pk, day(3, 31), 7)


def test_ending_needs_a_reason_and_a_day_within(cast):
    end = {"caseload": cast.caseload, "version": 1, **by_staff(cast)}
    refused_at("reason", end_caseload, last_day=day(2, 12), **end)
    refused_at("last_day", end_caseload, last_day=day(4, 12), reason="On leave.", **end)
    assert end_caseload(last_day=day(2, 12), reason="On leave.", **end).end_reason == "On leave."


def test_change_of_coach_makes_periods(cast):
    with acting(cast.staff, WEEK_SIX):
        new = hand_over_caseload(
            caseload=cast.caseload, coach=cast.place["other_coach"], version=1,
            starts_on=day(2, 15), reason="Cleo is on leave.", **by_staff(cast),
        )  # fmt: skip
    periods = Caseload.objects.filter(scholar=cast.place["scholar"]).values_list("coach", "starts_on", "ends_on")
    assert list(periods) == [
        (cast.place["coach"].pk, FIRST_DAY, day(2, 14)),
        (cast.place["other_coach"].pk, day(2, 15), LAST_DAY),
    ]
    assert new.events.get().pgh_context["why"] == "Cleo is on leave."


@pytest.mark.parametrize(("field", "starts_on"), [("starts_on", FIRST_DAY), ("starts_on", day(4, 12))])
def test_change_of_coach_lies_in_between(cast, field, starts_on):
    facts = {"caseload": cast.caseload, "coach": cast.place["other_coach"], "version": 1, "reason": "Leave."}
    refused_at(field, hand_over_caseload, starts_on=starts_on, **facts, **by_staff(cast))


def test_refused_change_of_coach_ends_nothing(cast):
    a_pairing(cast.place["scholar"], cast.place["both_as_mentor"], is_lead=False)
    facts = {"caseload": cast.caseload, "coach": cast.place["both_as_coach"], "version": 1, "reason": "Leave."}
    refused_at("coach", hand_over_caseload, starts_on=day(2, 15), **facts, **by_staff(cast))
    assert Caseload.objects.get(pk=cast.caseload.pk).ends_on == LAST_DAY


def test_caseload_is_removed_before_it_begins(cast, newcomer):
    ahead = a_caseload(newcomer, cast.place["coach"], starts_on=day(3, 1))
    remove_caseload(caseload=ahead, version=1, reason="By mistake.", **by_staff(cast))
    refused_at("", remove_caseload, caseload=cast.caseload, version=1, reason="By mistake.", **by_staff(cast))
    assert Caseload.objects.get(pk=ahead.pk).archived_at == WEEK_SIX


def test_caseload_is_deleted_before_launch(cast):
    unlaunched(cast.cohort)
    remove_caseload(caseload=cast.caseload, version=1, **by_staff(cast))
    assert not Caseload.objects.filter(pk=cast.caseload.pk).exists()


@pytest.mark.parametrize(
    ("who", "knows"),
    [
        ("staff", True),
        ("scholar", True),
        ("coach", True),
        ("mentor", False),
        ("other_scholar", False),
        ("other_coach", False),
    ],
)
def test_how_often_they_speak_and_why_it_ended_is_known_to_the_two_of_them_and_staff(cast, client, who, knows):
    Caseload.objects.filter(pk=cast.caseload.pk).update(
        ends_on=day(2, 1), cadence_days=9, end_reason="They could not talk."
    )
    client.force_login(getattr(cast, who))

    body = client.get(f"/people/{cast.place['scholar'].pk}/").content.decode()

    assert "Cleo Coach" in body
    assert ("every 9 days" in body, "They could not talk." in body) == (knows, knows)
