"""Whoever may not read coaching gets the same bytes in a world with it and in one without."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.test import Client

from coaching.models import Note, OneOnOne
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, build_cast
from tests.coaching.conftest import FRIDAY, a_line, a_note, a_one_on_one, a_plan
from tests.coaching.pages_to_walk import addresses

CANARY = "cinnamon-lighthouse"
HOUR = dt.timedelta(hours=1)

# What may be there for somebody: 1-1s as bare facts for staff and the scholar; for the scholar shared entries,
# planned 1-1s, and what they wrote for their coach only.
HIDDEN_FROM = {
    "staff": ("working", "shared", "draft", "plan", "moved", "missed", "line"),
    "scholar": ("working", "draft"),
    **dict.fromkeys(
        ["mentor", "other_mentor", "other_scholar", "other_coach", "mentor_and_coach", "staff_elsewhere", "stranger"],
        ("working", "shared", "draft", "1-1", "plan", "moved", "missed", "line"),
    ),
}

ONCE_ONLY = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"|nonce="[^"]+"|name="_key" value="[0-9a-f-]{36}"'
)


@pytest.fixture
def cast(db):
    with time_machine.travel(WEEK_SIX, tick=False):
        yield build_cast()


def bytes_of(client: Client, cast) -> dict[str, tuple[int, bytes]]:
    pages = {}
    for address in addresses(cast):
        answer = client.get(address)
        pages[address] = (answer.status_code, answer.get("Location", ""), ONCE_ONLY.sub(b"", b"".join(answer)))
    return pages


def a_draft(cast) -> None:
    coach = Client()
    coach.force_login(cast.coach)
    sent = {"_form": "note", "_about": str(cast.place["scholar"].pk), "_key": str(uuid.uuid4()), "working": CANARY}
    assert coach.post("/drafts/", sent, headers={"HX-Request": "true"}).status_code == 200


def moved(cast, **fields) -> None:
    """A plan of its own, changed as by the coach."""
    one = a_plan(cast, FRIDAY + dt.timedelta(days=3))
    with acting(cast.coach, WEEK_SIX):
        OneOnOne.objects.filter(pk=one.pk).update(version=2, **fields)


MAKE = {
    "working": lambda cast: a_note(cast, CANARY),
    "shared": lambda cast: a_note(cast, CANARY, Note.Audience.WITH_SCHOLAR),
    "draft": a_draft,
    "1-1": a_one_on_one,
    "plan": a_plan,
    "moved": lambda cast: moved(cast, planned=(FRIDAY + HOUR * 2, FRIDAY + HOUR * 3)),
    "missed": lambda cast: moved(cast, missed_at=WEEK_SIX),
    "line": lambda cast: a_line(cast, CANARY),
}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_pages_are_the_same_with_and_without_coaching(cast, who):
    client = signed_in(getattr(cast, who))
    before = bytes_of(client, cast)
    for thing in HIDDEN_FROM[who]:
        MAKE[thing](cast)
    after = bytes_of(client, cast)
    assert [address for address in before if before[address] != after[address]] == []
    assert [address for address, (_, _, page) in after.items() if CANARY.encode() in page] == []


@pytest.mark.parametrize("thing", MAKE)
def test_the_walk_would_notice(cast, thing):
    """The coach's own pages do change: the test above compares something."""
    client = signed_in(cast.coach)
    before = bytes_of(client, cast)
    MAKE[thing](cast)
    after = bytes_of(client, cast)
    assert any(before[address] != after[address] for address in before)
    tells = thing in {"working", "shared", "draft", "line"}
    assert any(CANARY.encode() in page for _, _, page in after.values()) == tells
