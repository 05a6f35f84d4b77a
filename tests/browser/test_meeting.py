"""The meeting's page and the log's pages in a browser: the clock, two people at once, no script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from cohorts.models import Person
from mats.clock import now
from mentorship.actions.action import add_action
from mentorship.actions.agenda import add_agenda_item
from mentorship.actions.meeting import start_meeting, write_notes
from mentorship.models import Meeting
from tests.browser.test_looks import LOOKS
from tests.cast import WEEK_SIX, a_log

MINUTE = dt.timedelta(minutes=1)
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture
def meeting(cast):
    """Planned for twenty minutes ago and not started, with something in every part of its page."""
    starts = now() - 20 * MINUTE
    Meeting.objects.filter(pk=cast.meeting.pk).update(planned=(starts, starts + 30 * MINUTE))
    meeting = Meeting.objects.get(pk=cast.meeting.pk)
    a_log(cast.place["scholar"], 5, done="Read two papers", next_up="Compare the runs")
    add_agenda_item(meeting=meeting, by=cast.scholar, at=WEEK_SIX, text="Result of the ablation")
    write_notes(meeting=meeting, by=cast.mentor, at=WEEK_SIX, version=1, notes="Layer 14 *first*.")
    add_action(
        meeting=meeting,
        pairing=cast.pairing,
        by=cast.mentor,
        at=WEEK_SIX,
        what="Run the ablation",
        owner=cast.place["scholar"],
        due_on=WEEK_SIX.date(),
    )
    return meeting


def address(meeting) -> str:
    return f"/meetings/{meeting.pk}/"


def started(cast, meeting, ago: dt.timedelta) -> None:
    start_meeting(meeting=meeting, by=cast.mentor, at=now() - ago)


@LOOKS
def test_running_meeting_is_accessible_in_every_look(page_as, cast, meeting, assert_accessible, look):
    started(cast, meeting, MINUTE)
    page = page_as(cast.mentor, **look)
    page.goto(address(meeting))
    assert_accessible(page)


def test_time_in_two_zones_fits_a_narrow_page(page_as, cast, meeting, assert_accessible):
    Person.objects.filter(pk=cast.scholar.pk).update(time_zone="America/Argentina/Buenos_Aires")
    page = page_as(cast.mentor, width=360)
    page.goto(address(meeting))
    expect(page.locator("#meeting-when time").first).to_contain_text("Buenos Aires")
    assert_accessible(page)


def test_every_page_around_it_is_accessible(page_as, cast, meeting, assert_accessible):
    page = page_as(cast.scholar, width=360)
    week, action = meeting.pairing_weeks.get(), meeting.actions.get()
    for path in (
        address(meeting),
        f"{address(meeting)}call-off/",
        f"{address(meeting)}move/",
        f"/actions/{action.pk}/drop/",
        f"/actions/{action.pk}/done/",
        f"/logs/{cast.log.pk}/",
        f"/logs/{cast.log.pk}/write/",
    ):
        page.goto(path)
        assert_accessible(page)
    Meeting.objects.filter(pk=meeting.pk).update(is_live=False)
    for path in (address(meeting), f"/weeks/{week.pk}/meeting/"):
        page.goto(path)
        assert_accessible(page)


def test_clock_counts_on_the_servers_time(page_as, cast, meeting):
    """The browser's own clock stands an hour ahead."""
    started(cast, meeting, 5 * MINUTE)
    page = page_as(cast.scholar)
    page.clock.install(time=now() + dt.timedelta(hours=1))
    page.goto(address(meeting))
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^24:\d\d left$"))
    page.clock.run_for(5 * 60 * 1000)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^19:\d\d left$"))


def test_clock_warns_in_words(page_as, cast, meeting):
    started(cast, meeting, 19 * MINUTE)
    page = page_as(cast.scholar)
    page.clock.install()
    page.goto(address(meeting))
    expect(page.locator("[data-warning]")).to_have_text("")
    page.clock.run_for(70 * 1000)
    expect(page.locator("[data-warning]")).to_have_text("10 minutes left")


def test_meeting_ends_by_itself_on_an_open_page(page_as, cast, meeting):
    started(cast, meeting, 30 * MINUTE - dt.timedelta(seconds=3))
    page = page_as(cast.scholar)
    page.goto(address(meeting))
    expect(page.locator("#meeting-clock")).to_contain_text("Met.")
    expect(page.locator("#meeting-watch")).to_have_count(0)


def test_one_sees_within_seconds_what_the_other_adds(page_as, cast, meeting):
    started(cast, meeting, MINUTE)
    scholar, mentor = page_as(cast.scholar), page_as(cast.mentor)
    scholar.goto(address(meeting))
    scholar.get_by_role("textbox", name="Notes").fill("Typing away")
    mentor.goto(address(meeting))
    mentor.get_by_text("Add to the agenda").click()
    mentor.get_by_label("Something to speak about").fill("Compute for March")
    mentor.locator("form[action$='agenda/'] button").click()
    expect(scholar.locator("#meeting-agenda")).to_contain_text("Compute for March")
    expect(scholar.get_by_role("textbox", name="Notes")).to_have_value("Typing away")


def test_keys_open_the_boxes_and_rest_while_somebody_types(page_as, cast, meeting):
    page = page_as(cast.scholar)
    page.goto(address(meeting))
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Notes")).to_be_focused()
    page.keyboard.type(" and a")
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Layer 14 *first*. and a")
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.get_by_label("What")).to_be_focused()


def test_keys_stay_off_in_the_tab_in_which_they_were_switched_off(page_as, cast, meeting):
    page = page_as(cast.scholar)
    page.goto(address(meeting))
    page.get_by_label("Keys are on").uncheck()
    page.reload()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Notes")).to_be_hidden()
    assert page.evaluate("sessionStorage.getItem('meeting keys')") == "off"
    assert page.evaluate("localStorage.length") == 0


@SCRIPT
def test_meeting_is_moved_with_two_presses_and_what_is_filled_in(page_as, cast, meeting, script):
    page = page_as(cast.scholar, script=script)
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Move ?: Meeting with")).click()
    page.get_by_label("Day").fill((now() + dt.timedelta(days=1)).date().isoformat())
    page.get_by_label("From").fill("09:00")
    page.get_by_label("Until").fill("09:30")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("The meeting is moved.")).to_be_visible()
    expect(page.get_by_text("Moved by Sana Scholar")).to_be_visible()


def test_own_text_is_kept_before_it_is_saved_and_seen_by_nobody_else(page_as, cast, meeting):
    page = page_as(cast.scholar)
    page.goto(address(meeting))
    page.get_by_role("textbox", name="Yours alone").type("Ask about the visa")
    expect(page.locator("#own-note-draft")).to_contain_text("saved")
    page.reload()
    expect(page.get_by_role("textbox", name="Yours alone")).to_have_value("Ask about the visa")
    page.get_by_role("button", name="Save for yourself").click()
    expect(page.get_by_text("Saved, for you alone.")).to_be_visible()
    mentor = page_as(cast.mentor)
    mentor.goto(address(meeting))
    expect(mentor.get_by_role("textbox", name="Yours alone")).to_have_value("")


@SCRIPT
def test_meeting_is_held_from_start_to_end(page_as, cast, meeting, script):
    page = page_as(cast.mentor, script=script)
    page.goto(address(meeting))
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile("30 minutes left|29:.* left|30:00 left"))).to_be_visible()
    page.get_by_label("What").fill("Send the paper")
    page.get_by_label("Who").select_option(label=cast.mentor.name)
    page.locator("form[action$='actions/'] button").click()
    expect(page.locator("#meeting-actions")).to_contain_text("Send the paper")
    page.get_by_role("button", name=re.compile("^Done ?: Run the ablation")).click()
    expect(page.locator("#meeting-actions")).to_contain_text("done")
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.locator("#meeting-clock")).to_contain_text("Met.")


@SCRIPT
def test_log_is_written_and_sent(page_as, cast, script):
    page = page_as(cast.scholar, script=script)
    page.goto(f"/logs/{cast.log.pk}/write/")
    page.get_by_label("What I did and learned").fill("Probed layer 14.\n\nhttps://example.org/notes")
    page.get_by_role("button", name="Send the log").click()
    expect(page.get_by_text("The log is sent.")).to_be_visible()
    expect(page.get_by_text("in time")).to_be_visible()
