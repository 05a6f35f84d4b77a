"""Who can be looked through in the demo: people whose address names their part at a domain of its own."""

from __future__ import annotations

from cohorts.models import Person

DEMO_DOMAIN = "demo.example"
PARTS = ("scholar", "mentor", "coach", "staff")


def demo_people() -> list[Person]:
    """The demo's named people, the four first parts first; each carries `part`, its word for the screen."""
    people = list(Person.objects.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True, archived_at=None))
    for person in people:
        person.part = person.email.partition("@")[0].replace(".", " ").replace("-", " ")
    return sorted(people, key=lambda person: (PARTS.index(person.part) if person.part in PARTS else len(PARTS), person.part))
