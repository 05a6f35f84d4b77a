"""Every kind of visitor, and one of every thing that an address can name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coaching.models import Note, OneOnOne
from cohorts.models import Person
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, Cast

VISITORS = {
    "out": None,
    "stranger": "stranger",
    "scholar": "scholar",
    "other_s": "other_scholar",
    "mentor": "mentor",
    "other_m": "other_mentor",
    "coach": "coach",
    "other_c": "other_coach",
    "staff": "staff",
    "elsewhere": "staff_elsewhere",
    "both": "mentor_and_coach",
    "disabled": "disabled",
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(person: Person | None, address: str = "127.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    return client


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the product, however deep it is included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern)
        else:
            yield pattern


def a_note(cast: Cast, author: str, about: str, audience: str, text: str = "A quiet week.") -> Note:
    """A note as it was written, through the database's wall."""
    writer = cast.place[author]
    note = Note(author=writer, about=cast.place[about], audience=audience, dated=WEEK_SIX.date(), created_at=WEEK_SIX)
    note.body = text
    with acting(writer.person, WEEK_SIX):
        note.save()
    return note


def a_one_on_one(cast: Cast, coach: str, about: str) -> OneOnOne:
    place = cast.place[coach]
    with acting(place.person, WEEK_SIX):
        return OneOnOne.objects.create(
            coach=place, about=cast.place[about], took_place_on=WEEK_SIX.date(), created_at=WEEK_SIX
        )


def a_planned_one_on_one(cast: Cast, coach: str, about: str) -> OneOnOne:
    place, begins = cast.place[coach], WEEK_SIX - dt.timedelta(minutes=15)
    with acting(place.person, WEEK_SIX):
        return OneOnOne.objects.create(
            coach=place,
            about=cast.place[about],
            planned=(begins, begins + dt.timedelta(minutes=45)),
            created_at=WEEK_SIX,
        )
