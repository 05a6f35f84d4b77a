"""The gallery, sign-in and the error pages, as they look in a browser."""

from __future__ import annotations

import pytest

from cohorts.models import Role
from tests.cast import a_person, a_place

LOOKS = pytest.mark.parametrize(
    "look",
    [{"width": width, "scheme": scheme} for width in (360, 1280) for scheme in ("light", "dark")],
    ids=lambda look: f"{look['width']}-{look['scheme']}",
)


@LOOKS
def test_gallery_is_accessible_in_every_look(page_as, cast, assert_accessible, look):
    page = page_as(cast.staff, **look)

    page.goto("/gallery/")

    assert_accessible(page)


@LOOKS
@pytest.mark.parametrize("address", ["login/", "login/code/", "password/reset/", "signup/", "inactive/"])
def test_sign_in_pages_are_accessible_in_every_look(page_as, db, assert_accessible, address, look):
    page = page_as(**look)

    page.goto(f"/accounts/{address}")

    assert_accessible(page)


@LOOKS
def test_missing_page_is_accessible_in_every_look(page_as, db, complaints, assert_accessible, look):
    page = page_as(**look)

    page.goto("/nothing/here/")

    assert_accessible(page)
    complaints.clear()


@pytest.mark.parametrize("address", ["password/change/", "password/set/", "logout/"])
def test_account_pages_of_a_signed_in_person_are_accessible(page_as, cast, assert_accessible, address):
    page = page_as(cast.scholar)

    page.goto(f"/accounts/{address}")

    assert_accessible(page)


def test_skip_link_is_the_first_stop_of_the_keyboard(page_as, cast):
    page = page_as(cast.scholar)
    page.goto("/gallery/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_gallery_reads_the_same_without_script(page_as, cast):
    with_script, without = page_as(cast.scholar), page_as(cast.scholar, script=False)

    with_script.goto("/gallery/")
    without.goto("/gallery/")

    assert without.locator("main").inner_text() == with_script.locator("main").inner_text()


def test_nothing_moves_after_the_first_paint(page_as, cast):
    page = page_as(cast.staff)
    page.goto("/gallery/", wait_until="networkidle")

    shift = page.evaluate(
        """() => new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 200);
        })"""
    )

    assert shift == 0


@pytest.mark.parametrize("address", ["login/code/", "password/reset/"])
def test_code_pages_are_accessible(page_as, cast, assert_accessible, address):
    page = page_as(width=360)
    page.goto(f"/accounts/{address}")
    page.get_by_label("Email").fill(cast.scholar.email)

    page.get_by_role("button", name="Send the code").click()

    page.get_by_role("heading", name="Enter the code from your mail").wait_for()
    assert_accessible(page)


@LOOKS
def test_demo_and_cohort_switches_are_accessible_when_open(page_as, cast, settings, assert_accessible, look):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.mats.demo_urls"
    a_person("Dara Demo", email="staff@demo.example")
    a_place(cast.staff, cast.other_cohort, Role.MENTOR)
    page = page_as(cast.staff, **look)
    page.goto("/gallery/")

    page.get_by_text("Look as somebody else").click()
    assert_accessible(page)
    page.get_by_text("Look as somebody else").click()
    page.locator("summary", has_text="Cohorts").click()
    assert_accessible(page)


def test_demo_sign_in_page_is_accessible(page_as, db, settings, assert_accessible):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.mats.demo_urls"
    for part in ("scholar", "mentor", "coach", "staff"):
        a_person(f"Dara {part.title()}", email=f"{part}@demo.example")
    page = page_as(width=360)
    page.goto("/accounts/login/")
    assert_accessible(page)

    page.get_by_role("button", name="Dara Staff, staff").click()

    assert page.locator(".demo-bar b").inner_text() == "Dara Staff"
