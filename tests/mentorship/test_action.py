"""Actions: agreed, done, dropped with a reason, opened again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from mentorship.actions.action import add_action, drop_action, finish_action, reopen_action
from mentorship.actions.log import submit_log
from mentorship.models import Action
from tests.cast import WEEK_SIX

TODAY = WEEK_SIX.date()


@pytest.fixture
def action(cast):
    return added(cast)


def added(cast, **fields) -> Action:
    fields = {"what": "Run the ablation", "owner": cast.place["scholar"], "due_on": TODAY, **fields}
    return add_action(meeting=cast.meeting, pairing=cast.pairing, by=cast.mentor, at=WEEK_SIX, **fields)


def test_action_belongs_to_one_of_the_two(cast):
    assert [added(cast, owner=cast.place[who]).owner.person for who in ("scholar", "mentor")] == [
        cast.scholar,
        cast.mentor,
    ]
    with pytest.raises(ValidationError, match="one of the people of this meeting"):
        added(cast, owner=cast.place["other_scholar"])


@pytest.mark.parametrize(("days", "words"), [(-1, "has gone by"), (366, "more than a year")])
def test_action_is_due_within_a_year(cast, days, words):
    with pytest.raises(ValidationError, match=words):
        added(cast, due_on=TODAY + dt.timedelta(days=days))


def test_action_is_done_once(cast, action):
    finish_action(action=action, by=cast.scholar, at=WEEK_SIX)
    again = finish_action(action=action, by=cast.mentor, at=WEEK_SIX + dt.timedelta(hours=1))
    assert again.done_at == WEEK_SIX


def test_action_is_dropped_with_a_reason(cast, action):
    with pytest.raises(ValidationError, match="Say why"):
        drop_action(action=action, by=cast.scholar, at=WEEK_SIX, why="")
    dropped = drop_action(action=action, by=cast.scholar, at=WEEK_SIX, why="No compute")
    assert (dropped.dropped_at, dropped.dropped_why, dropped.done_at) == (WEEK_SIX, "No compute", None)


def test_page_that_asks_why_says_who_reads_it(cast, client, action):
    client.force_login(cast.scholar)
    page = client.get(reverse("action_drop", args=[action.pk])).content.decode()
    assert "Who can read this: <b>the scholar, the scholar’s mentors, the scholar’s coach" in page


def test_done_action_is_not_dropped(cast, action):
    finish_action(action=action, by=cast.scholar, at=WEEK_SIX)
    with pytest.raises(ValidationError, match="closed already"):
        drop_action(action=action, by=cast.scholar, at=WEEK_SIX, why="Too late")


def test_reopened_action_is_open(cast, action):
    drop_action(action=action, by=cast.scholar, at=WEEK_SIX, why="No compute")
    reopened = reopen_action(action=action, by=cast.scholar, at=WEEK_SIX)
    assert (reopened.dropped_at, reopened.dropped_why, reopened.done_at) == (None, "", None)


def test_database_refuses_done_and_dropped(cast, action):
    with pytest.raises(IntegrityError, match="action_ends_one_way"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(done_at=WEEK_SIX, dropped_at=WEEK_SIX, dropped_why="Both")


def test_mentor_adds_an_action_on_the_meetings_page(cast, client):
    client.force_login(cast.mentor)
    sent = {"what": "Send the paper", "owner": str(cast.place["mentor"].pk), "due_on": "2027-02-12"}
    answer = client.post(reverse("action_add", args=[cast.meeting.pk]), sent)
    assert answer["Location"] == reverse("meeting", args=[cast.meeting.pk]) + "#actions"
    found = Action.objects.get()
    assert (found.what, found.owner, found.pairing) == ("Send the paper", cast.place["mentor"], cast.pairing)


def test_action_for_somebody_else_comes_back_with_its_text(cast, client):
    client.force_login(cast.mentor)
    sent = {"what": "Send the paper", "owner": str(cast.place["other_scholar"].pk)}
    page = client.post(reverse("action_add", args=[cast.meeting.pk]), sent)
    assert (page.status_code, b"Send the paper" in page.content, Action.objects.count()) == (422, True, 0)


def test_button_needs_no_key_and_leads_back(cast, client, action):
    client.force_login(cast.scholar)
    answer = client.post(reverse("action_done", args=[action.pk]), {"back": "/"})
    action.refresh_from_db()
    assert (answer["Location"], action.done_at is not None) == ("/", True)


def test_button_never_leads_elsewhere(cast, client, action):
    client.force_login(cast.scholar)
    answer = client.post(reverse("action_done", args=[action.pk]), {"back": "//evil.example/"})
    assert answer["Location"] == reverse("meeting", args=[cast.meeting.pk]) + "#actions"


def test_page_that_asks_leads_back_to_where_it_was_opened(cast, client, action):
    client.force_login(cast.scholar)
    meeting = reverse("meeting", args=[cast.meeting.pk])
    address = reverse("action_drop", args=[action.pk]) + f"?back={meeting}%23actions"
    asked, answer = client.get(address), client.post(address, {"why": "No compute"})
    assert (f'href="{meeting}#actions">Cancel' in asked.content.decode(), answer["Location"]) == (
        True,
        f"{meeting}#actions",
    )


def test_followed_link_changes_nothing(cast, client, action):
    client.force_login(cast.scholar)
    pages = [client.get(reverse(f"action_{act}", args=[action.pk])).status_code for act in ("done", "drop", "reopen")]
    action.refresh_from_db()
    assert (pages, action.version) == ([200, 200, 200], 1)


@pytest.mark.parametrize(
    ("who", "status"),
    [("mentor", 302), ("coach", 403), ("staff", 403), ("other_scholar", 404), ("other_mentor", 404), ("stranger", 404)],
)
def test_action_is_closed_by_its_people_only(cast, client, action, who, status):
    client.force_login(getattr(cast, who))
    assert client.post(reverse("action_done", args=[action.pk])).status_code == status


@pytest.fixture
def line(cast) -> Action:
    """A line of next in the scholar's own log."""
    submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=1, done="Ran it", next_up="Plot")
    return Action.objects.get(log=cast.log)


@pytest.mark.parametrize(
    ("who", "status"),
    [("scholar", 302), ("mentor", 302), ("coach", 403), ("staff", 403), ("other_scholar", 404), ("other_mentor", 404)],
)
def test_line_of_a_log_is_closed_by_whoever_the_table_says(cast, client, line, who, status):
    client.force_login(getattr(cast, who))
    answer = client.post(reverse("action_done", args=[line.pk]))
    assert (answer.status_code, Action.objects.get().done_at is not None) == (status, status == 302)


def test_line_of_a_log_leads_back_to_it(cast, client, line):
    client.force_login(cast.scholar)
    page = client.get(reverse("action_drop", args=[line.pk])).content
    assert b"the log of week 6" in page
    answer = client.post(reverse("action_drop", args=[line.pk]), {"why": "No need"})
    assert answer["Location"] == f"{reverse('log', args=[cast.log.pk])}#next"
