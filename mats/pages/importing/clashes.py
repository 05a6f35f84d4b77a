"""Weekly meetings that would put one person in two places at once.

A meeting keeps to the wall clock of the zone it was made in, so two of them may be apart for most
of a season and meet in the weeks between two zones' clock changes. Those weeks are named.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterator

from mats.clock import Clash, Slot, clash, format_day, local_date, week_of
from mats.pages.importing.standing import Bond, Frame, Standing
from mentorship.models.meeting import MEETING_CAP

MINUTES = int(MEETING_CAP.total_seconds() // 60)
WEEKS_NAMED = 6


def slot(bond: Bond) -> Slot:
    """The weekly time of a pairing that has one."""
    assert bond.weekday is not None
    assert bond.local_time is not None
    return Slot(bond.weekday, bond.local_time, bond.time_zone, bond.starts_on, bond.ends_on, MINUTES)


def clashes(standing: Standing, here: list[Bond]) -> Iterator[tuple[Bond, str]]:
    """Each row of a file whose time is taken, with the reason; once per row and person."""
    elsewhere, frame = standing.pairings_elsewhere, standing.frame
    outside = set(map(id, elsewhere))
    settled = {bond.pk: bond for bond in standing.pairings}
    # A row that the cohort holds just so is not to blame: a team shares its time by intent.
    here = [settled[bond.pk] if _stands(bond, settled.get(bond.pk)) else bond for bond in here]
    for person, bonds in _by_person([*elsewhere, *here]).items():
        for late, early in _first_clashes(bonds):
            found = clash(slot(late), slot(early))
            if found:
                yield late, _reason(person, late, early, found, frame, is_outside=id(early) in outside)


def _stands(bond: Bond, row: Bond | None) -> bool:
    return row is not None and row.weekday is not None and bond.weekday is not None and slot(bond) == slot(row)


def _by_person(bonds: list[Bond]) -> dict[str, list[Bond]]:
    """Each person's pairings that have a time, the database's first, then the file's by line."""
    found: dict[str, list[Bond]] = defaultdict(list)
    for bond in bonds:
        if bond.weekday is not None:
            found[bond.scholar].append(bond)
            found[bond.other].append(bond)
    return found


def _first_clashes(bonds: list[Bond]) -> list[tuple[Bond, Bond]]:
    """For each row of a file, the first that it meets in time: one sweep over all occurrences.

    Comparing every two would take a file of 20,000 rows for one person to 200 million questions.
    """
    if not any(bond.line for bond in bonds):
        return []
    moments = sorted((start, number) for number, bond in enumerate(bonds) for start in slot(bond).starts())
    running: deque[tuple[dt.datetime, int]] = deque()
    partner: dict[int, int] = {}
    for start, number in moments:
        while running and running[0][0] + MEETING_CAP <= start:
            running.popleft()
        if running and running[0][1] != number:
            late, early = _blamed(bonds, number, running[0][1])
            # Two rows about the same two people are named for that, not for their time.
            if bonds[late].line and bonds[late].key[:2] != bonds[early].key[:2]:
                partner[late] = min(early, partner.get(late, early))
        running.append((start, number))
    return [(bonds[late], bonds[early]) for late, early in sorted(partner.items())]


def _blamed(bonds: list[Bond], one: int, other: int) -> tuple[int, int]:
    """The lower row of a file first; what stands in the database is never to blame."""
    late, early = sorted((one, other), key=lambda number: bonds[number].line or 0, reverse=True)
    return late, early


def _reason(person: str, late: Bond, early: Bond, found: Clash, frame: Frame, *, is_outside: bool) -> str:
    if is_outside:
        against = "a weekly meeting in another cohort"
    else:
        where = f"line {early.line}" if early.line else "a pairing in the cohort"
        against = f"{where}, {early.scholar} with {early.other}, {early.meets_in_words}"
    reason = f"{late.meets_in_words} clashes for {person} with {against}"
    if not found.only_by_clock_change:
        return f"{reason}."
    apart = f"the clocks of {late.time_zone} and {early.time_zone} are not always the same hours apart"
    return f"{reason}, in {_weeks(found, late.time_zone, frame)} only: {apart}."


def _weeks(found: Clash, zone: str, frame: Frame) -> str:
    """`weeks 11 (Thu 18 Mar) and 12 (Thu 25 Mar)`; many of them as runs: `weeks 1 to 10 and 13 to 14`."""
    days = {_week(moment, frame): format_day(local_date(moment, zone)) for moment in found.moments}
    dated = [f"{number} ({day})" for number, day in days.items()]
    names = _runs(list(days)) if len(days) > WEEKS_NAMED else dated
    if len(days) == 1:
        return f"week {names[0]}"
    return f"weeks {' and '.join([', '.join(names[:-1]), names[-1]]) if names[1:] else names[0]}"


def _week(moment: dt.datetime, frame: Frame) -> int:
    return week_of(local_date(moment, frame.time_zone), frame.starts_on, frame.week_start).number


def _runs(numbers: list[int]) -> list[str]:
    """Numbers in a row as one: `[1, 2, 3, 5]` is `["1 to 3", "5"]`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
