"""The broker stopped, or taking connections and saying nothing, while forms are sent by a browser."""

from __future__ import annotations

from time import monotonic

import pytest
from django.core.cache import cache
from django.test import Client

from mats.post import doorbell
from mats.post.models import Message
from tests.access.visitors import client_of
from tests.mats.test_doorbell import silent_broker, stopped_broker  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])


@pytest.fixture(autouse=True)
def bell(monkeypatch):
    """Rate limits are counted on a connection that no test takes back."""
    monkeypatch.setattr(doorbell, "_quiet_until", 0.0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(params=["silent_broker", "stopped_broker"])
def broker(request):
    return request.getfixturevalue(request.param)


def test_code_is_asked_for_and_nobody_waits(cast, broker):
    """The first form waits one socket timeout at most, the next ones not at all."""
    taken = []
    for number in range(3):
        client, began = Client(REMOTE_ADDR=f"192.0.2.{number}"), monotonic()
        assert client.post("/accounts/login/code/", {"email": cast.scholar.email}).status_code == 302
        taken.append(monotonic() - began)
    assert Message.objects.filter(person=cast.scholar, sent_at=None).count() == 3
    assert max(taken[:1]) < 1.5
    assert max(taken[1:]) < 1


def test_form_is_saved_at_its_usual_speed(cast, broker):
    client, began = client_of(cast.scholar), monotonic()
    answer = client.post(f"/logs/{cast.log.pk}/write/", {"_version": "1", "done": "Trained the probe."})
    assert (answer.status_code, monotonic() - began < 1) == (302, True)
    cast.log.refresh_from_db()
    assert cast.log.done == "Trained the probe."
