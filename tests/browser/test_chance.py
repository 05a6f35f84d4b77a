"""The chance of the next milestone in a browser: chosen, saved by itself, sent; and the figure of its author."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import a_milestone, a_submission
from tests.cohorts.staff import day
from tests.mentorship.test_chance import a_chance, resolved


@pytest.mark.parametrize("look", [{"width": 1280, "scheme": "light"}, {"width": 360, "scheme": "dark"}])
def test_chance_is_chosen_saved_and_sent(page_as, assert_accessible, cast, look):
    plan = a_submission(a_milestone(cast.cohort, due_on=day(2, 19)), cast.place["scholar"])
    a_chance(plan, 5, 80)
    page = page_as(cast.scholar, **look)
    page.goto(f"/logs/{cast.log.pk}/write/")
    page.locator("summary").filter(has_text="Chance").click()
    page.get_by_label("Chance that your research plan is in by Fri 19 Feb").select_option(label="60\u00a0%")
    expect(page.locator("#weekly-log-draft")).to_contain_text("saved")
    page.reload()
    assert_accessible(page)
    page.get_by_label("What I did and learned").fill("Ran it.")
    page.get_by_role("button", name="Send the log").click()
    expect(page.get_by_text("Research plan is in by Fri 19 Feb: 60\u00a0% (was 80\u00a0%)")).to_be_visible()


@pytest.mark.parametrize("look", [{"width": 1280, "scheme": "light"}, {"width": 360, "scheme": "dark"}])
def test_figure_of_ones_own_chances_is_drawn_beside_its_table(page_as, assert_accessible, cast, look):
    resolved(cast, [(60, True)] * 6 + [(60, False)] * 3 + [(20, False)])
    page = page_as(cast.scholar, **look)
    page.goto("/me/chances/")
    assert_accessible(page)
    expect(page.get_by_role("img", name="Share that held")).to_be_visible()
    expect(page.get_by_role("row", name="60 % 9 6 67 %")).to_be_visible()
