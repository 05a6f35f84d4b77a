"""django-allauth, our way: nobody signs up, and every mail goes through the outbox."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse

from cohorts import codes, emails
from cohorts.models import Person
from mats import clock
from mats.identity.fresh import is_fresh
from mats.post import kinds, outbox
from mats.post.doorbell import ring
from mats.post.letters import Letter, link
from mats.post.models import Message
from mats.post.tasks import send
from mats.sealing import CannotOpen, unseal
from mats.text import normalise_email

NOTICE_LIFE = dt.timedelta(days=3)


Values = dict[str, str]


def _login_code(person: Person, values: Values, at: dt.datetime) -> Letter:
    minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
    return emails.login_code(name=person.name, code=values["code"], minutes=minutes)


def _password_reset_code(person: Person, values: Values, at: dt.datetime) -> Letter:
    minutes = app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT // 60
    return emails.password_reset_code(name=person.name, code=values["code"], minutes=minutes)


def _password_changed(person: Person, values: Values, at: dt.datetime) -> Letter:
    reset = link(reverse("account_reset_password"))
    return emails.password_changed(name=person.name, when=_when(person, at), reset_link=reset)


def _sign_in_changed(what: str) -> Callable[[Person, Values, dt.datetime], Letter]:
    def write(person: Person, values: Values, at: dt.datetime) -> Letter:
        security = link(reverse("security"))
        return emails.sign_in_changed(name=person.name, what=what, when=_when(person, at), security_link=security)

    return write


def _own_code(person: Person, values: Values, at: dt.datetime) -> Letter:
    return emails.own_code(name=person.name, code=values["code"], minutes=_minutes(codes.LIFE))


def _address_code(person: Person, values: Values, at: dt.datetime) -> Letter:
    letter = emails.address_code(name=person.name, code=values["code"], minutes=_minutes(codes.LIFE))
    return replace(letter, to=values["to"])


def _address_taken(person: Person, values: Values, at: dt.datetime) -> Letter:
    return emails.address_taken(name=person.name, when=_when(person, at), sign_in_link=link(reverse("account_login")))


def _address_changed(person: Person, values: Values, at: dt.datetime) -> Letter:
    letter = emails.address_changed(name=person.name, when=_when(person, at))
    return replace(letter, to=values["to"])


def _when(person: Person, at: dt.datetime) -> str:
    return clock.format_moment(at, person.time_zone, date=True)


def _minutes(life: dt.timedelta) -> int:
    return int(life.total_seconds()) // 60


# Every mail of allauth that our addresses can lead to, by its name there; and ours.
WRITERS: dict[str, Callable[[Person, Values, dt.datetime], Letter]] = {
    "account/email/login_code": _login_code,
    "account/email/password_reset_code": _password_reset_code,
    "account/email/password_changed": _password_changed,
    "account/email/password_set": _password_changed,
    "account/email/password_reset": _password_changed,
    "mfa/email/totp_activated": _sign_in_changed("An authenticator app was added to your sign-in"),
    "mfa/email/totp_deactivated": _sign_in_changed("The authenticator app was taken from your sign-in"),
    "mfa/email/webauthn_added": _sign_in_changed("A passkey was added to your sign-in"),
    "mfa/email/webauthn_removed": _sign_in_changed("A passkey was taken from your sign-in"),
    "mfa/email/recovery_codes_generated": _sign_in_changed("New recovery codes took the place of your old ones"),
    "second_factor_forgotten": _sign_in_changed("Passkeys, app and recovery codes were taken from your sign-in"),
    "own_code": _own_code,
    "address_code": _address_code,
    "address_taken": _address_taken,
    "address_changed": _address_changed,
}
CODE_LIVES = {"own_code": codes.LIFE, "address_code": codes.LIFE}


def life_of(mail: str) -> dt.timedelta:
    """How long a mail is worth sending: a code no longer than it works."""
    seconds = {
        "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "account/email/password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    }
    return dt.timedelta(seconds=seconds[mail]) if mail in seconds else CODE_LIVES.get(mail, NOTICE_LIFE)


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
        put_account_mail(person, template_prefix, at=at, code=str(context.get("code") or ""))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, as far as proxies of ours say so; never an error of a page.

        Fewer entries than proxies means that somebody came past them: then only the line itself is
        believed. A socket has no address.
        """
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "127.0.0.1"

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """A sign-in counts as fresh as much as its confirmation does."""
        return self.request is None or not is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ways to confirm that it is them. A code by mail is for those only who have no authenticator."""
        if not user.is_authenticated:
            return []
        kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        ways = []
        if Authenticator.Type.TOTP in kinds or Authenticator.Type.RECOVERY_CODES in kinds:
            ways.append(("mfa_reauthenticate", "Use your authenticator app or a recovery code"))
        if Authenticator.Type.WEBAUTHN in kinds:
            ways.append(("mfa_reauthenticate_webauthn", "Use a passkey"))
        if user.has_usable_password():
            ways.append(("account_reauthenticate", "Use your password"))
        if not kinds:
            ways.append(("confirm_by_code", "Get a code by mail"))
        return [{"id": name, "description": words, "url": reverse(name)} for name, words in ways]


def put_account_mail(person: Person, mail: str, *, at: dt.datetime, **values: str) -> None:
    """A mail about somebody's account, all that it says sealed; `to` is an address other than the account's."""
    message = outbox.put(
        kind=ACCOUNT_MAIL.name,
        policy=ACCOUNT_MAIL.policy,
        person=person,
        occurrence=str(uuid.uuid4()),
        at=at,
        secret=json.dumps({"mail": mail, **values}),
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
    return WRITERS[values["mail"]](message.person, values, message.moment)


ACCOUNT_MAIL = kinds.register(
    kinds.Kind(
        name="account_mail",
        words="Sign-in and security",
        policy=Message.Policy.LETTER,
        drop_why=drop_account_mail,
        write=write_account_mail,
    )
)
