"""The doorbell: whatever the broker does, the form is saved and nobody waits."""

from __future__ import annotations

import socket
from time import monotonic

import pytest

from mats.celery import app
from mats.post import doorbell
from mats.post.tasks import send
from tests.mail import free_port


@pytest.fixture(autouse=True)
def bell(monkeypatch):
    monkeypatch.setattr(doorbell, "_quiet_until", 0.0)


@pytest.fixture
def silent_broker(monkeypatch):
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield from _broker(f"redis://127.0.0.1:{server.getsockname()[1]}/0", monkeypatch)


@pytest.fixture
def stopped_broker(monkeypatch):
    yield from _broker(f"redis://127.0.0.1:{free_port()}/0", monkeypatch)


def _broker(url: str, monkeypatch):
    """Celery with another broker; its pools are made anew before and after."""
    monkeypatch.setattr(app.conf, "broker_url", url)
    monkeypatch.setattr(app.conf, "broker_write_url", url)
    app.amqp._producer_pool = app._pool = None
    yield
    app.amqp._producer_pool = app._pool = None


def test_silent_broker_costs_one_socket_timeout(silent_broker, caplog):
    assert app.conf.broker_transport_options["socket_timeout"] == 0.5
    began = monotonic()
    doorbell._publish(send, ("x",))
    assert ("OperationalError" in caplog.text, monotonic() - began < 2) == (True, True)


def test_second_ring_after_a_failure_costs_nothing(silent_broker, monkeypatch):
    doorbell._publish(send, ("x",))
    asked = []
    monkeypatch.setattr(send, "apply_async", lambda *args, **kwargs: asked.append(args))
    doorbell._publish(send, ("x",))
    assert asked == []


def test_bell_is_tried_again_after_the_quiet_time(stopped_broker, monkeypatch):
    doorbell._publish(send, ("x",))
    monkeypatch.setattr(doorbell, "monotonic", lambda: monotonic() + doorbell.QUIET_SECONDS + 1)
    asked = []
    monkeypatch.setattr(send, "apply_async", lambda *args, **kwargs: asked.append(args))
    doorbell._publish(send, ("x",))
    assert asked == [(("x",),)]


def test_ring_with_a_stopped_broker_raises_nothing(stopped_broker, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as rung:
        doorbell.ring(send, "x")
    assert len(rung) == 1


def test_nothing_is_rung_before_the_commit(db, monkeypatch):
    asked = []
    monkeypatch.setattr(send, "apply_async", lambda *args, **kwargs: asked.append(args))
    doorbell.ring(send, "x")
    assert asked == []
