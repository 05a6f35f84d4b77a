"""The programme's rules, applied to the files and the database together, without a query.

What is judged is the cohort as it would stand afterwards: rows of the files, and those of the
database that no file row is about. Each fault is named at a row of a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from cohorts.models import Role
from cohorts.rules.days import Days, runs, share_a_day
from mats.pages.importing.clashes import clashes
from mats.pages.importing.formats import CASELOADS, KINDS, PAIRINGS, PEOPLE, BadRow
from mats.pages.importing.parsing import Batch, CaseloadRow, PairingRow, PersonRow
from mats.pages.importing.standing import Bond, Standing

A_ROLE = {Role.SCHOLAR: "a scholar", Role.MENTOR: "a mentor", Role.COACH: "a coach", Role.STAFF: "staff"}
OTHER = {PAIRINGS: "mentor", CASELOADS: "coach"}


@dataclass
class Judged:
    """The files' rows with their dates filled in and the database's rows they are about."""

    batch: Batch
    standing: Standing
    people: dict[tuple[str, str], PersonRow] = field(default_factory=dict)
    bonds: dict[str, list[Bond]] = field(default_factory=lambda: {PAIRINGS: [], CASELOADS: []})
    untouched: dict[str, list[Bond]] = field(default_factory=dict)

    @property
    def bad(self) -> list[BadRow]:
        """Every fault, by file and line."""
        order = {self.batch.names[kind]: number for number, kind in enumerate(KINDS)}
        return sorted(self.batch.bad, key=lambda row: (order[row.file], row.line))

    def days(self, email: str, role: str) -> list[Days] | None:
        """The days of somebody's place here, in runs without a gap; None if they have no such place."""
        row, place = self.people.get((email, role)), self.standing.live(email, role)
        if not row and not place:
            return None
        stays = list(place.others) if place else []
        if row:
            stays.append((row.starts_on, row.ends_on))
        elif place and place.main:
            stays.append((place.main.starts_on, place.main.ends_on))
        return runs(stays)


def judge(batch: Batch, standing: Standing) -> Judged:
    judged = Judged(batch, standing)
    _judge_people(judged)
    for kind in (PAIRINGS, CASELOADS):
        _judge_bonds(judged, kind)
    _judge_what_stays(judged)
    _judge_overlaps(judged)
    _judge_mentor_and_coach(judged)
    _judge_times(judged)
    return judged


def _judge_people(judged: Judged) -> None:
    batch, frame = judged.batch, judged.standing.frame
    named: dict[str, PersonRow] = {}
    for row in batch.people:
        if before := judged.people.get((row.email, row.role)):
            reason = f"{row.email} is {A_ROLE[Role(row.role)]} in line {before.line} already."
            batch.refuse(PEOPLE, row.line, "email", reason)
            continue
        first = named.setdefault(row.email, row)
        if first.name != row.name:
            reason = f"{row.email} is called “{first.name}” in line {first.line}; one address has one name."
            batch.refuse(PEOPLE, row.line, "name", reason)
        account = judged.standing.accounts.get(row.email)
        if account and not account.is_open and not judged.standing.live(row.email, row.role):
            batch.refuse(PEOPLE, row.line, "email", "The account with this address is disabled.")
        for column in ("starts_on", "ends_on"):
            if not frame.starts_on <= getattr(row, column) <= frame.ends_on:
                reason = f"{getattr(row, column)} is outside the main phase, {frame.starts_on} to {frame.ends_on}."
                batch.refuse(PEOPLE, row.line, column, reason)
        judged.people[row.email, row.role] = row


def _judge_bonds(judged: Judged, kind: str) -> None:
    """Fill in dates, find the row of the database each is about, and keep what could stand."""
    rows: list[PairingRow | CaseloadRow] = getattr(judged.batch, kind)
    whole = [bond for row in rows if (bond := _bond(judged, kind, row))]
    judged.bonds[kind], judged.untouched[kind] = _matched(whole, getattr(judged.standing, kind))


def _bond(judged: Judged, kind: str, row: PairingRow | CaseloadRow) -> Bond | None:
    other = row.mentor if isinstance(row, PairingRow) else row.coach
    days = _days_of(judged, kind, row, other)
    if days is None:
        return None
    if isinstance(row, CaseloadRow):
        return Bond(row.scholar, other, *days, line=row.line)
    return Bond(row.scholar, other, *days, row.is_lead, row.weekday, row.local_time, row.time_zone, line=row.line)


def _days_of(judged: Judged, kind: str, row: PairingRow | CaseloadRow, other: str) -> Days | None:
    """First and last day, blanks filled with the days on which both are here; None if the row is bad."""
    refuse, role = judged.batch.refuse, OTHER[kind]
    if row.scholar == other:
        refuse(kind, row.line, role, f"Nobody is their own {role}.")
        return None
    mine = _stay_of(judged, kind, row.line, "scholar", row.scholar)
    theirs = _stay_of(judged, kind, row.line, role, other)
    if not mine or not theirs:
        return None
    together = _together(mine, theirs)
    if not together:
        refuse(kind, row.line, role, f"{row.scholar} and {other} are not here on the same days.")
        return None
    days = row.starts_on or together[0], row.ends_on or together[1]
    for who, here in ((f"the scholar {row.scholar}", mine), (f"the {role} {other}", theirs)):
        if fault := _outside_in_words(days, who, here):
            refuse(kind, row.line, *fault)
            return None
    return days


def _together(one: list[Days], other: list[Days]) -> Days | None:
    """The first run of days on which both are here."""
    shared = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other if share_a_day(a, b))
    return next(shared, None)


def _stay_of(judged: Judged, kind: str, line: int, role: str, email: str) -> list[Days] | None:
    """The days of a scholar's, mentor's or coach's place; says who has none."""
    if days := judged.days(email, role):
        return days
    excused = judged.batch.people_unread or email in judged.batch.half_read
    if not excused:
        others = [name for key, name in A_ROLE.items() if key != role and judged.days(email, key) is not None]
        reason = f"{email} is {' and '.join(others)} here, not {A_ROLE[Role(role)]}." if others else (
            f"{email} is no {role}, neither in the people's file nor in the cohort."
        )  # fmt: skip
        judged.batch.refuse(kind, line, role, reason)
    return None


def _outside_in_words(days: Days, who: str, here: list[Days]) -> tuple[str, str] | None:
    """A pairing and a caseload lie within the stays of both: column and reason if these days do not."""
    first, last = days
    if last < first:
        return "ends_on", f"The last day, {last}, is before the first, {first}."
    column = outside(days, here)
    if not column:
        return None
    stays = " and ".join(f"{first} to {last}" for first, last in here)
    return column, f"{first if column == 'starts_on' else last} is outside the stay of {who}, {stays}."


def outside(days: Days, here: list[Days]) -> str:
    """Which of the two days lies outside every run that could hold both; empty if one holds them."""
    if any(first <= days[0] and days[1] <= last for first, last in here):
        return ""
    return "ends_on" if any(first <= days[0] <= last for first, last in here) else "starts_on"


def _matched(bonds: list[Bond], standing: list[Bond]) -> tuple[list[Bond], list[Bond]]:
    """Each file row with the row of the database it is about, and the rows that no file row is about.

    The same two people and first day make the same row. Where the first day was corrected, the two
    people's only other row that shares days is the one meant: two of them could not both stand.
    """
    free = {bond.key: bond for bond in standing}
    exact = {bond.key: free.pop(bond.key) for bond in bonds if bond.key in free}
    by_pair: dict[tuple[str, str], list[Bond]] = defaultdict(list)
    for bond in free.values():
        by_pair[bond.scholar, bond.other].append(bond)
    matched = []
    for bond in bonds:
        row = exact.pop(bond.key, None)
        same = by_pair[bond.scholar, bond.other]
        if not row and len(same) == 1 and same[0].meets(bond):
            row = same.pop()
            free.pop(row.key)
        matched.append(replace(bond, pk=row.pk) if row else bond)
    return matched, list(free.values())


def _judge_what_stays(judged: Judged) -> None:
    """A stay made shorter must still hold the pairings and caseloads that no file speaks of."""
    for kind, role in OTHER.items():
        for bond in judged.untouched[kind]:
            for email, as_role in ((bond.scholar, "scholar"), (bond.other, role)):
                row = judged.people.get((email, as_role))
                column = row and outside((bond.starts_on, bond.ends_on), judged.days(email, as_role) or [])
                if row and column:
                    reason = (
                        f"{bond.scholar} has {bond.other} as {role} from {bond.starts_on} to {bond.ends_on}"
                        " in the cohort; this stay would not hold it."
                    )
                    judged.batch.refuse(PEOPLE, row.line, column, reason)


def _judge_overlaps(judged: Judged) -> None:
    """The same two people once at a time, one lead mentor at a time, one coach at a time."""
    twice: set[Bond] = set()
    for kind, role in OTHER.items():
        every = judged.untouched[kind] + judged.bonds[kind]
        for late, early in _overlapping(every, lambda bond: (bond.scholar, bond.other)):
            twice.add(late)
            reason = f"{late.scholar} has {late.other} as {role} on these days {_where(early)}."
            judged.batch.refuse(kind, late.line or 0, "starts_on", reason)
    leads = [bond for bond in judged.untouched[PAIRINGS] + judged.bonds[PAIRINGS] if bond.is_lead]
    coaches = judged.untouched[CASELOADS] + judged.bonds[CASELOADS]
    for kind, column, bonds, words in (
        (PAIRINGS, "lead", leads, "lead mentor"),
        (CASELOADS, "coach", coaches, "coach"),
    ):
        for late, early in _overlapping(bonds, lambda bond: bond.scholar):
            if late not in twice:
                days = f"{early.starts_on} to {early.ends_on}"
                reason = f"One {words} at a time: {late.scholar} has {early.other} from {days} {_where(early)}."
                judged.batch.refuse(kind, late.line or 0, column, reason)


def _where(bond: Bond) -> str:
    return f"in line {bond.line}" if bond.line else "in the cohort"


def _overlapping(bonds: Iterable[Bond], group: Callable[[Bond], object]) -> list[tuple[Bond, Bond]]:
    """Pairs that agree in `group` and share a day: the one to blame (a file's, the lower) and the other."""
    groups: dict[object, list[Bond]] = defaultdict(list)
    for bond in bonds:
        groups[group(bond)].append(bond)
    found = []
    for members in groups.values():
        furthest: Bond | None = None
        for bond in sorted(members, key=lambda bond: (bond.starts_on, bond.line or 0)):
            if furthest and furthest.meets(bond) and (furthest.line or bond.line):
                late, early = sorted((furthest, bond), key=lambda bond: bond.line or 0, reverse=True)
                found.append((late, early))
            if not furthest or bond.ends_on > furthest.ends_on:
                furthest = bond
    return found


def _judge_mentor_and_coach(judged: Judged) -> None:
    """Nobody is mentor and coach of one scholar at a time: compared as people, in every cohort."""
    mentoring: dict[tuple[str, str], list[Bond]] = defaultdict(list)
    here = judged.untouched[PAIRINGS] + judged.bonds[PAIRINGS]
    for bond in here + judged.standing.pairings_elsewhere:
        mentoring[bond.scholar, bond.other].append(bond)
    coaching = judged.untouched[CASELOADS] + judged.bonds[CASELOADS]
    for caseload in coaching + judged.standing.caseloads_elsewhere:
        pairing = next((one for one in mentoring[caseload.scholar, caseload.other] if one.meets(caseload)), None)
        if pairing and (pairing.line or caseload.line):
            _refuse_both_roles(judged, pairing, caseload)


def _refuse_both_roles(judged: Judged, pairing: Bond, caseload: Bond) -> None:
    rule = "Nobody is mentor and coach of one scholar at a time"
    if caseload.line:
        where = f" ({judged.batch.names[PAIRINGS]}, line {pairing.line})" if pairing.line else ""
        reason = f"{rule}: {caseload.other} is a mentor of {caseload.scholar}{where}."
        judged.batch.refuse(CASELOADS, caseload.line, "coach", reason)
    else:
        reason = f"{rule}: {pairing.other} is the coach of {pairing.scholar}."
        judged.batch.refuse(PAIRINGS, pairing.line or 0, "mentor", reason)


def _judge_times(judged: Judged) -> None:
    """Nobody is in two weekly meetings at once."""
    here = judged.untouched[PAIRINGS] + judged.bonds[PAIRINGS]
    for bond, reason in clashes(judged.standing, here):
        judged.batch.refuse(PAIRINGS, bond.line or 0, "local_time", reason)
