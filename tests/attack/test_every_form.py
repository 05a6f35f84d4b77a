"""Every form that anybody is shown, sent as nobody should: poison in its fields, fields it does not have, keys of
another cohort."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from tests.access.things import build_things
from tests.attack.filling import UUID, filled
from tests.attack.pages import SentForm, clients_of, every_form, rows, rows_in, send, writes
from tests.attack.worlds import build_elsewhere, keys_of
from tests.cast import Cast, build_cast
from tests.standing import standing

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@dataclass
class Drawn:
    """The cast, another cohort with its people, and every form with whoever is shown it."""

    cast: Cast
    there: Cast
    forms: list[tuple[Client, SentForm]]


@pytest.fixture(scope="module")
def drawn(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Drawn]:
    """Drawing them all takes as long as sending them all once. Each test's own transaction lies inside of this."""
    with django_db_blocker.unblock(), standing():
        with transaction.atomic():
            cast = build_cast()
            there = build_elsewhere(cast)
        yield Drawn(cast, there, list(every_form(cast, build_things(cast), clients_of(cast))))


RIGHT_TO_LEFT = "abc\u202edcba"
POISON = {
    "NUL": "a\x00b",
    "invisible": "\u200b\u2060\u00ad",
    "right-to-left": RIGHT_TO_LEFT,
    "half a character": "\ud800",
    "150 kB": "x" * 150_000,
    "long path": "/" + "a" * 700,
    "key in disguise": "urn:uuid:" + "-" * 600 + "{00000000-0000-0000-0000-000000000000}",
}
ANSWERS = {200, 302, 401, 403, 404, 409, 422, 429}
# A refused text may stay as a draft; a claimed key is taken back with what it was claimed for.
QUIET = ("forms_draft",)


@pytest.mark.parametrize("part", ["typed", "machine"])
def test_poison_in_any_field_is_answered_and_stores_nothing(drawn, part):
    before, wrong = rows(*QUIET), []
    for client, form in drawn.forms:
        for what, text in POISON.items():
            with transaction.atomic():
                answer = send(client, form.action, form.fields | dict.fromkeys(getattr(form, part), text))
                transaction.set_rollback(answer.status_code == 302)
            if answer.status_code not in ANSWERS:
                wrong.append((form.action, what, answer.status_code))
            if answer.status_code == 422 and part == "typed" and form.texts and what == "right-to-left":
                wrong += [(form.action, "is not given back")] * (RIGHT_TO_LEFT not in answer.content.decode())
    after = rows(*QUIET)
    assert wrong == []
    assert {table: after[table] for table in after if after[table] != before[table]} == {}
    assert len(drawn.forms) > 100


def test_megabytes_in_one_field_are_answered(drawn):
    """As many as a request may hold, and more than it may: of every ninth form."""
    for client, form in [one for one in drawn.forms if one[1].texts][::9]:
        sent = {size: form.fields | {sorted(form.texts)[0]: "x" * size} for size in (1_000_000, 13_000_000)}
        answers = [send(client, form.action, fields).status_code for fields in sent.values()]
        assert (answers[0] in {200, 302, 409, 422}, answers[1]) == (True, 413), form.action


# Kept for one's own drafts and double clicks; a random seal, a hash of all that was sent.
SEALED = {
    "forms_draft",
    "forms_submission",
    "post_message",
    "django_session",
    "usersessions_usersession",
    "durable_cache",
}


MOMENTS = [
    "archived_at", "created_at", "launched_at", "submitted_at", "done_at", "dropped_at", "at", "ended_at",
    "due_at", "accepted_at", "first_hour_at", "reads_until", "expires_at", "revoked_at", "confirmed_at",
    "withdrawn_at", "carried_out_at", "erased_at",
]  # fmt: skip
PEOPLE = [
    "person", "person_id", "by", "by_id", "user", "added_by", "added_by_id", "invited_by", "invited_by_id",
    "proposed_by", "proposed_by_id", "confirmed_by", "confirmed_by_id", "carried_out_by",
]  # fmt: skip
PLACES = [
    "pk", "id", "about", "about_id", "author", "author_id", "membership", "membership_id", "for_membership",
    "for_membership_id", "scholar_id", "mentor_id", "coach_id", "pairing", "pairing_id",
]  # fmt: skip


def forged(cast: Cast) -> dict[str, str]:
    there = str(cast.other_cohort.pk)
    rights = dict.fromkeys(["is_staff", "is_superuser", "is_active", "starts_cohorts", "is_live", "is_record"], "on")
    places = dict.fromkeys(PLACES, str(cast.place["other_mentor"].pk))
    people = dict.fromkeys(PEOPLE, str(cast.stranger.pk))
    moments = dict.fromkeys(MOMENTS, "2020-01-01T00:00")
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
        "how": "completed",
        "ended_how": "completed",
        "token_hash": "0" * 64,
    }
    return rights | places | people | moments | rest


def _plain(line: str, known: set[str]) -> str:
    """A row without what is drawn anew each time: counters, keys, a password that nobody can use, a link's hash."""
    without = re.sub(r"![A-Za-z0-9]{40}|[0-9a-f]{64}", "!", re.sub(r"^\(\d+,", "(", line))
    return UUID.sub(lambda key: key[0] if key[0] in known else "new", without)


def outcome(client: Client, form: SentForm, sent: dict[str, str], known: set[str]) -> tuple[int, dict[str, list[str]]]:
    """What a form makes of the tables it writes to, with every new key under one name; taken back at once."""
    before = writes()
    with transaction.atomic():
        status = send(client, form.action, sent).status_code
        written = {table for table, number in writes().items() if number != before.get(table, 0)}
        found = rows_in(table for table in written - SEALED if not table.endswith("event"))
        transaction.set_rollback(True)
    return status, {name: sorted(_plain(line, known) for line in lines) for name, lines in found.items()}


def test_added_fields_change_nothing_that_was_not_meant(drawn):
    known = {key[0] for lines in rows().values() for line in lines for key in UUID.finditer(line)}
    wrong, carried_out = [], set()
    for client, form in drawn.forms:
        sent = filled(form, drawn.cast)
        status, meant = outcome(client, form, sent, known)
        extra = {name: value for name, value in forged(drawn.cast).items() if name not in form.fields}
        if outcome(client, form, sent | extra, known) != (status, meant):
            wrong.append(form.action)
        carried_out |= {form.action} if status == 302 and meant else set()
    assert wrong == []
    assert len(carried_out) >= 40


def test_key_of_another_cohort_in_a_form_is_refused(drawn):
    """Wherever a key is chosen or carried along."""
    before, wrong, tried = rows("forms_draft"), [], 0
    for client, form in drawn.forms:
        sent = filled(form, drawn.cast)
        for name in [name for name in form.typed if UUID.fullmatch(sent[name])]:
            for key in keys_of(drawn.there):
                status = send(client, form.action, {**sent, name: key}).status_code
                tried += 1
                wrong += [(form.action, name, status)] * (status != 422)
    assert (wrong, tried > 50) == ([], True)
    assert rows("forms_draft") == before


def test_carried_along_key_of_another_cohort_touches_nothing_there(drawn):
    """Hidden keys name drafts and places; whatever they say, nothing of the other cohort moves."""
    foreign = keys_of(drawn.there)

    def about() -> dict[str, list[str]]:
        return {table: [one for one in lines if any(key in one for key in foreign)] for table, lines in rows().items()}

    before = about()
    for client, form in drawn.forms:
        for key in foreign[:2]:
            hidden = dict.fromkeys(["_place", "_about", "about", "place", "scholar_id", "cohort"], key)
            assert send(client, form.action, form.fields | hidden).status_code < 500
    assert about() == before
