"""django-allauth, our way: nobody signs up, and every mail goes through the outbox."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from cohorts import emails
from cohorts.models import Person
from mats import clock
from mats.post import kinds, outbox
from mats.post.doorbell import ring
from mats.post.letters import Letter, link
from mats.post.models import Message
from mats.post.tasks import send
from mats.sealing import CannotOpen, unseal
from mats.text import normalise_email

NOTICE_LIFE = dt.timedelta(days=3)


def _login_code(person: Person, code: str, at: dt.datetime) -> Letter:
    return emails.login_code(name=person.name, code=code, minutes=app_settings.LOGIN_BY_CODE_TIMEOUT // 60)


def _password_reset_code(person: Person, code: str, at: dt.datetime) -> Letter:
    minutes = app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT // 60
    return emails.password_reset_code(name=person.name, code=code, minutes=minutes)


def _password_changed(person: Person, code: str, at: dt.datetime) -> Letter:
    when = clock.format_moment(at, person.time_zone, date=True)
    return emails.password_changed(name=person.name, when=when, reset_link=link(reverse("account_reset_password")))


# Every mail of allauth that our addresses can lead to, by its name there.
WRITERS: dict[str, Callable[[Person, str, dt.datetime], Letter]] = {
    "account/email/login_code": _login_code,
    "account/email/password_reset_code": _password_reset_code,
    "account/email/password_changed": _password_changed,
    "account/email/password_set": _password_changed,
    "account/email/password_reset": _password_changed,
}


def life_of(mail: str) -> dt.timedelta:
    """How long a mail is worth sending: a code no longer than it works."""
    seconds = {
        "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "account/email/password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    }
    return dt.timedelta(seconds=seconds[mail]) if mail in seconds else NOTICE_LIFE


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from staff; sign-up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox with what cannot be computed again, sealed, and ring.

        An address that is nobody's gets nothing, and whoever asked is answered the same.
        """
        if template_prefix not in WRITERS:
            raise LookupError(f"The product has no letter for {template_prefix}.")
        person = _person_of(email)
        if person is None:
            return
        at = getattr(self.request, "now", None) or clock.now()
        secret = json.dumps({"mail": template_prefix, "code": str(context.get("code") or "")})
        message = outbox.put(
            kind=ACCOUNT_MAIL.name,
            policy=ACCOUNT_MAIL.policy,
            person=person,
            occurrence=str(uuid.uuid4()),
            at=at,
            secret=secret,
        )
        ring(send, str(message.pk))


def _person_of(email: str) -> Person | None:
    """The person with this address. Mail goes to the address on their account, never to a look-alike."""
    try:
        return Person.objects.filter(email=normalise_email(email), is_active=True).first()
    except ValidationError:
        return None


def _sealed(message: Message) -> dict[str, str]:
    return json.loads(unseal(message.sealed, message.pk))


def drop_account_mail(message: Message, at: dt.datetime) -> str:
    try:
        mail = _sealed(message)["mail"]
    except CannotOpen:
        return "Its keys are gone."
    return "It had expired." if at >= message.moment + life_of(mail) else ""


def write_account_mail(message: Message, at: dt.datetime) -> Letter:
    values = _sealed(message)
    return WRITERS[values["mail"]](message.person, values["code"], message.moment)


ACCOUNT_MAIL = kinds.register(
    kinds.Kind(
        name="account_mail",
        words="Sign-in and security",
        policy=Message.Policy.LETTER,
        drop_why=drop_account_mail,
        write=write_account_mail,
    )
)
