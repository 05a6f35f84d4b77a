"""Fields that a form does not have, added to what is sent, change nothing."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.access.outcomes import LINES
from tests.access.things import build_things
from tests.attack.filling import UUID, filled, good_values
from tests.attack.pages import SentForm, address_of, clients_of, every_form, rows
from tests.cast import WEEK_SIX, Cast

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

# Kept for one's own drafts and double clicks; a random seal, a hash of all that was sent.
QUIET = ("forms_draft", "forms_submission", "post_message", "django_session", "usersessions_usersession")


def forged(cast: Cast) -> dict[str, str]:
    there, somebody = str(cast.other_cohort.pk), str(cast.place["other_mentor"].pk)
    rights = dict.fromkeys(["is_staff", "is_superuser", "is_active", "starts_cohorts", "is_live", "is_record"], "on")
    keys = dict.fromkeys(
        ["pk", "id", "about", "about_id", "author", "author_id", "membership", "membership_id"], somebody
    )
    people = dict.fromkeys(
        ["person", "person_id", "by", "by_id", "user", "added_by", "added_by_id"], str(cast.stranger.pk)
    )
    moments = dict.fromkeys(
        [
            "archived_at",
            "created_at",
            "launched_at",
            "submitted_at",
            "done_at",
            "dropped_at",
            "at",
            "ended_at",
            "due_at",
        ],
        "2020-01-01T00:00",
    )
    rest = {
        "role": "staff",
        "cohort": there,
        "cohort_id": there,
        "version": "99",
        "password": "hello",
        "email": "x@evil.example",
        "held": "[2027-01-01,2028-01-01)",
        "planned": "[2027-01-01,2028-01-01)",
        "number": "1",
        "lead": "yes",
        "kind": "term",
        "scholar_id": somebody,
        "mentor_id": somebody,
        "coach_id": somebody,
        "pairing": somebody,
        "pairing_id": somebody,
    }
    return rights | keys | people | moments | rest


def _plain(line: str, known: set[str]) -> str:
    """A row without what is drawn anew each time: counters, keys, a password that nobody can use, a link's hash."""
    without = re.sub(r"![A-Za-z0-9]{40}|[0-9a-f]{64}", "!", re.sub(r"^\(\d+,", "(", line))
    return UUID.sub(lambda key: key[0] if key[0] in known else "new", without)


def outcome(client: Client, form: SentForm, sent: dict[str, str], known: set[str]) -> tuple[int, dict[str, list[str]]]:
    """What a form makes of the database, with every new key under one name; taken back at once."""
    with transaction.atomic():
        status = client.post(form.action, sent).status_code
        found = rows(*QUIET)
        transaction.set_rollback(True)
    tables = {name: lines for name, lines in found.items() if not name.endswith("event")}
    return status, {name: sorted(_plain(line, known) for line in lines) for name, lines in tables.items()}


def test_added_fields_change_nothing_that_was_not_meant(cast):
    forms = list(every_form(cast))
    known = {key[0] for lines in rows().values() for line in lines for key in UUID.finditer(line)}
    wrong, carried_out = [], []
    with time_machine.travel(WEEK_SIX, tick=False):
        for client, form in forms:
            sent = filled(form, cast)
            meant = outcome(client, form, sent, known)
            extra = {name: value for name, value in forged(cast).items() if name not in form.fields}
            if outcome(client, form, {**sent, **extra}, known) != meant:
                wrong.append(form.action)
            carried_out += [form.action] * (meant[0] == 302)
    assert wrong == []
    assert len(set(carried_out)) >= 30


REFUSED = {"401", "403", "404"}


def test_forged_post_of_whoever_may_not_changes_nothing(cast):
    things, clients = build_things(cast), clients_of(cast, "203.0.113")
    sent = {**good_values(cast), **forged(cast), "_version": "1"}
    before, wrong = rows("forms_draft"), []
    for line in (line for line in LINES if line.method == "POST" and not line.is_of_a_visitor):
        address = address_of(line.address, line.thing, cast, things)
        for visitor in line.visitors(*REFUSED):
            if visitor in clients:
                answer = clients[visitor].post(address, sent)
                wrong += [(address, visitor, answer.status_code)] * (str(answer.status_code) != line.statuses[visitor])
    assert wrong == []
    assert rows("forms_draft") == before
