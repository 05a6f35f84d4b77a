"""One world for a whole module: made once, for nothing of it is ever changed; every request is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import time_machine
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.test import Client

from cohorts.models import Person
from tests.access.things import Things, build_things
from tests.access.visitors import add_visitors, client_of
from tests.cast import WEEK_SIX, Cast, build_cast
from tests.conftest import count_as_full


@dataclass
class World:
    """The cast with every visitor, by the column of the tables, signed in; and one of every thing."""

    cast: Cast
    people: dict[str, Person | None]
    things: Things
    clients: dict[str, Client]


def build_world() -> World:
    with transaction.atomic():
        cast = build_cast()
        people = add_visitors(cast)
    things = build_things(cast)
    return World(cast, people, things, sign_in(people))


def sign_in(people: dict[str, Person | None]) -> dict[str, Client]:
    """By a full sign-in. Each has an address of its own: together they would be a flood, and be told so."""
    user_logged_in.connect(count_as_full)
    numbered = enumerate(people.items(), start=1)
    clients = {visitor: client_of(person, f"192.0.2.{number}") for number, (visitor, person) in numbered}
    user_logged_in.disconnect(count_as_full)
    return clients


@contextmanager
def standing_world() -> Iterator[World]:
    """A world in a transaction of both connections, at noon in week six; gone at the end."""
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(WEEK_SIX, tick=False))
        for alias in ("default", "outside"):
            stack.enter_context(transaction.atomic(alias))
            stack.callback(transaction.set_rollback, True, alias)
        yield build_world()
