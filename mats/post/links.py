"""Links in messages that do one thing, for one reader, until a moment.

Opening such a link changes nothing, because mail scanners open every link they see: it shows a page
that says in words what will happen, and the button on that page does it. The token names its
purpose and the message it stood in; whom it is for, what it is about and how long it works, the
row of the message says. Apps register what they want done.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from mats.post.letters import link
from mats.post.models import Message

TOKEN = re.compile(r"(?P<purpose>[a-z_]{1,40})\.(?P<signed>[\w-]{22}\.[\w-]{43})", re.ASCII)
IN_A_LETTER = re.compile(r"/go/([a-z_]+)\.[\w-]+\.[\w-]+/", re.ASCII)


@dataclass(frozen=True)
class Question:
    """What the page before the act says: a heading, what will happen, and the word on the button."""

    title: str
    words: str
    press: str


@dataclass(frozen=True)
class Purpose:
    """One thing that a link does.

    `kinds` are the messages it stands in; it works until `life` after their moment. `find` gives
    what the message is about if this reader may still act on it, else None. `ask` says what will
    happen; `act` does it and answers with the path to go to.
    """

    name: str
    kinds: tuple[str, ...]
    life: dt.timedelta
    find: Callable[[Message, Any, dt.datetime], Any]
    ask: Callable[[Any, Any, dt.datetime], Question]
    act: Callable[[Any, Any, dt.datetime], str]


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    _purposes[purpose.name] = purpose
    return purpose


def address(purpose: Purpose, message: Message) -> str:
    """The absolute link for a letter of this message."""
    return link(reverse("go", args=[token(purpose, message)]))


def token(purpose: Purpose, message: Message) -> str:
    key = urlsafe_b64encode(message.pk.bytes).decode().rstrip("=")
    return f"{purpose.name}.{_signer(purpose.name).sign(key)}"


def _signer(purpose: str) -> Signer:
    """Of its own for each purpose; old tokens open while their key is among SECRET_KEY_FALLBACKS."""
    return Signer(sep=".", salt=f"mats.post.links.{purpose}")


def opened(token: str, person: Any, at: dt.datetime) -> tuple[Purpose, Any] | None:
    """What a token is for and about, for the person whom its message was to; None for anybody else,
    and for one that is altered, has expired, or leads to something that is gone."""
    found = TOKEN.fullmatch(token)
    purpose = _purposes.get(found["purpose"]) if found else None
    if found is None or purpose is None or not person.is_active:
        return None
    try:
        key = uuid.UUID(bytes=urlsafe_b64decode(_signer(purpose.name).unsign(found["signed"]) + "=="))
    except (BadSignature, binascii.Error, ValueError):
        return None
    still = Message.objects.filter(pk=key, person=person.pk, kind__in=purpose.kinds, moment__gt=at - purpose.life)
    message = still.first()
    about = purpose.find(message, person, at) if message else None
    return None if about is None else (purpose, about)


def shortened(text: str) -> str:
    """A letter without its tokens, for whoever is shown a letter that is not theirs."""
    return IN_A_LETTER.sub(r"/go/\1…/", text)
