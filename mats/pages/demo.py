"""Who can be looked through in the demo: people whose address names their part at a domain of its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from cohorts.models import Person

DEMO_DOMAIN = "demo.example"
PARTS = ("scholar", "mentor", "coach", "staff")


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo and the word for what they are there."""

    pk: uuid.UUID
    name: str
    part: str
    email: str

    @property
    def place(self) -> tuple[int, str]:
        return (PARTS.index(self.part) if self.part in PARTS else len(PARTS), self.part)


def demo_people() -> list[DemoPerson]:
    """The demo's named people, the four first parts first."""
    named = Person.objects.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True, archived_at=None)
    people = [DemoPerson(pk, name, _part(email), email) for pk, name, email in named.values_list("pk", "name", "email")]
    return sorted(people, key=lambda person: person.place)


def _part(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").replace("-", " ")
