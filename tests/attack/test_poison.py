"""Poison in every field of every form that anybody is shown, and in every query string."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from mats.forms.models import Draft
from tests.access.things import build_things
from tests.access.visitors import client_of
from tests.attack.pages import OPEN, SentForm, address_of, clients_of, every_form, rows

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

RIGHT_TO_LEFT = "abc\u202edcba"
POISON = {
    "NUL": "a\x00b",
    "invisible": "\u200b\u2060\u00ad",
    "right-to-left": RIGHT_TO_LEFT,
    "half a character": "\ud800",
    "1 MB": "x" * 1_000_000,
    "long path": "/" + "a" * 700,
    "key in disguise": "urn:uuid:" + "-" * 600 + "{00000000-0000-0000-0000-000000000000}",
}
# 413: a form of many fields, each of 1 MB, is more than a request may hold.
ANSWERS = {200, 302, 401, 403, 404, 409, 413, 422, 429}
# A refused text may stay as a draft; a claimed key is taken back with what it was claimed for.
QUIET = ("forms_draft",)


def send(client: Client, form: SentForm, poisoned: list[str], text: str) -> HttpResponse:
    """As no browser would: half characters included. What was carried out is taken back."""
    body = urlencode({**form.fields, **dict.fromkeys(poisoned, text)}, errors="surrogatepass")
    with transaction.atomic():
        answer = client.post(form.action, body, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(answer.status_code == 302)
    return answer


@pytest.mark.parametrize("part", ["typed", "machine"])
def test_poison_in_any_field_is_answered_and_stores_nothing(cast, part):
    forms = list(every_form(cast))
    before, wrong = rows(*QUIET), []
    for client, form in forms:
        client.raise_request_exception = False
        for what, text in POISON.items():
            answer = send(client, form, getattr(form, part), text)
            if answer.status_code not in ANSWERS:
                wrong.append((form.action, what, answer.status_code))
            if answer.status_code == 422 and part == "typed" and form.texts and what == "right-to-left":
                wrong += [(form.action, "is not given back")] * (RIGHT_TO_LEFT not in answer.content.decode())
    after = rows(*QUIET)
    assert wrong == []
    assert {table: after[table] for table in after if after[table] != before[table]} == {}
    assert len(forms) > 50


def test_address_to_go_back_to_may_be_long(cast):
    action = build_things(cast).action
    client = client_of(cast.scholar)
    answer = client.post(reverse("action_done", args=[action.pk]), {"back": "/" + "a" * 700})
    assert (answer.status_code, answer.url) == (302, f"/meetings/{cast.meeting.pk}/#actions")


DISGUISES = ["urn:uuid:{}", "{{{}}}", "----------------------------------------------------------------{}", "{:X>40}"]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_draft_has_one_name_for_its_row(cast, disguise):
    """Else one row would have several drafts, and one with a name too long an error page."""
    client = client_of(cast.scholar)
    about = disguise.format(str(cast.log.pk).upper())
    client.raise_request_exception = False
    answer = client.post(
        "/drafts/", {"_form": "weekly-log", "_about": about, "_key": str(uuid.uuid4()), "done": "Half"}
    )
    assert answer.status_code in {302, 404}
    assert {draft.about for draft in Draft.objects.filter(person=cast.scholar)} <= {str(cast.log.pk)}


PARAMETERS = [
    "page",
    "role",
    "site",
    "state",
    "next",
    "seen",
    "scholar",
    "mentor",
    "coach",
    "kind",
    "sort",
    "order",
    "q",
    "cohort",
    "week",
    "person",
    "_key",
    "_form",
    "id",
    "format",
]
IN_A_QUERY = [
    "%00",
    "%ED%A0%80",
    "%E2%80%AE",
    "x" * 5000,
    "-1",
    "1e400",
    "%D9%A3",
    "9" * 400,
    "",
    "%FF",
    "[]",
    "{}",
    "'",
    "%25",
]


def test_poison_in_any_query_string_is_answered(cast):
    """Every page, each parameter with each poison; twice the same name too."""
    things, clients, wrong = build_things(cast), clients_of(cast), []
    queries = ["&".join(f"{name}={text}&{name}={text}" for name in PARAMETERS) for text in IN_A_QUERY]
    for (name, thing), visitors in OPEN.items():
        client = clients[visitors[-1] if visitors else "staff"]
        client.raise_request_exception = False
        for query in queries:
            answer = client.get(f"{address_of(name, thing, cast, things)}?{query}")
            if answer.status_code >= 500 and name != "readyz":
                wrong.append((name, query[:20], answer.status_code))
    assert wrong == []
