"""The table of acts, asked: who may do what on each row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cohorts import access
from cohorts.access import find, may, visible
from cohorts.models import Person
from mats.identity.roles import as_owner
from mats.prepared import prepared
from tests.access.acts import Acts, thing_of
from tests.access.rows import Rows, rows_of
from tests.access.world import standing_world
from tests.cast import WEEK_SIX


@dataclass
class Grid:
    """The rows to ask about, and everybody who is signed in, by column."""

    rows: Rows
    people: dict[str, Person]

    def allowed(self, row: str, act: str) -> frozenset[str]:
        """Who may, one by one."""
        thing, one = thing_of(row), self.rows[row]
        return frozenset(who for who, person in self.people.items() if may(person, act, thing, one, WEEK_SIX))

    def answers(self, row: str, act: str) -> dict[str, int]:
        """What everybody gets who asks for the row in order to do this."""
        return {who: self._answer(person, row, act) for who, person in self.people.items()}

    def _answer(self, person: Person, row: str, act: str) -> int:
        try:
            find(thing_of(row), person, WEEK_SIX, act=act, pk=self.rows[row].pk)
        except Http404:
            return 404
        except PermissionDenied:
            return 403
        return 200

    def differs(self, thing: str, act: str, rows: dict[str, Acts]) -> bool:
        """Whether somebody may do on a row of this thing what is not declared, or may not what is.

        Everybody is asked about all rows at once: a mutant has few milliseconds.
        """
        keys = {self.rows[row].pk: acts[act] for row, acts in rows.items() if thing_of(row) == thing}
        model = access._models[thing]
        ask = prepared(
            lambda person, at, keys: (
                visible(model, thing, person, at, act).filter(pk__any=keys).order_by().values_list("pk")
            )
        )
        for who, person in self.people.items():
            found = {pk for (pk,) in ask(person=person, at=WEEK_SIX, keys=list(keys))}
            if found != {pk for pk, named in keys.items() if who in named}:
                return True
        return False


@contextmanager
def standing_grid() -> Iterator[Grid]:
    """Asked as the owner: behind PostgreSQL's own wall, which has tests of its own, the table of acts would
    not notice what the access table lets through."""
    with ExitStack() as stack:
        stack.enter_context(as_owner(purpose="dump"))
        world = stack.enter_context(standing_world())
        yield Grid(rows_of(world), {who: person for who, person in world.people.items() if person})
