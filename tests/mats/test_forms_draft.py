"""Server drafts, through the coach's entry."""

from __future__ import annotations

import html
import json
import re
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from mats.forms.drafts import DRAFT_CAP
from mats.forms.models import Draft
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def page(cast) -> str:
    return reverse("coached", args=[cast.place["scholar"].pk])


def drawn(coach, page: str, form: str = "note") -> dict:
    """The hidden fields of a form, as one tab holds them."""
    text = coach.get(page).content.decode()
    part = next(part for part in text.split("<form")[1:] if f'name="_form" value="{form}"' in part)
    return dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', part))


def filled(tab: dict, body: str) -> dict:
    return {**tab, "working": body, "dated": "2027-02-10"}


def shown(coach, page: str) -> str:
    text = coach.get(page).content.decode()
    return html.unescape(
        re.search(r"<textarea[^>]*name=\"working\"[^>]*>(.*?)</textarea>", text, re.DOTALL).group(1)
    ).strip()


def base_of(answer) -> str:
    return re.search(r'name="_base" [^>]*value="(\w+)"', answer.content.decode()).group(1)


def drafts(cast) -> list[Draft]:
    with acting(cast.coach, WEEK_SIX):
        return list(Draft.objects.all())


def test_autosave_says_when_and_a_later_visit_restores(coach, page):
    answer = coach.post("/drafts/", filled(drawn(coach, page), "half a thought"), **HTMX)
    assert (answer.status_code, answer.content.decode().partition("<")[0]) == (200, "Draft saved 12:00")
    assert shown(coach, page) == "half a thought"
    assert "Draft saved 12:00" in coach.get(page).content.decode()


def test_button_without_script_saves_and_leads_back(coach, page):
    answer = coach.post("/drafts/", {**filled(drawn(coach, page), "half a thought"), "_draft": "1"})
    assert (answer.status_code, answer["Location"], shown(coach, page)) == (302, page, "half a thought")


def test_time_is_the_persons_own(coach, cast, page):
    type(cast.coach).objects.filter(pk=cast.coach.pk).update(time_zone="Asia/Tokyo")
    answer = coach.post("/drafts/", filled(drawn(coach, page), "half a thought"), **HTMX)
    assert answer.content.decode().startswith("Draft saved 21:00")


def test_draft_row_is_sealed(coach, cast, page):
    coach.post("/drafts/", filled(drawn(coach, page), "cinnamon-lighthouse"), **HTMX)
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM forms_draft t")
        [(row,)] = cursor.fetchall()
    assert "cinnamon" not in row


def test_draft_is_seen_by_its_writer_only(coach, cast, page):
    coach.post("/drafts/", filled(drawn(coach, page), "half a thought"), **HTMX)
    for other in (cast.scholar, cast.mentor, cast.staff, cast.other_coach):
        with acting(other, WEEK_SIX):
            assert Draft.objects.count() == 0


def test_fields_that_are_not_of_the_form_are_dropped(coach, cast, page):
    coach.post("/drafts/", {**filled(drawn(coach, page), "x"), "author": "me", "role": "staff"}, **HTMX)
    [draft] = drafts(cast)
    assert set(json.loads(draft.content)["fields"]) == {"dated", "working"}


def test_draft_goes_when_the_form_is_sent(coach, cast, page):
    tab = drawn(coach, page)
    coach.post("/drafts/", filled(tab, "half a thought"), **HTMX)
    coach.post(page, filled(tab, "a whole thought"))
    assert (drafts(cast), shown(coach, page)) == ([], "")


def test_autosave_that_arrives_after_its_form_was_sent_is_dropped(coach, cast, page):
    tab = drawn(coach, page)
    coach.post(page, filled(tab, "a whole thought"))
    assert coach.post("/drafts/", filled(tab, "a whole though"), **HTMX).status_code == 204
    assert drafts(cast) == []


def test_invalid_form_keeps_the_draft(coach, cast, page):
    tab = drawn(coach, page)
    coach.post("/drafts/", filled(tab, "half a thought"), **HTMX)
    assert coach.post(page, {**filled(tab, "half a thought"), "dated": ""}).status_code == 422
    assert len(drafts(cast)) == 1


def test_draft_is_thrown_away_by_its_button(coach, cast, page):
    coach.post("/drafts/", filled(drawn(coach, page), "half a thought"), **HTMX)
    answer = coach.post("/drafts/", {**filled(drawn(coach, page), "half a thought"), "_throw": "1"})
    assert (answer["Location"], drafts(cast)) == (page, [])


def test_two_tabs_overwrite_nothing(coach, page):
    first, second = drawn(coach, page), drawn(coach, page)
    coach.post("/drafts/", filled(first, "first tab"), **HTMX)
    answer = coach.post("/drafts/", filled(second, "second tab"), **HTMX)
    assert answer.status_code == 409
    assert "Another tab saved a draft at 12:00" in answer.content.decode()
    assert shown(coach, page) == "first tab"


def test_second_tab_without_script_gets_its_text_on_a_page(coach, page):
    first, second = drawn(coach, page), drawn(coach, page)
    coach.post("/drafts/", filled(first, "first tab"))
    answer = coach.post("/drafts/", filled(second, "second tab"))
    assert answer.status_code == 409
    assert "second tab" in answer.content.decode()


def test_second_tab_that_is_sent_leaves_the_first_ones_draft(coach, page):
    first, second = drawn(coach, page), drawn(coach, page)
    coach.post("/drafts/", filled(first, "first tab"), **HTMX)
    coach.post(page, filled(second, "second tab"))
    assert shown(coach, page) == "first tab"


def test_tab_drawn_from_the_draft_writes_on(coach, page):
    coach.post("/drafts/", filled(drawn(coach, page), "first tab"), **HTMX)
    tab = drawn(coach, page)
    once = coach.post("/drafts/", filled(tab, "and on"), **HTMX)
    twice = coach.post("/drafts/", filled({**tab, "_base": base_of(once)}, "and on and on"), **HTMX)
    assert (once.status_code, twice.status_code, shown(coach, page)) == (200, 200, "and on and on")


def test_text_over_the_cap_is_refused_with_words_and_kept_on_the_page(coach, cast, page):
    answer = coach.post("/drafts/", filled(drawn(coach, page), "x" * (DRAFT_CAP + 1)), **HTMX)
    assert (answer.status_code, drafts(cast)) == (413, [])
    assert "too long to keep as a draft" in answer.content.decode()


def test_nul_and_control_characters_do_not_stay_in_a_draft(coach, page):
    coach.post("/drafts/", filled(drawn(coach, page), "a\x00b\x1bc\ud7ff"), **HTMX)
    assert shown(coach, page) == "abc\ud7ff"


@pytest.mark.parametrize("form", ["", "profile", "nonsense", "one-on-one", "\x00"])
def test_form_that_has_no_drafts_is_not_found(coach, cast, page, form):
    assert coach.post("/drafts/", {**filled(drawn(coach, page), "x"), "_form": form}, **HTMX).status_code == 404
    assert drafts(cast) == []


@pytest.mark.parametrize("about", ["", "nonsense", "\x00", "4d9dc31c-6ed4-4902-a3f3-5c7f6f19fbc4"])
def test_row_that_one_may_not_act_on_is_not_found(coach, cast, page, about):
    assert coach.post("/drafts/", {**filled(drawn(coach, page), "x"), "_about": about}, **HTMX).status_code == 404


@pytest.mark.parametrize("who", ["scholar", "mentor", "other_coach", "staff", "stranger", "mentor_and_coach"])
def test_draft_about_somebody_elses_scholar_is_not_found(client, cast, who):
    client.force_login(getattr(cast, who))
    sent = {"_form": "note", "_about": str(cast.place["scholar"].pk), "_key": str(uuid.uuid4()), "working": "x"}
    assert client.post("/drafts/", sent, **HTMX).status_code == 404


def test_drafts_page_is_for_sending_only(coach):
    assert coach.get("/drafts/").status_code == 405


def test_draft_never_leads_elsewhere(coach, page):
    sent = {**filled(drawn(coach, page), "x"), "_page": "//evil.example/"}
    assert coach.post("/drafts/", sent)["Location"] == "/"
