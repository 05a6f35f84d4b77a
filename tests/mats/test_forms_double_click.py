"""Two requests at once with one key: one act, one answer. Real threads, real transactions."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from coaching.models import Note
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, build_cast
from tests.coaching.conftest import a_one_on_one

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

CLICKS = 4


def click_at_once(cookies, url: str, forms: list[dict]) -> list:
    """Send each form from a thread of its own, all at the same moment."""
    answers, together = [None] * len(forms), threading.Barrier(len(forms))

    def click(place: int) -> None:
        client = Client()
        client.cookies = cookies
        together.wait()
        answers[place] = client.post(url, forms[place])
        connections.close_all()

    threads = [threading.Thread(target=click, args=[place]) for place in range(len(forms))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def open_page(client, week_six):
    with transaction.atomic():
        cast = build_cast()
    client.force_login(cast.coach)
    return cast, client.cookies, reverse("coached", args=[cast.place["scholar"].pk])


def entry(key: str, body: str = "once") -> dict:
    return {"_form": "note", "_key": key, "dated": "2027-02-10", "working": body}


def bodies(cast) -> list[str]:
    with acting(cast.coach, WEEK_SIX):
        return [note.body for note in Note.objects.all()]


def test_double_click_acts_once_and_both_get_the_same_redirect(open_page):
    cast, cookies, page = open_page
    answers = click_at_once(cookies, page, [entry(str(uuid.uuid4()))] * CLICKS)
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, page)}
    assert bodies(cast) == ["once"]


def test_one_key_with_two_texts_saves_one_and_gives_the_other_back(open_page):
    cast, cookies, page = open_page
    key = str(uuid.uuid4())
    answers = click_at_once(cookies, page, [entry(key, "this text"), entry(key, "that text")])
    [refused] = [answer for answer in answers if answer.status_code == 409]
    [kept] = bodies(cast)
    other = "that text" if kept == "this text" else "this text"
    assert other in refused.content.decode()


def test_second_press_of_a_removing_button_is_answered_like_the_first(client, open_page):
    cast, cookies, page = open_page
    held = a_one_on_one(cast)
    back = reverse("one_on_one_back", args=[held.pk])
    form = {"_form": "one-on-one-back", "_key": str(uuid.uuid4()), "_version": "1"}
    answers = click_at_once(cookies, back, [form] * CLICKS)
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, page)}
