"""A word in every text of the scholar of the cast, and where words are found."""

from __future__ import annotations

from typing import Any

from django.db import connection

from cohorts.held import KINDS, LINK, WORDS, own, written
from cohorts.models import Contact, Ending, Invitation, Membership, Person
from mats.forms.models import Draft
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from mats.pages.models import ImportRun
from mats.post import outbox
from mats.post.models import Message
from mentorship.models import Action, Decision, ExtensionCase, LateEntry, MentorSearch, OwnNote, Tick
from tests.access.things import build_things
from tests.cast import LONG_AGO, WEEK_SIX, Cast
from tests.coaching.conftest import a_line

CANARY = "cinnamon-lighthouse"
PUT = {WORDS: CANARY, LINK: f"https://{CANARY}.example/", "": CANARY, "[]": [{"words": CANARY}], "{}": [CANARY[:16]]}


def states(cast: Cast) -> dict[str, dict[str, Any]]:
    """What must stand in a row so that its texts may: by kind."""
    at, staff = WEEK_SIX, cast.staff
    return {
        "weekly-logs": {"submitted_at": at},
        "actions": {"dropped_at": at},
        "approvals": {"has_conflict": True, "named_by": staff, "talked_at": at, "talked_by": staff},
        "extension-cases": {"appealed_at": at, "appeal_due_at": at},
        "reviews": {"given_at": at, "outcome": "pass"},
        "support-plans": {"reviewed_at": at, "reviewed_by": staff},
        "talks": {"done_at": at, "done_by": staff, "talked_on": at.date()},
    }


def whole(cast: Cast) -> None:
    """One of everything about the scholar, and what `build_things` leaves out; every row with its text."""
    build_things(cast)
    at, place, staff = {"created_at": WEEK_SIX}, cast.place["scholar"], cast.staff
    case = ExtensionCase.objects.get(scholar=place)
    of_cohort: dict[str, Any] = {"cohort": cast.cohort, **at}
    Ending.objects.create(
        membership=place, how="programme", reason=CANARY, talk_note=CANARY, letter=CANARY,
        talk_on=WEEK_SIX.date(), proposed_by=staff, **of_cohort,
    )  # fmt: skip
    LateEntry.objects.create(
        scholar=place, round=case.round, until_on=WEEK_SIX.date(), closes_at=WEEK_SIX, reason=CANARY,
        opened_by=staff, **of_cohort,
    )  # fmt: skip
    MentorSearch.objects.create(
        case=case, due_at=WEEK_SIX, closed_at=WEEK_SIX, closed_by=staff, words=CANARY, **of_cohort
    )
    Decision.objects.filter(case=case, confirmed_at=None).update(pulled_at=WEEK_SIX, pulled_by=staff, pulled_why=CANARY)
    Decision.objects.create(
        case=case, number=9, outcome="more", reason="Sana, why?", answer=CANARY, answered_at=WEEK_SIX,
        proposed_by=staff, proposed_at=WEEK_SIX, opens_at=WEEK_SIX, confirmed_at=WEEK_SIX,
        confirmed_by=cast.staff_elsewhere,
        replaced_at=WEEK_SIX, **of_cohort,
    )  # fmt: skip
    Message.objects.filter(person=cast.scholar).update(dropped_at=WEEK_SIX, dropped_why=CANARY, failed_why=CANARY)
    outbox.put(kind="account_mail", policy="letter", person=cast.scholar, occurrence="x", at=WEEK_SIX, secret=CANARY)
    Message.objects.filter(kind="account_mail").update(sealed=CANARY)
    Tick.objects.create(log=cast.log, action=Action.objects.get(), outcome="dropped", why=CANARY, **at)
    for writer in (cast.scholar, cast.mentor):
        with acting(writer, WEEK_SIX):
            note = OwnNote(meeting=cast.meeting, author=writer, **at)
            note.body = CANARY
            note.save(force_insert=True)
    a_line(cast)
    Contact.objects.create(person=cast.scholar, phone=CANARY, **at)
    invited = {"membership": place, "email": cast.scholar.email, "token_hash": "0" * 64, "expires_at": WEEK_SIX}
    Invitation.objects.create(accepted_at=LONG_AGO, **invited, **of_cohort)
    run = {"state": "discarded", "difference": [["person", cast.scholar.email]]}
    ImportRun.objects.create(person=staff, **run, **of_cohort)
    with acting(cast.scholar, WEEK_SIX):
        draft = Draft(person=cast.scholar, form="note", saved_at=WEEK_SIX)
        draft.content = CANARY
        draft.save(force_insert=True)


def fill(cast: Cast) -> set[str]:
    """Put the word into every text that erasure removes, past every wall and seal; the columns, as
    kind.column, in which it stands then."""
    filled = set()
    with as_owner(purpose="erase"):
        for kind in KINDS.values():
            theirs = own(kind, cast.scholar) if kind.about else written(kind, cast.scholar)
            rows = kind.model._default_manager.filter(theirs)
            if values := {name: PUT[how] for name, how in kind.removed.items() if how in PUT}:
                if kind.name not in {"decisions", "messages"}:  # each row of these has a state of its own
                    rows.update(**values, **states(cast).get(kind.name, {}))
                filled |= {f"{kind.name}.{name}" for name in values if any(in_words(row, name) for row in rows)}
    return filled


def in_words(row: Any, name: str) -> bool:
    return CANARY[:16] in str(getattr(row, name))


def every_text() -> set[str]:
    return {f"{kind.name}.{name}" for kind in KINDS.values() for name, how in kind.removed.items() if how in PUT}


def end_places(person: Person) -> None:
    places = Membership.objects.filter(person=person)
    until = WEEK_SIX.replace(month=4)
    places.update(archived_at=WEEK_SIX, ended_at=WEEK_SIX, ended_how="left", reads_until=until)


def tables_with(*words: str) -> dict[str, int]:
    """The tables in which any of these words stands in any column, whatever its type; asked as the owner."""
    found = {}
    with as_owner(purpose="dump"), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'durable_cache'")
        for (table,) in cursor.fetchall():
            clauses = " OR ".join(["t::text ILIKE %s"] * len(words))
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE {clauses}", [f"%{word}%" for word in words])
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found
