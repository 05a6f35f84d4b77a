"""The gallery, the frame round it, the marks and the template words."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cohorts.models import Person, Role
from mats.pages import marks
from tests.cast import a_cohort, a_place

THURSDAY = dt.datetime(2027, 2, 11, 14, 0, tzinfo=dt.UTC)


def drawn(source: str, **context) -> str:
    return Template(source).render(Context(context))


def ways_of(client, address: str = "/gallery/") -> list[str]:
    navigation = re.search(r'<nav aria-label="Main">(.*?)</nav>', client.get(address).content.decode(), re.DOTALL)
    return re.findall(r">([^<]+)</a>", navigation.group(1))


def test_gallery_opens_for_a_person_without_a_place(client, cast):
    client.force_login(cast.stranger)

    assert client.get("/gallery/").status_code == 200


def test_gallery_asks_for_sign_in(client, db):
    response = client.get("/gallery/")

    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/gallery/")


def test_frame_asks_for_session_person_and_places(client, cast):
    client.force_login(cast.staff)

    with CaptureQueriesContext(connection) as asked:
        client.get("/gallery/")

    tables = [re.findall(r'FROM "(\w+)"', query["sql"]) for query in asked]
    assert [found[-1] for found in tables if found] == ["django_session", "cohorts_person", "cohorts_membership"]


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("staff", ["Home", "Cohort health", "Milestones", "Extension", "People", "Pairings", "Messages"]),
        ("scholar", ["Home", "My coaching", "Milestones", "Extension", "People"]),
        ("mentor", ["Home", "Milestones", "Extension", "People"]),
        ("coach", ["Home", "Your scholars", "Milestones", "Extension", "People"]),
        ("stranger", ["Home"]),
    ],
)
def test_ways_to_go_are_those_of_the_role(client, cast, who, ways):
    client.force_login(getattr(cast, who))

    assert ways_of(client) == ways


def test_other_cohort_is_offered(client, cast):
    spring = a_cohort("Spring 2028", "spring-2028")
    a_place(cast.mentor, spring, Role.SCHOLAR)
    client.force_login(cast.mentor)

    page = client.get("/gallery/").content.decode()

    assert '<a href="/c/spring-2028/">Spring 2028</a>' in page


def test_every_mark_has_words():
    every = "".join(marks.mark(kind, state) for kind in marks.KINDS for state in marks.KINDS[kind])
    found = re.findall(r'aria-hidden="true">[^<]</span><span class="visually-hidden">([^<]+)<', every)

    assert len(found) == sum(map(len, marks.KINDS.values()))
    assert {"weekly log on time", "weekly log late", "meeting did not meet", "1-1 took place"} <= set(found)


def test_marks_in_a_row_say_their_weeks():
    row = re.sub(r"<[^>]+>", "", marks.marks([(1, "met"), (2, "did_not_meet"), (3, "due")]))

    assert row == "week 1 ●met; week 2 ✕did not meet; week 3 ·not due yet; "


def test_unknown_state_is_a_mistake_and_not_a_blank():
    with pytest.raises(KeyError):
        marks.mark("log", "lost")


def request_of(zone: str):
    request = RequestFactory().get("/")
    request.user = Person(name="Reader", time_zone=zone)
    return request


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("{% when at %}", "America/Los_Angeles", "Thu 11 Feb 06:00"),
        ("{% when at date=False %}", "Europe/London", "Thu 14:00"),
        ("{% when at other='Asia/Tokyo' %}", "Europe/London", "Thu 11 Feb 14:00 · 23:00 Tokyo"),
        ("{% from_to at until %}", "Europe/London", "Thu 11 Feb 14:00–14:30"),
        ("{{ at|when:request.user }}", "Europe/London", "Thu 11 Feb 14:00"),
    ],
)
def test_moment_is_shown_in_the_readers_zone(text, zone, shown):
    page = drawn(text, at=THURSDAY, until=THURSDAY + dt.timedelta(minutes=30), request=request_of(zone))

    assert page == f'<time datetime="2027-02-11T14:00:00+00:00">{shown}</time>'


def test_readers_line_comes_from_the_table():
    assert "Who can read this: <b>you (working notes)</b>" in drawn('{% readers "note" "author" %}')


def test_written_text_is_cleaned():
    assert drawn("{{ text|markdown }}", text="*so* <script>alert(1)</script>") == (
        '<div class="written" dir="auto"><p><em>so</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n</div>'
    )


@pytest.mark.parametrize(("words", "joined"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_words_are_joined_as_people_say_them(words, joined):
    assert drawn("{{ words|join_words }}", words=list(words)) == joined
