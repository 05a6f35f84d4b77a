"""Rules about the erasure of a person's data."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Membership, Person
from mats.pages.models import Erasure

NEVER_HERE = (
    "You never had a place in a cohort, so no staff knows you here. Whoever runs this installation can delete the"
    " account."
)
ENDED = "This request was withdrawn or carried out meanwhile. Look at the page again."


def has_or_had_a_place(person: Person) -> None:
    """Staff of a cohort carry an erasure out: somebody without any place has none to ask."""
    if not Membership.objects.filter(person=person).exists():
        raise ValidationError(NEVER_HERE)


def is_open(erasure: Erasure) -> None:
    """A request is withdrawn or carried out once."""
    if not erasure.is_open:
        raise ValidationError(ENDED)


def is_about_somebody_else(erasure: Erasure, by: Person) -> None:
    """Nobody carries out their own erasure."""
    if erasure.person_id == by.pk:
        raise ValidationError("Somebody else of staff carries out your erasure.")


def has_no_place_any_more(person: Person) -> None:
    """Only of somebody without a place is everything removed: while one is open, others still work with them."""
    places = Membership.objects.filter(person=person, archived_at=None).select_related("cohort")
    if found := [f"{place.label} in {place.cohort.name}" for place in places]:
        raise ValidationError(f"They still have a place: {', '.join(found)}. End it first.")


def reason_is_given(reason: str) -> None:
    """An erasure has a reason."""
    if not reason:
        raise ValidationError({"reason": "Say why."})
