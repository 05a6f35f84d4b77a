"""Entries and 1-1s about the scholar of the cast."""

from __future__ import annotations

import datetime as dt

import pytest

from coaching.actions.note import write_note
from coaching.actions.one_on_one import record_one_on_one
from coaching.models import Note, OneOnOne
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX

TODAY = WEEK_SIX.date()


def a_note(cast, body: str = "cinnamon-lighthouse", audience: str = Note.Audience.WORKING, **fields) -> Note:
    """An entry of the coach about the scholar, through the real action."""
    with acting(cast.coach, WEEK_SIX):
        return write_note(
            about=cast.place["scholar"], by=cast.coach, at=WEEK_SIX, audience=audience, body=body,
            **{"dated": TODAY, **fields},
        )  # fmt: skip


def a_one_on_one(cast, day: dt.date = TODAY) -> OneOnOne:
    with acting(cast.coach, WEEK_SIX):
        return record_one_on_one(about=cast.place["scholar"], by=cast.coach, at=WEEK_SIX, took_place_on=day)


@pytest.fixture
def working(cast) -> Note:
    return a_note(cast, "cinnamon-lighthouse")


@pytest.fixture
def shared(cast) -> Note:
    return a_note(cast, "saffron-harbour", Note.Audience.WITH_SCHOLAR)
