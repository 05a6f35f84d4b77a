"""Yours alone: read by its author only, on the page, through the application and in the database."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from cohorts.access import visible
from mats.history.record import EditedMeanwhile
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from mentorship.actions.own_note import write_own_note
from mentorship.models import OwnNote
from tests.access.test_matrix import normalised
from tests.cast import WEEK_SIX, build_cast
from tests.mentorship.at_once import all_at_once
from tests.mentorship.test_meeting import opened, sent

SECRET = "cardamom-observatory"
OTHERS = [
    "mentor",
    "other_scholar",
    "other_mentor",
    "coach",
    "staff",
    "staff_elsewhere",
    "stranger",
    "mentor_and_coach",
]


def written(cast, body=SECRET, version=0, by=None) -> OwnNote:
    by = by or cast.scholar
    with acting(by, WEEK_SIX):
        return write_own_note(meeting=cast.meeting, by=by, at=WEEK_SIX, version=version, body=body)


def test_author_reads_their_text_on_the_page(cast, client):
    written(cast)
    body = opened(cast, client, "scholar", WEEK_SIX).content.decode()
    assert SECRET in body
    assert "Who can read this: <b>you alone</b>" in body


@pytest.mark.parametrize("who", ["mentor", "coach", "staff"])
def test_others_pages_are_the_same_with_and_without(cast, client, who):
    def pages() -> list[bytes]:
        options = {"headers": {"hx-request": "true"}}
        return [
            normalised(opened(cast, client, who, WEEK_SIX, name, **options).content)
            for name in ("meeting", "meeting_now")
        ]

    without = pages()
    written(cast)
    assert pages() == without


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("table", ["mentorship_ownnote", "mentorship_ownnoteevent"])
def test_database_alone_shows_nobody_else(cast, table, who):
    """With the application's wall off: plain SQL, the history too."""
    written(cast)
    with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", ["mentorship_ownnote", "mentorship_ownnoteevent"])
def test_database_alone_shows_its_author_nothing_once_their_account_is_closed(cast, table):
    written(cast)
    cast.scholar.is_active = False
    cast.scholar.save()
    with acting(cast.scholar, WEEK_SIX), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("who", OTHERS)
def test_database_alone_lets_nobody_else_change_or_delete_it(cast, who):
    note = written(cast)
    with acting(getattr(cast, who), WEEK_SIX), connection.cursor() as cursor:
        cursor.execute("UPDATE mentorship_ownnote SET author_id = %s WHERE id = %s", [getattr(cast, who).pk, note.pk])
        changed = cursor.rowcount
        cursor.execute("DELETE FROM mentorship_ownnote")
        assert (changed, cursor.rowcount) == (0, 0)


def test_no_identity_means_no_rows(cast):
    written(cast)
    assert OwnNote.objects.count() == 0


def test_text_is_nowhere_in_clear(cast):
    written(cast)
    with acting(cast.scholar, WEEK_SIX), connection.cursor() as cursor:
        for table in ("mentorship_ownnote", "mentorship_ownnoteevent"):
            cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE t::text LIKE %s) FROM {table} t", [f"%{SECRET}%"])
            assert cursor.fetchone() == (1, 0)


def test_nobody_writes_in_anothers_name(cast):
    row = OwnNote(meeting=cast.meeting, author=cast.scholar, created_at=WEEK_SIX)
    row.body = SECRET
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with acting(cast.mentor, WEEK_SIX), refused, transaction.atomic():
        row.save(force_insert=True)


def test_each_of_the_two_has_their_own(cast):
    written(cast)
    written(cast, "The mentor's", by=cast.mentor)
    with acting(cast.mentor, WEEK_SIX):
        assert [note.body for note in OwnNote.objects.all()] == ["The mentor's"]


def test_older_version_is_a_conflict(cast):
    assert written(cast).version == 1
    assert written(cast, "Second", version=1).version == 2
    with pytest.raises(EditedMeanwhile):
        written(cast, "Third", version=1)


def test_two_tabs_that_both_write_first_keep_both_texts(cast, client):
    first = {"body": "First tab", "_version": "0"}
    assert sent(cast, client, "scholar", WEEK_SIX, "own_note", first).status_code == 302
    answer = sent(cast, client, "scholar", WEEK_SIX, "own_note", {"body": "Second tab", "_version": "0"})
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("First tab", "Second tab"))


def test_unsent_text_is_kept_and_stands_in_the_box_again(cast, client):
    client.force_login(cast.scholar)
    data = {"_form": "own-note", "_about": str(cast.meeting.pk), "_version": "0", "body": "Half a thought"}
    assert client.post(reverse("draft"), data, headers={"hx-request": "true"}).status_code == 200
    assert b"Half a thought" in opened(cast, client, "scholar", WEEK_SIX).content
    assert b"Half a thought" not in opened(cast, client, "mentor", WEEK_SIX).content


@pytest.mark.parametrize(("who", "status"), [("coach", 403), ("staff", 403), ("other_mentor", 404), ("stranger", 404)])
def test_nobody_outside_the_meeting_writes_one(cast, client, who, status):
    assert sent(cast, client, who, WEEK_SIX, "own_note", {"body": "x"}).status_code == status


@pytest.fixture
def committed(transactional_db, week_six):
    with transaction.atomic():
        return build_cast()


def test_two_first_savings_at_once_are_one_and_a_conflict(committed):
    found = all_at_once(*[lambda n=n: written(committed, f"Text {n}") for n in range(2)])
    assert (found[1], "EditedMeanwhile" in found[0]) == ("done", True)


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_application_alone_shows_its_author_only(committed):
    """With the database's wall off: asked as the owner, in a named purpose."""
    written(committed)
    seen = {}
    for who in ["scholar", *OTHERS]:
        with as_owner(purpose="dump"):
            seen[who] = visible(OwnNote, "own_note", getattr(committed, who), WEEK_SIX).count()
    assert seen == {"scholar": 1, **dict.fromkeys(OTHERS, 0)}
