"""The outbox: once in effect, never for something done, and nothing lost without a word."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from mats.post import outbox
from mats.post.kinds import kind_of
from mats.post.models import Beat, Message
from mats.post.tasks import find_what_is_due, note_beat, send_next
from mentorship.reminders.log import queue_overdue_logs

DUE = dt.datetime(2027, 2, 10, 18, 0, tzinfo=dt.UTC)
AT = DUE + dt.timedelta(minutes=1)
AFTER_LEASE = AT + outbox.LEASE


@pytest.fixture
def reminder(cast) -> Message:
    queue_overdue_logs(AT)
    return Message.objects.get()


def a_letter(cast, **fields) -> Message:
    """A sign-in code for the scholar, waiting."""
    secret = '{"mail": "account/email/login_code", "code": "QX7-42L"}'
    fields = {"occurrence": "one", "at": AT, "secret": secret, **fields}
    return outbox.put(kind="account_mail", policy=Message.Policy.LETTER, person=cast.scholar, **fields)


def state_of(message: Message) -> str:
    return Message.objects.with_state().get(pk=message.pk).state


def sweep(at: dt.datetime) -> None:
    find_what_is_due(at)
    while send_next(at):
        pass


def test_due_message_is_sent_with_its_headers(cast, reminder, mail_server):
    sweep(AT)
    (mail,) = mail_server.mails
    assert (mail["Message-ID"], mail["Auto-Submitted"], mail["To"]) == (
        reminder.message_id,
        "auto-generated",
        cast.scholar.email,
    )
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert state_of(reminder) == "sent"


def test_second_sweep_sends_nothing(reminder, mail_server):
    sweep(AT)
    sweep(AT + dt.timedelta(minutes=1))
    assert (len(mail_server.mails), Message.objects.count()) == (1, 1)


def test_claimed_message_is_not_claimed_again_within_its_lease(reminder):
    assert outbox.claim(AT) == reminder
    assert outbox.claim(AT + outbox.LEASE - dt.timedelta(seconds=1)) is None


def test_worker_killed_between_claim_and_send_leaves_the_message_to_the_next(reminder, mail_server):
    outbox.claim(AT)
    sweep(AFTER_LEASE)
    assert (len(mail_server.mails), state_of(reminder)) == (1, "sent")


def test_nudge_whose_worker_was_killed_after_the_intent_is_unknown_and_never_repeated(reminder, mail_server):
    outbox._prepare(outbox.claim(AT), AT)
    sweep(AFTER_LEASE)
    assert (mail_server.mails, state_of(reminder)) == ([], "unknown")


def test_letter_whose_worker_was_killed_after_the_intent_is_repeated_with_its_message_id(cast, mail_server):
    letter = a_letter(cast)
    outbox._prepare(outbox.claim(AT), AT)
    send_next(AFTER_LEASE)
    (mail,) = mail_server.mails
    assert (mail["Message-ID"], state_of(letter)) == (letter.message_id, "sent")


def test_worker_that_overslept_its_lease_sends_nothing(reminder, mail_server):
    slow = outbox.claim(AT)
    outbox.deliver(outbox.claim(AFTER_LEASE), AFTER_LEASE)
    outbox.deliver(slow, AFTER_LEASE)
    assert len(mail_server.mails) == 1


def test_log_submitted_between_claim_and_send_drops_the_reminder(cast, reminder, mail_server):
    claimed = outbox.claim(AT)
    type(cast.log).objects.filter(pk=cast.log.pk).update(done="it", submitted_at=AT)
    outbox.deliver(claimed, AT)
    reminder.refresh_from_db()
    assert (mail_server.mails, reminder.dropped_why) == ([], "The log was submitted.")


def test_nudge_is_dropped_twelve_hours_after_its_moment(reminder, mail_server):
    sweep(DUE + outbox.NUDGE_LIFE)
    reminder.refresh_from_db()
    assert (mail_server.mails, reminder.dropped_why) == ([], outbox.TOO_LATE)


def test_closed_account_gets_nothing(cast, reminder, mail_server):
    type(cast.scholar).objects.filter(pk=cast.scholar.pk).update(is_active=False)
    sweep(AT)
    reminder.refresh_from_db()
    assert (mail_server.mails, reminder.dropped_why) == ([], outbox.CLOSED_ACCOUNT)


@pytest.mark.parametrize(("part", "words"), [("to_address", "550 nobody here"), ("answer", "554 not this")])
def test_refused_message_is_tried_again_and_then_put_before_a_person(reminder, mail_server, part, words):
    setattr(mail_server, part, words)
    at = AT
    for pause in [*outbox.SPACING, dt.timedelta(hours=2)]:
        sweep(at)
        at += pause
    reminder.refresh_from_db()
    assert (reminder.attempts, state_of(reminder), mail_server.mails) == (outbox.ATTEMPTS, "failed", [])
    assert "@" not in reminder.failed_why


def test_refused_message_waits_before_the_next_attempt(reminder, mail_server):
    mail_server.answer = "451 later"
    sweep(AT)
    mail_server.answer = "250 taken"
    sweep(AT + outbox.SPACING[0] - dt.timedelta(seconds=1))
    waiting = state_of(reminder)
    sweep(AT + outbox.SPACING[0])
    assert (waiting, state_of(reminder), len(mail_server.mails)) == ("waiting", "sent", 1)


def test_nudge_is_unknown_when_the_server_hangs_up(reminder, mail_server):
    mail_server.answer = ""
    sweep(AT)
    mail_server.answer = "250 taken"
    sweep(AFTER_LEASE)
    assert (mail_server.calls, state_of(reminder)) == (1, "unknown")


def test_letter_is_repeated_when_the_server_hangs_up(cast, mail_server):
    letter = a_letter(cast)
    mail_server.answer = ""
    send_next(AT)
    mail_server.answer = "250 taken"
    send_next(AT + outbox.SPACING[0])
    assert [mail["Message-ID"] for mail in mail_server.mails] == [letter.message_id]


def test_no_mail_server_is_a_known_failure(reminder, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sweep(AT)
    reminder.refresh_from_db()
    assert (state_of(reminder), reminder.intended_at) == ("waiting", None)
    assert reminder.failed_why == "The mail server could not be reached."


def test_message_that_cannot_be_written_does_not_stop_the_others(cast, reminder, mail_server, monkeypatch):
    monkeypatch.setattr("mentorship.emails.compose", lambda *a, **k: 1 / 0)
    a_letter(cast)
    sweep(AT)
    reminder.refresh_from_db()
    assert (len(mail_server.mails), reminder.failed_why) == (1, outbox.NOT_WRITTEN)


def test_letters_go_before_nudges(cast, reminder):
    letter = a_letter(cast)
    assert outbox.claim(AT) == letter


def test_line_break_in_a_name_adds_no_header(cast, reminder, mail_server):
    cohort = cast.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(name="Winter\r\nBcc: all@example.org")
    letter = kind_of(reminder).write(reminder, AT)
    sweep(AT)
    assert ("\n" in letter.subject, mail_server.mails[0]["Bcc"], len(mail_server.envelopes[0][1])) == (False, None, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message(cast, reminder, mail_server):
    together = threading.Barrier(2)

    def work() -> None:
        try:
            together.wait(timeout=10)
            send_next(AT)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(mail_server.mails), state_of(reminder)) == (1, "sent")


@pytest.mark.parametrize(
    "lie",
    [
        {"sent_at": AT},
        {"sent_at": AT, "intended_at": AT, "dropped_at": AT, "dropped_why": "x"},
        {"dropped_at": AT},
        {"given_up_at": AT},
        {"sealed": "x", "dropped_at": AT, "dropped_why": "x"},
    ],
)
def test_row_that_cannot_be_true_is_refused(reminder, lie):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=reminder.pk).update(**lie)


def test_beat_is_one_row_however_often_it_rings(cast):
    note_beat()
    note_beat()
    assert Beat.objects.count() == 1


def test_failing_finder_does_not_silence_the_others(cast, monkeypatch, caplog):
    monkeypatch.setattr("mats.post.kinds.finders", lambda: [lambda at: 1 / 0, queue_overdue_logs])
    find_what_is_due(AT)
    assert Message.objects.count() == 1


def test_times_are_the_readers(cast, reminder):
    type(cast.scholar).objects.filter(pk=cast.scholar.pk).update(time_zone="Asia/Tokyo")
    letter = kind_of(reminder).write(Message.objects.get(), AT)
    assert letter.subject == "Your log for week 6 was due Thu 03:00"
