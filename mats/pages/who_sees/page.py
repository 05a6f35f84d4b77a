"""The page that shows one kind of visitor to one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cohorts.models import Membership
from mats.pages.who_sees.names import people_around
from mats.pages.who_sees.visitors import OF_ANYBODY, OF_ROLE, Seen, Visitor, seen, visitors_of


@dataclass(frozen=True)
class Page:
    """`ways` are the kinds of visitor with their words; `names` who stands so now."""

    ways: list[tuple[str, str]]
    chosen: Visitor
    words: str
    names: list[str]
    may: list[Seen]
    may_not: list[Seen]


def read_page(place: Membership, at: dt.datetime, *, wish: str) -> Page:
    """An unknown wish shows the first kind of visitor but the person themselves."""
    visitors = visitors_of(place.role)
    chosen = next((one for one in visitors if one.key == wish), visitors[1])
    things = [seen(chosen, thing) for thing in OF_ROLE.get(place.role, OF_ANYBODY)]
    return Page(
        ways=[(one.key, _words(one, place)) for one in visitors],
        chosen=chosen,
        words=_words(chosen, place),
        names=people_around(place, at).names(chosen.key),
        may=[one for one in things if one.acts],
        may_not=[one for one in things if not one.acts],
    )


def _words(visitor: Visitor, place: Membership) -> str:
    """In the words of the cohort."""
    cohort = place.cohort
    words = visitor.words.format(
        scholar=cohort.scholar_label, coach=cohort.coach_label, staff=cohort.staff_label_plural
    )
    return words[:1].upper() + words[1:]
