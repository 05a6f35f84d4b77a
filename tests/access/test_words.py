"""The access table in words: nothing of it goes unsaid."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.access.table import TABLE
from cohorts.access.words import ACTS, ACTS_ON, RELATIONS, THINGS, in_words
from cohorts.whence import page_of, whence, words_for
from tests.access.visitors import named_patterns
from tests.cast import Cast


def test_every_thing_act_and_relation_of_the_table_has_words():
    pairs = {(row.thing, act) for row in TABLE for act in row.acts}
    assert {row.thing for row in TABLE} == set(THINGS)
    assert {row.relation for row in TABLE} - set(RELATIONS) == set()
    assert {pair for pair in pairs if pair not in ACTS_ON and pair[1] not in ACTS} == set()
    assert set(ACTS_ON) - pairs == set()


def test_every_row_of_the_table_is_said():
    said = {(entry.key, line.who, line.denies) for entry in in_words() for line in entry.lines}
    assert said == {(row.thing, row.who, row.denies) for row in TABLE}


def test_whole_table_is_read_by_everybody_who_is_signed_in(client, cast: Cast):
    client.force_login(cast.stranger)
    page = client.get(reverse("who_sees_what")).content.decode()
    assert page.count("<h2 id=") == len(THINGS)
    assert "<strong>Never</strong>: read, write" in page


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({"page": "/meetings/4f7f2c1a-0000-4000-8000-00000000abcd/notes/"}, "from the meeting’s page"),
        ({"page": "/c/winter-2027/launch/"}, "from the cohort’s page"),
        ({"page": "/"}, "from Home"),
        ({"page": "/coaching/4f7f2c1a-0000-4000-8000-00000000abcd/"}, ""),
        ({"page": "/nothing/here/"}, ""),
        ({"page": "demo"}, ""),
        ({"command": "invite_staff"}, "by the command invite_staff"),
        ({"task": "plan_ahead"}, ""),
        ({}, ""),
    ],
)
def test_page_is_told_in_words(context, words):
    assert whence(context) == words


def test_no_page_of_coaching_is_told(cast: Cast):
    names = ("coaching", "my_coaching")
    assert [page_of(reverse(name)) for name in names] == ["", ""]
    assert page_of(reverse("coached", args=[cast.place["scholar"].pk])) == ""


READ_ALONE = {
    "evidence", "funnel", "gallery", "healthz", "history", "my_chances", "my_history", "readyz", "standing", "timeline",
    "who_sees_here", "who_sees_what",
}  # fmt: skip


def test_every_page_on_which_something_is_done_has_words():
    ours = (pattern for pattern in named_patterns() if not pattern.callback.__module__.startswith("coaching."))
    assert {pattern.name for pattern in ours if not words_for(pattern.name)} == READ_ALONE
