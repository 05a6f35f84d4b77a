"""A real browser on a live server: who looks, how wide, light or dark, with script or without.

`page_as(person, width=360, scheme="dark", script=False)` opens a page of its own; without a person
it is signed out. `assert_accessible(page)` asks axe. Whatever the console complains about (a style
or script that the policy stops, a missing file) fails the test at its end.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.chromium import CHROMIUM, FLAGS, HOW_TO, IS_REQUIRED

HERE = Path(__file__).parent
HEIGHT = 900
PATIENCE_MS = 10_000
SETTLE_SECONDS = 0.05


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "outside"]))
            if not CHROMIUM and not IS_REQUIRED:
                item.add_marker(pytest.mark.skip(reason=HOW_TO))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for the folder. Playwright keeps a loop running in this thread for as long as it
    is open, which Django would take for asynchronous code; hence the permission, and its end."""
    if not CHROMIUM:
        pytest.fail("MATS_BROWSER=required, and there is no chromium: apt-get install chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _session_of(person: object) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the console complained about. A test that wants an answer of 4xx or 5xx clears it."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def quiet_end() -> Iterator[None]:
    """The server has answered everything before the tables are emptied: a page that asks every few
    seconds would otherwise lock them the other way round."""
    underway: list[None] = []

    def begin(**_: object) -> None:
        underway.append(None)

    def end(**_: object) -> None:
        del underway[:1]

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    time.sleep(SETTLE_SECONDS)  # what was sent just before the page closed is begun by now
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while underway and time.monotonic() < give_up:
        time.sleep(SETTLE_SECONDS)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def page_as(chromium: Browser, live_server, complaints: list[str], quiet_end: None) -> Iterator[Callable[..., Page]]:
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def open_page(person: object = None, *, width: int = 1280, scheme: str = "light", script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if person is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _session_of(person), "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def assert_accessible(complaints: list[str]) -> Callable[[Page], None]:
    """axe finds nothing, best practices included, and nothing is wider than the window."""

    def check(page: Page) -> None:
        before = len(complaints)
        found = Axe().run(page).response["violations"]
        # axe tries styles on elements while it measures; the policy stops them, and says so.
        del complaints[before:]
        assert [(rule["id"], node["html"], node["failureSummary"]) for rule in found for node in rule["nodes"]] == []
        assert too_wide(page) is False, f"{page.url} scrolls sideways"

    return check


def too_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
