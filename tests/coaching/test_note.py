"""Entries: who writes, who changes, what comes back."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from coaching.models import Note
from cohorts.models import Caseload
from mats.forms.models import Draft
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, a_caseload, a_pairing
from tests.coaching.conftest import a_note, a_one_on_one

OUTSIDERS = [
    "scholar", "other_scholar", "mentor", "other_mentor", "other_coach", "staff", "staff_elsewhere",
    "mentor_and_coach", "stranger",
]  # fmt: skip


def page_of(cast) -> str:
    return reverse("coached", args=[cast.place["scholar"].pk])


def sent(**fields) -> dict:
    return {
        "_form": "note",
        "_key": str(uuid.uuid4()),
        "dated": "2027-02-10",
        "working": "cinnamon-lighthouse",
        **fields,
    }


def changed(note: Note, **fields) -> dict:
    more = {"audience": "working", "body": "cinnamon-lighthouse", **fields}
    return sent(_form="note-change", _version=str(note.version), _place=str(note.about_id), **more)


def only_note(cast) -> Note:
    with acting(cast.coach, WEEK_SIX):
        return Note.objects.select_related("author", "about").get()


def body_now(cast, note) -> str:
    with acting(cast.coach, WEEK_SIX):
        return Note.objects.get(pk=note.pk).body


def as_(client, person):
    client.force_login(person)
    return client


def test_coach_writes_an_entry_and_reads_it(client, cast):
    answer = as_(client, cast.coach).post(page_of(cast), sent(), follow=True)
    assert answer.redirect_chain == [(page_of(cast), 302)]
    assert "cinnamon-lighthouse" in answer.content.decode()


def test_author_scholar_and_moment_never_come_from_the_form(client, cast):
    forged = {
        "author": cast.place["other_coach"].pk,
        "about": cast.place["other_scholar"].pk,
        "created_at": "2020-01-01",
    }
    as_(client, cast.coach).post(page_of(cast), sent(**forged))
    note = only_note(cast)
    assert (note.author, note.about) == (cast.place["coach"], cast.place["scholar"])
    assert note.created_at.date() == WEEK_SIX.date()


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_scholars_page_is_not_found_like_nonsense(client, cast, working, who, method):
    ask = getattr(as_(client, getattr(cast, who)), method)
    data = sent() if method == "post" else {}
    found, nonsense = ask(page_of(cast), data), ask(reverse("coached", args=[uuid.uuid4()]), data)
    assert (found.status_code, found.content) == (404, nonsense.content)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_entry_is_not_found_by_anyone_but_its_author(client, cast, shared, who, method):
    ask = getattr(as_(client, getattr(cast, who)), method)
    data = changed(shared) if method == "post" else {}
    found, nonsense = (
        ask(reverse("note_change", args=[shared.pk]), data),
        ask(reverse("note_change", args=[uuid.uuid4()]), data),
    )
    assert (found.status_code, found.content) == (404, nonsense.content)
    assert body_now(cast, shared) == "saffron-harbour"


def test_author_changes_an_entry(client, cast, working):
    answer = as_(client, cast.coach).post(
        reverse("note_change", args=[working.pk]), changed(working, body="new words", audience="with_scholar")
    )
    note = only_note(cast)
    assert (answer.status_code, note.body, note.audience, note.version) == (302, "new words", "with_scholar", 2)


def test_two_tabs_on_one_entry_keep_both_texts(client, cast, working):
    page = reverse("note_change", args=[working.pk])
    as_(client, cast.coach).post(page, changed(working, body="first tab"))
    answer = client.post(page, changed(working, body="second tab"))
    assert (answer.status_code, body_now(cast, working)) == (409, "first tab")
    assert answer.content.decode().count("second tab") >= 2


def test_text_of_a_conflict_is_kept_as_a_draft_too(client, cast, working):
    page = reverse("note_change", args=[working.pk])
    as_(client, cast.coach).post(page, changed(working, body="first tab"))
    client.post(page, changed(working, body="second tab"))
    assert "second tab" in client.get(page).content.decode()


def unassign(cast) -> None:
    Caseload.objects.filter(pk=cast.caseload.pk).update(ends_on=dt.date(2027, 2, 9))


def test_coach_unassigned_with_a_new_entry_open_gets_the_text_back(client, cast):
    unassign(cast)
    answer = as_(client, cast.coach).post(page_of(cast), sent(working="hours of work"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You no longer coach this scholar" in page
    assert "hours of work" in page


def test_coach_unassigned_with_an_entry_open_gets_the_text_back(client, cast, working):
    unassign(cast)
    answer = as_(client, cast.coach).post(
        reverse("note_change", args=[working.pk]), changed(working, body="hours of work")
    )
    assert answer.status_code == 403
    assert "hours of work" in answer.content.decode()


def test_coach_unassigned_reads_nothing_any_more(client, cast, working):
    unassign(cast)
    pages = [page_of(cast), reverse("note_change", args=[working.pk])]
    assert [as_(client, cast.coach).get(page).status_code for page in pages] == [404, 404]


def test_former_coach_who_mentors_the_scholar_now_is_told_nothing(client, cast):
    Caseload.objects.filter(pk=cast.caseload.pk).update(coach=cast.place["both_as_coach"], ends_on=dt.date(2027, 2, 9))
    a_pairing_of_both(cast)
    assert as_(client, cast.mentor_and_coach).post(page_of(cast), sent()).status_code == 404


def a_pairing_of_both(cast) -> None:
    a_pairing(cast.place["scholar"], cast.place["both_as_mentor"], is_lead=False)


def test_new_coach_does_not_read_the_working_notes_of_the_one_before(client, cast, working):
    unassign(cast)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=dt.date(2027, 2, 10))
    page = as_(client, cast.other_coach).get(page_of(cast))
    assert page.status_code == 200
    assert "cinnamon-lighthouse" not in page.content.decode()


@pytest.mark.parametrize(
    ("dated", "words"),
    [("2027-02-11", "has not come yet"), ("2027-01-03", "this is earlier"), ("not a day", "Enter a valid date")],
)
def test_day_that_cannot_be_is_refused_at_its_field(client, cast, dated, words):
    answer = as_(client, cast.coach).post(page_of(cast), sent(dated=dated))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "cinnamon-lighthouse" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [("\u200b\u2060", 422), ("a\x00b", 422), ("x" * 1_000_000, 422), ("abc\u202edef", 302), ("", 422)],
    ids=["invisible", "NUL", "1 MB", "right-to-left", "empty"],
)
def test_bad_text_has_an_answer(client, cast, body, status):
    assert as_(client, cast.coach).post(page_of(cast), sent(working=body)).status_code == status


def test_readers_are_named_at_the_box(client, cast):
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "Who can read this: you. The person it is about may ask for a copy." in page
    assert "Who can read this: you and Sana Scholar. The person it is about may ask for a copy." in page


def test_text_is_in_no_table_and_no_history(client, cast):
    as_(client, cast.coach).post(page_of(cast), sent())
    client.post("/drafts/", sent(_about=str(cast.place["scholar"].pk), working="saffron-harbour"))
    tables = ["coaching_note", "coaching_noteevent", "forms_draft", "forms_submission", "django_session"]
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        assert Draft.objects.count() == 1
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ 'cinnamon|saffron'")
            assert cursor.fetchone() == (0,), table


def test_markdown_is_shown_and_scripts_are_not(client, cast):
    a_note(cast, "**bold** <script>alert(1)</script> [x](javascript:alert(1))")
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def notes(cast) -> list[Note]:
    with acting(cast.coach, WEEK_SIX):
        return list(Note.objects.order_by("audience"))


def test_one_save_writes_a_note_for_each_group_of_readers(client, cast):
    both = sent(with_scholar="saffron-harbour", topics=["habits", "career", "habits"])
    assert as_(client, cast.coach).post(page_of(cast), both).status_code == 302
    found = [(note.audience, note.body, note.topics, note.dated) for note in notes(cast)]
    day = dt.date(2027, 2, 10)
    assert found == [
        ("with_scholar", "saffron-harbour", ["career", "habits"], day),
        ("working", "cinnamon-lighthouse", ["career", "habits"], day),
    ]


@pytest.mark.parametrize("audience", Note.Audience.values)
def test_either_box_may_be_empty(client, cast, audience):
    boxes = {"working": "", "with_scholar": "", audience: "saffron-harbour"}
    as_(client, cast.coach).post(page_of(cast), sent(**boxes))
    assert [(note.audience, note.body) for note in notes(cast)] == [(audience, "saffron-harbour")]


def test_topics_alone_are_no_entry(client, cast):
    answer = as_(client, cast.coach).post(page_of(cast), sent(working=" ", topics=["habits"]))
    assert (answer.status_code, "topics alone are no entry" in answer.content.decode()) == (422, True)
    assert notes(cast) == []


def test_forged_topic_is_refused(client, cast):
    assert as_(client, cast.coach).post(page_of(cast), sent(topics=["romance"])).status_code == 422


def test_second_box_that_cannot_be_stored_stores_neither(client, cast):
    """One transaction: a bad text in one box leaves nothing of the other, and both come back."""
    answer = as_(client, cast.coach).post(page_of(cast), sent(with_scholar="a\x00b"))
    assert (answer.status_code, notes(cast)) == (422, [])
    assert "cinnamon-lighthouse" in answer.content.decode()


def test_topics_are_changed_with_an_entry_and_read_by_its_readers(client, cast, shared):
    changes = changed(shared, audience="with_scholar", body="saffron-harbour", topics=["others"])
    as_(client, cast.coach).post(reverse("note_change", args=[shared.pk]), changes)
    assert "working with others" in as_(client, cast.scholar).get(reverse("my_coaching")).content.decode()


def test_topics_of_a_working_note_are_the_coachs_alone(client, cast):
    a_note(cast, "cinnamon-lighthouse", topics=["others"])
    a_note(cast, "saffron-harbour", Note.Audience.WITH_SCHOLAR)
    assert "working with others" not in as_(client, cast.scholar).get(reverse("my_coaching")).content.decode()


def test_entries_and_one_on_ones_of_one_day_stand_together_the_newest_first(client, cast):
    a_note(cast, "saffron-harbour", dated=dt.date(2027, 2, 9))
    a_note(cast, "cinnamon-lighthouse", dated=dt.date(2027, 2, 5))
    a_one_on_one(cast, dt.date(2027, 2, 9))
    page = as_(client, cast.coach).get(page_of(cast)).content.decode()
    _, tuesday, friday = page.split('<section class="band"')
    assert ("1-1 took place" in tuesday, "saffron-harbour" in tuesday) == (True, True)
    assert ("1-1 took place" in friday, "cinnamon-lighthouse" in friday) == (False, True)
