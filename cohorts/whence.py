"""From where something was done, in the words of people: "from the meeting’s page"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.urls import Resolver404, resolve

# What a page is called, by the first words of its address's name: the longest that fits speaks.
PAGES: dict[str, str] = {
    "home": "Home",
    "go": "a button in a letter",
    "draft": "a draft",
    "profile": "their profile",
    "security": "their sign-in page",
    "sessions": "their sign-in page",
    "address": "their sign-in page",
    "account": "the sign-in pages",
    "mfa": "the sign-in pages",
    "usersessions": "the sign-in pages",
    "google": "the sign-in pages",
    "github": "the sign-in pages",
    "second_factor": "their sign-in page",
    "confirm": "their sign-in page",
    "my_data": "the page of their own data",
    "export": "the page of their own data",
    "erasure": "the erasure’s page",
    "join": "the link of an invitation",
    "first_hour": "the first hour",
    "agreement": "the agreement",
    "times": "the page of meeting times",
    "invitation": "the page of invitations",
    "invite": "the page of invitations",
    "place": "the page of an ending",
    "ending": "the page of an ending",
    "set_up": "the cohort’s set-up",
    "cohort": "the cohort’s page",
    "cohort_new": "the page of a new cohort",
    "cohort_health": "cohort health",
    "import": "an import",
    "phase": "the cohort’s page",
    "site": "the cohort’s page",
    "duty": "the page of duties",
    "duties": "the page of duties",
    "person": "the person’s page",
    "people": "the list of people",
    "stay": "the person’s page",
    "leave": "the person’s page",
    "late_entry": "the person’s page",
    "caseload": "the person’s page",
    "pairing": "the pairing’s page",
    "log": "the page of the weekly log",
    "meeting": "the meeting’s page",
    "agenda": "the meeting’s page",
    "own_note": "the meeting’s page",
    "action": "the list of actions",
    "milestone": "the milestone’s page",
    "rubric": "the milestone’s page",
    "submission": "the submission’s page",
    "review": "the review’s page",
    "conflict": "the page of conflicts of interest",
    "midpoint": "the mid-point’s page",
    "talk": "the talk’s page",
    "support": "the support plan’s page",
    "extension": "the page of extensions",
    "standard": "the page of extensions",
    "round": "the page of extensions",
    "case": "the case’s page",
    "mentor_search": "the case’s page",
    "opinion": "the case’s page",
    "approval": "the approval’s page",
    "committee": "the committee’s table",
    "agreed": "the agreed list",
    "decision": "the decision’s page",
    "condition": "the decision’s page",
    "letter": "the letter’s page",
    "sheet": "the next-term sheet",
    "output": "the page of outputs",
    "chance": "the page of chances",
    "message": "the page of messages",
    "demo": "the demo’s bar",
    "admin": "Django’s admin",
}
KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
ANY_KEY = "00000000-0000-4000-8000-000000000000"


def whence(context: dict[str, Any]) -> str:
    """Where the act of a history's context came from; empty where nothing is known of it.

    An address of coaching says nothing: that somebody was on such a page is theirs.
    """
    if command := context.get("command"):
        return f"by the command {command}"
    page = page_of(KEY.sub(ANY_KEY, str(context.get("page") or "")))
    return f"from {page}" if page else ""


@lru_cache(maxsize=1024)
def page_of(path: str) -> str:
    """What the page at a path is called."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    if found.func.__module__.startswith("coaching."):
        return ""
    return words_for("_".join([*found.namespaces, found.url_name or ""])) or "another page"


def words_for(name: str) -> str:
    """What a page of an address of this name is called; empty where nobody has said it."""
    parts = name.split("_")
    names = ("_".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((PAGES[one] for name in names for one in (name, name.removesuffix("s")) if one in PAGES), "")
