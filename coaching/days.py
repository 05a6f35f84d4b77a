"""The running page: entries, 1-1s as facts and older lines for the coach, a day at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from coaching.models import ForMyCoach, Note
from coaching.querysets import Said
from coaching.readers import readers_by_name
from cohorts.models import Caseload, Person
from mats.clock import local_date


@dataclass(frozen=True)
class Fact:
    """That a 1-1 took place, or did not, in words; `pk` where the reader may take that back."""

    in_words: str
    pk: UUID | None


@dataclass(frozen=True)
class Entry:
    """A note, and by name who can read it."""

    note: Note
    readers: str

    @property
    def topics(self) -> str:
        return ", ".join(Note.Topic(topic).label for topic in self.note.topics)


@dataclass
class Day:
    """What stands on one day of the cohort's wall."""

    date: dt.date
    facts: list[Fact] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: list[ForMyCoach] = field(default_factory=list)


def read_days(
    caseload: Caseload,
    reader: Person,
    *,
    notes: Iterable[Note],
    said: Iterable[Said],
    lines: Iterable[ForMyCoach],
) -> list[Day]:
    """Days on which something stands, the newest first."""
    days: dict[dt.date, Day] = {}
    zone, scholar = caseload.cohort.time_zone, caseload.scholar.person.name

    def on(date: dt.date) -> Day:
        return days.setdefault(date, Day(date))

    for note in notes:
        on(note.dated).entries.append(Entry(note, readers_by_name(note.audience, author="you", scholar=scholar)))
    for one in said:
        on(one.date).facts.append(_fact(one, reader))
    for line in lines:
        on(local_date(line.created_at, zone)).lines.append(line)
    return sorted(days.values(), key=lambda day: day.date, reverse=True)


def _fact(one: Said, reader: Person) -> Fact:
    is_mine = one.coach_person == reader.pk
    words = "1-1 took place" if one.took_place else "The planned 1-1 did not take place"
    return Fact(words if is_mine else f"{words}, with {one.coach}", one.pk if is_mine else None)
