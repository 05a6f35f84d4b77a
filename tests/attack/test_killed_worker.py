"""A worker killed with SIGKILL at each step of a message, two sweeps at once, and an empty broker.

The worker is a process of its own; what it leaves behind is what stands in the database.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from bin.launch import valkey
from mats.celery import app
from mats.post import doorbell
from mats.post.models import Message
from mats.post.tasks import find_what_is_due, send, send_next, sweep
from mentorship.reminders.log import queue_logs_due_soon, queue_overdue_logs
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, a_log, a_person, a_place, build_cast
from tests.mail import mail_server as serving
from tests.mats.test_post import AFTER_LEASE, AT, a_letter, state_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

# The worker dies where its step says; nothing it holds is closed or tidied.
WORKER = """
import datetime as dt, os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connections
from mats.post import outbox
name, port, step, at = sys.argv[1:]
for line in connections.all():
    line.settings_dict["NAME"] = name
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
at = dt.datetime.fromisoformat(at)
message = outbox.claim(at)
if step == "claim":
    die()
if step == "intent":
    outbox.hand_over = die
if step == "sending":
    outbox._mark_sent = die
outbox.deliver(message, at)
"""


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        return build_cast()


@pytest.fixture
def mails():
    with serving() as server:
        yield server


def kill_a_worker_after(step: str) -> None:
    database = connection.settings_dict["NAME"]
    ended = subprocess.run(
        [sys.executable, "-c", WORKER, database, str(settings.EMAIL_PORT), step, AT.isoformat()],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mats.settings"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def later() -> None:
    """The next minute's sweep once the dead worker's lease is over."""
    find_what_is_due(AFTER_LEASE)
    while send_next(AFTER_LEASE):
        pass


@pytest.mark.parametrize(
    ("step", "mails_sent", "state"), [("claim", 1, "sent"), ("intent", 0, "unknown"), ("sending", 1, "unknown")]
)
def test_killed_worker_never_sends_a_nudge_twice_and_loses_none_unseen(cast, mails, step, mails_sent, state):
    queue_overdue_logs(AT)
    kill_a_worker_after(step)
    later()
    message = Message.objects.get()
    assert (len(mails.mails), state_of(message)) == (mails_sent, state)
    page = client_of(cast.staff).get(f"/c/{cast.cohort.slug}/messages/?state={state}").content.decode()
    assert f"/messages/{message.pk}/" in page


@pytest.mark.parametrize(("step", "mails_sent"), [("claim", 1), ("intent", 1), ("sending", 2)])
def test_killed_worker_loses_no_letter_and_a_repeat_has_the_same_message_id(cast, mails, step, mails_sent):
    letter = a_letter(cast, at=AT)
    kill_a_worker_after(step)
    while send_next(AFTER_LEASE):
        pass
    assert [mail["Message-ID"] for mail in mails.mails] == [letter.message_id] * mails_sent
    assert state_of(letter) == "sent"


def test_two_sweeps_at_once_send_each_message_once(cast, mails):
    for number in range(12):
        a_log(a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar"), 6)
    together = threading.Barrier(2)

    def work() -> None:
        try:
            together.wait(timeout=10)
            find_what_is_due(AT)
            while send_next(AT):
                pass
        finally:
            connections.close_all()

    beats = [threading.Thread(target=work) for _ in range(2)]
    for beat in beats:
        beat.start()
    for beat in beats:
        beat.join()
    readers = [mail["To"] for mail in mails.mails]
    assert (len(readers), len(set(readers))) == (13, 13)
    assert Message.objects.filter(sent_at=None).count() == 0


# Redis, stopped and restarted empty


class Broker:
    """A Valkey of one test alone; stopping it loses everything it held."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.server, self.folder = server, folder

    def start(self) -> None:
        app.amqp._producer_pool = app._pool = None
        self.process = valkey.start_server(self.server, self.folder, self.folder / "log").process

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        app.amqp._producer_pool = app._pool = None


@pytest.fixture
def broker(monkeypatch):
    server = valkey.find_server()
    if server is None:
        pytest.skip("There is no Valkey or Redis on this machine.")
    with tempfile.TemporaryDirectory(prefix="mats-") as folder:  # a socket's path has to be short
        for setting in ("broker_url", "broker_write_url"):
            monkeypatch.setattr(app.conf, setting, f"redis+socket://{folder}/valkey.sock")
        monkeypatch.setattr(doorbell, "_quiet_until", 0.0)
        one = Broker(server, Path(folder))
        one.start()
        yield one
        one.stop()


def tasks_waiting() -> int:
    with app.connection_for_read() as line:
        return line.default_channel.client.llen("celery")


def test_what_a_broker_forgot_the_next_sweep_finds(cast, mails, broker):
    a_log(cast.place["scholar"], 5, due_at=WEEK_SIX + dt.timedelta(hours=20))
    queue_logs_due_soon(WEEK_SIX)
    message = Message.objects.get()
    with transaction.atomic():
        doorbell.ring(send, str(message.pk))
    rung = tasks_waiting()
    broker.stop()
    broker.start()
    assert (rung, tasks_waiting(), len(mails.mails)) == (1, 0, 0)
    sweep()
    assert (len(mails.mails), state_of(message)) == (1, "sent")
