"""Pages of sign-in: ours, closed to strangers, leading nowhere else."""

from __future__ import annotations

import pytest

from tests.cast import a_person

# Rate limits are counted on a connection of their own.
pytestmark = pytest.mark.django_db(databases=["default", "outside"])
PASSWORD = "correct horse battery"


@pytest.fixture
def person(db):
    return a_person("Sana Scholar", password=PASSWORD)


def sign_in(client, **fields):
    return client.post("/accounts/login/", {"login": "sana.scholar@example.org", "password": PASSWORD, **fields})


def test_password_signs_in_in_any_case_of_the_address(client, person):
    response = sign_in(client, login="Sana.Scholar@Example.ORG")

    assert (response.status_code, response.url) == (302, "/")


def test_next_leads_within_the_product(client, person):
    assert sign_in(client, next="/gallery/").url == "/gallery/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x()"])
def test_next_never_leads_elsewhere(client, person, elsewhere):
    assert sign_in(client, next=elsewhere).url == "/"


def test_wrong_password_keeps_the_address_and_says_so(client, person):
    response = sign_in(client, password="wrong horse")

    page = response.content.decode()
    assert 'value="sana.scholar@example.org"' in page
    assert "wrong horse" not in page


def test_closed_account_cannot_sign_in(client, person):
    person.is_active = False
    person.save()

    assert sign_in(client).url == "/accounts/inactive/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_is_closed_and_says_whom_to_ask(client, db, method):
    response = getattr(client, method)("/accounts/signup/", {"email": "new@example.org"})

    assert "write to that cohort’s staff" in response.content.decode()


def test_sign_out_is_a_post(client, person):
    client.force_login(person)

    assert (client.get("/accounts/logout/").status_code, "_auth_user_id" in client.session) == (200, True)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["login/", "login/code/", "password/reset/", "signup/", "inactive/"])
def test_pages_before_sign_in_need_no_place(client, db, address):
    response = client.get(f"/accounts/{address}")

    assert (response.status_code, b"<h1>" in response.content) == (200, True)


def test_code_page_does_not_tell_whether_the_address_is_known(client, person):
    known = client.post("/accounts/login/code/", {"email": person.email})
    client.logout()
    unknown = client.post("/accounts/login/code/", {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
