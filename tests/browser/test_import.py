"""An import in a real browser: with and without script, on a narrow window, with nothing for axe to find."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mats.pages.importing.formats import MAX_BYTES
from mats.pages.models import ImportRun
from tests.mats.import_files import csv, files


def choose(page, *sources) -> None:
    for one in sources:
        given = {"name": one.name, "mimeType": "text/csv", "buffer": one.content}
        page.locator(f"input[type=file][name={one.kind}]").set_input_files(given)
    page.get_by_role("button", name="Look at the files").click()


@pytest.mark.parametrize("script", [True, False])
def test_new_cohort_comes_in_from_files(page_as, cast, script):
    page = page_as(cast.staff, width=360, script=script)
    page.goto(reverse("import_new"))
    page.get_by_label("Name of the cohort").fill("Spring 2028")
    page.get_by_label("Short name").fill("spring-2028")
    page.get_by_label("First day*", exact=True).fill("2027-01-04")
    page.get_by_label("Last day").fill("2027-04-11")
    choose(page, *files())
    expect(page.get_by_text("with 7 new rows")).to_be_visible()
    page.get_by_role("button", name="Store this").click()
    expect(page.get_by_text("7 new or changed rows")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_step_is_accessible(page_as, cast, assert_accessible, width):
    page = page_as(cast.staff, width=width)
    page.goto(reverse("import_new"))
    assert_accessible(page)
    page.goto(reverse("import", args=[cast.cohort.slug]))
    assert_accessible(page)
    choose(page, csv("people", "x@example.org,X,boss", "y,,scholar,Nowhere"))
    expect(page.get_by_text("The files hold 4 faults")).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("import", args=[cast.cohort.slug]))
    choose(page, csv("people", "new@example.org,New Scholar,scholar,,A site with a name of its own"))
    assert_accessible(page)
    ImportRun.objects.filter(state="shown").update(state="waiting")
    page.reload()
    assert_accessible(page)


def test_progress_moves_and_ends_by_itself(page_as, cast):
    page = page_as(cast.staff)
    page.goto(reverse("import", args=[cast.cohort.slug]))
    choose(page, csv("people", "new@example.org,New Scholar,scholar"))
    expect(page.get_by_role("button", name="Store this")).to_be_visible()
    ImportRun.objects.update(state="running", total=9, finished=2)
    page.reload()
    ImportRun.objects.update(finished=5)
    expect(page.get_by_text("5 of 9 rows")).to_be_visible()
    ImportRun.objects.update(state="failed", note="Nothing was stored; look again.")
    expect(page.get_by_text("Nothing was stored; look again.")).to_be_visible()


def test_file_over_ten_megabytes_does_not_leave_the_browser(page_as, cast):
    page = page_as(cast.staff)
    page.goto(reverse("import", args=[cast.cohort.slug]))
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    big = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"x" * (MAX_BYTES + 1)}
    page.locator("input[type=file][name=people]").set_input_files(big)
    page.get_by_role("button", name="Look at the files").click()
    words = page.locator("input[name=people]").evaluate("field => field.validationMessage")
    assert (sent, words) == ([], "people.csv is larger than 10 MB. Choose a smaller file.")
