"""The access table in words: what its things, acts and relations are called on pages and in docs.

Beside the table and made for it alone: a test fails for a thing, an act or a relation of the table
that has no words here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cohorts.access.table import TABLE, Row

# What a thing is called, as a heading or after "who may see"; in the order of the table.
THINGS: dict[str, str] = {
    "person": "an account",
    "cohort": "a cohort",
    "milestone": "a milestone",
    "membership": "a place in a cohort",
    "invitation": "an invitation",
    "contact": "whom to call for somebody",
    "ending": "how a place ends",
    "pairing": "a pairing: who mentors whom",
    "caseload": "who coaches whom",
    "duty": "a duty",
    "log": "a weekly log",
    "meeting": "a mentor meeting",
    "pairing_week": "a pairing’s week",
    "action": "an action",
    "absence": "who was missing from a meeting",
    "own_note": "a note on a meeting for oneself",
    "coached": "a scholar’s page of their coach",
    "note": "a note of a 1-1",
    "one_on_one": "a 1-1",
    "one_on_ones": "whether 1-1s take place",
    "for_my_coach": "what a log says for the coach only",
    "submission": "what is sent for a milestone",
    "review": "a reader’s feedback",
    "conflict": "a conflict of interest",
    "midpoint_line": "a mid-point line",
    "talk": "a talk that is owed",
    "support_plan": "a support plan",
    "round": "the calendar of extensions",
    "evidence": "where a scholar stands",
    "case": "an extension case",
    "approval": "a mentor’s approval",
    "opinion": "an opinion of the committee",
    "decision": "the committee’s decision",
    "letter": "the letter of a decision",
    "sheet": "a next-term sheet",
    "output": "an output of the research",
    "chance": "a chance in a weekly log",
    "import_run": "an import",
    "opening": "that somebody opened a confidential text",
    "export": "a copy of one’s own data",
    "erasure": "the erasure of somebody’s data",
}

# What an act is called after "may".
ACTS: dict[str, str] = {
    "read": "read",
    "write": "write",
    "change": "change",
    "see_history": "read its history",
    "plan": "plan, move or call off",
    "judge": "judge",
    "administer": "do the committee’s work on it",
    "confirm": "confirm",
}

# Where a word alone would not say what the act is on this thing.
ACTS_ON: dict[tuple[str, str], str] = {
    ("cohort", "change"): "change it and its people",
    ("cohort", "launch"): "launch",
    ("cohort", "see_health"): "see cohort health",
    ("cohort", "see_evidence"): "see where everybody stands",
    ("cohort", "see_cases"): "see who asked for an extension",
    ("cohort", "import"): "import people",
    ("cohort", "see_messages"): "see what was sent to whom",
    ("cohort", "see_times"): "see when their mentor meets whom",
    ("cohort", "declare_conflict"): "declare a conflict of interest",
    ("milestone", "see_submissions"): "see who sent what",
    ("membership", "be_away"): "note days away",
    ("membership", "begin"): "do its first hour",
    ("membership", "accept"): "accept it",
    ("membership", "withdraw"): "leave",
    ("membership", "end"): "end it",
    ("membership", "see_who_sees"): "see what each kind of visitor sees of it",
    ("membership", "see_timeline"): "see the timeline",
    ("meeting", "write"): "write on its agenda, notes and actions",
    ("meeting", "hold"): "start and end it, and say whether they met",
    ("action", "write"): "tick, drop or reopen",
    ("midpoint_line", "receive"): "be told of it, and say that it was read",
    ("talk", "know"): "know that it is owed",
    ("talk", "write"): "record it",
    ("evidence", "support"): "begin a support plan",
    ("case", "apply"): "ask, change, withdraw",
    ("case", "judge"): "judge and decide",
    ("approval", "judge"): "read what is for the committee",
    ("approval", "read_named_why"): "read why another mentor was asked",
    ("decision", "answer"): "accept, decline or appeal",
    ("decision", "judge"): "read what is for the committee",
    ("letter", "release"): "write and release",
    ("sheet", "agree"): "agree to it",
    ("erasure", "withdraw"): "take it back",
    ("erasure", "carry_out"): "carry it out",
    ("import_run", "confirm"): "confirm it, or throw it away",
}

# A relation of the table as the role or bond in which somebody acted: "as the mentor".
RELATIONS: dict[str, str] = {
    "self": "themselves",
    "former": "whoever had the place",
    "concerned": "whoever it is about",
    "member": "a member of the cohort",
    "helper": "a delegate or stand-in",
    "staff": "staff",
    "scholar": "the scholar",
    "mentor": "a mentor of the scholar",
    "own_mentor": "a mentor of the scholar",
    "stand_in": "whoever stands in for the mentor",
    "delegate": "the mentor’s delegate",
    "coach": "the scholar’s coach",
    "author": "its author",
    "holder": "the coach who held it",
    "reader": "its reader",
    "approver": "the mentor who is asked to approve",
    "committee": "the committee",
    "invited": "whoever is invited",
    "outside_member": "an outside member of the committee",
    "duty_lead": "duty lead",
    "peer": "the committee",
    "uploader": "whoever uploaded the files",
    "recused": "whoever is recused",
    "kept_out": "whoever is recused",
}


def words_of(thing: str, act: str) -> str:
    """What an act on a thing is called, after "may"."""
    return ACTS_ON.get((thing, act)) or ACTS[act]


@dataclass(frozen=True)
class Line:
    """What some people may do on a thing, or (`denies`) may not whatever else they are."""

    who: str
    acts: list[str]
    denies: bool


@dataclass(frozen=True)
class Entry:
    """A thing with its lines; `key` names it in an address of a page."""

    key: str
    title: str
    lines: list[Line]


def lines_of(thing: str, rows: Iterable[Row]) -> list[Line]:
    """A line for each of the words for people, in the table's printed order."""
    acts: dict[tuple[str, bool], list[str]] = {}
    for row in rows:
        acts.setdefault((row.who, row.denies), []).extend(row.acts)
    return [
        Line(who, [words_of(thing, act) for act in dict.fromkeys(theirs)], denies)
        for (who, denies), theirs in acts.items()
    ]


def in_words(rows: Iterable[Row] = TABLE) -> list[Entry]:
    """The table by thing, in its printed order."""
    things: dict[str, list[Row]] = {}
    for row in rows:
        things.setdefault(row.thing, []).append(row)
    return [Entry(thing, THINGS[thing], lines_of(thing, theirs)) for thing, theirs in things.items()]
