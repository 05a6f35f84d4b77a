"""Days away."""

from __future__ import annotations

import pytest

from cohorts.actions.leave import add_leave, change_leave, remove_leave
from cohorts.models import Leave
from tests.cohorts.staff import by_staff, day, refused_at


def away(cast, who: str = "scholar", first=(3, 1), last=(3, 7)) -> dict:
    return {**by_staff(cast), "membership": cast.place[who], "starts_on": day(*first), "ends_on": day(*last)}


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_anybody_can_be_away(cast, who):
    assert add_leave(**away(cast, who)).membership == cast.place[who]


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [("ends_on", (3, 7), (3, 1)), ("starts_on", (5, 1), (5, 7)), ("starts_on", (3, 7), (3, 9))],
)
def test_impossible_leave_is_refused_at_its_field(cast, field, first, last):
    add_leave(**away(cast))
    refused_at(field, add_leave, **away(cast, first=first, last=last))


def test_leave_can_be_moved_onto_its_own_days(cast):
    leave = add_leave(**away(cast))
    moved = change_leave(leave=leave, version=1, starts_on=day(3, 2), ends_on=day(3, 9), **by_staff(cast))
    assert (moved.starts_on, moved.ends_on) == (day(3, 2), day(3, 9))


def test_removed_leave_is_archived_after_launch(cast):
    leave = add_leave(**away(cast))
    remove_leave(leave=leave, version=1, **by_staff(cast))
    assert Leave.objects.get(pk=leave.pk).archived_at is not None
    assert add_leave(**away(cast)).pk != leave.pk


def test_meeting_on_a_day_away_is_freed(cast):
    cast.pairing.weekday, cast.pairing.local_time, cast.pairing.time_zone = 3, "14:00", "Europe/London"
    cast.pairing.save()
    add_leave(**away(cast, first=(2, 11), last=(2, 11)))
    cast.meeting.refresh_from_db()
    assert not cast.meeting.is_live
