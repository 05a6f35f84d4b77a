"""The sessions of a person: when and from where they signed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from cohorts.models import Person

MOST = 50  # shown; ending the others ends all of them
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Mac OS X": "Mac"}
SYSTEMS["Linux"] = "Linux"  # after Android, which names it too


@dataclass(frozen=True)
class Line:
    """One session as its page shows it."""

    pk: int
    began: dt.datetime
    where: str
    device: str
    is_this: bool


def sessions_of(person: Person, here: str | None, at: dt.datetime) -> list[Line]:
    """The sessions that still open something, this one (whose key is `here`) first, then the newest."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=person).order_by("-created_at")[:MOST]}
    alive = {
        stored.session_key
        for stored in Session.objects.filter(session_key__in=rows, expire_date__gt=at)
        if _is_of(person, stored)
    }
    lines = [_line(row, here) for key, row in rows.items() if key in alive]
    return sorted(lines, key=lambda line: not line.is_this)


def _is_of(person: Person, stored: Session) -> bool:
    """A session from before a change of password is dead, though its row is still there."""
    content: dict[str, Any] = import_module(settings.SESSION_ENGINE).SessionStore().decode(stored.session_data)
    return constant_time_compare(content.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())


def _line(row: UserSession, here: str | None) -> Line:
    return Line(row.pk, row.created_at, row.ip, device(row.user_agent), row.session_key == here)


def device(user_agent: str) -> str:
    """`Firefox on Linux`, as far as a browser says what it is."""
    browser = next((words for sign, words in BROWSERS.items() if sign in user_agent), "A browser")
    system = next((words for sign, words in SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
