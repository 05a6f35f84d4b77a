"""What an output says, and who enters it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError

from cohorts.models import Membership, Person, Role
from mentorship.rules.log import LINK, is_address


def title_is_given(title: str) -> None:
    """An output has a title, from its first draft on."""
    if not title:
        raise ValidationError({"title": "Give it a title; a working title will do."})


def link_is_an_address(link: str) -> None:
    """A link is one web address that begins with http:// or https://, or it is left out."""
    if link and not is_address(link):
        raise ValidationError(
            {"link": "This is not a web address. Write one, beginning with http:// or https://, or leave it out."}
        )
    if len(link) > LINK:
        raise ValidationError({"link": f"This is too long for a link; at most {LINK} characters."})


def enters_their_own(place: Membership, person: Person) -> None:
    """Outputs are entered by the scholar whose they are, and by nobody for them."""
    if place.role != Role.SCHOLAR or place.person_id != person.pk or not place.cohort.is_launched:
        raise PermissionDenied(f"A {place.cohort.scholar_label} enters their own outputs; nobody does it for them.")
