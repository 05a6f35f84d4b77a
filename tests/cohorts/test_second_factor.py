"""Second factors: who owes one, how it is set up, that it can't be walked around, used twice or read."""

from __future__ import annotations

import html
import json
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client

from cohorts.models import Role
from mats.clock import now
from mats.post.tasks import send_next
from mats.sealing import unseal
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, Cast, a_place
from tests.passkeys import Passkey, a_passkey

pytestmark = [pytest.mark.django_db(databases=["default", "outside"]), pytest.mark.real_sign_in]

PASSWORD = "correct horse battery"
CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
SET_UP = "/accounts/second-factor/"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def signed_in(person, password: str = PASSWORD, client: Client | None = None) -> Client:
    """As far as a password gets."""
    person.set_password(password)
    person.save()
    client = client or Client()
    assert client.post("/accounts/login/", {"login": person.email, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("who", ["staff", "coach", "mentor_and_coach", "staff_elsewhere"])
def test_who_owes_one_sees_nothing_but_its_set_up(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    pages = ["/", "/me/", "/me/security/", "/c/winter-2027/people/", f"/logs/{cast.log.pk}/", "/drafts/", "/healthz"]
    assert {client.get(page).url for page in pages[:-1]} == {SET_UP}
    assert client.get("/healthz").status_code == 200
    page = client.get(SET_UP).content.decode()
    assert (cast.cohort.name in page, "/accounts/passkeys/add/" in page) == (False, True)


@pytest.mark.parametrize("who", ["scholar", "mentor"])
def test_who_owes_none_goes_on(cast: Cast, who):
    assert signed_in(getattr(cast, who)).get("/me/").status_code == 200


def test_first_person_and_superuser_owe_one(cast: Cast):
    for field in ("starts_cohorts", "is_superuser"):
        setattr(cast.stranger, field, True)
        cast.stranger.save()
        assert client_of(cast.stranger).get("/").url == SET_UP
        setattr(cast.stranger, field, False)


def test_scholar_who_becomes_coach_owes_one_at_the_next_page(cast: Cast):
    client = signed_in(cast.scholar)
    assert client.get("/me/").status_code == 200
    a_place(cast.scholar, cast.other_cohort, Role.COACH)
    assert client.get("/me/").url == SET_UP


def test_text_sent_before_it_is_set_up_comes_back(cast: Cast):
    answer = client_of(cast.staff).post(f"/logs/{cast.log.pk}/write/", {"done": "a long text"})
    assert (answer.status_code, "a long text" in answer.content.decode()) == (401, True)


def test_app_is_set_up_and_leads_on(cast: Cast, django_capture_on_commit_callbacks):
    client = signed_in(cast.coach)
    client.get("/c/winter-2027/people/?role=coach")
    secret = re.search(r"<code[^>]*>(\w+)</code>", client.get("/accounts/authenticator/add/").content.decode())[1]
    wrong = client.post("/accounts/authenticator/add/", {"code": "000000"})
    assert (wrong.status_code, secret in wrong.content.decode()) == (200, True)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/authenticator/add/", {"code": code_of(secret)})
    assert answer.url == "/accounts/recovery-codes/"
    codes = re.findall(r"<li><code>(\d{8})</code>", client.get(answer.url).content.decode())
    assert (len(codes), codes[0] in client.get("/accounts/recovery-codes/file/").content.decode()) == (10, True)
    assert client.get(SET_UP).url == "/c/winter-2027/people/?role=coach"
    assert client.get("/c/winter-2027/people/").status_code == 200
    send_next(now())
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([cast.coach.email], "An authenticator app was added to your sign-in")
    ]
    again = signed_in(cast.coach)
    again.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert not is_in(again)  # the code that proved the app is used up


def test_password_is_half_a_sign_in_and_a_code_counts_once(cast: Cast):
    secret = give_app(cast.coach)
    client, thief = signed_in(cast.coach), Client(REMOTE_ADDR="192.0.2.7")
    signed_in(cast.coach, client=thief)
    assert not is_in(client)
    assert client.get("/accounts/login/second-factor/").status_code == 200
    code, half = code_of(secret), client.cookies["session"].value
    assert (client.post("/accounts/login/second-factor/", {"code": code}).url, is_in(client)) == ("/", True)
    assert client.cookies["session"].value != half
    assert client.get("/me/").status_code == 200
    thief.post("/accounts/login/second-factor/", {"code": code})
    assert not is_in(thief)
    with time_machine.travel(WEEK_SIX.replace(minute=1), tick=True):
        thief.post("/accounts/login/second-factor/", {"code": code})
        assert not is_in(thief)


def test_recovery_code_counts_once(cast: Cast):
    give_app(cast.coach)
    code = RecoveryCodes.activate(cast.coach).generate_codes()[0]
    for expected in (True, False):
        client = signed_in(cast.coach)
        client.post("/accounts/login/second-factor/", {"code": code})
        assert is_in(client) == expected


def test_code_by_mail_does_not_go_around_it(cast: Cast):
    give_app(cast.coach)
    client = Client()
    mail.outbox.clear()
    client.post("/accounts/login/code/", {"email": cast.coach.email})
    send_next(now())
    answer = client.post("/accounts/login/code/confirm/", {"code": CODE.search(mail.outbox[-1].body)[1]})
    assert (answer.url, is_in(client)) == ("/accounts/login/second-factor/", False)


def test_sixth_guess_is_not_looked_at(cast: Cast):
    secret = give_app(cast.coach)
    client = signed_in(cast.coach)
    for _ in range(5):
        client.post("/accounts/login/second-factor/", {"code": "000000"})
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert not is_in(client)


def test_session_without_the_factor_puts_no_other_beside_it(cast: Cast):
    """Signed in before there was an app, say: a password is not enough to add a passkey of one's own."""
    client = signed_in(cast.coach)
    secret = give_app(cast.coach)
    for page in ("passkeys/add/", "recovery-codes/", "authenticator/remove/"):
        assert client.get(f"/accounts/{page}").url.startswith(("/accounts/reauthenticate/authenticator/", SET_UP))
    assert client.get("/me/").url == SET_UP
    shown = client.get(SET_UP).url
    assert shown.startswith("/accounts/reauthenticate/authenticator/")
    assert client.post(shown, {"code": code_of(secret), "next": SET_UP}).url == SET_UP
    assert client.get(SET_UP).url == "/me/"


def test_seeds_are_sealed_and_codes_shown_to_a_fresh_sign_in_only(cast: Cast):
    secret = give_app(cast.coach)
    RecoveryCodes.activate(cast.coach)
    stored = {row.type: row.data for row in Authenticator.objects.filter(user=cast.coach)}
    assert secret not in str(stored)
    assert unseal(stored["totp"]["secret"], "authenticator") == secret
    assert re.fullmatch("[0-9a-f]{80}", unseal(stored["recovery_codes"]["seed"], "authenticator"))
    client = signed_in(cast.coach)
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert client.get("/accounts/recovery-codes/").status_code == 200
    with time_machine.travel(WEEK_SIX.replace(minute=6), tick=True):
        there = client.get("/accounts/recovery-codes/").url
        assert there == "/accounts/reauthenticate/?next=%2Faccounts%2Frecovery-codes%2F"
        assert "/accounts/reauthenticate/authenticator/?next=" in client.get(there).content.decode()


def test_lost_keys_refuse_a_code_with_words(cast: Cast, settings):
    secret = give_app(cast.coach)
    client = signed_in(cast.coach)
    Authenticator.objects.filter(user=cast.coach).update(data={"secret": "gone:AAAA"})
    answer = client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert ("cannot be checked" in answer.content.decode(), is_in(client)) == (True, False)


def test_only_factor_of_who_owes_one_stays(cast: Cast):
    secret = give_app(cast.coach)
    client = signed_in(cast.coach)
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    answer = client.post("/accounts/authenticator/remove/")
    assert ("your only one" in answer.content.decode(), Authenticator.objects.count()) == (True, 1)


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", '{"id": 1}', "[" * 50_000, '{"id": "\\ud800"}', "\x00", "💥" * 30_000]
)
def test_rubbish_for_a_passkey_is_a_wrong_one(cast: Cast, sent):
    secret = give_app(cast.coach)
    Client().post("/accounts/login/passkey/", {"credential": sent})
    client = signed_in(cast.coach)
    assert client.post("/accounts/login/second-factor/", {"credential": sent}).status_code == 200
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    answer = client.post("/accounts/passkeys/add/", {"credential": sent, "name": "x"})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 1)


def options_on(page: str) -> dict:
    return json.loads(html.unescape(re.search(r'data-options="([^"]+)"', page)[1]))


def ask_to_sign_in(client: Client) -> dict:
    return client.get("/accounts/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]


def test_passkey_is_set_up_and_then_signs_in_alone(cast: Cast):
    client, key = signed_in(cast.coach), Passkey()
    client.get("/me/")
    page = client.get("/accounts/passkeys/add/").content.decode()
    made = {"credential": key.make(options_on(page)), "name": "My phone", "passwordless": "on"}
    assert client.post("/accounts/passkeys/add/", made).url == "/accounts/recovery-codes/"
    assert client.get(SET_UP).url == "/me/"
    assert "My phone" in client.get("/me/security/").content.decode()
    again, thief = Client(), Client(REMOTE_ADDR="192.0.2.7")
    used = {"credential": key.use(ask_to_sign_in(again), cast.coach)}
    assert (again.post("/accounts/login/passkey/", used).status_code, is_in(again)) == (302, True)
    assert again.get("/c/winter-2027/people/").status_code == 200
    ask_to_sign_in(thief)
    thief.post("/accounts/login/passkey/", used)  # an answer is to one challenge
    assert not is_in(thief)


def test_passkey_is_the_second_factor_and_answers_to_our_address_only(cast: Cast):
    key, row = a_passkey(cast.coach)
    client = signed_in(cast.coach)
    for origin, expected in (("https://testserver.evil.example", False), ("https://testserver", True)):
        key.origin = origin
        page = client.get("/accounts/login/second-factor/").content.decode()
        client.post("/accounts/login/second-factor/", {"credential": key.use(options_on(page), cast.coach)})
        assert is_in(client) == expected
    assert client.get("/me/").status_code == 200
    named = client.post(f"/accounts/passkeys/{row.pk}/rename/", {"name": "A key\x00"})
    assert (named.status_code, Authenticator.objects.get(pk=row.pk).wrap().name) == (200, "A phone")
    assert client.post(f"/accounts/passkeys/{row.pk}/rename/", {"name": "A key"}).url == "/accounts/passkeys/"
    answer = client.post(f"/accounts/passkeys/{row.pk}/remove/")
    assert (answer.status_code, "your only one" in answer.content.decode()) == (422, True)


def test_passkey_of_somebody_else_is_nowhere(cast: Cast):
    _, row = a_passkey(cast.mentor)
    a_passkey(cast.coach)
    client = client_of(cast.scholar)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": WEEK_SIX.timestamp()}]
    session["account_authentication_methods_user"] = str(cast.scholar.pk)
    session.save()
    for page in ("rename", "remove"):
        assert client.post(f"/accounts/passkeys/{row.pk}/{page}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()
