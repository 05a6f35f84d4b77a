"""Drafts and conflicts of the coach's entry, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.coaching.conftest import a_line, a_note, a_one_on_one, a_plan


@pytest.fixture
def address(cast) -> str:
    return reverse("coached", args=[cast.place["scholar"].pk])


def entry(page):
    """The first box of a new entry, or the one of an entry that is changed."""
    return page.get_by_role("textbox", name=re.compile("Working notes|Entry"))


def status(page):
    return page.locator("#note-draft")


def test_text_is_saved_while_typing_and_back_on_the_next_visit(page_as, cast, address):
    page = page_as(cast.coach)
    page.goto(address)
    entry(page).fill("half a thought")
    expect(status(page)).to_contain_text("Draft saved")
    entry(page).fill("half a thought, and the other half")
    with page.expect_response("**/drafts/"):
        pass
    page.reload()
    expect(entry(page)).to_have_value("half a thought, and the other half")


def test_second_box_and_topics_are_kept_in_the_draft_too(page_as, cast, address):
    page = page_as(cast.coach)
    page.goto(address)
    page.get_by_role("textbox", name="With Sana Scholar").fill("lights out by 23:30")
    with page.expect_response(lambda answer: "habits" in (answer.request.post_data or "")):
        page.get_by_label("sleep and other habits").check()
    page.reload()
    expect(page.get_by_role("textbox", name="With Sana Scholar")).to_have_value("lights out by 23:30")
    expect(page.get_by_label("sleep and other habits")).to_be_checked()


def test_second_tab_is_told_and_keeps_its_text(page_as, cast, address, complaints):
    first, second = page_as(cast.coach), page_as(cast.coach)
    first.goto(address)
    second.goto(address)
    entry(first).fill("first tab")
    expect(status(first)).to_contain_text("Draft saved")
    entry(second).fill("second tab")
    expect(status(second)).to_contain_text("Another tab saved a draft")
    expect(entry(second)).to_have_value("second tab")
    complaints.clear()


def test_entry_sent_right_after_typing_leaves_no_draft(page_as, cast, address):
    page = page_as(cast.coach)
    page.goto(address)
    entry(page).fill("a whole thought")
    expect(status(page)).to_contain_text("Draft saved")
    entry(page).press_sequentially("!")
    page.get_by_role("button", name="Save entry").click()
    expect(page.locator("article")).to_contain_text("a whole thought!")
    expect(entry(page)).to_have_value("")


def test_draft_that_finds_no_session_says_so_and_leaves_the_text(page_as, cast, address, complaints):
    page = page_as(cast.coach)
    page.goto(address)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    entry(page).fill("half a thought")
    expect(status(page)).to_contain_text("Draft not saved: you are signed out. Your text is still here.")
    expect(entry(page)).to_have_value("half a thought")
    complaints.clear()


def test_button_saves_the_draft_without_script_and_another_throws_it_away(page_as, cast, address):
    page = page_as(cast.coach, script=False)
    page.goto(address)
    entry(page).fill("half a thought")
    page.get_by_role("button", name="Save draft").click()
    expect(entry(page)).to_have_value("half a thought")
    page.get_by_role("button", name="Throw the draft away").click()
    expect(entry(page)).to_have_value("")


@pytest.mark.parametrize(
    "look", [{"width": width, "scheme": scheme} for width in (360, 1280) for scheme in ("light", "dark")], ids=str
)
def test_pages_of_coaching_are_accessible(page_as, cast, address, assert_accessible, look):
    note = a_note(cast, "Sleep: **eight hours**, lights out by 23:30.\n\n- asked for compute", "with_scholar")
    one, plan = a_one_on_one(cast), a_plan(cast)
    a_line(cast)
    coach, scholar = (page_as(person, **look) for person in (cast.coach, cast.scholar))
    for page, place in [
        (coach, address), (coach, reverse("coaching")), (coach, reverse("note_change", args=[note.pk])),
        (coach, reverse("one_on_one_plan", args=[plan.about_id])), (coach, reverse("one_on_one_move", args=[plan.pk])),
        (coach, reverse("one_on_one_add", args=[plan.about_id])), (coach, reverse("one_on_one_back", args=[one.pk])),
        (scholar, reverse("my_coaching")), (scholar, reverse("profile")),
    ]:  # fmt: skip
        page.goto(place)
        assert_accessible(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_conflict_and_invalid_form_are_accessible(page_as, cast, assert_accessible, complaints, width):
    note = a_note(cast, "as it was")
    first, second = page_as(cast.coach, width=width), page_as(cast.coach, width=width)
    for page in (first, second):
        page.goto(reverse("note_change", args=[note.pk]))
    for page, text in [(first, "first tab"), (second, "second tab")]:
        entry(page).fill(text)
        page.get_by_role("button", name="Save entry").click()
    expect(second.get_by_role("heading", name="Somebody saved this while you were writing")).to_be_visible()
    assert_accessible(second)
    second.get_by_role("button", name="Save this version").click()
    expect(second.locator("article")).to_contain_text("second tab")
    entry(second).fill("\u200b")
    second.get_by_role("button", name="Save entry").click()
    expect(second.get_by_role("alert")).to_contain_text("Not saved yet")
    assert_accessible(second)
    complaints.clear()
