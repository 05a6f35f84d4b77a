"""The chance of the next milestone, in the form of the weekly log."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from mentorship.actions.chance import SaidChance, say_chance
from mentorship.models import Chance, Submission, WeeklyLog
from tests.cast import WEEK_SIX, a_milestone, a_submission
from tests.cohorts.staff import day
from tests.mats.test_log import drawn, sends, write_page
from tests.mentorship.counting import questions

HOUR = dt.timedelta(hours=1)
LABEL = "Chance that your research plan is in by Fri 19 Feb"


@pytest.fixture
def scholar(cast, client) -> Client:
    client.force_login(cast.scholar)
    return client


@pytest.fixture
def plan(cast) -> Submission:
    return a_submission(a_milestone(cast.cohort, due_on=day(2, 19)), cast.place["scholar"])


def choice(submission: Submission, was: object = "", percent: object = "") -> str:
    return f"{submission.pk}:{was}:{percent}"


def chosen(client, log) -> list[str]:
    page = client.get(write_page(log)).content.decode()
    return re.findall(r'<option value="([^"]*)" selected>', page)


def stored() -> list[int]:
    return list(Chance.objects.filter(archived_at=None).values_list("percent", flat=True))


def test_box_is_folded_and_offers_nine_chances_or_none(cast, scholar, plan):
    page = scholar.get(write_page(cast.log)).content.decode()
    box = re.search(rf'<details class="fold">\s*<summary>{LABEL}</summary>.*?</details>', page, re.S)
    options = re.findall(r"<option[^>]*>([^<]*)</option>", box[0])
    assert options == ["—", *(f"{percent}\u00a0%" for percent in range(10, 100, 10))]
    assert "Who can read this: <b>the scholar, the scholar’s mentors and the scholar’s coach</b>" in box[0]
    assert reverse("my_chances") in box[0]


def test_cohort_without_milestones_has_no_box(cast, scholar):
    assert 'name="next_chance"' not in scholar.get(write_page(cast.log)).content.decode()
    assert sends(scholar, cast.log).status_code == 302


def test_nothing_ahead_no_box(cast, scholar, plan):
    Submission.objects.filter(pk=plan.pk).update(submitted_at=WEEK_SIX)
    assert 'name="next_chance"' not in scholar.get(write_page(cast.log)).content.decode()


def test_chance_is_sent_with_the_log_and_stands_in_its_edit(cast, scholar, plan):
    assert sends(scholar, cast.log, next_chance=choice(plan, "", 60)).status_code == 302
    assert (stored(), chosen(scholar, cast.log)) == ([60], [choice(plan, 60, 60)])
    sends(scholar, cast.log, _version="2", next_chance=choice(plan, 60, ""))
    assert (stored(), chosen(scholar, cast.log)) == ([], [choice(plan)])


def test_none_chosen_says_nothing(cast, scholar, plan):
    assert sends(scholar, cast.log, next_chance=choice(plan)).status_code == 302
    assert not Chance.objects.exists()


def test_chance_alone_is_no_edit_of_the_log(cast, scholar, plan):
    sends(scholar, cast.log, next_chance=choice(plan, "", 60))
    sends(scholar, cast.log, _version="2", next_chance=choice(plan, 60, 70))
    log = WeeklyLog.objects.get(pk=cast.log.pk)
    assert (stored(), log.version, log.edited_at) == ([70], 2, None)


@pytest.mark.parametrize("percent", ["15", "95", "0", "100", "text", "-10", "٦٠", "1e1"])
def test_forged_percent_is_refused_in_words_with_nothing_lost(cast, scholar, plan, percent):
    page = sends(scholar, cast.log, stuck="Kept text", next_chance=choice(plan, "", percent))
    assert (page.status_code, stored()) == (422, [])
    assert "A chance is 10, 20, … or 90 %." in page.content.decode()
    assert "Kept text" in page.content.decode()
    assert '<a href="#weekly-log-next_chance">' in page.content.decode()


@pytest.mark.parametrize("value", ["60", "x", "x:y:z", "::60", f"{uuid.UUID(int=1)}:60", "\x00", "x" * 10_000])
def test_value_that_no_form_draws_is_refused_in_words(cast, scholar, plan, value):
    page = sends(scholar, cast.log, stuck="Kept text", next_chance=value)
    assert (page.status_code, "Kept text" in page.content.decode(), stored()) == (422, True, [])


def test_submission_of_somebody_else_is_refused_in_words_with_nothing_lost(cast, scholar, plan):
    theirs = a_submission(plan.milestone, cast.place["other_scholar"])
    for forged in (choice(theirs, "", 60), f"{uuid.uuid4()}::60"):
        page = sends(scholar, cast.log, stuck="Kept text", next_chance=forged)
        assert (page.status_code, stored()) == (422, [])
        assert "A chance is about your own next milestone" in page.content.decode()
        assert "Kept text" in page.content.decode()
    assert WeeklyLog.objects.get(pk=cast.log.pk).submitted_at is None


@pytest.mark.parametrize("is_next", [True, False])
def test_milestone_that_resolves_while_the_log_is_written_is_said_so(cast, scholar, plan, is_next):
    if is_next:
        a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    Submission.objects.filter(pk=plan.pk).update(submitted_at=WEEK_SIX)
    page = sends(scholar, cast.log, next_chance=choice(plan, "", 60))
    assert (page.status_code, "not any more" in page.content.decode()) == (422, True)
    assert " selected>" not in page.content.decode()
    assert sends(scholar, cast.log, next_chance=choice(plan)).status_code == 302
    assert stored() == []


def test_chance_of_a_resolved_milestone_stays_when_the_log_is_edited(cast, scholar, plan):
    sends(scholar, cast.log, next_chance=choice(plan, "", 60))
    Submission.objects.filter(pk=plan.pk).update(submitted_at=WEEK_SIX)
    assert 'name="next_chance"' not in scholar.get(write_page(cast.log)).content.decode()
    assert sends(scholar, cast.log, _version="2", done="Read on", next_chance=choice(plan, 60, 60)).status_code == 302
    assert stored() == [60]


def test_week_away_can_say_one_too(cast, scholar, plan):
    assert sends(scholar, cast.log, done="", is_away="on", next_chance=choice(plan, "", 30)).status_code == 302
    assert stored() == [30]


def test_draft_keeps_the_chance(cast, scholar, plan):
    sent = {**drawn(scholar, cast.log), "done": "Half", "next_chance": choice(plan, "", 60)}
    assert scholar.post(reverse("draft"), sent).status_code == 302
    assert chosen(scholar, cast.log) == [choice(plan, "", 60)]
    assert '<details class="fold" open>' in scholar.get(write_page(cast.log)).content.decode()


def test_draft_about_a_milestone_that_is_past_chooses_nothing_of_the_next(cast, scholar, plan):
    scholar.post(reverse("draft"), {**drawn(scholar, cast.log), "done": "Half", "next_chance": choice(plan, "", 60)})
    Submission.objects.filter(pk=plan.pk).update(submitted_at=WEEK_SIX)
    symposium = a_submission(a_milestone(cast.cohort, "symposium", due_on=day(4, 2)), cast.place["scholar"])
    page = scholar.get(write_page(cast.log)).content.decode()
    assert "Chance that your symposium is in by Fri 2 Apr" in page
    assert (chosen(scholar, cast.log), choice(symposium, "", 60) in page) == ([], True)


def test_draft_outlives_a_chance_from_another_tab_and_both_are_shown(cast, scholar, plan):
    scholar.post(reverse("draft"), {**drawn(scholar, cast.log), "done": "Half", "next_chance": choice(plan, "", 60)})
    say_chance(log=cast.log, said=SaidChance(plan.pk, 90), by=cast.scholar, at=WEEK_SIX)
    assert chosen(scholar, cast.log) == [choice(plan, "", 60)]
    page = sends(scholar, cast.log, next_chance=choice(plan, "", 60))
    assert (page.status_code, stored()) == (409, [90])


def test_two_tabs_see_both_chances_and_saving_again_is_deliberate(cast, scholar, plan):
    sends(scholar, cast.log, next_chance=choice(plan, "", 60))
    page = sends(scholar, cast.log, _version="2", next_chance=choice(plan, "", 80))
    shown = re.findall(r'<div class="as-typed" dir="auto">([^<]*)</div>', page.content.decode())
    assert (page.status_code, shown) == (409, ["60\u00a0%", "80\u00a0%"])
    assert f'<option value="{choice(plan, 60, 80)}" selected>' in page.content.decode()
    assert sends(scholar, cast.log, _version="2", next_chance=choice(plan, 60, 80)).status_code == 302
    assert stored() == [80]


def test_conflict_of_the_log_shows_the_chances_too(cast, scholar, plan):
    sends(scholar, cast.log, done="From the first tab", next_chance=choice(plan, "", 60))
    page = sends(scholar, cast.log, done="From the second tab", next_chance=choice(plan, "", 80)).content.decode()
    assert [words in page for words in ("From the first tab", "From the second tab", "60\u00a0%")] == [True] * 3
    assert f'<option value="{choice(plan, 60, 80)}" selected>' in page


def test_session_that_ends_carries_the_chance(cast, scholar, plan):
    scholar.logout()
    page = sends(scholar, cast.log, stuck="Labels", next_chance=choice(plan, "", 60))
    assert page.status_code == 401
    assert f'name="next_chance" value="{choice(plan, "", 60)}"' in page.content.decode()


@pytest.mark.parametrize("who", ["mentor", "coach", "staff"])
def test_nobody_says_a_chance_for_a_scholar(cast, client, plan, who):
    client.force_login(getattr(cast, who))
    assert sends(client, cast.log, next_chance=choice(plan, "", 60)).status_code == 403
    assert stored() == []


def test_pressed_twice_it_is_said_once(cast, scholar, plan):
    sent = {"_key": str(uuid.uuid4()), "next_chance": choice(plan, "", 60)}
    assert [sends(scholar, cast.log, **sent).status_code for _ in range(2)] == [302, 302]
    assert (stored(), Chance.objects.get().version) == ([60], 1)


def test_page_asks_at_most_ten_questions(cast, scholar, plan):
    assert questions(scholar, write_page(cast.log)) <= 10
