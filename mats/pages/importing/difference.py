"""What an import would change: new, changed from … to …, gone, kept. Shown before it is applied.

Gone is only said, never done: a row that a file leaves out stays as it is. An account that exists
keeps its name and zone, because they are its owner's to change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cohorts.models import Role
from mats.pages.importing.formats import CASELOADS, PAIRINGS, PEOPLE
from mats.pages.importing.judging import Judged
from mats.pages.importing.parsing import PersonRow
from mats.pages.importing.standing import Bond, MainStay

LINES_SHOWN = 200
TITLES = {"sites": "Sites", PEOPLE: "People", PAIRINGS: "Pairings", CASELOADS: "Caseloads"}
STAY_FIELDS = ("starts_on", "ends_on", "site", "time_zone", "hours_per_week")
BOND_FIELDS = ("starts_on", "ends_on", "is_lead", "meets")
FIELD_NAMES = {
    "starts_on": "first day",
    "ends_on": "last day",
    "site": "site",
    "time_zone": "time zone",
    "hours_per_week": "hours a week",
    "is_lead": "lead mentor",
    "meets": "weekly meeting",
}


@dataclass
class Part:
    """One kind of row; every list holds lines for people to read, in the order of the file."""

    title: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return len(self.new) + len(self.changed)


@dataclass
class Difference:
    """Lines to show, and the rows to store."""

    parts: dict[str, Part]
    sites: dict[str, str] = field(default_factory=dict)  # new ones: name → zone
    people: list[PersonRow] = field(default_factory=list)  # new places, or ones that come back
    stays: list[tuple[PersonRow, MainStay]] = field(default_factory=list)  # changed ones
    new_bonds: dict[str, list[Bond]] = field(default_factory=dict)
    changed_bonds: dict[str, list[tuple[Bond, Bond]]] = field(default_factory=dict)  # now, before

    @property
    def changes(self) -> int:
        """How many rows would be new or changed."""
        return sum(part.changes for part in self.parts.values())

    @property
    def fingerprint(self) -> str:
        """Equal differences agree in it; what was shown is what is applied, or it is shown again."""
        lines = [[name, part.new, part.changed, part.gone] for name, part in self.parts.items()]
        return hashlib.sha256(json.dumps(lines).encode()).hexdigest()

    def as_json(self) -> list[dict[str, Any]]:
        """The parts to show, each list capped at `LINES_SHOWN` with its true count beside it."""
        return [
            {"title": part.title}
            | {name: getattr(part, name)[:LINES_SHOWN] for name in ("new", "changed", "gone", "kept")}
            | {f"{name}_count": len(getattr(part, name)) for name in ("new", "changed", "gone", "kept")}
            for part in self.parts.values()
        ]


def difference(judged: Judged) -> Difference:
    found = Difference({kind: Part(title) for kind, title in TITLES.items()})
    _compare_sites(found, judged)
    _compare_people(found, judged)
    for kind in (PAIRINGS, CASELOADS):
        _compare_bonds(found, judged, kind)
    return found


def _compare_sites(found: Difference, judged: Judged) -> None:
    """A site nobody has heard of is made, in the zone of the first row that names it."""
    known = set(judged.standing.sites)
    for row in judged.batch.people:
        if row.site and row.site.casefold() not in known:
            known.add(row.site.casefold())
            found.sites[row.site] = row.time_zone
            found.parts["sites"].new.append(f"{row.site}, {row.time_zone}")


def _compare_people(found: Difference, judged: Judged) -> None:
    part, standing = found.parts[PEOPLE], judged.standing
    asked: set[str] = set()
    for (email, role), row in judged.people.items():
        who = f"{row.name} <{email}>, {role}"
        account = standing.accounts.get(email)
        if account and email not in asked:
            asked.add(email)
            part.kept += _kept(email, ("name", account.name, row.name), ("time zone", account.time_zone, row.time_zone))
        place = standing.live(email, role)
        if not place or not place.main:
            found.people.append(row)
            part.new.append(f"{who}: {_stay_in_words(row)}")
        elif changes := _stay_changes(row, place.main):
            found.stays.append((row, place.main))
            part.changed.append(f"{who}: {changes}")
    if PEOPLE in judged.batch.given:
        for (email, role), place in standing.places.items():
            if not place.is_archived and (email, role) not in judged.people:
                part.gone.append(f"{standing.accounts[email].name} <{email}>, {role}")
    part.gone.sort()


def _kept(email: str, *facts: tuple[str, str, str]) -> list[str]:
    return [
        f"{email} keeps the {what} “{stands}” of the account; the file says “{said}”"
        for what, stands, said in facts
        if stands != said
    ]


def _stay_in_words(row: PersonRow) -> str:
    place = row.site or "remote"
    return f"{_days(row.starts_on, row.ends_on)}, {place}, {row.time_zone}, {_hours(row.hours_per_week)} hours a week"


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first} to {last}"


def _hours(value: Any) -> str:
    return f"{value:f}".removesuffix(".0")


def _stay_changes(row: PersonRow, stay: MainStay) -> str:
    pairs = ((name, getattr(stay, name), getattr(row, name)) for name in STAY_FIELDS)
    return _changes((name, old, new) for name, old, new in pairs if not _same(name, old, new))


def _same(name: str, old: Any, new: Any) -> bool:
    return old.casefold() == new.casefold() if name == "site" else old == new


def _changes(facts: Iterable[tuple[str, Any, Any]]) -> str:
    return "; ".join(f"{FIELD_NAMES[name]} {_word(name, old)} → {_word(name, new)}" for name, old, new in facts)


def _word(name: str, value: Any) -> str:
    if name == "is_lead":
        return "yes" if value else "no"
    if name == "hours_per_week":
        return _hours(value)
    return str(value) or ("remote" if name == "site" else "none")


def _compare_bonds(found: Difference, judged: Judged, kind: str) -> None:
    part, role = found.parts[kind], {PAIRINGS: Role.MENTOR, CASELOADS: Role.COACH}[kind]
    rows = {bond.pk: bond for bond in getattr(judged.standing, kind)}
    found.new_bonds[kind], found.changed_bonds[kind] = [], []
    for bond in judged.bonds[kind]:
        who = f"{bond.scholar} with {bond.other}"
        if bond.pk is None:
            found.new_bonds[kind].append(bond)
            part.new.append(f"{who}: {_bond_in_words(bond, role)}")
        elif changes := _changes(_bond_changes(rows[bond.pk], bond)):
            found.changed_bonds[kind].append((bond, rows[bond.pk]))
            part.changed.append(f"{who}: {changes}")
    if kind in judged.batch.given:
        part.gone = sorted(
            f"{bond.scholar} with {bond.other}: {_bond_in_words(bond, role)}" for bond in judged.untouched[kind]
        )


def _bond_in_words(bond: Bond, role: str) -> str:
    words = [_days(bond.starts_on, bond.ends_on)]
    if role == Role.MENTOR:
        words += ["lead mentor" if bond.is_lead else "co-mentor", bond.meets_in_words or "no weekly meeting yet"]
    return ", ".join(words)


def _bond_changes(old: Bond, new: Bond) -> list[tuple[str, Any, Any]]:
    facts = {name: (getattr(old, name), getattr(new, name)) for name in ("starts_on", "ends_on", "is_lead")}
    facts["meets"] = (old.meets_in_words, new.meets_in_words)
    return [(name, *facts[name]) for name in BOND_FIELDS if facts[name][0] != facts[name][1]]
