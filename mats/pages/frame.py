"""What stands around a page: the person's cohorts and the ways to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cohorts.models import Cohort, Membership, Role
from cohorts.places import places
from mats.identity.requests import Request


@dataclass(frozen=True)
class Way:
    """One entry of the navigation; `here` when it leads to the page that is open."""

    words: str
    url: str
    here: bool


# Role (None: everybody with a place but those from outside), words, address name, whether the address is of a cohort.
WAYS: list[tuple[str | None, str, str, bool]] = [
    (Role.STAFF, "Cohort health", "cohort_health", True),
    (Role.COACH, "Your {scholars}", "coaching", False),
    (Role.SCHOLAR, "My coaching", "my_coaching", False),
    (None, "Milestones", "milestones", True),
    (None, "Extension", "extension", True),
    (None, "People", "people", True),
    (Role.STAFF, "Pairings", "pairings", True),
    (Role.STAFF, "Messages", "messages", True),
]
# There is nothing to watch yet.
BEFORE_LAUNCH = [(Role.STAFF, "Set-up", "set_up", True), *WAYS[1:]]


def cohort_of_page(request: Request, given: Any, mine: list[Membership]) -> Cohort | None:
    """The cohort that a page is about, else the person's newest one."""
    if isinstance(given, Cohort):
        return given
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    named = next((place.cohort for place in mine if place.cohort.slug == slug), None)
    return named or (mine[0].cohort if mine else None)


def ways(request: Request, cohort: Cohort | None, mine: list[Membership]) -> list[Way]:
    """Home and the pages of the person's roles in one cohort, in the cohort's own words."""
    labels = {"scholars": cohort.scholar_label_plural if cohort else ""}
    roles = {place.role for place in mine if cohort and place.cohort_id == cohort.pk}
    named: list[tuple[str, str, list[str]]] = [("Home", "home", [])]
    for role, words, name, of_cohort in BEFORE_LAUNCH if cohort and not cohort.is_launched else WAYS:
        if role in roles or (role is None and roles - {Role.OUTSIDE}):
            named.append((words.format(**labels), name, [cohort.slug] if cohort and of_cohort else []))
    return [_way(request, words, reverse(name, args=args)) for words, name, args in named]


def _way(request: Request, words: str, url: str) -> Way:
    return Way(words, url, request.path == url)


def _page_of(cohort: Cohort, mine: list[Membership]) -> str:
    """Whoever is from outside, or has no place there any more, reads nothing of a cohort but what is theirs:
    Home leads there."""
    roles = {place.role for place in mine if place.cohort_id == cohort.pk}
    return reverse("cohort", args=[cohort.slug]) if roles - {Role.OUTSIDE} else reverse("home")


def frame_of(request: Request, given: Any) -> dict[str, Any]:
    """The masthead's words; asks for the person's places only."""
    mine = places(request)
    cohort = cohort_of_page(request, given, mine)
    others = [place.cohort for place in mine if place.cohort != cohort]
    return {
        "ways": ways(request, cohort, mine),
        "cohort": cohort,
        "cohort_page": cohort and _way(request, cohort.name, _page_of(cohort, mine)),
        "other_cohorts": list(dict.fromkeys(others)),
        # Staff start and import cohorts from the list of theirs.
        "switches": bool(others) or Role.STAFF in {place.role for place in mine},
    }
