"""A person comes into a cohort, and leaves it."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts.actions.membership import add_person, remove_person, what_ends_with
from cohorts.models import Caseload, Membership, Person
from mats.identity.transaction import acting
from mats.post.models import Message
from mentorship.models import Pairing, WeeklyLog
from tests.cast import WEEK_SIX, a_pairing, a_place, not_accepted
from tests.cohorts.staff import by_staff, day, refused_at, unlaunched


def newcomer(cast, **more) -> dict:
    facts = {"email": "new@example.org", "name": "New Person", "role": "scholar", "time_zone": "Asia/Tokyo"}
    return {**by_staff(cast), "cohort": cast.cohort, **facts, **more}


def test_person_comes_from_today_to_the_end_without_password_and_is_invited(cast):
    place = add_person(**newcomer(cast))
    stay = place.stays.get()
    assert (stay.starts_on, stay.ends_on, stay.hours_per_week) == (WEEK_SIX.date(), day(4, 11), 40)
    assert (place.person.has_usable_password(), place.person.time_zone) == (False, "Asia/Tokyo")
    assert (place.accepted_at, Message.objects.get().kind) == (None, "place_invitation")


@pytest.mark.parametrize("email", ["NEW@Example.ORG", " new@example.org ", "ｎｅｗ@example.org"])
def test_one_address_in_any_spelling_is_one_account(cast, email):
    first = add_person(**newcomer(cast))
    second = add_person(**newcomer(cast, email=email, name="Another Name", role="mentor"))
    assert second.person == first.person
    assert Person.objects.get(pk=first.person_id).name == "New Person"


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("email", {"email": "sana.scholar@example.org"}),
        ("email", {"email": "dan.disabled@example.org"}),
        ("role", {"role": "director"}),
        ("time_zone", {"time_zone": "Moon/Base"}),
        ("starts_on", {"starts_on": day(1, 3)}),
        ("ends_on", {"ends_on": day(4, 12)}),
        ("hours_per_week", {"hours_per_week": 81}),
    ],
)
def test_impossible_place_is_refused_at_its_field(cast, field, facts):
    refused_at(field, add_person, **newcomer(cast, **facts))
    assert not Person.objects.filter(email="new@example.org").exists()


def test_site_of_another_cohort_is_refused(cast):
    refused_at("site", add_person, **newcomer(cast, site=cast.other_cohort.sites.get()))


def test_new_scholar_of_a_launched_cohort_owes_logs_from_now_on(cast):
    place = add_person(**newcomer(cast, starts_on=day(2, 15)))
    assert WeeklyLog.objects.filter(scholar=place).count() == 8


def test_last_staff_member_stays(cast):
    words = refused_at("", remove_person, membership=cast.place["staff"], version=1, reason="Left.", **by_staff(cast))
    assert words == "Stella Staff is the last staff member of this cohort. Add another one first."


def test_one_of_two_staff_members_can_go(cast):
    a_place(cast.mentor, cast.cohort, "staff")
    gone = remove_person(membership=not_accepted(cast.place["staff"]), version=1, reason="Left.", **by_staff(cast))
    assert gone.archived_at == WEEK_SIX


def test_removal_after_launch_needs_a_reason(cast):
    place = not_accepted(cast.place["mentor"])
    refused_at("reason", remove_person, membership=place, version=1, **by_staff(cast))


def test_whoever_has_come_in_is_not_removed_after_launch(cast):
    refused_at("", remove_person, membership=cast.place["mentor"], version=1, reason="A mistake.", **by_staff(cast))


def test_what_hangs_on_a_place_ends_with_it(cast):
    later = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False, starts_on=day(3, 1))
    mentor = cast.place["mentor"]
    listed = [tie.words for tie in what_ends_with(mentor, WEEK_SIX)]
    with acting(cast.staff, WEEK_SIX, page="/people/"):
        remove_person(membership=not_accepted(mentor), version=1, reason="Moved to a lab.", **by_staff(cast))
    ended = Pairing.objects.get(pk=cast.pairing.pk)
    assert listed == ["Mira Mentor, mentor of Sana Scholar", "Mira Mentor, mentor of Otto Scholar"]
    assert (ended.ends_on, ended.end_reason, ended.archived_at) == (day(2, 9), "Moved to a lab.", None)
    assert Pairing.objects.get(pk=later.pk).archived_at == WEEK_SIX
    assert ended.events.order_by("-pgh_id").first().pgh_context["why"] == "Moved to a lab."


def test_removed_scholar_owes_no_more_logs(cast):
    add = add_person(**newcomer(cast))
    remove_person(membership=not_accepted(add), version=1, reason="Withdrew.", **by_staff(cast))
    assert not WeeklyLog.objects.filter(scholar=add, archived_at=None, due_at__gt=WEEK_SIX).exists()


def test_removed_person_gets_the_same_place_back(cast):
    place = add_person(**newcomer(cast))
    remove_person(membership=not_accepted(place), version=1, reason="Left.", **by_staff(cast))
    back = add_person(**newcomer(cast, ends_on=day(3, 31)))
    assert (back.pk, back.archived_at, back.stays.get(archived_at=None).ends_on) == (place.pk, None, day(3, 31))


def test_before_launch_a_place_is_really_deleted(cast):
    unlaunched(cast.cohort)
    place = add_person(**newcomer(cast, role="coach"))
    assert remove_person(membership=not_accepted(place), version=1, **by_staff(cast)) is None
    assert not Membership.objects.filter(pk=place.pk).exists()


def test_place_that_something_is_written_about_is_kept_in_words(cast):
    unlaunched(cast.cohort)
    words = refused_at("", remove_person, membership=cast.place["scholar"], version=1, **by_staff(cast))
    assert words == "Something is written about this already; it can't be taken away."
    assert Caseload.objects.filter(pk=cast.caseload.pk).exists()


def test_place_removed_meanwhile_is_said_in_words(cast):
    place = add_person(**newcomer(cast))
    remove_person(membership=not_accepted(place), version=1, reason="Left.", **by_staff(cast))
    words = refused_at("", remove_person, membership=place, version=2, reason="Left.", **by_staff(cast))
    assert words.startswith("Somebody removed this meanwhile.")


def test_removal_on_the_first_day_archives_the_stay(cast):
    at = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    remove_person(membership=not_accepted(cast.place["other_mentor"]), version=1, reason="No.", by=cast.staff, at=at)
    assert cast.place["other_mentor"].stays.get().archived_at == at
