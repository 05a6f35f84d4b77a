"""Who opened what is confidential stands where its person reads it, and nowhere else; who was refused is noted."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection

from coaching.models import Opening, Refusal
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, a_log
from tests.coaching.conftest import a_line
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
WORDS = "Cleo Coach: what you wrote for your coach only"


def openings(person) -> list[tuple]:
    with acting(person, WEEK_SIX):
        return list(Opening.objects.order_by("opened_at").values_list("reader__name", "about__person__name", "day"))


def test_coach_who_opens_a_line_stands_on_the_scholars_pages_once_a_day(cast):
    a_line(cast)
    coach, scholar = client_of(cast.coach), client_of(cast.scholar)
    assert WORDS not in scholar.get("/my-coaching/").content.decode()
    for _ in range(2):
        coach.get(f"/coaching/scholars/{cast.place['scholar'].pk}/")
    expected = [("Cleo Coach", "Sana Scholar", WEEK_SIX.date())]
    assert (openings(cast.scholar), openings(cast.coach)) == (expected, expected)
    with time_machine.travel(WEEK_SIX + dt.timedelta(days=1)):
        coach.get(f"/coaching/scholars/{cast.place['scholar'].pk}/")
    assert len(openings(cast.scholar)) == 2
    for address in ("/my-coaching/", "/me/data/"):
        assert scholar.get(address).content.decode().count(WORDS) == 2
    assert [openings(who) for who in (cast.mentor, cast.staff, cast.other_coach, cast.other_scholar)] == [[]] * 4


def test_author_opens_their_own_text_without_a_trace(cast):
    a_line(cast)
    client_of(cast.scholar).get("/my-coaching/")
    assert openings(cast.scholar) == []


def test_many_lines_are_one_question_more(cast):
    address = f"/coaching/scholars/{cast.place['scholar'].pk}/"
    coach = client_of(cast.coach)
    a_line(cast)
    coach.get(address)
    one = questions(coach, address)
    for number in (3, 4, 5):
        a_line(cast, log=a_log(cast.place["scholar"], number))
    assert (questions(coach, address), one <= 12) == (one, True)


def test_text_is_not_in_an_opening(cast):
    a_line(cast)
    client_of(cast.coach).get(f"/coaching/scholars/{cast.place['scholar'].pk}/")
    with acting(cast.scholar, WEEK_SIX), connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM coaching_opening o")
        [(row,)] = cursor.fetchall()
    assert "cinnamon" not in row


@pytest.mark.django_db(databases=["default", "outside"], transaction=True)
def test_refusals_outlive_the_request_and_nonsense_is_noted_as_well(cast):
    mentor, there = client_of(cast.mentor), f"/coaching/scholars/{cast.place['scholar'].pk}/"
    for address in (there, there, f"/coaching/notes/{uuid.uuid4()}/", "/nonsense/"):
        assert mentor.get(address).status_code == 404
    assert client_of(cast.coach).get(there).status_code == 200
    assert Refusal.objects.count() == 0  # without an identity there are no rows
    with as_owner(purpose="dump"):
        found = set(Refusal.objects.values_list("person__name", "status"))
        assert (found, Refusal.objects.filter(path=there).count(), Refusal.objects.count()) == (
            {("Mira Mentor", 404)}, 1, 2,
        )  # fmt: skip
