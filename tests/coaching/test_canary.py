"""A word in every text of coaching: its readers find it, and it is nowhere else. Asked with PostgreSQL's wall down,
so that only the product itself stands before it; the pages of everybody else are the matrix' (tests/access)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from mats.forms.registry import _forms
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from mats.pages.held import ABOUT_OTHERS
from mats.pages.own_data.content import build
from mats.pages.tasks import build_waiting_exports, store_waiting_imports
from mats.post.tasks import sweep
from mentorship.tasks import check_extensions, end_meetings_that_are_over, plan_meetings_ahead
from tests.access.world import World, standing_world
from tests.attack.pages import send
from tests.canary import FILLED, texts_of_coaching
from tests.cast import WEEK_SIX

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    with django_db_blocker.unblock(), as_owner(purpose="dump"), standing_world() as world:
        yield world


def test_every_text_of_coaching_has_its_word(world):
    assert texts_of_coaching() == set(FILLED)
    assert len(world.canaries) > len(FILLED)  # a draft too, and a note for each audience


def pages_of_readers(world: World) -> dict[str, list[str]]:
    place, log = world.cast.place["scholar"].pk, world.cast.place["scholar"].logs.get(number=5).pk
    coached = [reverse("coached", args=[place]), reverse("log", args=[log])]
    return {"coach": coached, "scholar": [reverse("my_coaching"), reverse("log_write", args=[log])]}


def test_readers_find_their_words(world):
    pages = {
        reader: "".join(send(world.clients[reader], page, method="GET").content.decode() for page in pages)
        for reader, pages in pages_of_readers(world).items()
    }
    found = {word: {reader for reader, text in pages.items() if word in text} for word in world.canaries}
    assert found == world.canaries


def everything_happens(world: World) -> None:
    """Readers open their pages and send forms that are refused, everybody asks for their data, a minute's, a
    day's and a week's work is done."""
    for reader, pages in pages_of_readers(world).items():
        for page in pages:
            send(world.clients[reader], page, method="GET")
            send(world.clients[reader], page, dict.fromkeys(["working", "done", "for_my_coach"], "cinnamon-lighthouse"))
    for client in world.clients.values():
        send(client, reverse("export_ask"), {})
    for task in (sweep, end_meetings_that_are_over, plan_meetings_ahead, check_extensions, store_waiting_imports):
        task()
    build_waiting_exports()
    sweep()


def test_words_are_nowhere_else(world, caplog, capsys):
    """In no row of any table in clear but where somebody was refused (sessions, caches, the queue and history among
    them), in no letter, in no log, in nobody's copy of their data but the scholar's."""
    mail.outbox.clear()
    with caplog.at_level("DEBUG"):
        everything_happens(world)
    told = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    letters = "".join(f"{one.subject}{one.body}{one.alternatives}" for one in mail.outbox)
    said = told + letters + "".join(capsys.readouterr())
    assert (len(mail.outbox) > 5, [word for word in world.canaries if word in said]) == (True, [])
    assert tables_with(list(world.canaries)) == {"coaching_refusal"}


def tables_with(words: list[str]) -> set[str]:
    found, patterns = set(), [f"%{word}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} t WHERE t::text LIKE ANY (%s))", [patterns])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_copies_of_their_data_hold_what_they_read_of_their_own(world):
    """What a coach wrote about others, or began to, is in no file; of the scholar's own what is shared with them."""
    kept = {form.form_name for form in ABOUT_OTHERS}
    assert {name for name, form in _forms.items() if form.__module__.startswith("coaching.") and form.autosaves} <= kept
    found = {word: set() for word in world.canaries}
    for visitor, person in world.people.items():
        if person is not None:
            with acting(person, WEEK_SIX), zipfile.ZipFile(io.BytesIO(build(person, WEEK_SIX))) as archive:
                text = "".join(archive.read(name).decode() for name in archive.namelist())
            for word in [word for word in world.canaries if word in text]:
                found[word].add(visitor)
    assert found == {word: readers & {"scholar"} for word, readers in world.canaries.items()}
