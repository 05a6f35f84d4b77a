"""What each kind of visitor sees of a place: from the access table, and true."""

from __future__ import annotations

import pytest
from django.urls import reverse

from coaching.models import Note
from cohorts.access import acts_of, may
from cohorts.access.table import TABLE
from cohorts.models import Duty, Role
from mats.identity.transaction import acting
from mats.pages.who_sees.visitors import OF_ANYBODY, OF_ROLE, VISITORS, seen, visitors_of
from tests.access.test_matrix import normalised
from tests.access.things import build_things
from tests.cast import LONG_AGO, WEEK_SIX, a_person, a_place
from tests.coaching.conftest import a_line, a_note, a_one_on_one
from tests.mentorship.counting import questions

# Who of the cast is which kind of visitor of the scholar.
WHO = {
    "self": "scholar",
    "mentor": "mentor",
    "other_mentor": "other_mentor",
    "coach": "coach",
    "other_scholar": "other_scholar",
    "staff": "staff",
    "stranger": "stranger",
}


def page(client, cast, visitor: str, place: str = "scholar") -> str:
    client.force_login(cast.staff)
    answer = client.get(reverse("who_sees_here", args=[cast.place[place].pk]), {"as": visitor})
    return normalised(answer.content).decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("visitor", WHO)
def test_what_the_page_says_is_so(cast, visitor):
    """Of everything that stands there unconditionally: what is given, open and shared."""
    things, person = build_things(cast), getattr(cast, WHO[visitor])
    chosen = next(one for one in VISITORS if one.key == visitor and Role.SCHOLAR in one.of)
    rows = {
        "membership": cast.place["scholar"], "pairing": cast.pairing, "caseload": cast.caseload, "log": cast.log,
        "meeting": cast.meeting, "action": things.action, "coached": cast.place["scholar"], "note": things.shared,
        "one_on_one": things.one_on_one, "one_on_ones": cast.place["scholar"], "submission": things.submission,
        "evidence": cast.place["scholar"], "support_plan": things.support,
    }  # fmt: skip
    with acting(person, WEEK_SIX):
        for thing, row in rows.items():
            acts = {act for one in TABLE if one.thing == thing for act in one.acts}
            told = acts_of(thing, chosen.stands(thing))
            assert (thing, {act for act in acts if may(person, act, thing, row, WEEK_SIX)}) == (thing, told)


def test_mentor_never_sees_coaching_whatever_else_they_are():
    for key in ("mentor", "staff_mentor", "stand_in"):
        visitor = next(one for one in VISITORS if one.key == key)
        for thing in ("coached", "note", "one_on_one", "one_on_ones", "for_my_coach", "opening"):
            told = seen(visitor, thing)
            assert (key, thing, told.acts, "read" in told.never) == (key, thing, [], True)


def test_every_relation_of_a_visitor_is_one_of_the_table():
    known = {(row.relation, row.thing) for row in TABLE}
    relations = {relation for relation, _ in known}
    for visitor in VISITORS:
        assert visitor.relations <= relations, visitor.key
        assert {(one, thing) for thing, some in visitor.on.items() for one in some} <= known, visitor.key
    things = {thing for _, thing in known}
    assert {thing for some in OF_ROLE.values() for thing in some} | set(OF_ANYBODY) <= things


@pytest.mark.parametrize("role", Role.values)
def test_kinds_of_visitor_have_one_key_each(role):
    keys = [one.key for one in visitors_of(role)]
    assert len(keys) == len(set(keys))


def test_people_are_named_who_stand_so_now(client, cast):
    a_place(cast.mentor, cast.cohort, Role.STAFF)
    helper = a_place(a_person("Hanna Helper"), cast.cohort, Role.MENTOR)
    Duty.objects.create(
        cohort=cast.cohort, membership=helper, kind=Duty.Kind.STAND_IN, for_membership=cast.place["mentor"],
        starts_on=WEEK_SIX.date(), created_at=LONG_AGO,
    )  # fmt: skip
    named = {
        "mentor": "Now: Mira Mentor.",
        "other_mentor": "Now: Bo Both, Hanna Helper, Omar Mentor.",
        "stand_in": "Now: Hanna Helper.",
        "coach": "Now: Cleo Coach.",
        "other_coach": "Now: Bo Both, Odd Coach.",
        "other_scholar": "Now: Otto Scholar.",
        "staff_mentor": "Now: Mira Mentor.",
        "alum": "Nobody stands so now.",
    }
    assert {key: words in page(client, cast, key) for key, words in named.items()} == dict.fromkeys(named, True)


def test_page_of_any_place_opens_for_any_wish(client, cast):
    for place in ("scholar", "mentor", "coach", "staff"):
        for wish in ("nonsense", "\x00", *(one.key for one in visitors_of(cast.place[place].role))):
            assert "<h2>" in page(client, cast, wish, place)


def test_page_is_the_same_whatever_coaching_holds(client, cast):
    keys = [one.key for one in visitors_of(Role.SCHOLAR)]
    before = [page(client, cast, key) for key in keys]
    a_note(cast, audience=Note.Audience.WITH_SCHOLAR)
    a_one_on_one(cast)
    a_line(cast)
    assert [page(client, cast, key) for key in keys] == before


def test_number_of_questions_is_constant(client, cast):
    client.force_login(cast.staff)
    url = reverse("who_sees_here", args=[cast.place["scholar"].pk])
    few = questions(client, url)
    for number in range(30):
        a_place(a_person(f"Mentor {number}"), cast.cohort, Role.MENTOR)
    assert (questions(client, url), few <= 12) == (few, True)
