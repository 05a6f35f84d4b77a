"""Every page of the product in a browser, walked from the table of outcomes: a new page joins by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.access.outcomes import LINES
from tests.access.things import arguments, build_things
from tests.access.visitors import EVERYBODY, add_visitors
from tests.browser.conftest import too_wide

# Whoever sees a page of their own; the others of the table see the same ones about other people.
WALKERS = ["out", "stranger", "scholar", "mentor", "coach", "staff", "both", "other_s", "delegate"]
# They walk what the others can't open: `scholar` has applied already, times are the helpers' alone.
ALONE = {"other_s": "case_apply", "delegate": "times"}
SAME_FOR_ALL = ("account_", "gallery", "mfa_a", "mfa_generate", "address_", "sessions", "confirm_by_code")
AXE = Axe()
RULES = """async () => (await axe.run()).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`))"""
LOOKS = [(1280, "light"), (360, "dark")]


def opened_by(visitor: str) -> list[tuple[str, str]]:
    """The addresses that answer this visitor with 200, and their things.

    The pages of no cohort are the same for everybody who is signed in: one of them walks those.
    """
    pages = (line for line in LINES if line.method == "GET" and not line.is_of_a_visitor)
    found = [(line.address, line.thing) for line in pages if line.statuses[visitor] == "200"]
    if visitor in ALONE:
        return [pair for pair in found if pair[0] == ALONE[visitor]]
    return [pair for pair in found if visitor in {"out", "stranger"} or not pair[0].startswith(SAME_FOR_ALL)]


def test_every_page_has_a_walker():
    anybody = {pair for visitor in EVERYBODY for pair in opened_by(visitor)}
    assert {pair for visitor in WALKERS for pair in opened_by(visitor)} == anybody


@pytest.fixture
def addresses(cast):
    """visitor → addresses; one of every thing stands in the database, and everybody of the table."""
    add_visitors(cast)
    things = build_things(cast)
    return lambda visitor: [reverse(name, kwargs=arguments(thing, cast, things)) for name, thing in opened_by(visitor)]


def is_page(page: Page, address: str) -> bool:
    """Not a file to keep, nor a piece of a page."""
    body = page.request.get(address).body()
    return body.lstrip()[:15].lower() == b"<!doctype html>"


def faults(page: Page, complaints: list[str]) -> Iterator[str]:
    """What is wrong with the page that is open, in every look, with its folds open."""
    yield from complaints
    complaints.clear()
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if not page.title().removesuffix("· MATS Cohort").strip():
        yield "no title"
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
    page.evaluate(AXE.axe_script)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        yield from (f"{width} {scheme}: {violation}" for violation in page.evaluate(RULES))
        if too_wide(page):
            yield f"{width}: scrolls sideways"
    # axe tries styles on elements while it measures; the policy stops them, and says so.
    complaints.clear()


@pytest.mark.parametrize("visitor", WALKERS)
def test_every_page_is_accessible_and_narrow(page_as, cast, addresses, complaints, visitor):
    who = EVERYBODY[visitor]
    page = page_as(getattr(cast, who) if who else None)
    found = {}
    for address in addresses(visitor):
        if is_page(page, address):
            page.goto(address)
            found[address] = list(faults(page, complaints))
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
    assert found


@pytest.mark.parametrize(
    "case",
    [
        ("/misread/", "The week is not a number."),
        ("/refuse/", "This is for the cohort's staff."),
        ("/nothing/here/", "There is nothing here for you"),
        ("/break/", "Something went wrong on our side"),
    ],
    ids=["400", "403", "404", "500"],
)
def test_error_page_is_accessible_and_narrow(page_as, cast, settings, complaints, case):
    address, words = case
    settings.ROOT_URLCONF = "tests.mats.error_urls"
    page = page_as(cast.scholar)
    page.goto(address)
    complaints.clear()  # the browser notes the status
    assert words in page.locator("main").inner_text()
    assert list(faults(page, complaints)) == []
