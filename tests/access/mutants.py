"""The access table with one act of one row switched off, or let in, at a time. Whoever asks afterwards must notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cohorts import access
from cohorts.access import readers
from cohorts.access.table import TABLE, Row
from tests.access.acts import Acts
from tests.access.grid import Grid

# Whoever stands so to these things reads them already, by another row: committee and duty leads are staff, and
# a coach reads the 1-1s of their scholars, their own among them. These rows are there to be said.
SAID = {
    ("one_on_one", "holder"),
    ("case", "committee"),
    ("approval", "committee"),
    ("approval", "duty_lead"),
    ("decision", "committee"),
}


@dataclass(frozen=True)
class Mutant:
    """`row` without `act`; with `is_added`, the table with a row more."""

    row: Row
    act: str
    is_added: bool = False

    def __str__(self) -> str:
        row, what = self.row, "let in" if self.is_added else "switched off"
        return f"{row.thing}: {row.relation} {'never' if row.denies else 'may'} {self.act}, {what}"

    @property
    def is_said_only(self) -> bool:
        return not self.is_added and self.act == "read" and (self.row.thing, self.row.relation) in SAID


def switched_off() -> list[Mutant]:
    """Each act of each row of the table, grants and denials."""
    return [Mutant(row, act) for row in TABLE for act in row.acts]


def let_in() -> list[Mutant]:
    """Each act of a thing for each relation that does not allow it; acts that are denied to somebody aside, for
    there a denial may well take away again what is let in."""
    added = []
    for thing in dict.fromkeys(row.thing for row in TABLE):
        rows = [row for row in TABLE if row.thing == thing]
        denied = {act for row in rows if row.denies for act in row.acts}
        for act in {act for row in rows for act in row.acts} - denied:
            allowed = {row.relation for row in rows if act in row.acts}
            strangers = {row.relation for row in rows} - allowed
            added += [Mutant(Row(relation, thing, (act,)), act, is_added=True) for relation in sorted(strangers)]
    return added


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    before = list(TABLE)
    if mutant.is_added:
        TABLE.append(mutant.row)
    else:
        acts = tuple(act for act in mutant.row.acts if act != mutant.act)
        TABLE[TABLE.index(mutant.row)] = replace(mutant.row, acts=acts)
    _forget()
    try:
        yield
    finally:
        TABLE[:] = before
        _forget()


def _forget() -> None:
    """Questions are compiled once a process, from the table as it was."""
    for kept in (access._may, access._one, access._related, access._acting):
        kept.cache_clear()


def survivors(mutants: list[Mutant], grid: Grid, rows: dict[str, Acts]) -> list[str]:
    return [str(mutant) for mutant in mutants if not _killed(mutant, grid, rows)]


def _killed(mutant: Mutant, grid: Grid, rows: dict[str, Acts]) -> bool:
    """By somebody who may what is not declared, or may not what is; by what people are told, where that is all."""
    told = readers(mutant.row.thing)
    with mutated(mutant):
        differs = grid.differs(mutant.row.thing, mutant.act, rows)
        return not differs and readers(mutant.row.thing) != told if mutant.is_said_only else differs
