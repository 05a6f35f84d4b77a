"""Opening pages as a server does, and counting what they cost."""

from __future__ import annotations

import gzip
import re
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections, transaction
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from cohorts.models import Person
from cohorts.second_factor import record_shown

# What a transaction and the identity in it cost; the same for every page.
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT", "SET CONSTRAINTS", "SELECT set_config")
STATIC = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"')
IMPORTED = re.compile(r'@import\s+url\("([^"]+)"\)')


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Browser:
    """One person, signed in, without a network between: pages go through WSGI and all middleware."""

    def __init__(self, handler: WSGIHandler, person: Person) -> None:
        self.handler = handler
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        request = HttpRequest()
        request.session, request.user = session, person
        record_shown(request, "bench")
        with transaction.atomic():
            session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def open(self, address: str) -> Answer:
        told: list[str] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
            told.append(status)
            return lambda _: None

        body = self.handler(self._environ(address), start_response)
        try:
            content = b"".join(body)
        finally:
            body.close()
        return Answer(int(told[0].split()[0]), content)

    def _environ(self, address: str) -> dict[str, Any]:
        host = settings.ALLOWED_HOSTS[0]
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": address,
            "QUERY_STRING": "",
            "SERVER_NAME": host,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": host,
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT": "text/html",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def questions(open_it: Callable[[], Answer]) -> list[str]:
    """The SQL that a page asks, on any connection, without what every request asks."""
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connection)) for connection in connections.all()]
        open_it()
    return [
        query["sql"] for one in captured for query in one.captured_queries if not query["sql"].startswith(NOT_COUNTED)
    ]


def ratio(open_it: Callable[[], Answer], bare: Callable[[], Answer], rounds: int) -> float:
    """How many bare views a page takes: medians of as many rounds, each a bare view and the page."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for found, one in zip(times, (bare, open_it), strict=True):
            begun = perf_counter()
            one()
            found.append(perf_counter() - begun)
    return statistics.median(times[1]) / statistics.median(times[0])


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, mtime=0))


def asset_bytes(page: str, root: Path) -> int:
    """Compressed bytes of the style sheets, scripts and pictures that a page brings in, each once."""
    wanted = {root / name for name in STATIC.findall(page)}
    for sheet in [path for path in wanted if path.suffix == ".css"]:
        wanted |= {sheet.parent / name for name in IMPORTED.findall(sheet.read_text())}
    return sum(_sent_bytes(path) for path in wanted)


def _sent_bytes(path: Path) -> int:
    """A file is sent compressed if that was found worth it when it was collected."""
    ready = path.with_name(f"{path.name}.gz")
    return (ready if ready.exists() else path).stat().st_size
