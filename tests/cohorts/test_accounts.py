"""Sign-in mail: through the outbox, sealed, prompt, and the same answer for everybody."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import allauth
import pytest
from django.contrib.sessions.models import Session
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.urls import reverse

from cohorts.accounts import WRITERS
from mats import sealing
from mats.clock import now
from mats.post import doorbell
from mats.post.models import Message
from mats.post.tasks import send, send_next

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
MFA = Path(allauth.__file__).parent / "templates" / "mfa" / "email"


@pytest.fixture
def rung(monkeypatch):
    """Who was asked to send at once."""
    asked: list[tuple] = []
    monkeypatch.setattr(doorbell, "_quiet_until", 0.0)
    monkeypatch.setattr(send, "apply_async", lambda args, **options: asked.append(args))
    return asked


def ask_for_code(client, email: str):
    return client.post(reverse("account_request_login_code"), {"email": email})


def code_in(message) -> str:
    return CODE.search(message.body)[1]


def test_code_mail_waits_in_the_outbox_and_is_rung_for(cast, client, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_code(client, cast.scholar.email)
    message = Message.objects.get()
    assert (message.person, message.kind, message.cohort, rung) == (
        cast.scholar,
        "account_mail",
        None,
        [(str(message.pk),)],
    )


def test_code_signs_in(cast, client, rung):
    ask_for_code(client, cast.scholar.email)
    send(str(Message.objects.get().pk))
    (letter,) = mail.outbox
    client.post(reverse("account_confirm_login_code"), {"code": code_in(letter)})
    assert client.session["_auth_user_id"] == str(cast.scholar.pk)


def test_code_is_nowhere_in_clear(cast, client, rung):
    ask_for_code(client, cast.scholar.email)
    message = Message.objects.get()
    send_next(now())
    code = code_in(mail.outbox[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM post_message t")
        rows = str(cursor.fetchall())
    sessions = [session.get_decoded() for session in Session.objects.all()]
    raw = "".join(Session.objects.values_list("session_data", flat=True))
    assert (code in rows, code in message.sealed, code in str(sessions), code in raw) == (False, False, True, False)


def test_session_is_sealed_under_its_signature(cast, client):
    client.force_login(cast.scholar)

    class AsItIs:
        def loads(self, data: bytes) -> str:
            return data.decode()

    stored = Session.objects.get()
    seen = signing.loads(stored.session_data, salt="django.contrib.sessions.SessionStore", serializer=AsItIs)
    assert (str(cast.scholar.pk) in seen, seen.partition(":")[0]) == (False, next(iter(sealing.keys())))


def test_sent_code_leaves_nothing_sealed_behind(cast, client, rung):
    ask_for_code(client, cast.scholar.email)
    send_next(now())
    assert Message.objects.get().sealed == ""


def test_expired_code_is_dropped_and_emptied(cast, client, rung):
    ask_for_code(client, cast.scholar.email)
    send_next(now() + dt.timedelta(minutes=10))
    message = Message.objects.get()
    assert (mail.outbox, message.dropped_why, message.sealed) == ([], "It had expired.", "")


def test_unknown_address_gets_the_same_answer_and_no_mail(cast, client, rung):
    known = ask_for_code(client, cast.scholar.email)
    unknown = ask_for_code(client, "who.knows@example.org")
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert Message.objects.count() == 1


def test_disabled_person_gets_no_code(cast, client, rung):
    ask_for_code(client, cast.disabled.email)
    assert Message.objects.count() == 0


def test_two_requests_are_two_messages(cast, client, rung):
    ask_for_code(client, cast.scholar.email)
    ask_for_code(Client(), cast.scholar.email)
    assert Message.objects.count() == 2


def test_code_leads_to_a_new_password_that_signs_in(cast, client, rung):
    client.post(reverse("account_reset_password"), {"email": cast.scholar.email})
    send(str(Message.objects.get().pk))
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_in(mail.outbox[0])})
    twice = {"password1": "calm-otter-reads-79", "password2": "calm-otter-reads-79"}
    done = client.post(reverse("account_complete_password_reset"), twice, follow=True)
    client.post(reverse("account_login"), {"login": cast.scholar.email, "password": "calm-otter-reads-79"})
    assert "<h1>Your password is changed</h1>" in done.content.decode()
    assert client.session["_auth_user_id"] == str(cast.scholar.pk)


def test_code_for_a_new_password_comes_by_the_outbox_too(cast, client, rung):
    client.post(reverse("account_reset_password"), {"email": cast.scholar.email})
    send_next(now())
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Your code to set a new password", [cast.scholar.email])


def test_changed_password_is_told_to_its_owner(cast, client, rung):
    client.force_login(cast.scholar)
    words = "a quiet harbour at dawn"
    client.post(reverse("account_set_password"), {"password1": words, "password2": words})
    send_next(now())
    assert [letter.subject for letter in mail.outbox] == ["Your password was changed"]


@pytest.mark.parametrize("name", WRITERS)
def test_every_mail_of_an_account_can_be_written(cast, name):
    letter = WRITERS[name](cast.scholar, {"code": "QXFZ-MKPD", "to": "new@example.org"}, now())
    told = letter.subject + letter.text
    assert ("QXFZ-MKPD" in letter.text, "QXFZ-MKPD" in letter.subject) == (name.endswith("code"), False)
    assert ("{{" in told, "None" in told) == (False, False)
    assert letter.to == ("new@example.org" if name in {"address_code", "address_changed"} else "")


def test_every_mail_of_the_packages_has_its_writer():
    """What our addresses can lead to; a name that is not there would end in an error page."""
    names = {f"mfa/email/{path.name.removesuffix('_subject.txt')}" for path in MFA.glob("*_subject.txt")}
    assert names <= set(WRITERS)
