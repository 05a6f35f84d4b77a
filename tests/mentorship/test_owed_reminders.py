"""Reminders of what is owed for milestones and extensions: once, in time, and never of what is done."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts.models import Leave, Membership
from mats.post import outbox
from mats.post.models import Message
from mentorship.models import MidpointLine, Round, Submission
from mentorship.reminders.owed import OWED_LATE, OWED_SOON, queue
from tests.cast import LONG_AGO, Cast, a_milestone, a_submission, build_cast, week_start

pytestmark = pytest.mark.django_db

DUE = dt.datetime(2027, 1, 22, 18, 0, tzinfo=dt.UTC)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
SOON, LATE = OWED_SOON.name, OWED_LATE.name


@pytest.fixture
def cast(db) -> Cast:
    cast = build_cast()
    a_submission(a_milestone(cast.cohort), cast.place["scholar"])
    return cast


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("person__name", flat=True))


@pytest.mark.parametrize(
    ("at", "kind", "number"),
    [
        (DUE - 7 * DAY - MINUTE, SOON, 0),
        (DUE - 7 * DAY, SOON, 1),
        (DUE - 7 * DAY + outbox.NUDGE_LIFE, SOON, 0),
        (DUE - MINUTE, LATE, 0),
        (DUE, LATE, 1),
        (DUE + outbox.NUDGE_LIFE, LATE, 0),
    ],
)
def test_reminder_is_put_at_its_moment_and_not_long_after(cast, at, kind, number):
    assert (queue(at, kind=kind), queue(at, kind=kind)) == (number, 0)


def test_reminder_says_what_is_due_and_leads_to_it(cast):
    queue(DUE - 7 * DAY, kind=SOON)
    message = Message.objects.get()

    letter = OWED_SOON.write(message, DUE - 7 * DAY)

    assert letter.subject == "Research plan: due Fri 22 Jan 18:00"
    assert f"/submissions/{Submission.objects.get().pk}/write/" in letter.text


def test_reminder_of_what_is_done_is_dropped(cast):
    queue(DUE, kind=LATE)
    Submission.objects.update(submitted_at=DUE)

    assert OWED_LATE.drop_why(Message.objects.get(), DUE) == "It is done, or no longer owed by the reader."


def test_reminder_of_what_was_moved_is_dropped_and_put_again(cast):
    queue(DUE - 7 * DAY, kind=SOON)
    first = Message.objects.get()
    Submission.objects.update(due_at=DUE + DAY)

    assert OWED_SOON.drop_why(first, DUE - 7 * DAY) == "It was moved to another day."
    assert queue(DUE - 6 * DAY, kind=SOON) == 1


def test_reminder_that_comes_after_its_time_is_dropped(cast):
    queue(DUE - 7 * DAY, kind=SOON)

    assert OWED_SOON.drop_why(Message.objects.get(), DUE) == "It was due by then."


def test_nobody_is_reminded_while_away(cast):
    Leave.objects.create(
        membership=cast.place["scholar"], starts_on=DUE.date(), ends_on=DUE.date(), created_at=LONG_AGO
    )

    assert queue(DUE, kind=LATE) == 0


def test_mentor_is_reminded_of_the_line(cast):
    milestone = a_milestone(cast.cohort, "midpoint", week_start(8))
    MidpointLine.objects.create(
        cohort=cast.cohort, milestone=milestone, scholar=cast.place["scholar"], mentor=cast.place["mentor"],
        due_at=milestone.due_at, created_at=LONG_AGO,
    )  # fmt: skip

    queue(milestone.due_at, kind=LATE)

    assert told(LATE) == ["Mira Mentor"]


def test_what_staff_owe_together_is_told_to_each_of_them(cast):
    second = Membership.objects.create(
        person=cast.other_mentor, cohort=cast.cohort, role="staff", accepted_at=LONG_AGO, created_at=LONG_AGO
    )
    Round.objects.create(
        cohort=cast.cohort, phase=cast.cohort.main_phase, opens_on=week_start(3), closes_on=week_start(4),
        answers_on=week_start(5), letters_on=week_start(6), opens_at=LONG_AGO, closes_at=LONG_AGO,
        answers_due_at=DUE, letters_due_at=DUE + 30 * DAY, created_at=LONG_AGO,
    )  # fmt: skip

    queue(DUE, kind=LATE)

    assert second.person.name in told(LATE)
    assert told(LATE) == ["Omar Mentor", "Sana Scholar", "Stella Staff"]
