"""Asking one address as everybody, and what is wrong with an answer besides its status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.outcomes import METHODS
from tests.access.things import arguments
from tests.access.world import World

TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|"x-csrftoken": )"[^"]*"|name="_key" value="[^"]*"')

NO_BODY = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "0"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cache-Control": "",
}


def normalised(body: bytes) -> bytes:
    """A page without what is drawn anew for each request."""
    return TOKEN.sub(b"", body)


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """One request. What a form wrote is taken back, and what an answer says of cookies is not kept, so that whoever
    signs out stays.

    Straight to the handler: the client of the tests would copy every template's context first.
    """
    asked = client._base_environ(PATH_INFO=url, REQUEST_METHOD=method, **NO_BODY)
    if method != "POST":
        return client.handler(asked)
    with transaction.atomic():
        response = client.handler(asked)
        transaction.set_rollback(True)
    return response


@cache
def nonsense(client: Client, method: str) -> bytes:
    """What stands at an address that never was."""
    return normalised(ask(client, method, "/nonsense/8d1f/").content)


def asked(world: World, address: str, thing: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """What everybody gets, by method and visitor, and what else is wrong.

    HEAD is asked once for each kind of answer that GET has, each time of somebody else: Django makes
    it from GET, whoever asks.
    """
    url, wrong = reverse(address, kwargs=arguments(thing, world.cast, world.things)), []
    statuses: dict[str, dict[str, str]] = {method: {} for method in METHODS}
    for method, found in statuses.items():
        for visitor in world.people:
            client = world.clients[visitor]
            answer = ask(client, method, url)
            found[visitor] = str(answer.status_code)
            wrong += [f"{visitor} {method}: {fault}" for fault in faults(client, method, answer)]
            wrong += [f"{visitor} {method}: reads {word}" for word in words_read(world, visitor, answer)]
    for status in sorted(set(statuses["GET"].values())):
        alike = [visitor for visitor, got in statuses["GET"].items() if got == status]
        visitor = alike[len(url + status) % len(alike)]
        head = ask(world.clients[visitor], "HEAD", url)
        if (str(head.status_code), head.content, [*missing_headers(head)]) != (status, b"", []):
            wrong.append(f"{visitor} HEAD: {head.status_code}, {len(head.content)} bytes, or a header is missing")
    return statuses, wrong


def faults(client: Client, method: str, answer: HttpResponse) -> Iterator[str]:
    if answer.status_code == 404 and normalised(answer.content) != nonsense(client, method):
        yield "its 404 is not like nonsense"
    yield from missing_headers(answer)


def words_read(world: World, visitor: str, answer: HttpResponse) -> list[str]:
    """Words of coaching that are not for whoever asked."""
    return [
        word for word, readers in world.canaries.items() if word.encode() in answer.content and visitor not in readers
    ]


def missing_headers(answer: HttpResponse) -> Iterator[str]:
    for name, value in HEADERS.items():
        if value not in answer.headers.get(name, "missing"):
            yield f"no {name}"
