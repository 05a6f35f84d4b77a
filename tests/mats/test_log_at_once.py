"""One log, several hands at the same moment: real threads, real transactions."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connections, transaction

from coaching.models import ForMyCoach
from mats.identity.transaction import acting
from mentorship.actions.action import drop_action
from mentorship.actions.log import submit_log
from mentorship.models import Action, Tick, WeeklyLog
from tests.access.visitors import client_of
from tests.attack.test_at_once import pressed_at_once
from tests.cast import WEEK_SIX, a_log, build_cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

TABS = 6


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        return build_cast()


def plot(cast) -> Action:
    before = a_log(cast.place["scholar"], 5)
    submit_log(log=before, by=cast.scholar, at=WEEK_SIX, version=1, done="Read", next_up="Plot")
    return Action.objects.get()


def test_many_tabs_send_one_log_once(cast):
    action = plot(cast)
    address = f"/logs/{cast.log.pk}/write/"
    sent = {"next_up": "Ask Hana", "for_whom": f"{cast.place['coach'].pk}:0", "_version": "1"}
    tabs = [
        (address, {**sent, "done": f"Tab {tab}", "for_my_coach": f"Tab {tab}", f"tick-{action.pk}": "carried:done"})
        for tab in range(TABS)
    ]
    assert Counter(pressed_at_once(client_of(cast.scholar), *tabs)) == {302: 1, 409: TABS - 1}
    assert Action.objects.filter(log=cast.log).count() == Tick.objects.count() == 1
    with acting(cast.scholar, WEEK_SIX):
        assert ForMyCoach.objects.get().body == WeeklyLog.objects.get(pk=cast.log.pk).done


def test_mentor_drops_what_the_scholar_carries_on(cast):
    action = plot(cast)
    together = threading.Barrier(2)

    def drop() -> None:
        together.wait()
        try:
            drop_action(action=action, by=cast.mentor, at=WEEK_SIX, why="No need")
        finally:
            connections.close_all()

    mentor = threading.Thread(target=drop)
    mentor.start()
    together.wait()
    sent = {"done": "Ran it", "_version": "1", f"tick-{action.pk}": "carried:carried"}
    assert client_of(cast.scholar).post(f"/logs/{cast.log.pk}/write/", sent).status_code == 302
    mentor.join()
    assert Action.objects.get(pk=action.pk).dropped_why == "No need"
    assert Tick.objects.get().outcome in {"carried", "dropped"}  # whoever came first
