"""The weekly log in a browser: what folds, what shows, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mentorship.actions.log import submit_log
from mentorship.models import Action
from tests.cast import WEEK_SIX, a_log


@pytest.fixture
def plot(cast) -> Action:
    """A line of last week's next."""
    log = a_log(cast.place["scholar"], 5)
    submit_log(log=log, by=cast.scholar, at=WEEK_SIX, version=1, done="Read", next_up="Plot the errors")
    return Action.objects.get()


@pytest.mark.parametrize("script", [True, False])
def test_away_folds_the_rest_and_the_log_is_sent(page_as, cast, plot, script):
    page = page_as(cast.scholar, script=script)
    page.goto(f"/logs/{cast.log.pk}/write/")
    page.get_by_label("Away or ill this week").check()
    expect(page.get_by_label("What I did and learned")).to_be_hidden()
    page.get_by_role("button", name="Send the log").click()
    expect(page.get_by_text("Away or ill: this week does not count.")).to_be_visible()


def test_reason_is_asked_only_for_what_is_dropped(page_as, cast, plot):
    page = page_as(cast.scholar, width=360)
    page.goto(f"/logs/{cast.log.pk}/write/")
    why = page.get_by_label("Why dropped: Plot the errors")
    expect(why).to_be_hidden()
    page.get_by_role("group", name="Plot the errors").get_by_label("dropped", exact=True).check()
    expect(why).to_be_visible()
    why.fill("No compute")
    page.get_by_label("What I did and learned").fill("Ran it.")
    page.get_by_role("button", name="Send the log").click()
    expect(page.get_by_text("dropped: No compute")).to_be_visible()


@pytest.mark.parametrize("look", [{"width": 1280, "scheme": "light"}, {"width": 360, "scheme": "dark"}])
def test_pages_of_a_log_are_accessible(page_as, assert_accessible, cast, plot, look):
    page = page_as(cast.scholar, **look)
    page.goto(f"/logs/{cast.log.pk}/write/")
    page.locator("summary").filter(has_text="only").click()
    assert_accessible(page)
    texts = {"links": "https://a.example", "next_up": "Plot again", "by": cast.scholar, "at": WEEK_SIX}
    submit_log(log=cast.log, version=1, done="Ran it once", **texts)
    submit_log(log=cast.log, version=2, done="Ran it twice", **texts)
    for address in ("", "changes/"):
        page.goto(f"/logs/{cast.log.pk}/{address}")
        assert_accessible(page)
