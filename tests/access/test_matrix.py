"""Every address × GET, HEAD, POST × every kind of visitor has a declared outcome.

The list of addresses is walked from the resolver, the outcomes stand in `outcomes.txt`: an address
without a line fails, a line without an address fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access.things import Things, arguments, build_things
from tests.access.visitors import VISITORS, client_of, named_patterns

LINES = [
    line.split()
    for line in (Path(__file__).parent / "outcomes.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
]
HEADER, OUTCOMES = LINES[0], LINES[1:]
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|"x-csrftoken": )"[^"]*"|name="_key" value="[^"]*"')

HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "",
}


def normalised(body: bytes) -> bytes:
    """A page without what is drawn anew for each request."""
    return TOKEN.sub(b"", body)


def ask(client, method: str, url: str):
    """One request whose writes are taken back."""
    with transaction.atomic():
        response = getattr(client, method.lower())(url)
        transaction.set_rollback(True)
    return response


def test_every_address_is_declared():
    assert {line[0] for line in OUTCOMES} == {pattern.name for pattern in named_patterns()}


def test_every_address_declares_both_methods():
    declared = [tuple(line[:3]) for line in OUTCOMES]
    things = dict.fromkeys((address, thing) for address, thing, _ in declared)
    assert declared == [(*pair, method) for pair in things for method in ("GET", "POST")]


def test_columns_are_the_visitors():
    assert HEADER[3:] == list(VISITORS)


@pytest.fixture
def things(cast) -> Things:
    return build_things(cast)


def faults(client, method: str, url: str, response) -> list[str]:
    """What is wrong with an answer besides its status."""
    wrong = []
    if method == "GET":
        head = ask(client, "HEAD", url)
        if (head.status_code, head.content) != (response.status_code, b""):
            wrong.append(f"HEAD answers {head.status_code}")
    if response.status_code == 404:
        nonsense = ask(client, method, "/nonsense/8d1f/")
        if normalised(nonsense.content) != normalised(response.content):
            wrong.append("its 404 is not like nonsense")
    for name, value in HEADERS.items():
        if value not in response.headers.get(name, "missing"):
            wrong.append(f"no {name}")
    return wrong


@pytest.mark.django_db(databases=["default", "outside"])
@pytest.mark.parametrize(
    "pair", list(zip(OUTCOMES[::2], OUTCOMES[1::2], strict=True)), ids=lambda pair: "-".join(pair[0][:2])
)
def test_outcome(cast, things, pair):
    # An address each: together they would be a flood, and be told so.
    clients = {
        name: client_of(getattr(cast, who) if who else None, f"192.0.2.{number}")
        for number, (name, who) in enumerate(VISITORS.items(), start=1)
    }
    for name, thing, method, *expected in pair:
        url = reverse(name, kwargs=arguments(thing, cast, things))
        answers = {visitor: ask(client, method, url) for visitor, client in clients.items()}
        wrong = {visitor: faults(clients[visitor], method, url, answer) for visitor, answer in answers.items()}
        assert [str(answer.status_code) for answer in answers.values()] == expected, method
        assert {visitor: words for visitor, words in wrong.items() if words} == {}, method
