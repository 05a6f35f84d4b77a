"""The kinds of visitor of somebody's place, and how each of them stands to its things.

A visitor is a set of relations, and the access table says the rest. `on` are relations that they have
to one thing alone: "author" of a mid-point line is their mentor, of a note on a meeting they are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cohorts.access import acts_of
from cohorts.access.table import TABLE
from cohorts.access.words import THINGS, words_of
from cohorts.models import Role

# What there is about a place, in the order of the table: about anybody's, and about a scholar's.
OF_ANYBODY = ("membership", "invitation", "contact", "ending", "duty")
OF_SCHOLAR = (
    "membership", "invitation", "contact", "ending", "pairing", "caseload", "log", "meeting", "pairing_week",
    "action", "absence", "own_note", "coached", "note", "one_on_one", "one_on_ones", "for_my_coach", "opening",
    "submission",
    "review", "conflict", "midpoint_line", "talk", "support_plan", "evidence", "case", "approval", "opinion",
    "decision", "letter", "sheet", "output", "chance",
)  # fmt: skip
OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.SCHOLAR: OF_SCHOLAR,
    Role.MENTOR: (*OF_ANYBODY, "pairing", "meeting", "pairing_week"),
    Role.COACH: (*OF_ANYBODY, "caseload"),
}


@dataclass(frozen=True)
class Visitor:
    """`words` name it, with the cohort's own words in braces. `of` says which places have such a visitor."""

    key: str
    words: str
    relations: frozenset[str]
    on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: frozenset[str] = frozenset(Role.values)

    def stands(self, thing: str) -> frozenset[str]:
        return self.relations | set(self.on.get(thing, ()))


def _visitor(key: str, words: str, relations: str, *, of: str = "", **on: str) -> Visitor:
    """Relations, and roles of places, with a blank between them."""
    more = {thing: tuple(one.split()) for thing, one in on.items()}
    return Visitor(key, words, frozenset(relations.split()), more, frozenset(of.split() or Role.values))


AS_MENTOR = {"midpoint_line": "author", "approval": "author"}
OWN = {"absence": "author", "own_note": "author"}
MENTORS = "mentor own_mentor recused member"
# Whoever stands in for a mentor reads no coaching either: there the table counts them as the mentor.
WALLED = dict.fromkeys(("coached", "note", "one_on_one", "one_on_ones", "for_my_coach", "opening"), "mentor")

VISITORS = (
    _visitor(
        "self",
        "They themselves",
        "self scholar member concerned recused",
        of="scholar",
        absence="author",
        own_note="author",
    ),
    _visitor("self", "They themselves", "self member concerned", of="mentor", meeting="mentor", pairing_week="mentor"),
    _visitor("self", "They themselves", "self member concerned", of="coach staff alum"),
    _visitor("self", "They themselves", "self concerned", of="outside"),
    _visitor("mentor", "Their mentor", MENTORS, of="scholar", **AS_MENTOR),
    _visitor("other_mentor", "Another mentor", "member"),
    _visitor("stand_in", "Whoever stands in for their mentor", "stand_in own_mentor member", of="scholar", **WALLED),
    _visitor("delegate", "Their mentor’s delegate for times", "delegate helper", of="scholar"),
    _visitor("delegate", "Their delegate for times", "delegate helper", of="mentor"),
    _visitor("coach", "Their {coach}", "coach member recused", of="scholar", note="author", one_on_one="holder"),
    _visitor("other_coach", "Another {coach}", "member"),
    _visitor("mentored", "A {scholar} of theirs", "member", of="mentor", meeting="scholar", pairing_week="scholar"),
    _visitor("other_scholar", "Another {scholar}", "member"),
    _visitor("staff", "{staff}", "staff member"),
    _visitor("staff_mentor", "{staff} who also mentor them", f"staff {MENTORS}", of="scholar", **AS_MENTOR),
    _visitor("committee", "The committee", "staff member committee", of="scholar", opinion="author peer"),
    _visitor("outside_member", "An outside member of the committee", "outside_member", of="scholar"),
    _visitor("outside", "Another outside member", ""),
    _visitor("alum", "An alum", "member"),
    _visitor("former", "They themselves, once their place has ended", "former"),
    _visitor("stranger", "Anybody else with an account", ""),
)


def visitors_of(role: str) -> list[Visitor]:
    """Who can come by a place of this role; each key once."""
    return [one for one in VISITORS if role in one.of]


@dataclass(frozen=True)
class Seen:
    """A thing as a visitor has it: what they may do, because of whom the table says it, and what never."""

    title: str
    acts: list[str]
    because: list[str]
    never: list[str]


def seen(visitor: Visitor, thing: str) -> Seen:
    stands = visitor.stands(thing)
    acts = acts_of(thing, stands)
    rows = [row for row in TABLE if row.thing == thing and row.relation in stands]
    grants = [row for row in rows if not row.denies and acts & set(row.acts)]
    in_order = dict.fromkeys(act for row in grants for act in row.acts if act in acts)
    denied = dict.fromkeys(act for row in rows if row.denies for act in row.acts)
    return Seen(
        title=THINGS[thing],
        acts=[words_of(thing, act) for act in in_order],
        because=list(dict.fromkeys(row.who for row in grants)),
        never=[words_of(thing, act) for act in denied],
    )
