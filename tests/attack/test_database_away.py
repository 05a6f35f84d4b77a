"""PostgreSQL goes away in the middle of a request, as in a restart."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from mentorship.models import WeeklyLog
from tests.access.visitors import client_of
from tests.cast import build_cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

TEXT = "Trained the probe on layer 14."


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        return build_cast()


def end_whoever_waits() -> None:
    """End the connection that waits for our lock, as a restart of the server would."""
    sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(sql, [connection.settings_dict["NAME"]])
            if cursor.fetchall():
                return
            time.sleep(0.02)
    raise AssertionError("Nobody waited.")


def test_request_gives_the_text_back_and_the_next_one_works(cast):
    address, answers = f"/logs/{cast.log.pk}/write/", []
    client = client_of(cast.scholar)
    client.raise_request_exception = False

    def write() -> None:
        try:
            for _ in range(2):
                answers.append(client.post(address, {"_version": "1", "done": TEXT}))
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    with transaction.atomic():
        WeeklyLog.locked(cast.log.pk)
        writer.start()
        end_whoever_waits()
    writer.join()

    broken, next_one = answers
    assert (broken.status_code, next_one.status_code) == (500, 302)
    assert "Nothing of this request was saved" in broken.content.decode()
    assert TEXT in broken.content.decode()
    assert WeeklyLog.objects.get(pk=cast.log.pk).done == TEXT
