"""Pages of sign-in: ours, closed to strangers, leading nowhere else."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

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


@pytest.mark.parametrize("known", [True, False])
def test_wrong_password_and_unknown_address_are_answered_alike_after_as_much_work(client, person, monkeypatch, known):
    """One hash each: an answer without it would be quicker by a hundred milliseconds."""
    hashed = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *args: hashed.append("made") or encode(*args))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *args: hashed.append("tried") or verify(*args))
    email = person.email if known else "who.knows@example.org"

    response = sign_in(client, login=email, password="wrong horse battery")

    words = " ".join(response.content.decode().replace(email, "").split())
    assert (response.status_code, len(hashed)) == (200, 1)
    assert "The email address and/or password you specified are not correct." in words


def test_password_reset_is_answered_alike(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email})
    client.logout()
    unknown = client.post("/accounts/password/reset/", {"email": "who.knows@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [
        ("elevenchars", False),
        ("1q2w3e4r5t6y", False),
        ("482019475610", False),
        ("sana.scholar@example.org", False),
        ("quiet otter lamp", True),
    ],
)
def test_password_is_long_and_not_a_common_one(client, person, password, is_fine):
    client.force_login(person)
    fields = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = client.post("/accounts/password/change/", fields)

    assert (response.status_code == 302) == is_fine
    person.refresh_from_db()
    assert person.password.startswith("argon2")
    assert person.check_password(password if is_fine else PASSWORD)


def test_words_at_the_password_advise_fifteen(client, person):
    client.force_login(person)

    assert "15 or more are better" in client.get("/accounts/password/change/").content.decode()


def is_looked_at(number: int, forwarded: list[str]) -> bool:
    """Whether one more try from 192.0.2.1 is looked at, each for another unknown address."""
    client = Client(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=", ".join(forwarded))
    answer = client.post("/accounts/login/", {"login": f"n{number}@example.org", "password": PASSWORD})
    return "Too many failed login attempts" not in answer.content.decode()


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_limit_counts_the_address_that_our_proxies_saw(db, settings, proxies):
    """What a client writes into X-Forwarded-For itself stands before it and is not believed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    one, another = (["203.0.113.9", "10.0.0.2"][:proxies], ["203.0.113.77", "10.0.0.2"][:proxies])
    looked_at = [is_looked_at(number, [f"198.51.100.{number}", *one]) for number in range(11)]

    assert looked_at == [True] * 10 + [False]
    assert is_looked_at(11, ["198.51.100.1", *another]) == (proxies > 0)


@pytest.mark.parametrize("sent", ["", "nonsense", "203.0.113.9", "::1%eth0, x"])
def test_odd_forwarding_is_no_error(client, person, settings, sent):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert sign_in(client).status_code == 302
    client.logout()

    response = client.post(
        "/accounts/login/", {"login": person.email, "password": PASSWORD}, headers={"x-forwarded-for": sent}
    )

    assert response.status_code == 302


def test_used_codes_and_limits_outlive_a_full_cache(db, settings):
    """Three hundred addresses tried at sign-in push nothing out."""
    cache.add("a-used-code", "y", 60)
    for number in range(400):
        cache.set(f"address-{number}", [number], 60)

    assert (cache.get("a-used-code"), cache.add("a-used-code", "y", 60)) == ("y", False)
    cache.clear()
