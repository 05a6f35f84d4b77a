"""Who can read an entry, by name; the rows come from the access table."""

from __future__ import annotations

from coaching.models import Note
from cohorts.access import rows_of

# Which of the table's relations an audience lets in.
RELATIONS = {
    Note.Audience.WORKING: frozenset({"author"}),
    Note.Audience.WITH_SCHOLAR: frozenset({"author", "scholar"}),
}


def readers_by_name(audience: str, *, author: str, scholar: str) -> str:
    """`you`, or `you and Sana`: give "you" as the name of the one who looks; no `author`: they coach the
    scholar no longer, and so read it no longer."""
    names = {"author": author, "scholar": scholar}
    reading = [row.relation for row in rows_of("note", "read") if not row.denies]
    those = [names.get(relation, "") for relation in reading if relation in RELATIONS[Note.Audience(audience)]]
    return " and ".join(name for name in those if name)


def one_on_one_readers(*, coach: str, scholar: str) -> list[str]:
    """Who can read that a 1-1 took place: the two by name, everybody else in the table's words."""
    names = {"coach": coach, "holder": coach, "scholar": scholar}
    reading = [
        names.get(row.relation, row.who.replace("the scholar", scholar))
        for row in rows_of("one_on_one", "read")
        if not row.denies
    ]
    return list(dict.fromkeys(reading))


def for_my_coach_readers(*, coach: str, scholar: str) -> list[str]:
    """Who can read what a scholar writes for their coach only, by name; no `coach`: the one it was
    written for coaches them no longer."""
    names = {"scholar": scholar, "coach": coach}
    reading = [names.get(row.relation, row.who) for row in rows_of("for_my_coach", "read") if not row.denies]
    return list(dict.fromkeys(name for name in reading if name))
