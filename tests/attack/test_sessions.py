"""Sessions that ended, were fixed beforehand, or belong to somebody who may not any more; codes; ways back."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mats.clock import now
from mats.post.tasks import send_next
from tests.access.visitors import client_of
from tests.attack.pages import rows
from tests.cast import WEEK_SIX, a_person
from tests.mats.test_sign_in import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
TEXT = "a long note about the ablation"


def profile(**fields: str) -> dict[str, str]:
    return {"name": TEXT, "time_zone": "Europe/London", "_version": "1", "_key": str(uuid.uuid4()), **fields}


def disable(client: Client, person) -> None:
    person.is_active = False
    person.save()


def end_session(client: Client, person) -> None:
    Session.objects.all().delete()


def forget_cookie(client: Client, person) -> None:
    client.cookies.clear()


def change_password_elsewhere(client: Client, person) -> None:
    person.set_password("another quiet harbour")
    person.save()


def sign_out_in_another_tab(client: Client, person) -> None:
    tab = Client()
    tab.cookies = client.cookies.copy()
    tab.post("/accounts/logout/")


@pytest.mark.parametrize(
    "end",
    [disable, end_session, forget_cookie, change_password_elsewhere, sign_out_in_another_tab],
    ids=lambda end: end.__name__,
)
def test_form_after_the_session_comes_back_and_stores_nothing(cast, end):
    client = client_of(cast.scholar)
    assert client.get("/me/").status_code == 200
    end(client, cast.scholar)
    before = rows()
    for address in ("/me/", f"/logs/{cast.log.pk}/write/", "/drafts/"):
        answer = client.post(address, profile(done=TEXT))
        assert (answer.status_code, TEXT in answer.content.decode()) == (401, True)
    assert rows() == before


def test_page_after_the_account_was_closed_is_the_sign_in(cast):
    client = client_of(cast.staff)
    assert client.get("/c/winter-2027/people/").status_code == 200
    disable(client, cast.staff)
    assert client.get("/c/winter-2027/people/").status_code == 302


def test_place_taken_away_closes_pages_at_once(cast):
    client = client_of(cast.coach)
    address = f"/coaching/scholars/{cast.place['scholar'].pk}/"
    assert client.get(address).status_code == 200
    sent = {"_version": "1", "_key": str(uuid.uuid4()), "how": "left", "reason": "They wrote to us."}
    assert client_of(cast.staff).post(f"/people/{cast.place['coach'].pk}/end/", sent).status_code == 302
    assert [client.get(page).status_code for page in (address, "/c/winter-2027/people/", f"/logs/{cast.log.pk}/")] == [
        404
    ] * 3


@pytest.fixture
def person(db):
    return a_person("Sana Scholar", password=PASSWORD)


def sign_in(client: Client, **fields: str):
    return client.post("/accounts/login/", {"login": "sana.scholar@example.org", "password": PASSWORD, **fields})


def test_session_known_before_sign_in_is_not_the_one_after(client, person):
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["session"] = planted = session.session_key
    sign_in(client)
    assert client.cookies["session"].value != planted
    stranger = Client()
    stranger.cookies["session"] = planted
    assert stranger.get("/me/").status_code == 302


def test_cookie_after_sign_out_opens_nothing(client, person):
    sign_in(client)
    kept = client.cookies["session"].value
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["session"] = kept
    assert thief.get("/me/").status_code == 302


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
    "http:evil.example",
    "https:/evil.example",
    "http://127.0.0.1@evil.example/",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
    " //evil.example",
    "/%2F/evil.example/\r\nX: y",
    "http:///evil.example",
    "data:text/html,x",
    "//evil.example\\@testserver",
    "/" + "a" * 5000,
    "\u2028//evil.example",
    "／／evil.example",
]


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_way_back_stays_here(client, person, next_page):
    """After sign-in, on the pages that carry it along, and after sign-out."""
    pages = [
        client.get(f"/accounts/{page}/", {"next": next_page})
        for page in ("login", "login/code", "password/reset", "logout")
    ]
    answers = [sign_in(client, next=next_page), client.post("/accounts/logout/", {"next": next_page})]
    answers += [page for page in pages if page.status_code in {301, 302}]
    for answer in answers:
        assert answer.status_code == 302
        assert urlsplit(urljoin("http://testserver/accounts/login/", answer.url)).netloc == "testserver"
        assert not answer.url.startswith(("/\\", "/\t"))
    assert [page.status_code for page in pages if page.status_code >= 400] == []


def ask(client: Client, email: str):
    return client.post("/accounts/login/code/", {"email": email})


def code_for(client: Client, email: str) -> str:
    mail.outbox.clear()
    ask(client, email)
    send_next(now())
    return CODE.search(mail.outbox[-1].body)[1]


def confirm(client: Client, code: str):
    return client.post("/accounts/login/code/confirm/", {"code": code})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_code_works_once_and_only_where_it_was_asked_for(cast, client):
    code = code_for(client, cast.scholar.email)
    thief = Client(REMOTE_ADDR="192.0.2.7")
    ask(thief, cast.mentor.email)
    confirm(thief, code)
    assert not is_in(thief)
    confirm(client, code)
    assert is_in(client)
    client.post("/accounts/logout/")
    confirm(client, code)
    assert not is_in(client)


def test_third_wrong_code_ends_it(cast, client):
    code = code_for(client, cast.scholar.email)
    for _ in range(3):
        confirm(client, "WRONG1")
    confirm(client, code)
    assert not is_in(client)


def test_code_ends_after_ten_minutes(cast, client):
    code = code_for(client, cast.scholar.email)
    with time_machine.travel(WEEK_SIX.replace(minute=11), tick=True):
        confirm(client, code)
    assert not is_in(client)


def test_code_of_an_account_closed_meanwhile_is_worth_nothing(cast, client):
    code = code_for(client, cast.scholar.email)
    disable(client, cast.scholar)
    assert confirm(client, code).status_code < 500
    assert not is_in(client)


def test_known_unknown_and_closed_addresses_are_answered_alike(cast):
    """Status, place to go, the page there, and about as many questions to the database."""
    seen, asked = set(), []
    for number, email in enumerate((cast.scholar.email, "who.knows@example.org", cast.disabled.email)):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, email)
        page = client.get(answer.url).content.decode().replace(email, "…")
        seen.add((answer.status_code, answer.url, re.sub(r'value="\w{20,}"|"x-csrftoken": "\w+"', "", page)))
        asked.append(len(queries))
    assert len(seen) == 1
    assert max(asked) - min(asked) <= 3


def test_code_is_in_no_log(cast, client, caplog, capsys):
    with caplog.at_level("DEBUG"):
        code = code_for(client, cast.scholar.email)
        confirm(client, "WRONG1")
        confirm(client, code)
    told = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert (is_in(client), code in told, code in "".join(capsys.readouterr())) == (True, False, False)


@pytest.mark.parametrize(
    "email", ["a\x00b@example.org", "x" * 100_000, "\u202ea@example.org", "a@b@c", "", "ｓａｎａ@example.org"]
)
def test_poisoned_address_is_answered(cast, client, email):
    client.raise_request_exception = False
    for page in ("login/code", "password/reset"):
        assert client.post(f"/accounts/{page}/", {"email": email}).status_code in {200, 302, 422}
    assert client.post("/accounts/login/", {"login": email, "password": email or "x"}).status_code in {200, 422}
