"""A person's own profile."""

from __future__ import annotations

import uuid

import pytest

from cohorts.models import Person


def sent(person, **fields) -> dict:
    return {
        "_key": str(uuid.uuid4()),
        "_version": str(person.version),
        "name": person.name,
        "time_zone": person.time_zone,
        **fields,
    }


@pytest.mark.parametrize(
    "who", ["scholar", "mentor", "coach", "staff", "staff_elsewhere", "mentor_and_coach", "stranger"]
)
def test_everybody_has_a_profile_and_changes_only_their_own(client, cast, who):
    person = getattr(cast, who)
    client.force_login(person)
    assert client.get("/me/").status_code == 200
    client.post("/me/", sent(person, name="New Name", time_zone="Asia/Tokyo", pk=str(cast.other_mentor.pk)))
    assert list(Person.objects.filter(name="New Name").values_list("pk", "time_zone")) == [(person.pk, "Asia/Tokyo")]


def test_address_is_shown_and_cannot_be_changed(client, cast):
    client.force_login(cast.scholar)
    client.post("/me/", sent(cast.scholar, email="other@example.org"))
    assert "sana.scholar@example.org" in client.get("/me/").content.decode()


def test_unknown_zone_is_refused_at_its_field(client, cast):
    client.force_login(cast.scholar)
    answer = client.post("/me/", sent(cast.scholar, time_zone="Mars/Olympus"))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"time_zone"}


def test_every_time_follows_the_own_zone_at_once(client, cast):
    client.force_login(cast.scholar)
    client.post("/me/", sent(cast.scholar, time_zone="Asia/Tokyo"))
    assert Person.objects.get(pk=cast.scholar.pk).time_zone == "Asia/Tokyo"


def test_signed_out_is_led_to_sign_in_and_text_comes_back(client, cast):
    assert client.get("/me/")["Location"].startswith("/accounts/login/")
    answer = client.post("/me/", sent(cast.scholar, name="Typed For Hours"))
    assert answer.status_code == 401
    assert "Typed For Hours" in answer.content.decode()


def test_history_says_who_changed_what(client, cast):
    client.force_login(cast.scholar)
    client.post("/me/", sent(cast.scholar, name="Sana S."))
    event = Person.objects.get(pk=cast.scholar.pk).events.order_by("-pgh_id").first()
    assert (event.name, event.pgh_context["person"], event.pgh_context["page"]) == (
        "Sana S.",
        str(cast.scholar.pk),
        "/me/",
    )


def test_page_asks_few_questions(client, cast, django_assert_max_num_queries):
    client.force_login(cast.scholar)
    with django_assert_max_num_queries(12):
        client.get("/me/")
