"""Poison in every query string, in the names of drafts, in the way back."""

from __future__ import annotations

import uuid

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.urls import reverse

from mats.forms.models import Draft
from tests.access.things import build_things
from tests.access.visitors import client_of
from tests.attack.pages import OPEN, address_of, clients_of, send

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


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


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """Pages that have looked at their query."""
    paths: list[str] = []
    given = WSGIRequest.GET.func

    def watched(request: WSGIRequest) -> QueryDict:
        paths.append(request.path)
        return given(request)

    monkeypatch.setattr(WSGIRequest, "GET", property(watched))
    return paths


def test_poison_in_any_query_string_is_answered(cast, read):
    """Every page; those that look at their query get each parameter with each poison, twice the same name too."""
    things, clients, wrong = build_things(cast), clients_of(cast), []
    queries = ["&".join(f"{name}={text}&{name}={text}" for name in PARAMETERS) for text in IN_A_QUERY]
    for (name, thing), visitors in OPEN.items():
        client, address = clients[visitors[-1] if visitors else "staff"], address_of(name, thing, cast, things)
        for query in queries:
            if query is not queries[0] and address not in read:
                break
            answer = send(client, f"{address}?{query}", method="GET")
            if answer.status_code >= 500 and name != "readyz":
                wrong.append((name, query[:20], answer.status_code))
    assert wrong == []
