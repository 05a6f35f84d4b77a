"""One world for a whole module: made once, for nothing of it is ever changed; every request is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.test import Client

from cohorts.models import Person
from tests.access.things import Things, build_things
from tests.access.visitors import add_visitors, client_of
from tests.canary import Canaries, put_canaries
from tests.cast import Cast, build_cast
from tests.standing import standing


@dataclass
class World:
    """The cast with every visitor, by the column of the tables, signed in; one of every thing, and the words
    that they may never read."""

    cast: Cast
    people: dict[str, Person | None]
    things: Things
    canaries: Canaries
    clients: dict[str, Client]


def build_world() -> World:
    with transaction.atomic():
        cast = build_cast()
        people = add_visitors(cast)
    things, canaries = build_things(cast), put_canaries(cast)
    return World(cast, people, things, canaries, sign_in(people))


def sign_in(people: dict[str, Person | None]) -> dict[str, Client]:
    """Each has an address of its own: together they would be a flood, and be told so."""
    numbered = enumerate(people.items(), start=1)
    return {visitor: client_of(person, f"192.0.2.{number}") for number, (visitor, person) in numbered}


@contextmanager
def standing_world() -> Iterator[World]:
    with standing():
        yield build_world()
