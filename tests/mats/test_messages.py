"""Staff's page of messages: what was sent to the cohort, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mats.post import outbox
from mats.post.models import Message
from mats.post.querysets import STATES
from mentorship.reminders.log import queue_logs_due_soon, queue_overdue_logs
from tests.cast import a_log, a_person, a_place

AT = dt.datetime(2027, 2, 10, 18, 1, tzinfo=dt.UTC)


@pytest.fixture
def reminder(cast) -> Message:
    queue_overdue_logs(AT)
    return Message.objects.get()


def page(cast, client, who: str = "staff", **query):
    client.force_login(getattr(cast, who))
    return client.get(reverse("messages", args=[cast.cohort.slug]), query)


def shown(answer) -> list[Message]:
    return list(answer.context["page"].object_list)


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("scholar", 403), ("mentor", 403), ("coach", 403), ("staff_elsewhere", 404), ("stranger", 404)],
)
def test_messages_are_for_staff_of_the_cohort(cast, client, who, status):
    assert page(cast, client, who).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("staff", 200), ("scholar", 404), ("mentor", 404), ("staff_elsewhere", 404)]
)
def test_one_message_is_for_staff_of_its_cohort(cast, client, reminder, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("message", args=[reminder.pk])).status_code == status


def test_sign_in_mail_is_never_shown(cast, client, reminder):
    code = outbox.put(kind="account_mail", policy="letter", person=cast.scholar, occurrence="one", at=AT)
    listed = shown(page(cast, client))
    assert (listed, client.get(reverse("message", args=[code.pk])).status_code) == ([reminder], 404)


@pytest.mark.parametrize(
    ("fate", "state", "words"),
    [
        ({}, "waiting", "waiting"),
        ({"intended_at": AT, "sent_at": AT}, "sent", "sent"),
        ({"dropped_at": AT, "dropped_why": "Because."}, "dropped", "kept back: Because."),
        ({"given_up_at": AT, "failed_at": AT, "failed_why": "No."}, "failed", "failed: No."),
        ({"given_up_at": AT, "failed_at": AT, "failed_why": "Hm.", "intended_at": AT}, "unknown", "perhaps sent: Hm."),
    ],
)
@pytest.mark.usefixtures("reminder")
def test_state_is_told_in_words_and_filters(cast, client, fate, state, words):
    Message.objects.update(**fate)
    answer = page(cast, client, state=state)
    listed_under = {key for key in STATES if shown(page(cast, client, state=key))}
    assert (words in answer.content.decode(), listed_under) == (True, {state})


@pytest.mark.usefixtures("reminder")
def test_kind_filters_beside_the_state(cast, client):
    queue_logs_due_soon(AT - dt.timedelta(hours=20))
    Message.objects.filter(kind="log_due_soon").update(intended_at=AT, sent_at=AT)
    found = {
        (kind, state): [row.kind for row in shown(page(cast, client, kind=kind, state=state))]
        for kind in ("", "log_due_soon", "log_overdue")
        for state in ("sent", "waiting")
    }
    assert {key: kinds for key, kinds in found.items() if kinds} == {
        ("", "sent"): ["log_due_soon"],
        ("", "waiting"): ["log_overdue"],
        ("log_due_soon", "sent"): ["log_due_soon"],
        ("log_overdue", "waiting"): ["log_overdue"],
    }


@pytest.mark.usefixtures("reminder")
def test_filters_say_how_many_they_lead_to(cast, client):
    answer = page(cast, client, kind="log_overdue", state="sent")
    by_state = {one.words: (one.number, one.is_here) for one in answer.context["by_state"]}
    by_kind = {one.query: one.number for one in answer.context["by_kind"]}
    assert (by_state["all"], by_state["waiting"], by_state["sent"]) == ((1, False), (1, False), (0, True))
    assert by_kind["state=sent&kind=log_overdue"] == 0
    assert "is sent." in answer.content.decode()


def test_message_reads_as_it_was_sent(cast, client, reminder):
    client.force_login(cast.staff)
    text = client.get(reverse("message", args=[reminder.pk])).content.decode()
    assert "Your log for week 6 was due Wed 18:00" in text


def test_message_about_something_gone_says_so(cast, client, reminder):
    Message.objects.update(about_id=None)
    client.force_login(cast.staff)
    assert "cannot be shown again" in client.get(reverse("message", args=[reminder.pk])).content.decode()


def test_queries_do_not_grow_with_the_messages(cast, client, reminder):
    client.force_login(cast.staff)
    address = reverse("messages", args=[cast.cohort.slug])
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(30):
        a_log(a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar"), 6)
    queue_overdue_logs(AT)
    with CaptureQueriesContext(connection) as thirty:
        answer = client.get(address)
    asked = [query for query in thirty if query["sql"].startswith("SELECT") and "set_config" not in query["sql"]]
    assert (len(shown(answer)), len(thirty), len(asked)) == (31, len(one), 6)


def test_nonsense_in_the_query_string_is_ignored(cast, client, reminder):
    assert shown(page(cast, client, state="x\u0000", kind="x\u0000", page="-7")) == [reminder]


def test_what_waits_stands_first_then_what_was_sent_last(cast, client, reminder):
    facts = {name: getattr(reminder, name) for name in ("kind", "policy", "cohort", "moment")}
    facts |= {"created_at": AT, "intended_at": AT}
    first, last = (
        Message.objects.create(
            person=person, message_id=f"<{person.pk}>", sent_at=AT + dt.timedelta(minutes=minutes), **facts
        )
        for minutes, person in enumerate((cast.other_scholar, cast.mentor))
    )
    assert shown(page(cast, client)) == [reminder, last, first]
