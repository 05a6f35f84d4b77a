"""A week by clicks alone, from Home: as four people without script, and what script adds."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from playwright.sync_api import expect

from mentorship.models import Meeting
from tests.cast import WEEK_SIX


def at_home(page_as, person, *, script: bool = False):
    page = page_as(person, width=360, script=script)
    page.goto("/")
    return page


def test_scholar_keeps_a_draft_and_sends_the_log_without_script(page_as, cast):
    page = at_home(page_as, cast.scholar)
    page.get_by_role("link", name="Write it").click()
    page.get_by_label("What I did and learned").fill("Probed layer 14.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text("draft saved")).to_be_visible()
    page.get_by_role("link", name="Write it").click()
    expect(page.get_by_label("What I did and learned")).to_have_value("Probed layer 14.")
    page.get_by_role("button", name="Send the log").click()
    expect(page.get_by_text("in time")).to_be_visible()
    cast.log.refresh_from_db()
    assert cast.log.done == "Probed layer 14."


def test_mentor_holds_the_meeting_without_script(page_as, cast):
    soon = WEEK_SIX + dt.timedelta(minutes=5)
    Meeting.objects.filter(pk=cast.meeting.pk).update(planned=(soon, soon + dt.timedelta(minutes=30)))
    page = at_home(page_as, cast.mentor)
    page.get_by_role("link", name="Sana Scholar", exact=True).click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("[data-left]")).to_contain_text("left")
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.locator("#meeting-clock")).to_contain_text("Met.")
    cast.meeting.refresh_from_db()
    assert cast.meeting.outcome == "met"


def test_coach_writes_an_entry_without_script(page_as, cast):
    page = at_home(page_as, cast.coach)
    page.get_by_role("link", name="Sana Scholar", exact=True).click()
    page.get_by_role("textbox", name="Working notes").fill("Sleeps again. **Asked for compute.**")
    page.get_by_role("button", name="Save entry").click()
    expect(page.locator("article")).to_contain_text("Asked for compute.")
    page.get_by_role("link", name="Record one that was not planned").click()
    page.get_by_role("button", name="It took place").click()
    expect(page.get_by_text("Last 1-1 on Wed 10 Feb.")).to_be_visible()


def test_coach_plans_a_one_on_one_and_the_scholar_sees_it_without_script(page_as, cast):
    page = page_as(cast.coach, script=False)
    page.goto(reverse("coached", args=[cast.place["scholar"].pk]))
    page.get_by_role("link", name="Plan a 1-1").click()
    page.get_by_label("Day").fill("2027-02-12")
    page.get_by_label("From").fill("11:00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("Fri 12 Feb 11:00")).to_be_visible()
    page = page_as(cast.scholar, script=False)
    page.goto(reverse("my_coaching"))
    expect(page.get_by_text("Fri 12 Feb 11:00")).to_be_visible()


def test_staff_reach_people_import_and_a_new_cohort_without_script(page_as, cast):
    page = at_home(page_as, cast.staff)
    main = page.get_by_role("navigation", name="Main")
    main.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Add a person").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="Winter 2027").click()
    page.get_by_role("link", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import people")
    page.get_by_text("Cohorts", exact=True).click()
    page.get_by_role("link", name="All cohorts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cohorts")
    expect(page.get_by_role("link", name="Import one from files")).to_have_count(1)


def test_log_is_saved_while_the_scholar_types(page_as, cast):
    page = at_home(page_as, cast.scholar, script=True)
    page.get_by_role("link", name="Write it").click()
    page.wait_for_load_state("load")
    page.get_by_label("What I did and learned").fill("Half a thought")
    expect(page.locator(".draft-status")).to_contain_text("Draft saved")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text("draft saved")).to_be_visible()
