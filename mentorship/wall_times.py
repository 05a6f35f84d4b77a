"""A pairing's weekly time on other people's walls.

The meeting stays at its time in the zone it was made in; elsewhere it moves in the weeks in which
one zone has changed its clocks and the other has not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mats.clock import city, weekly_occurrences
from mentorship.models import Pairing


@dataclass(frozen=True)
class WallTime:
    """From this day on the meeting is at this time there; `day` and `time` are on that wall."""

    since: dt.date
    words: str


def wall_times(pairing: Pairing, zone: str, today: dt.date) -> list[WallTime]:
    """`Thursday 09:00 New York`, and again from each day on which it moves there; past weeks left out."""
    if pairing.weekday is None or pairing.local_time is None:
        return []
    first = max(pairing.starts_on, today)
    found: list[WallTime] = []
    for moment in weekly_occurrences(pairing.weekday, pairing.local_time, pairing.time_zone, first, pairing.ends_on):
        there = moment.at.astimezone(ZoneInfo(zone))
        words = f"{there:%A %H:%M} {city(zone)}"
        if not found or found[-1].words != words:
            found.append(WallTime(there.date(), words))
    return found
