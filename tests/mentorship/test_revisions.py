"""What was changed in a log, version by version, word by word."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from django.urls import reverse

from mentorship.actions.log import submit_log
from mentorship.models import WeeklyLog
from mentorship.revisions import VERSIONS, _Comparison, read_revisions
from tests.cast import WEEK_SIX
from tests.mentorship.counting import questions

HOUR = dt.timedelta(hours=1)
SPOKEN = re.compile(r'<span class="visually-hidden">[^<]*</span>')


def sent(cast, turn: int, **texts) -> WeeklyLog:
    return submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX + turn * HOUR, version=turn + 1, **texts)


def compared(before: str, after: str) -> str:
    return SPOKEN.sub("", _Comparison().words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("One two three", "One two three", "One two three"),
        ("One two three", "One 2 three", "One <del>two </del><ins>2 </ins>three"),
        ("One", "One two", "One <ins>two</ins>"),
        ("", "New", "<ins>New</ins>"),
        ("Old", "", "<del>Old</del>"),
        ("a <b> c", "a <i> c", "a <del>&lt;b&gt; </del><ins>&lt;i&gt; </ins>c"),
        ("a b c d", "b x d", "<del>a </del>b <del>c </del><ins>x </ins>d"),
    ],
)
def test_words_are_compared_in_their_order(before, after, shown):
    assert compared(before, after) == shown


def test_screen_reader_hears_what_was_added_and_taken_out():
    words = re.sub("<[^>]+>", "", _Comparison().words("One two three", "One 2 three"))
    assert words == "One [taken out: two ] [added: 2 ] three"


def test_text_written_anew_is_shown_whole_and_soon():
    before = " ".join(f"a{number % 97}" for number in range(4000))
    after = " ".join(f"b{number % 89}" for number in range(4000))
    begun = time.perf_counter()
    shown = compared(before, after)
    assert (shown.count("<del>"), shown.count("<ins>")) == (1, 1)
    assert time.perf_counter() - begun < 1


def test_every_submission_is_a_version_and_the_calendar_makes_none(cast):
    sent(cast, 0, done="Ran it")
    sent(cast, 1, done="Ran it twice", links="https://a.example")
    WeeklyLog.objects.filter(pk=cast.log.pk).update(due_at=WEEK_SIX + 9 * HOUR)
    found = read_revisions(WeeklyLog.objects.get(pk=cast.log.pk))
    assert [(one.at, one.is_first, [title for title, _ in one.parts]) for one in found] == [
        (WEEK_SIX + HOUR, False, ["What I did and learned", "Links"]),
        (WEEK_SIX, True, ["What I did and learned"]),
    ]


def test_many_versions_end_with_the_oldest_shown_whole(cast):
    for turn in range(VERSIONS + 2):
        sent(cast, turn, done=f"Version {turn}")
    found = read_revisions(WeeklyLog.objects.get(pk=cast.log.pk))
    assert (len(found), found[-1].is_oldest, found[-1].is_first) == (VERSIONS, True, False)
    assert found[-1].parts == [("What I did and learned", "Version 2")]


def test_mentor_reads_what_was_changed(cast, client):
    sent(cast, 0, done="Ran it once")
    sent(cast, 1, done="Ran it twice", is_away=True)
    client.force_login(cast.mentor)
    page = SPOKEN.sub("", client.get(reverse("log_changes", args=[cast.log.pk])).content.decode())
    assert "Ran it <del>once</del><ins>twice</ins>" in page
    assert "<del>no</del><ins>yes</ins>" in page


def test_draft_is_no_version(cast, client):
    client.force_login(cast.scholar)
    client.post(reverse("draft"), {"_form": "weekly-log", "_about": str(cast.log.pk), "done": "cardamom"})
    page = client.get(reverse("log_changes", args=[cast.log.pk])).content
    assert b"Nothing was sent yet" in page
    assert b"cardamom" not in page


def test_number_of_versions_asks_nothing_more(cast, client):
    client.force_login(cast.scholar)
    address = reverse("log_changes", args=[cast.log.pk])
    sent(cast, 0, done="Version 0")
    one = questions(client, address)
    for turn in range(1, 6):
        sent(cast, turn, done=f"Version {turn}")
    assert questions(client, address) == one <= 6
