"""Health: the process by itself, and everything it works with."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError

from mats.pages.views import health
from mats.post import outbox
from mats.post.models import Beat, Message
from tests.cast import WEEK_SIX


@pytest.fixture
def all_well(cast, monkeypatch):
    """A schedule that rang a minute ago and a broker that answers."""
    Beat.objects.create(rang_at=WEEK_SIX - dt.timedelta(minutes=1))
    monkeypatch.setitem(health.CHECKS, "broker", lambda at: {"ok": True})


def test_process_is_healthy_without_a_database(client):
    """No database is allowed in this test: a query would fail it."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_ready_when_everything_answers(client, all_well):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "database": {"ok": True},
        "broker": {"ok": True},
        "beat": {"ok": True, "seconds_ago": 60},
        "outbox": {"ok": True, "oldest_due_seconds": None},
        "migrations": {"ok": True, "unapplied": 0},
    }


def test_not_ready_when_the_schedule_stopped(client, all_well):
    Beat.objects.update(rang_at=WEEK_SIX - dt.timedelta(hours=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["beat"]) == (503, {"ok": False, "seconds_ago": 3600})


def test_not_ready_when_a_due_message_waits(cast, client, all_well):
    outbox.put(
        kind="account_mail",
        policy=Message.Policy.LETTER,
        person=cast.scholar,
        occurrence="one",
        at=WEEK_SIX - dt.timedelta(minutes=11),
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["outbox"]) == (503, {"ok": False, "oldest_due_seconds": 660})


def test_not_ready_with_a_migration_unapplied(client, all_well, monkeypatch):
    monkeypatch.setattr(health, "_on_disk", lambda: frozenset({("cohorts", "9999_later")}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, {"ok": False, "unapplied": 1})


def test_stopped_broker_is_told_without_its_address(client, cast, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (503, {"ok": False, "why": "no answer"})


def test_database_away_is_told_and_is_no_error_page(client, all_well, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("could not connect to server at db.internal")

    monkeypatch.setattr(health, "connection", Away())
    monkeypatch.setitem(health.CHECKS, "migrations", lambda at: {"ok": True})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, {"ok": False, "why": "no answer"})
    assert "internal" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client, cast, path):
    assert client.post(path).status_code == 405
