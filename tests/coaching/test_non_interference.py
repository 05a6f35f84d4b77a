"""Whoever may not read coaching gets the same bytes in a world with it and in one without."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from coaching.models import Note, OneOnOne
from cohorts.models import Person
from mats.identity.transaction import acting
from mats.pages.own_data.content import build
from tests.access.visitors import add_visitors
from tests.attack.pages import send
from tests.cast import WEEK_SIX, build_cast
from tests.coaching.conftest import FRIDAY, a_line, a_note, a_one_on_one, a_plan
from tests.coaching.pages_to_walk import addresses

CANARY = "cinnamon-lighthouse"
HOUR = dt.timedelta(hours=1)

# What may be there for somebody: 1-1s as bare facts for staff and the scholar; for the scholar shared entries,
# planned 1-1s, and what they wrote for their coach only. For whoever mentors or mentored nothing, staff or not.
NOT_THE_FACTS = ("working", "shared", "draft", "plan", "moved", "missed", "line")
HIDDEN_FROM = {
    "scholar": ("working", "draft"),
    **dict.fromkeys(["staff", "committee"], NOT_THE_FACTS),
    **dict.fromkeys(
        ["mentor", "other_mentor", "other_scholar", "other_coach", "mentor_and_coach", "staff_elsewhere", "stranger"],
        (*NOT_THE_FACTS, "1-1"),
    ),
    # Who were something before stand in `tests/attack/test_wall.py`.
    **dict.fromkeys(
        ["stand_in", "delegate", "former_mentor", "outside_member", "ended", "alum", "superuser"],
        (*NOT_THE_FACTS, "1-1"),
    ),
}

ONCE_ONLY = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"|nonce="[^"]+"|name="_key" value="[0-9a-f-]{36}"'
)


@pytest.fixture
def cast(db):
    with time_machine.travel(WEEK_SIX, tick=False):
        yield build_cast()


def read(client: Client, address: str) -> tuple[int, str, bytes]:
    answer = send(client, address, method="GET")
    return answer.status_code, answer.get("Location", ""), ONCE_ONLY.sub(b"", b"".join(answer))


def bytes_of(client: Client, cast, query: str = "") -> dict[str, tuple[int, str, bytes]]:
    """Every page there is, and the copy of their data that whoever is signed in can have."""
    pages = {}
    person = Person.objects.get(pk=client.session["_auth_user_id"])
    for address in addresses(cast, of_accounts=person == cast.mentor):
        pages[address] = read(client, address + query)
    with acting(person, WEEK_SIX):
        pages["export"] = (200, "", build(person, WEEK_SIX))
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
    if not hasattr(cast, who):
        add_visitors(cast)
    client = signed_in(getattr(cast, who))
    before = bytes_of(client, cast)
    for thing in HIDDEN_FROM[who]:
        MAKE[thing](cast)
    after = bytes_of(client, cast)
    assert [address for address in before if before[address] != after[address]] == []
    assert [address for address, (_, _, page) in after.items() if CANARY.encode() in page] == []


@pytest.mark.parametrize("thing", MAKE)
def test_the_walk_would_notice(cast, thing):
    """The coach's own pages, which stand among those that are walked, do change: the test above compares something."""
    place = cast.place["scholar"].pk
    theirs = [reverse("home"), reverse("coaching"), reverse("coached", args=[place])]
    assert set(theirs) < set(addresses(cast))
    client = signed_in(cast.coach)
    before = [read(client, address) for address in theirs]
    MAKE[thing](cast)
    after = [read(client, address) for address in theirs]
    assert before != after
    tells = thing in {"working", "shared", "draft", "line"}
    assert any(CANARY.encode() in page for _, _, page in after) == tells
