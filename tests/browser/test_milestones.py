"""Milestones and mid-point by clicks alone, without script: a plan read and revised, a line and what follows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cohorts.actions.milestone import add_milestone
from mats.identity.transaction import acting
from mentorship.actions.reader import assign_reader
from mentorship.models import Submission
from tests.cast import WEEK_SIX, Cast

DAY = dt.timedelta(days=1)


def set_milestone(cast: Cast, kind: str, days: int, **facts) -> None:
    with acting(cast.staff, WEEK_SIX):
        add_milestone(
            cohort=cast.cohort, by=cast.staff, at=WEEK_SIX, kind=kind, due_on=WEEK_SIX.date() + days * DAY, **facts
        )


@pytest.fixture
def plan(cast) -> Submission:
    """The research plan of `scholar`, due in two days, to be read by `other_mentor`."""
    set_milestone(cast, "plan", 2, is_read=True, rubric="The threat model is stated")
    row = Submission.objects.get(scholar=cast.place["scholar"])
    with acting(cast.staff, WEEK_SIX):
        assign_reader(submission=row, reader=cast.place["other_mentor"], by=cast.staff, at=WEEK_SIX, version=1)
    return row


def sends(page_as, cast: Cast, name: str, text: str) -> Page:
    page = page_as(cast.scholar, width=360, script=False)
    page.goto("/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Send it").click()
    return page


def answers(page_as, cast: Cast, outcome: str, reasons: str) -> None:
    page = page_as(cast.other_mentor, width=360, script=False)
    page.goto("/")
    page.get_by_role("link", name="Review of Sana Scholar’s research plan", exact=True).click()
    page.get_by_label("The threat model is stated").select_option("partly" if outcome == "revise" else "there")
    page.get_by_label("Feedback").fill("I read it twice.")
    page.get_by_label("Outcome").select_option(outcome)
    page.get_by_label("Why").fill(reasons)
    page.get_by_role("button", name="Give the review").click()
    expect(page.get_by_text(reasons)).to_be_visible()


def test_plan_is_sent_read_revised_and_passed(page_as, cast, plan):
    sends(page_as, cast, "Research plan", "## Threat model\n\nIt looks honest.")
    answers(page_as, cast, "revise", "Say for whom it goes wrong.")
    page = sends(page_as, cast, "Research plan, next version", "## Threat model\n\nUsers believe it.")
    answers(page_as, cast, "pass", "Now one can disagree with it.")

    page.reload()
    expect(page.get_by_text("Say for whom it goes wrong.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("listitem").filter(has_text="Research plan passed")).to_be_visible()
    page.goto(reverse("standing", args=[cast.place["scholar"].pk]))
    expect(page.get_by_text("1 of 1 passed")).to_be_visible()


def test_line_is_given_read_and_followed_by_a_talk_and_a_plan(page_as, cast):
    set_milestone(cast, "midpoint", 3)
    page = page_as(cast.mentor, width=360, script=False)
    page.goto("/")
    page.get_by_role("link", name="Mid-point line on Sana Scholar", exact=True).click()
    page.get_by_label("not as things stand").check()
    page.get_by_label("Because").fill("No result since week two.")
    page.get_by_label("What would change it").fill("One finished experiment.")
    page.get_by_role("button", name="Give the line").click()

    page = page_as(cast.scholar, width=360, script=False)
    page.goto("/")
    page.get_by_role("link", name="Your mentor’s mid-point line", exact=True).click()
    expect(page.get_by_text("One finished experiment.")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)

    page = page_as(cast.staff, script=False)
    page.goto(reverse("cohort_health", args=[cast.cohort.slug]))
    page.get_by_role("link", name="Talk with Sana Scholar after the mid-point").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("Day of the talk").fill("2027-02-10")
    page.get_by_label("What was agreed").fill("One experiment, with help.")
    page.get_by_text("Make a support plan with it").click()
    page.get_by_label("What", exact=True).fill("Finish the baseline.")
    page.get_by_label("By when").fill("2027-02-24")
    page.get_by_label("Help given").fill("An hour on Tuesdays.")
    page.get_by_label("Looked at again on").fill("2027-02-26")
    page.get_by_role("button", name="Record the talk").click()
    expect(page.get_by_text("One experiment, with help.", exact=True).first).to_be_visible()

    page = page_as(cast.mentor, script=False)
    page.goto(reverse("support_plan", args=[cast.place["scholar"].support_plans.get().pk]))
    expect(page.get_by_text("Finish the baseline.", exact=True)).to_be_visible()
