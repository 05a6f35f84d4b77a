"""Ending sessions: at once, wherever they are open."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from cohorts.models import Person


@transaction.atomic
def end_sessions(*, by: Person, at: dt.datetime, here: str, session: int | None = None) -> None:
    """End one session of a person's own, or all of them but the one with the key `here`."""
    ending = UserSession.objects.filter(user=by).exclude(session_key=here)
    if session is not None:
        ending = ending.filter(pk=session)
    keys = list(ending.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ending.filter(session_key__in=keys).delete()
