"""A person's own sign-in: what it consists of, where it is open, and another address for it."""

from __future__ import annotations

import re
import uuid

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from cohorts.models import Person
from cohorts.sessions import device
from mats.clock import now
from mats.post.tasks import send_next
from tests.access.visitors import client_of
from tests.cast import Cast, a_person
from tests.mats.test_sign_in import PASSWORD
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1 Version/18.5 Mobile Safari/604.1"


def kept(**fields: str) -> dict[str, str]:
    return {"_key": str(uuid.uuid4()), "_version": "1", **fields}


def sign_in(email: str, address: str, agent: str) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.fixture
def person(db) -> Person:
    return a_person("Sana Scholar", password=PASSWORD)


@pytest.fixture
def here_and_there(person) -> tuple[Client, Client]:
    return tuple(sign_in(person.email, *whence) for whence in (("192.0.2.1", FIREFOX), ("198.51.100.2", SAFARI)))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_sessions_say_whence_and_which_is_this(here_and_there):
    page = here_and_there[0].get("/me/sessions/").content.decode()
    rows = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.findall("<tr>.*?</tr>", page, re.DOTALL)[1:]]
    assert rows[0].startswith("Firefox on Linux (this one) 192.0.2.1")
    assert rows[1].startswith("Safari on iPhone 198.51.100.2")
    assert [device(agent) for agent in ("", "curl/8")] == ["A browser", "A browser"]


def test_one_session_ends_at_once_and_only_one_of_ones_own(here_and_there, person):
    here, there = here_and_there
    stranger = a_person("Stan Stranger", password=PASSWORD)
    other = sign_in(stranger.email, "203.0.113.3", FIREFOX)
    theirs = UserSession.objects.get(user=stranger).pk
    elsewhere = UserSession.objects.get(ip="198.51.100.2").pk
    for one in (theirs, elsewhere):
        here.post("/me/sessions/", kept(session=str(one)))
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)
    assert UserSession.objects.filter(user=person).count() == 1
    assert here.post("/me/sessions/", kept(session="x")).status_code == 422


def test_all_others_end_at_once(here_and_there):
    here, there = here_and_there
    there.post("/me/sessions/", kept())
    assert (is_in(here), is_in(there)) == (False, True)


def test_new_password_ends_the_others(here_and_there):
    here, there = here_and_there
    fields = {"oldpassword": PASSWORD, "password1": "another quiet harbour", "password2": "another quiet harbour"}
    assert there.post("/accounts/password/change/", fields).status_code == 302
    assert (is_in(here), is_in(there)) == (False, True)
    page = there.get("/me/sessions/").content.decode()
    assert ("Firefox on Linux" in page, "Safari on iPhone <strong>(this one)</strong>" in page) == (False, True)


def test_pages_ask_as_much_for_many_sessions(person):
    client = sign_in(person.email, "192.0.2.1", FIREFOX)
    few = {page: questions(client, page) for page in ("/me/security/", "/me/sessions/")}
    for number in range(8):
        sign_in(person.email, f"192.0.2.{number + 10}", SAFARI)
    assert {page: questions(client, page) for page in few} == few
    assert max(few.values()) <= 12


def test_security_page_links_what_can_be_done(cast: Cast):
    page = client_of(cast.coach).get("/me/security/").content.decode()
    for address in ("me/address", "accounts/password/set", "accounts/passkeys/add", "accounts/authenticator/add"):
        assert f'href="/{address}/"' in page
    assert 'href="/me/security/"' in client_of(cast.coach).get("/me/").content.decode()


def ask(client: Client, email: str):
    mail.outbox.clear()
    answer = client.post("/me/address/", kept(email=email))
    send_next(now())
    return answer


def test_address_changes_once_its_code_is_typed(cast: Cast):
    client = client_of(cast.scholar)
    old = cast.scholar.email
    assert ask(client, "Ｎew.Place@Example.ORG").url == "/me/address/confirm/"
    assert [letter.to for letter in mail.outbox] == [["new.place@example.org"]]
    code = CODE.search(mail.outbox[0].body)[1]
    assert client.post("/me/address/confirm/", kept(code="WRNG-WRNG")).status_code == 422
    cast.scholar.refresh_from_db()
    assert cast.scholar.email == old
    assert client.post("/me/address/confirm/", kept(code=code)).url == "/me/security/"
    cast.scholar.refresh_from_db()
    assert cast.scholar.email == "new.place@example.org"
    send_next(now())
    assert mail.outbox[-1].to == [old]
    assert "new.place" not in mail.outbox[-1].body
    assert client.get("/me/address/confirm/").url == "/me/address/"


def test_address_of_somebody_else_is_answered_alike(cast: Cast):
    seen = []
    for email in ("free@example.org", cast.mentor.email, cast.disabled.email):
        client = client_of(cast.scholar)
        answer = ask(client, email)
        page = client.get(answer.url).content.decode().replace(email, "…")
        seen.append((answer.status_code, answer.url, re.sub(r'value="[\w-]{20,}"|"x-csrftoken": "\w+"', "", page)))
    assert len(set(seen)) == 1
    ask(client_of(cast.coach), cast.mentor.email)
    assert [(letter.to, CODE.search(letter.body)) for letter in mail.outbox] == [([cast.mentor.email], None)]
    assert cast.coach.email not in mail.outbox[0].body


def test_address_taken_meanwhile_changes_nothing(cast: Cast):
    client = client_of(cast.scholar)
    ask(client, "both@example.org")
    cast.mentor.email = "both@example.org"
    cast.mentor.save()
    answer = client.post("/me/address/confirm/", kept(code=CODE.search(mail.outbox[0].body)[1]))
    assert (answer.status_code, "keeps its address" in answer.content.decode()) == (422, True)


def test_own_address_and_rubbish_are_refused(cast: Cast):
    client = client_of(cast.scholar)
    for email in (cast.scholar.email.upper(), "a@b@c", "", "a\x00@example.org"):
        assert client.post("/me/address/", kept(email=email)).status_code == 422
