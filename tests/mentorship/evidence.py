"""A scholar's rows and figures in short, and what happened in a week, for tests of the evidence."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from cohorts.models import Leave
from mentorship.evidence import Count, Row, count, counts_of, rows_of
from mentorship.evidence.leave import Leaves
from mentorship.evidence.words import figure, said
from mentorship.models import Absence, Action, Meeting, PairingWeek
from mentorship.standard import UNWRITTEN
from tests.cast import LONDON, LONG_AGO, WEEK_SIX, Cast, a_meeting, week_start

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def rows(cast: Cast, line: str, who: str = "scholar", at: dt.datetime = WEEK_SIX) -> list[Row]:
    return [row for row in rows_of(cast.place["scholar"], getattr(cast, who), at) if row.line == line]


def how(cast: Cast, line: str, who: str = "scholar", at: dt.datetime = WEEK_SIX) -> list[tuple]:
    """Number, whether it counts and is kept, and why, of each row."""
    return [(row.number, row.counts, row.kept, row.why) for row in rows(cast, line, who, at)]


def figures(cast: Cast, line: str, who: str = "scholar", at: dt.datetime = WEEK_SIX) -> Count:
    """Of the scholar's page; staff's table says the same."""
    found = count(rows(cast, line, who, at))
    told = counts_of(cast.cohort, getattr(cast, who), at).get((cast.place["scholar"].pk, line), Count())
    assert told == found
    return found


def in_words(cast: Cast, line: str, **more) -> str:
    return str(figure(line, figures(cast, line, **more), UNWRITTEN))


def away(cast: Cast, number: int, who: str = "scholar", **fields) -> Leave:
    first = week_start(number)
    fields = {"starts_on": first, "ends_on": first + 6 * DAY, "created_at": LONG_AGO, **fields}
    return Leave.objects.create(membership=cast.place[who], **fields)


def thursday(number: int) -> dt.datetime:
    return dt.datetime.combine(week_start(number) + 3 * DAY, dt.time(14), tzinfo=dt.UTC)


def met(cast: Cast, number: int, outcome: str = "met", pairing=None, **fields) -> Meeting:
    facts = {"outcome": outcome, "outcome_at": thursday(number) + HOUR} if outcome else {}
    return a_meeting(pairing or cast.pairing, number, thursday(number), **{**facts, **fields})


def nothing_planned(cast: Cast, number: int) -> PairingWeek:
    closes = dt.datetime.combine(week_start(number + 1), dt.time(0), tzinfo=ZoneInfo(LONDON))
    facts = {"week_starts_on": week_start(number), "number": number, "closes_at": closes, "created_at": LONG_AGO}
    return PairingWeek.objects.create(pairing=cast.pairing, **facts)


def missing(cast: Cast, meeting: Meeting, **said_by: str) -> None:
    for who, missing_one in said_by.items():
        Absence.objects.create(meeting=meeting, said_by=getattr(cast, who), who=missing_one, created_at=WEEK_SIX)


def standing_of(cast: Cast, line: str) -> list[str]:
    """The rows of a line in the words of the page."""
    leaves = Leaves(cast.place["scholar"])
    return [said(row, cast.cohort, leaves.noted_afterwards(row)).words for row in rows(cast, line)]


def told_of_week_four(cast: Cast, line: str) -> str:
    """A correction lays out every week; only one of them is looked at."""
    [words] = [words for row, words in zip(rows(cast, line), standing_of(cast, line), strict=True) if row.number == 4]
    return words


def action(cast: Cast, owner: str = "scholar", **fields) -> Action:
    facts = {"what": "Plot", "added_by": cast.scholar, "created_at": LONG_AGO, **fields}
    return Action.objects.create(pairing=cast.pairing, owner=cast.place[owner], **facts)
