"""What is due from staff, and what is late from others, for milestones and extensions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohorts.models import Cohort, Milestone, Person
from mats import clock
from mentorship.chances import cohort_chances
from mentorship.owed import Owed, owed_in

LOOKS_AHEAD = dt.timedelta(weeks=2)
# What one of staff does for all of them, whoever has taken it.
OF_STAFF = {
    "reader",
    "talk",
    "support_plan",
    "answers",
    "letters",
    "approver",
    "mentor_talk",
    "mentor_search",
    "confirm",
    "lapse",
    "condition",
    "sheet",
    "appeal",
}


@dataclass(frozen=True)
class Due:
    """One thing due from staff: what, where it is done, when, and who of them has it."""

    what: str
    url: str
    when: SafeString
    late: bool
    who: str


@dataclass
class Promises:
    """What is due from staff now and in the next two weeks, links to what is late from others, and the
    one line that staff see of milestone chances."""

    due: list[Due] = field(default_factory=list)
    late: list[tuple[str, str]] = field(default_factory=list)
    chances: str = ""


def read_promises(cohort: Cohort, reader: Person, at: dt.datetime, names: Mapping[str, str]) -> Promises:
    """What is owed in a cohort as its staff see it; `names` are those of its places, by key. Two queries."""
    rows = owed_in(cohort.pk, until=at + LOOKS_AHEAD, reader=reader.pk) if cohort.is_launched else []
    mine = [row for row in rows if row.kind in OF_STAFF or (row.person == reader.pk and row.kind == "review")]
    others = Counter(_kind(row) for row in rows if row.kind not in OF_STAFF and row.due_at < at)
    several = {kind for kind, count in Counter(map(_kind, mine)).items() if kind[0] == "reader" and count > 1}
    single = [_due(row, cohort, reader, at, names) for row in mine if _kind(row) not in several]
    return Promises(
        due=[*(_readers(kind, mine, cohort, reader, at) for kind in sorted(several)), *single],
        late=[(_late_words(kind, count), _late_url(kind, cohort)) for kind, count in sorted(others.items())],
        chances=_chances(cohort, reader, at),
    )


def _chances(cohort: Cohort, reader: Person, at: dt.datetime) -> str:
    if not cohort.is_launched or (said := cohort_chances(cohort, at)) is None:
        return ""
    due = clock.format_moment(said.due_at, reader.time_zone, date=True)
    return f"{said.milestone.capitalize()} in by {due}: median chance {said.median} % (n = {said.n})"


def _due(row: Owed, cohort: Cohort, reader: Person, at: dt.datetime, names: Mapping[str, str]) -> Due:
    words = clock.format_moment(row.due_at, reader.time_zone, date=True)
    late = row.due_at < at
    when = format_html(
        '<time datetime="{}">{} {}</time>',
        row.due_at.astimezone(dt.UTC).isoformat(),
        "was due" if late else "due",
        words,
    )
    if row.person == reader.pk:
        who = "yours"
    else:
        who = f"{names.get(str(row.place), 'Somebody')} has this" if row.place else "nobody’s yet"
    return Due(row.words, row.url(cohort.slug), when, late, who)


def _readers(kind: Kind, rows: list[Owed], cohort: Cohort, reader: Person, at: dt.datetime) -> Due:
    """Readers are found for many at once, so many without one are one line."""
    theirs = [row for row in rows if _kind(row) == kind]
    what = f"Readers for {len(theirs)} × {Milestone.Kind(kind[1]).label}"
    first = _due(theirs[0], cohort, reader, at, {})
    return Due(what, reverse("milestone_readers", args=[kind[2]]), first.when, first.late, first.who)


Kind = tuple[str, str, str]  # what is owed, for which kind of milestone, and that milestone's key


def _kind(row: Owed) -> Kind:
    return row.kind, row.milestone, str(row.milestone_id or "")


LATE = {
    "milestone": "{count} × {what} late",
    "revision": "{count} × next version of a {what} late",
    "review": "{count} × review of a {what} late",
    "midpoint_line": "{count} × mid-point line late",
    "midpoint_read": "{count} × mid-point line not read for a week",
    "approval": "{count} × mentor’s approval late",
    "more": "{count} × answer to the committee late",
    "acceptance": "{count} × offer of an extension not answered",
    "agreement": "{count} × next-term sheet not agreed on",
}
OF_CASES = {"approval", "more", "acceptance", "agreement"}


# Where those stand who are late with it, on the page of the milestone.
SHOWN = {"milestone": "not-sent", "revision": "sent", "review": "to-read"}


def _late_words(kind: Kind, count: int) -> str:
    what = Milestone.Kind(kind[1]).label if kind[1] else ""
    return LATE[kind[0]].format(count=count, what=what)


def _late_url(kind: Kind, cohort: Cohort) -> str:
    if kind[0] in OF_CASES:
        return reverse("committee", args=[cohort.slug])
    if kind[0] not in SHOWN:
        return reverse("midpoint", args=[cohort.slug])
    return f"{reverse('milestone', args=[kind[2]])}?show={SHOWN[kind[0]]}"
