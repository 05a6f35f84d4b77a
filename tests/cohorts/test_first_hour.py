"""The first hour, and the agreement with its versions."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.actions.agreement import publish_agreement, tick
from cohorts.actions.duty import name_delegate
from cohorts.agreements import agreement_of, first_words
from cohorts.first_hours import first_hours_of
from cohorts.models import Agreement, AgreementTick, Contact, Duty, Membership
from mats.history.record import EditedMeanwhile
from tests.access.visitors import client_of
from tests.cast import LONDON, WEEK_SIX, a_person, a_place
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.counting import questions

FREE = {"emergency_name": "", "emergency_phone": "", "is_nobody": "on", "phone": "+44 20 7946 0000"}


@pytest.fixture
def fresh(cast):
    """Nobody of the cast has done their first hour yet."""
    Membership.objects.update(first_hour_at=None)
    for place in cast.place.values():
        place.first_hour_at = None
    return cast


def address_of(place: Membership) -> str:
    return reverse("first_hour", args=[place.pk])


def sent(client, place: Membership, **more):
    """The form as it is drawn now, with answers."""
    form = client.get(address_of(place)).context["form"]
    values = {"name": place.person.name, "time_zone": LONDON, "_version": form["_version"].value()}
    values |= {"agreed_to": form["agreed_to"].value(), "agrees": "on"}
    return client.post(address_of(place), {**values, **more})


def test_scholar_says_whom_to_call_agrees_and_is_asked_once(fresh):
    place, client = fresh.place["scholar"], client_of(fresh.scholar)
    page = client.get(address_of(place)).content.decode()
    said = [
        "Mira Mentor",
        "your lead mentor",
        "Cleo Coach",
        "your coach",
        "Who can read this: <b>you alone</b>",
        "Stella Staff",
    ]
    assert [words for words in said if words not in page] == []
    assert [one.is_first_hour for one in first_hours_of([place])] == [True]
    assert sent(client, place, **FREE, time_zone="Asia/Tokyo").status_code == 302
    place.refresh_from_db()
    contact, event = Contact.objects.get(person=fresh.scholar), place.events.last().pgh_context
    assert (place.first_hour_at is not None, contact.phone, contact.is_nobody) == (True, FREE["phone"], True)
    assert (place.person.time_zone, event["as"]) == ("Asia/Tokyo", "self")
    agreed = AgreementTick.objects.get(membership=place).agreement
    assert (agreed.number, agreed.text, first_hours_of([place])) == (1, first_words(fresh.cohort), [])
    somebody = {**FREE, "is_nobody": "", "emergency_name": "A friend", "emergency_phone": "1"}
    assert sent(client, place, **somebody).status_code == 302
    contact.refresh_from_db()
    assert (contact.emergency_name, contact.version, AgreementTick.objects.count()) == ("A friend", 2, 1)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("emergency_name", {"is_nobody": ""}),
        ("emergency_phone", {"is_nobody": "", "emergency_name": "A friend"}),
        ("emergency_name", {"is_nobody": "", "emergency_phone": "1"}),
        ("is_nobody", {"emergency_name": "A friend", "emergency_phone": "1"}),
        ("agrees", {"agrees": ""}),
        ("agrees", {"agreed_to": "7"}),
        ("agrees", {"agreed_to": ""}),
        ("time_zone", {"time_zone": "Mars/Base"}),
        ("name", {"name": " "}),
    ],
)
def test_first_hour_is_refused_in_words(fresh, field, wrong):
    answer = sent(client_of(fresh.scholar), fresh.place["scholar"], **{**FREE, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (Contact.objects.count(), AgreementTick.objects.count()) == (0, 0)


def test_what_was_changed_meanwhile_is_not_overwritten(fresh):
    place, client = fresh.place["scholar"], client_of(fresh.scholar)
    sent(client, place, **FREE)
    old = sent(client, place, **{**FREE, "_version": "2", "phone": "other"})
    assert (old.status_code, Contact.objects.get().phone) == (409, FREE["phone"])


def test_first_hour_is_ones_own(fresh):
    place = fresh.place["scholar"]
    others = (fresh.mentor, fresh.coach, fresh.staff, fresh.staff_elsewhere)
    assert [client_of(one).get(address_of(place)).status_code for one in others] == [403, 403, 403, 404]
    coach = client_of(fresh.coach).get(address_of(fresh.place["coach"])).context["form"]
    assert not {"phone", "is_nobody", "delegate"} & set(coach.fields)


def test_mentor_names_a_delegate_and_takes_it_back(fresh):
    place, client = fresh.place["mentor"], client_of(fresh.mentor)
    helper = a_place(a_person("Hal Helper"), fresh.cohort, "outside")
    offered = client.get(address_of(place)).context["form"].fields["delegate"].queryset
    assert (helper in offered, place in offered, fresh.place["scholar"] in offered) == (True, False, False)
    for chosen in (helper, helper, fresh.place["staff"], None):
        assert sent(client, place, delegate=chosen.pk if chosen else "").status_code == 302
        live = Duty.objects.filter(kind="delegate", archived_at=None, for_membership=place)
        assert [duty.membership for duty in live] == ([chosen] if chosen else [])
    assert Duty.objects.filter(membership=helper).count() == 1
    mine = {"mentor": place, "at": WEEK_SIX}
    refused_at("membership", name_delegate, delegate=fresh.place["scholar"], by=fresh.mentor, **mine)
    refused_at("delegate", name_delegate, delegate=helper, by=fresh.staff, **mine)
    elsewhere = fresh.place["staff_elsewhere"]
    refused_at("for_membership", name_delegate, delegate=elsewhere, by=fresh.mentor, **mine)


def test_later_version_is_ticked_on_home_once_it_was_read(cast):
    place, client = cast.place["scholar"], client_of(cast.scholar)
    tick(membership=place, by=cast.scholar, at=WEEK_SIX, number=1)
    facts = {"cohort": cast.cohort, "text": "New words.", "reason": "Clearer.", **by_staff(cast)}
    new = publish_agreement(version=1, **facts)
    with pytest.raises(EditedMeanwhile):
        publish_agreement(version=1, **{**facts, "text": "Others."})
    assert publish_agreement(version=2, **facts) == new
    asked = first_hours_of([place])
    assert [(one.is_first_hour, one.agreement.text) for one in asked] == [(False, "New words.")]
    address = reverse("agreement_tick", args=[place.pk])
    assert client.post(address, {"number": "1"}).url == address_of(place)
    assert len(first_hours_of([place])) == 1
    assert [client.post(address, {"number": "2"}).url for _ in range(2)] == ["/", "/"]
    assert (first_hours_of([place]), AgreementTick.objects.filter(membership=place).count()) == ([], 2)
    assert client_of(cast.staff).post(address, {"number": "2"}).status_code == 403
    assert new.events.get().pgh_context["why"] == "Clearer."


def test_staff_write_the_agreement(cast):
    client, address = client_of(cast.staff), reverse("agreement_change", args=[cast.cohort.slug])
    assert "Research in mentor meetings" in client.get(address).content.decode()
    assert client.post(address, {"text": "Ours.", "_version": "1"}).status_code == 422
    assert client.post(address, {"text": "Ours.", "_version": "1", "reason": "Ours are shorter."}).status_code == 302
    assert (agreement_of(cast.cohort).text, Agreement.objects.count()) == ("Ours.", 2)
    assert client.post(address, {"text": "Again.", "_version": "1", "reason": "x"}).status_code == 409
    assert client_of(cast.mentor).get(address).status_code == 403


def test_first_hours_ask_the_same_for_many_places(cast):
    client = client_of(cast.mentor_and_coach)
    assert questions(client, address_of(cast.place["both_as_mentor"])) <= 12
