"""Entries and 1-1s about the scholar of the cast."""

from __future__ import annotations

import datetime as dt

import pytest

from coaching.actions.note import write_entry
from coaching.actions.one_on_one import plan_one_on_one, record_one_on_one
from coaching.models import ForMyCoach, Note, OneOnOne
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX

TODAY = WEEK_SIX.date()
FRIDAY = dt.datetime(2027, 2, 12, 11, tzinfo=dt.UTC)


def a_note(cast, body: str = "cinnamon-lighthouse", audience: str = Note.Audience.WORKING, **fields) -> Note:
    """An entry of the coach about the scholar, through the real action."""
    with acting(cast.coach, WEEK_SIX):
        [note] = write_entry(
            about=cast.place["scholar"], by=cast.coach, at=WEEK_SIX,
            **{"dated": TODAY, str(audience): body, **fields},
        )  # fmt: skip
    return note


def a_one_on_one(cast, day: dt.date = TODAY) -> OneOnOne:
    with acting(cast.coach, WEEK_SIX):
        return record_one_on_one(about=cast.place["scholar"], by=cast.coach, at=WEEK_SIX, took_place_on=day)


def a_plan(cast, starts_at: dt.datetime = FRIDAY, minutes: int = 45) -> OneOnOne:
    """A 1-1 that is planned, by the coach of the cast."""
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    with acting(cast.coach, WEEK_SIX):
        return plan_one_on_one(
            about=cast.place["scholar"], by=cast.coach, at=WEEK_SIX, starts_at=starts_at, ends_at=ends_at
        )


def a_line(cast, body: str = "cinnamon-lighthouse", log=None, at: dt.datetime = WEEK_SIX) -> ForMyCoach:
    """What the scholar writes for their coach only."""
    line = ForMyCoach(about=cast.place["scholar"], coach=cast.place["coach"], log=log or cast.log, created_at=at)
    line.body = body
    with acting(cast.scholar, WEEK_SIX):
        line.save(force_insert=True)
    return line


@pytest.fixture
def working(cast) -> Note:
    return a_note(cast, "cinnamon-lighthouse")


@pytest.fixture
def shared(cast) -> Note:
    return a_note(cast, "saffron-harbour", Note.Audience.WITH_SCHOLAR)
