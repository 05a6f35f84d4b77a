"""When, where and for how many hours somebody is here."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from cohorts.actions.phase import add_term
from cohorts.actions.stay import add_stay, change_stay, remove_stay
from cohorts.models import Stay
from mats.history.record import EditedMeanwhile
from tests.cast import FIRST_DAY, LAST_DAY
from tests.cohorts.staff import by_staff, day, refused_at, where


def change(cast, who: str = "other_mentor", **more) -> dict:
    stay = cast.place[who].stays.get()
    facts = {"stay": stay, "version": 1, "starts_on": FIRST_DAY, "ends_on": LAST_DAY, **where()}
    return {**by_staff(cast), **facts, **more}


def test_stay_can_be_part_time_and_shorter(cast):
    stay = change_stay(**change(cast, ends_on=day(3, 31), hours_per_week=Decimal("17.5")))
    assert (stay.ends_on, stay.hours_per_week, stay.version) == (day(3, 31), Decimal("17.5"), 2)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("starts_on", {"starts_on": day(1, 3)}),
        ("ends_on", {"ends_on": day(4, 12)}),
        ("ends_on", {"ends_on": day(1, 3)}),
        ("time_zone", {"time_zone": "Moon/Base"}),
        ("hours_per_week", {"hours_per_week": Decimal(0)}),
        ("hours_per_week", {"hours_per_week": Decimal("80.1")}),
    ],
)
def test_impossible_stay_is_refused_at_its_field(cast, field, facts):
    refused_at(field, change_stay, **change(cast, **facts))


def test_log_rhythm_is_kept_where_it_is_not_said(cast):
    change_stay(**change(cast, "scholar", weeks_per_log=2))
    assert change_stay(**change(cast, "scholar", version=2)).weeks_per_log == 2
    refused_at("weeks_per_log", change_stay, **change(cast, "scholar", version=3, weeks_per_log=5))


@pytest.mark.parametrize(("who", "asked"), [("scholar", True), ("mentor", False)])
def test_log_rhythm_is_asked_of_a_scholars_stay(client, cast, who, asked):
    client.force_login(cast.staff)
    place = cast.place[who]
    addresses = [reverse("stay_change", args=[place.stays.get().pk]), reverse("stay_add", args=[place.pk])]
    assert {"weeks_per_log" in client.get(one).context["form"].fields for one in addresses} == {asked}


def test_site_of_another_cohort_is_refused(cast):
    refused_at("site", change_stay, **change(cast, site=cast.other_cohort.sites.get()))


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("mentor", "Mira Mentor, mentor of Sana Scholar, from 4 January 2027 to 11 April 2027"),
        ("coach", "Cleo Coach, coach of Sana Scholar, from 4 January 2027 to 11 April 2027"),
    ],
)
def test_stay_holds_what_hangs_on_it(cast, who, words):
    said = refused_at("", change_stay, **change(cast, who, ends_on=day(4, 10)))
    assert said == f"{words}, would lie outside the stay. End or correct that first."


def test_older_version_is_a_conflict(cast):
    change_stay(**change(cast))
    with pytest.raises(EditedMeanwhile):
        change_stay(**change(cast))


def test_stay_in_a_term_follows_the_main_phase(cast):
    term = add_term(cohort=cast.cohort, total_months=6, **by_staff(cast))
    stay = add_stay(membership=cast.place["mentor"], phase=term, **by_staff(cast), **where())
    assert (stay.starts_on, stay.ends_on) == (day(4, 12), day(7, 3))


def test_one_stay_in_a_phase(cast):
    main = cast.cohort.main_phase
    words = refused_at("phase", add_stay, membership=cast.place["mentor"], phase=main, **by_staff(cast), **where())
    assert words == "Mira Mentor has a stay in this phase already; change that one."


def test_phase_of_another_cohort_is_refused(cast):
    elsewhere = cast.other_cohort.main_phase
    refused_at("phase", add_stay, membership=cast.place["mentor"], phase=elsewhere, **by_staff(cast), **where())


def test_two_stays_share_no_day(cast):
    six = add_term(cohort=cast.cohort, total_months=6, **by_staff(cast))
    twelve = add_term(cohort=cast.cohort, total_months=12, **by_staff(cast))
    add_stay(membership=cast.place["mentor"], phase=six, **by_staff(cast), **where())
    refused_at("starts_on", add_stay, membership=cast.place["mentor"], phase=twelve, **by_staff(cast), **where())


def test_removed_stay_is_archived_after_launch(cast):
    stay = cast.place["other_mentor"].stays.get()
    remove_stay(stay=stay, version=1, **by_staff(cast))
    assert Stay.objects.get(pk=stay.pk).archived_at is not None


def test_stay_with_a_pairing_is_not_removed(cast):
    refused_at("", remove_stay, stay=cast.place["mentor"].stays.get(), version=1, **by_staff(cast))
