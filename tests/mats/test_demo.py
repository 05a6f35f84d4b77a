"""Sign-in with one press: handy in the demo, impossible elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings as real_settings
from django.core.management import call_command
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from mats.pages.demo import demo_people
from mats.pages.views.demo import demo_sign_in
from tests.cast import a_person

PRODUCTION = {
    "MATS_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "PUBLIC_ORIGIN": "https://cohort.example.org",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "NOTE_KEYS": "one:" + "A" * 43 + "=",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "ERASURE_LEDGER": "/var/lib/mats/erasures.jsonl",
}
ASK = """
import django; django.setup()
from django.conf import settings
from django.urls import get_resolver
print(settings.DEMO, "demo_sign_in" in get_resolver().reverse_dict)
"""


@pytest.fixture
def staff(db):
    return a_person("Dara Demo", email="staff@demo.example")


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.mats.demo_urls"


def test_address_is_absent_outside_the_demo(client, staff):
    with pytest.raises(NoReverseMatch):
        reverse("demo_sign_in")
    assert client.post("/demo/sign-in/", {"person": staff.pk}).status_code == 404


def test_view_refuses_outside_the_demo(rf, staff):
    with pytest.raises(Http404):
        demo_sign_in(rf.post("/demo/sign-in/", {"person": staff.pk}))


def test_production_has_neither_switch_nor_address():
    environment = {**os.environ, **PRODUCTION, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "mats.settings"}

    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=real_settings.BASE_DIR, stdout=subprocess.PIPE, check=True
    )

    assert asked.stdout.split() == [b"False", b"False"]


def test_sign_in_page_names_nobody_outside_the_demo(client, staff):
    assert b"Dara Demo" not in client.get("/accounts/login/").content


def test_demo_signs_in_with_one_press(client, demo, staff):
    assert b"Dara Demo, staff" in client.get("/accounts/login/").content

    response = client.post("/demo/sign-in/", {"person": staff.pk})

    assert (response.status_code, client.session["_auth_user_id"]) == (302, str(staff.pk))


@pytest.mark.parametrize(("after", "there"), [("/me/", "/me/"), ("//elsewhere.example/", "/"), ("", "/")])
def test_demo_sign_in_leads_on_to_where_somebody_was_going(client, demo, staff, after, there):
    assert b'name="next" value="/me/"' in client.get("/accounts/login/", {"next": "/me/"}).content
    assert client.post("/demo/sign-in/", {"person": staff.pk, "next": after})["Location"] == there


@pytest.mark.parametrize("sent", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_demo_knows_its_own_people_only(client, demo, staff, sent):
    other = a_person("Real Person")

    assert client.post("/demo/sign-in/", {"person": sent or other.pk}).status_code == 404


def test_demo_sign_in_is_a_post(client, demo, staff):
    assert client.get("/demo/sign-in/", {"person": staff.pk}).status_code == 405


def test_demo_people_are_the_named_parts_first(db):
    for name in ("committee", "mentor", "scholar", "staff"):
        a_person(name.title(), email=f"{name}@demo.example")
    a_person("Closed", email="coach@demo.example", is_active=False)

    assert [person.part for person in demo_people()] == ["scholar", "mentor", "staff", "committee"]


def test_who_says_part_name_and_address_of_each(staff, capsys):
    call_command("demo_cohort", "--who")

    assert capsys.readouterr().out == "staff\tDara Demo\tstaff@demo.example\n"


@pytest.mark.real_sign_in
def test_press_counts_as_second_factor_and_fresh_sign_in_in_the_demo_only(client, demo, staff, settings):
    staff.starts_cohorts = True
    staff.save()
    client.post("/demo/sign-in/", {"person": staff.pk})
    assert (client.get("/me/").status_code, client.get("/me/address/").status_code) == (200, 200)
    assert b"(this one)" in client.get("/me/sessions/").content
    settings.DEMO = False
    assert client.post("/demo/sign-in/", {"person": staff.pk}).status_code == 404
