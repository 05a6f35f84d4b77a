"""A pasted list of people: read line by line, and each line judged before anything is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError

from cohorts.invitations import standing_of
from cohorts.models import Cohort, Invitation, Membership, Person
from mats.clock import format_moment
from mats.text import clean_text, normalise_email

MOST = 500
LONGEST_NAME = 120
BRACKETED = re.compile(r"([^<>;\n]*)<([^<>]*)>")
CELLS = re.compile(r"([^;,\t]*)([;,\t]?)")
QUOTES = " \t\"'“”„,;"


@dataclass(frozen=True)
class Entry:
    """One person of the list, as it was typed."""

    address: str
    name: str = ""

    @property
    def text(self) -> str:
        """How it goes back into the box; it reads there as what it is."""
        return f"{self.name} <{self.address}>" if self.name else self.address


def entries(lines: str) -> list[Entry]:
    """Everybody that the lines name; what holds no address at all is an entry too, so that it is named."""
    return [entry for line in lines.splitlines() for entry in _of_line(line) if entry.text.strip(QUOTES)]


def _of_line(line: str) -> Iterator[Entry]:
    """`Name <address>` several times, or cells of which those with an @ are addresses."""
    rest = line
    for found in BRACKETED.finditer(line):
        rest = rest.replace(found.group(), "", 1)
        yield Entry(found[2].strip(), _name(found[1]))
    if rest.strip(QUOTES):
        yield from _of_cells(rest)


def _of_cells(line: str) -> Iterator[Entry]:
    """A name stands before its address, or after it where nothing else follows: `Ana, a@b.org`, `a@b.org, Ana`."""
    before, last = "", None
    for cell, sign in CELLS.findall(line):
        said = cell.strip()
        if "@" not in said:
            before += f"{said}{', ' if sign == ',' else ' '}" if said else ""
            continue
        if last:
            yield last
        last = Entry(said, _name(before))
        before = ""
    if last is None:
        yield Entry(line.strip())
    elif before and not last.name:
        yield Entry(last.address, _name(before))
    else:
        yield last


def _name(text: str) -> str:
    return " ".join(text.strip(QUOTES).split())


def fault_of(address: str) -> str:
    """What is wrong with an address, in words that lead to the right one; nothing if it is one."""
    local, _, domain = address.partition("@")
    for is_so, words in (
        ("@" not in address, "no address: there is no @ in it"),
        (any(sign.isspace() for sign in address), "there is a space inside the address"),
        (address.count("@") > 1, "there is more than one @ in it"),
        (not local, "nothing stands before the @"),
        (not domain, "nothing stands after the @"),
        (address.endswith("."), "there is a full stop at its end"),
        (".." in address, "there are two full stops in a row"),
        ("." not in domain, f"“{domain[:60]}” has no ending such as .org"),
    ):
        if is_so:
            return words
    try:
        normalise_email(address)
    except ValidationError as error:
        return " ".join(error.messages)[:1].lower() + " ".join(error.messages)[1:]
    return ""


@dataclass(frozen=True)
class Judged:
    """One entry with what becomes of it. Only what `is_good` is sent."""

    entry: Entry
    email: str
    name: str
    is_good: bool
    words: str


@dataclass(frozen=True)
class Found:
    """What the database knows of the addresses on a list; three queries, whatever their number."""

    accounts: dict[str, Person]
    places: dict[str, list[Membership]]
    latest: dict[UUID, Invitation]


def look_up(cohort: Cohort, emails: list[str]) -> Found:
    accounts = {person.email: person for person in Person.objects.filter(email__in=emails)}
    rows = Membership.objects.filter(cohort=cohort, person__in=[person.pk for person in accounts.values()])
    places: dict[str, list[Membership]] = {}
    for place in rows.select_related("person"):
        places.setdefault(place.person.email, []).append(place)
    sent = Invitation.objects.filter(membership__in=[one.pk for some in places.values() for one in some])
    return Found(accounts, places, {row.membership_id: row for row in sent.order_by("created_at", "pk")})


def judge(cohort: Cohort, role: str, listed: list[Entry], at: dt.datetime, zone: str) -> list[Judged]:
    """Each entry in the order of the list; of an address that stands twice the first counts, in any case."""
    faults = [fault_of(entry.address) for entry in listed]
    emails = ["" if fault else normalise_email(entry.address) for entry, fault in zip(listed, faults, strict=True)]
    judging = Judging(cohort, role, at, zone, look_up(cohort, [email for email in emails if email]))
    first: dict[str, int] = {}
    judged = []
    for number, (entry, email, fault) in enumerate(zip(listed, emails, faults, strict=True), start=1):
        if fault:
            judged.append(Judged(entry, email, entry.name, False, fault))
        elif email in first:
            judged.append(Judged(entry, email, entry.name, False, f"twice in this list; number {first[email]} counts"))
        else:
            first[email] = number
            judged.append(judging.of(entry, email))
    return judged


@dataclass(frozen=True)
class Judging:
    """What every entry of a list is judged by."""

    cohort: Cohort
    role: str
    at: dt.datetime
    zone: str
    found: Found

    def of(self, entry: Entry, email: str) -> Judged:
        account, label = self.found.accounts.get(email), self.cohort.label(self.role)
        before, _, _ = email.partition("@")
        try:
            name = account.name if account else clean_text(entry.name or before, max_length=LONGEST_NAME)
        except ValidationError as error:
            return Judged(entry, email, entry.name, False, f"the name: {' '.join(error.messages)}")
        if account is None:
            return Judged(entry, email, name, True, "new account")
        if not account.is_active:
            return Judged(entry, email, name, False, "the account with this address is disabled")
        theirs = self.found.places.get(email, [])
        same = next((place for place in theirs if place.role == self.role), None)
        if same and not same.archived_at:
            return Judged(entry, email, name, *self._stands(same, label))
        others = [self.cohort.label(place.role) for place in theirs if place is not same and not place.archived_at]
        words = f"existing account, {name}"
        words += f"; here as {' and '.join(others)} too" if others else ""
        words += f"; was here as {label} before" if same else ""
        return Judged(entry, email, name, True, words)

    def _stands(self, place: Membership, label: str) -> tuple[bool, str]:
        """What to do about somebody who has this very place."""
        if place.accepted_at:
            return False, f"already here as {label}"
        if not self.cohort.is_launched:
            return False, f"already here as {label}, and invited at launch"
        standing = standing_of(place, self.found.latest.get(place.pk), self.at)
        if standing.state == "open" and standing.invitation:
            until = format_moment(standing.invitation.expires_at, self.zone, date=True)
            return False, f"invited already, until {until}"
        return True, f"here as {label}, not accepted yet: invited {'again' if standing.invitation else 'now'}"
