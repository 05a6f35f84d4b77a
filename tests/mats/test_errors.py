"""Error pages: ours, without secrets, and with the text that was sent."""

from __future__ import annotations

import re

import pytest
from django.http import Http404
from django.test import Client

from mats.pages.errors import not_found, sent_fields, server_error

pytestmark = pytest.mark.urls("tests.mats.error_urls")

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
WORDS = "Trained the probe; <b>stuck</b> on the control task."
SAFE_WORDS = "Trained the probe; &lt;b&gt;stuck&lt;/b&gt; on the control task."


def boxes(response) -> list[tuple[str, str]]:
    """Name and text of every box that came back."""
    return re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n([^<]*)</textarea>', response.content.decode())


@pytest.fixture
def signed_in(client, cast):
    client.force_login(cast.scholar)
    client.raise_request_exception = False
    return client


def test_missing_row_answers_like_nonsense(client, cast):
    client.force_login(cast.stranger)

    missing = client.get(f"/c/{cast.cohort.slug}/messages/")
    nonsense = client.get("/c/no-such-cohort/at-all/<i>/")

    assert (missing.status_code, missing.content, missing.headers) == (404, nonsense.content, nonsense.headers)


def test_missing_page_is_the_same_for_everybody(client, cast):
    signed_out = client.get("/nothing/").content
    client.force_login(cast.staff)

    assert client.get("/nothing/").content == signed_out


def test_missing_page_gives_text_back_without_its_address(rf):
    response = not_found(rf.post("/nowhere/", {"text": WORDS}), Http404())

    assert boxes(response) == [("text", SAFE_WORDS)]
    assert b"nowhere" not in response.content


def test_form_after_the_session_ended_comes_back(client, db):
    sent = {"text": WORDS, "_key": "k", "csrfmiddlewaretoken": "old", "password": "hunter2"}

    response = client.post("/take/?week=6", sent)

    page = response.content.decode()
    assert response.status_code == 401
    assert boxes(response) == [("text", SAFE_WORDS)]
    assert '<form method="post" action="/take/?week=6"' in page
    assert '<input type="hidden" name="_key" value="k">' in page
    assert "hunter2" not in page
    assert TOKEN.findall(page) != ["old"]


@pytest.mark.parametrize("name", ["password", "password1", "oldpassword", "code", "csrfmiddlewaretoken", "reset_token"])
def test_secret_fields_are_never_given_back(rf, name):
    assert sent_fields(rf.post("/", {name: "swordfish"})) == []


def test_form_with_an_old_token_is_taken_when_sent_again(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.scholar)

    refused = client.post("/take/", {"text": WORDS, "csrfmiddlewaretoken": "x" * 64})
    token = TOKEN.findall(refused.content.decode())[0]
    taken = client.post("/take/", {"text": WORDS, "csrfmiddlewaretoken": token})

    assert (refused.status_code, boxes(refused)) == (403, [("text", SAFE_WORDS)])
    assert taken.content.decode() == "taken: " + WORDS


def test_refusal_says_why_and_keeps_the_text(signed_in):
    response = signed_in.post("/refuse/", {"text": "mine"})

    assert (response.status_code, boxes(response)) == (403, [("text", "mine")])
    assert "This is for the cohort&#x27;s staff." in response.content.decode()


def test_bad_request_says_what_was_not_understood(signed_in):
    response = signed_in.get("/misread/")

    assert response.status_code == 400
    assert "The week is not a number." in response.content.decode()


def test_too_much_text_is_413(signed_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = signed_in.post("/take/", "text=" + "x" * 2000, content_type="application/x-www-form-urlencoded")

    assert (response.status_code, b"This is too large" in response.content) == (413, True)


def test_too_many_fields_are_400(signed_in, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    response = signed_in.post("/take/", {str(number): "x" for number in range(9)})

    assert (response.status_code, b"more fields or files" in response.content) == (400, True)


def test_broken_transaction_still_answers_with_our_page(signed_in):
    response = signed_in.post("/break/", {"text": "mine"})

    assert (response.status_code, boxes(response)) == (500, [("text", "mine")])
    assert "division" not in response.content.decode()


def test_server_error_page_needs_no_database(rf):
    response = server_error(rf.get("/"))

    assert (response.status_code, b"Something went wrong on our side" in response.content) == (500, True)


def test_nul_and_right_to_left_text_come_back_readable(rf):
    response = not_found(rf.post("/", {"text": "a\x00b\u202ec"}), Http404())

    assert boxes(response) == [("text", "ab\u202ec")]


def test_unreadable_upload_is_a_bad_request(signed_in):
    response = signed_in.post("/take/", b"--x\r\nnonsense", content_type="multipart/form-data; boundary=")

    assert response.status_code == 400


@pytest.mark.parametrize(("address", "status"), [("/take/", 401), ("/nothing/", 404), ("/refuse/", 401)])
def test_every_status_carries_the_headers(client, db, address, status):
    response = client.post(address)

    assert response.status_code == status
    assert response.headers["Content-Security-Policy"].count("'self'") > 1
    assert response.headers["Cache-Control"] == "no-store"
