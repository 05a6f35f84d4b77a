"""The window of a round: who is told that they may apply, and what a check says of it."""

from __future__ import annotations

import datetime as dt

import pytest

from mats.post.models import Message
from mentorship.reminders.window import queue
from mentorship.window import window
from tests.cast import WEEK_SIX, Cast
from tests.mentorship.cases import DAY, HOUR, a_case, a_term, an_open_round
from tests.mentorship.midpoint import letters, sent_all

CLOSES_AT = dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
SCHOLARS = ["Otto Scholar", "Sana Scholar"]


@pytest.fixture
def term(cast: Cast) -> None:
    a_term(cast.cohort)
    an_open_round(cast.cohort)


def told(kind: str) -> list[str]:
    return sorted(message.person.name for message in letters(kind))


@pytest.mark.usefixtures("term")
def test_everybody_who_may_apply_is_told_once_that_they_can(cast):
    assert (queue(WEEK_SIX, kind="applications_open"), queue(WEEK_SIX + HOUR, kind="applications_open")) == (2, 0)
    assert told("applications_open") == SCHOLARS


@pytest.mark.usefixtures("term")
def test_a_schedule_that_slept_three_days_over_the_end_says_nothing_of_it(cast):
    found = [queue(CLOSES_AT + 3 * DAY, kind=kind) for kind in ("applications_open", "applications_close")]

    assert found == [0, 0]


@pytest.mark.usefixtures("term")
def test_the_end_of_the_window_is_announced_to_those_who_have_not_applied(cast):
    a_case(cast)
    soon = CLOSES_AT - 3 * DAY + HOUR

    assert (queue(soon, kind="applications_close"), queue(soon, kind="applications_close")) == (1, 0)
    assert told("applications_close") == ["Otto Scholar"]


@pytest.mark.usefixtures("term")
def test_nobody_is_told_who_applied_meanwhile(cast):
    queue(WEEK_SIX, kind="applications_open")
    a_case(cast)

    sent_all(WEEK_SIX + HOUR)

    dropped = Message.objects.filter(kind="applications_open", dropped_at__isnull=False)
    assert [message.person.name for message in dropped] == ["Sana Scholar"]


def test_without_a_longer_term_nobody_may_apply(cast):
    an_open_round(cast.cohort)

    assert queue(WEEK_SIX, kind="applications_open") == 0


@pytest.mark.usefixtures("term")
def test_check_says_who_may_apply_and_afterwards_who_did_not(cast):
    a_case(cast, "committee")

    now, later = window(cast.cohort, WEEK_SIX), window(cast.cohort, CLOSES_AT + DAY)

    assert (now.may_apply, now.did_not, now.cases) == (["Otto Scholar"], [], {"with the committee": 1})
    assert (later.may_apply, later.did_not) == ([], ["Otto Scholar"])
