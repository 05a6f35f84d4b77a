"""The access table on paper: aligned text for a terminal, Markdown for `docs/access.md`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cohorts.access.table import TABLE, Row
from cohorts.access.words import RELATIONS, THINGS, words_of
from cohorts.models import HELD_BY, Duty, Role

HEAD = """# Who sees what

The access table of the product, as `cohorts/access/table.py` has it: which relation to a thing allows which acts.
Every page, list, search, export, letter, calendar and count asks this table; the line "who can read this" under a
text box is written from it, and so is the page *Who sees what* that everybody who is signed in can open.

- What is not here, nobody may do. To whoever may not read a thing it is not there: they get what they would get at an
  address that never was. Whoever may read it but not do what they ask for is told why not.
- **Never** beats every grant, because one person can hold several roles at once.
- A place counts from the moment it is accepted until it ends, in a cohort that is launched (staff see theirs before).
  Then whoever had it reads their own things for 60 days, and changes nothing.
- Where several rows allow an act, history keeps the first: as what it was done.
- Coaching stands behind a second wall, PostgreSQL's row-level security (`coaching/migrations`), which says the same
  again; `tests/coaching/test_policies.py` compares the two, row by row and person by person.

Printed by `bin/manage access_table`; this page by `bin/manage access_table --markdown > docs/access.md`. What the table
should say stands once more, by name, in `tests/access/acts.txt`, what each address answers in
`tests/access/outcomes.txt`. `bin/manage mutate_access` switches off each rule in turn and sees whether they notice.
"""
NEVER = "never"
NOTHING = "nothing yet beyond what their place allows"


@dataclass(frozen=True)
class Printed:
    """What people in one relation to a thing may do, or never; `called` as pages call them."""

    who: str
    called: str
    acts: str
    denies: bool


def _lines_of(thing: str) -> list[Printed]:
    """A line for each relation: grants in the table's order, then what beats them."""
    rows: dict[tuple[bool, str], list[Row]] = {}
    for row in TABLE:
        if row.thing == thing:
            rows.setdefault((row.denies, row.relation), []).append(row)
    return [
        Printed(
            who=RELATIONS[relation],
            called=", ".join(dict.fromkeys(row.who for row in theirs if row.who != RELATIONS[relation])),
            acts=", ".join(dict.fromkeys(words_of(thing, act) for row in theirs for act in row.acts)),
            denies=denies,
        )
        for (denies, relation), theirs in sorted(rows.items(), key=lambda one: one[0][0])
    ]


def _things() -> Iterator[tuple[str, list[Printed]]]:
    for thing in dict.fromkeys(row.thing for row in TABLE):
        yield THINGS[thing], _lines_of(thing)


# What stands in the table for two duties at once.
BOTH = {Duty.Kind.DELEGATE: "helper", Duty.Kind.STAND_IN: "helper"}


def _duties() -> Iterator[tuple[str, str, str]]:
    """Each duty: whose place may hold it, and what it allows."""
    for kind in Duty.Kind:
        names = {str(kind), BOTH.get(kind)}
        rows = [row for row in TABLE if row.relation in names and not row.denies]
        held = ", ".join(str(Role(role).label).lower() for role in HELD_BY[kind])
        yield str(kind.label), held, "; ".join(map(_said, rows)) or NOTHING


def _said(row: Row) -> str:
    return f"{', '.join(words_of(row.thing, act) for act in row.acts)} ({THINGS[row.thing]})"


def as_text() -> str:
    lines = [line for _, block in _things() for line in block]
    who, called = (max(len(getattr(line, name)) for line in lines) + 2 for name in ("who", "called"))
    blocks = []
    for title, of_thing in _things():
        acts = [f"{f'{NEVER}: ' if line.denies else ''}{line.acts}" for line in of_thing]
        rows = [f"  {line.who:{who}}{line.called:{called}}{said}" for line, said in zip(of_thing, acts, strict=True)]
        blocks.append("\n".join([_first(title), *rows]))
    duties = [f"  {name:{who}}{f'of {held}':{called}}{allows}" for name, held, allows in _duties()]
    return "\n\n".join([*blocks, "\n".join(["Duties, each from a day to a day", *duties])])


def as_markdown() -> str:
    blocks = []
    for title, lines in _things():
        acts = [f"{f'**{NEVER}** ' if line.denies else ''}{line.acts}" for line in lines]
        rows = [f"| {line.who} | {line.called} | {said} |" for line, said in zip(lines, acts, strict=True)]
        blocks.append("\n".join([f"## {_first(title)}", "", "| who | as pages say it | may |", "|---|---|---|", *rows]))
    duties = [f"| {name} | {held} | {allows} |" for name, held, allows in _duties()]
    head = ["## Duties", "", "Held from a day to a day, beside a place.", ""]
    blocks.append("\n".join([*head, "| duty | held by | allows |", "|---|---|---|", *duties]))
    return "\n\n".join([HEAD.rstrip(), *blocks])


def _first(title: str) -> str:
    return title[0].upper() + title[1:]
