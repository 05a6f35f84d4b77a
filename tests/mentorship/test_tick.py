"""What a log says of earlier actions: done, carried on, dropped with a reason; the actions follow."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mentorship.actions.action import drop_action, finish_action
from mentorship.actions.log import submit_log
from mentorship.actions.tick import Said
from mentorship.checklist import read_checklist
from mentorship.models import Action, Tick, WeeklyLog
from tests.cast import WEEK_SIX, a_log

HOUR = dt.timedelta(hours=1)
BEFORE = dt.datetime(2027, 2, 3, 17, tzinfo=dt.UTC)


@pytest.fixture
def actions(cast) -> dict[str, Action]:
    """Two lines of last week's next."""
    log = a_log(cast.place["scholar"], 5)
    submit_log(log=log, by=cast.scholar, at=BEFORE, version=1, done="Read", next_up="Plot\nAsk Hana")
    return {action.what: action for action in Action.objects.filter(log=log)}


def say(cast, said: dict[Action, Said], at=WEEK_SIX, version=1, **texts) -> WeeklyLog:
    ticks = {action.pk: one for action, one in said.items()}
    return submit_log(log=cast.log, by=cast.scholar, at=at, version=version, ticks=ticks, **{"done": "Ran it", **texts})


def ticks() -> dict[str, tuple[str, str]]:
    return {tick.action.what: (tick.outcome, tick.why) for tick in Tick.objects.select_related("action")}


def listed(cast, at=WEEK_SIX) -> dict[str, str]:
    log = WeeklyLog.objects.get(pk=cast.log.pk)
    return {line.what: line.outcome for line in read_checklist(log, at)}


def test_ticked_actions_follow(cast, actions):
    say(cast, {actions["Plot"]: Said("done"), actions["Ask Hana"]: Said("dropped", "She has left")})
    plot, ask = Action.objects.get(what="Plot"), Action.objects.get(what="Ask Hana")
    assert (plot.done_at, ask.dropped_at, ask.dropped_why) == (WEEK_SIX, WEEK_SIX, "She has left")
    assert ticks() == {"Plot": ("done", ""), "Ask Hana": ("dropped", "She has left")}


def test_carried_on_leaves_the_action_open(cast, actions):
    say(cast, {actions["Plot"]: Said("carried")})
    assert ticks() == {"Plot": ("carried", "")}
    assert Action.objects.filter(what="Plot", done_at=None, dropped_at=None).exists()


def test_dropped_without_a_reason_is_refused_at_its_place(cast, actions):
    with pytest.raises(ValidationError) as refused:
        say(cast, {actions["Plot"]: Said("dropped")})
    assert list(refused.value.message_dict) == [f"why-{actions['Plot'].pk}"]
    assert WeeklyLog.objects.get(pk=cast.log.pk).submitted_at is None


@pytest.mark.parametrize("close", ["done", "dropped"])
def test_action_closed_elsewhere_meanwhile_is_recorded_as_closed(cast, actions, close):
    if close == "done":
        finish_action(action=actions["Plot"], by=cast.mentor, at=WEEK_SIX)
    else:
        drop_action(action=actions["Plot"], by=cast.mentor, at=WEEK_SIX, why="No need")
    say(cast, {actions["Plot"]: Said("carried", was="carried")}, at=WEEK_SIX + HOUR)
    assert ticks() == {"Plot": (close, "No need" if close == "dropped" else "")}
    assert not Action.objects.filter(what="Plot", done_at=None, dropped_at=None).exists()


def test_carrying_on_a_done_action_opens_it_again(cast, actions):
    finish_action(action=actions["Plot"], by=cast.scholar, at=WEEK_SIX)
    say(cast, {actions["Plot"]: Said("carried", was="done")}, at=WEEK_SIX + HOUR)
    assert Action.objects.filter(what="Plot", done_at=None, dropped_at=None).exists()
    assert ticks() == {"Plot": ("carried", "")}


def test_edit_replaces_a_tick_and_history_keeps_it(cast, actions):
    say(cast, {actions["Plot"]: Said("done")})
    log = say(cast, {actions["Plot"]: Said("dropped", "Not worth it", was="done")}, at=WEEK_SIX + HOUR, version=2)
    plot = Action.objects.get(what="Plot")
    assert (ticks(), plot.done_at, plot.dropped_why) == ({"Plot": ("dropped", "Not worth it")}, None, "Not worth it")
    assert log.edited_at == WEEK_SIX + HOUR
    events = Tick.pgh_event_model.objects.order_by("pgh_id").values_list("outcome", flat=True)
    assert list(events) == ["done", "dropped"]


def test_edit_of_the_text_alone_leaves_ticks_and_actions(cast, actions):
    say(cast, {actions["Plot"]: Said("carried")})
    finish_action(action=actions["Plot"], by=cast.scholar, at=WEEK_SIX + HOUR)
    say(cast, {actions["Plot"]: Said("carried", was="carried")}, at=WEEK_SIX + 2 * HOUR, version=2, done="A typo less")
    assert ticks() == {"Plot": ("carried", "")}
    assert Action.objects.get(what="Plot").done_at == WEEK_SIX + HOUR


def test_same_ticks_and_text_again_are_no_edit(cast, actions):
    say(cast, {actions["Plot"]: Said("done")})
    assert say(cast, {actions["Plot"]: Said("done", was="done")}, version=2).version == 2


def test_nothing_is_said_of_somebody_elses_action(cast):
    other = a_log(cast.place["other_scholar"], 5)
    submit_log(log=other, by=cast.other_scholar, at=BEFORE, version=1, done="Read", next_up="Theirs")
    theirs = Action.objects.get(what="Theirs")
    action = Said("done")
    submit_log(
        log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="x", ticks={theirs.pk: action, uuid.uuid4(): action}
    )
    assert (ticks(), Action.objects.get(what="Theirs").done_at) == ({}, None)


def test_away_week_says_nothing_of_what_stays_open(cast, actions):
    say(cast, {actions["Plot"]: Said("carried"), actions["Ask Hana"]: Said("done")}, done="", is_away=True)
    assert ticks() == {"Ask Hana": ("done", "")}


def test_older_version_ticks_nothing(cast, actions):
    say(cast, {})
    with pytest.raises(Exception, match="while you were writing"):
        say(cast, {actions["Plot"]: Said("done")}, version=1)
    assert (ticks(), Action.objects.get(what="Plot").done_at) == ({}, None)


# The checklist


def test_checklist_has_open_actions_and_those_closed_since_the_log_before(cast, actions):
    meeting = {"pairing": cast.pairing, "meeting": cast.meeting, "added_by": cast.mentor, "created_at": BEFORE}
    Action.objects.create(what="From a meeting", owner=cast.place["scholar"], **meeting)
    Action.objects.create(what="The mentor's", owner=cast.place["mentor"], **meeting)
    Action.objects.create(what="Long done", owner=cast.place["scholar"], done_at=BEFORE - HOUR, **meeting)
    finish_action(action=actions["Plot"], by=cast.scholar, at=BEFORE + HOUR)
    assert listed(cast) == {"Plot": "done", "Ask Hana": "carried", "From a meeting": "carried"}


def test_what_the_log_before_told_is_not_asked_again(cast, actions):
    say(cast, {actions["Plot"]: Said("done"), actions["Ask Hana"]: Said("carried")})
    cast.log = a_log(cast.place["scholar"], 7)
    assert listed(cast, at=WEEK_SIX + dt.timedelta(days=7)) == {"Ask Hana": "carried"}


def test_late_log_says_nothing_of_what_a_later_one_planned(cast, actions):
    say(cast, {}, next_up="Write it up")
    cast.log = a_log(cast.place["scholar"], 3)
    assert "Write it up" not in listed(cast, at=WEEK_SIX + HOUR)


def test_edit_asks_about_what_was_there_when_it_was_sent(cast, actions):
    say(cast, {actions["Plot"]: Said("carried")}, next_up="Write it up")
    Action.objects.create(
        what="Agreed later",
        pairing=cast.pairing,
        owner=cast.place["scholar"],
        added_by=cast.mentor,
        created_at=WEEK_SIX + HOUR,
    )
    finish_action(action=actions["Plot"], by=cast.scholar, at=WEEK_SIX + HOUR)
    assert listed(cast, at=WEEK_SIX + 2 * HOUR) == {"Plot": "carried", "Ask Hana": "carried"}


def test_readers_see_what_became_of_it(cast, client, actions):
    say(cast, {actions["Plot"]: Said("done"), actions["Ask Hana"]: Said("dropped", "She has left")})
    client.force_login(cast.mentor)
    page = client.get(reverse("log", args=[cast.log.pk])).content.decode()
    assert '<bdi>Plot</bdi> <span class="quiet">· done</span>' in page
    assert '<bdi>Ask Hana</bdi> <span class="quiet">· dropped: <bdi>She has left</bdi></span>' in page
