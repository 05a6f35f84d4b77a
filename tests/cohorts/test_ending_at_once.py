"""A place ends while somebody else acts: one outcome, words for the other, and nothing half-written."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save

from cohorts.actions.ending import confirm_end, drop_end, propose_end, withdraw
from cohorts.models import Ending, Leave, Membership, Person, Role
from cohorts.rules.ending import CONFIRMED, DROPPED
from mats.identity.transaction import acting
from mats.post.models import Message
from mentorship.actions.booking import move_meeting
from mentorship.models import Meeting
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, a_person, a_place, build_cast
from tests.mentorship.at_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

TALKED = {
    "how": "programme",
    "reason": "No contact.",
    "talk_on": WEEK_SIX.date(),
    "talk_note": "We spoke.",
    "letter": ".",
}


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        cast = build_cast()
        for name in ("ada", "ben"):
            cast.place[name] = a_place(a_person(f"{name.title()} Staff"), cast.cohort, Role.STAFF)
        return cast


def proposed(cast, by: Person | None = None) -> Ending:
    return propose_end(membership=cast.place["scholar"], by=by or cast.staff, at=WEEK_SIX, **TALKED)


def the_place(cast) -> Membership:
    return Membership.objects.get(pk=cast.place["scholar"].pk)


def test_confirmed_twice_and_dropped_at_once_has_one_outcome(cast):
    row, ada, ben = proposed(cast), cast.place["ada"].person, cast.place["ben"].person
    found = all_at_once(
        lambda: confirm_end(ending=row, by=ada, at=WEEK_SIX),
        lambda: confirm_end(ending=row, by=ben, at=WEEK_SIX),
        lambda: drop_end(ending=row, by=ben, at=WEEK_SIX, reason="They came back."),
    )
    row.refresh_from_db()
    words = CONFIRMED if row.confirmed_at else DROPPED
    assert found == [words, words, "done"]
    assert bool(the_place(cast).ended_at) == bool(row.confirmed_at) != bool(row.dropped_at)
    assert Message.objects.filter(kind="place_ended").count() == bool(row.confirmed_at)


def test_proposed_twice_and_left_at_once_ends_the_place_once(cast):
    found = all_at_once(
        lambda: proposed(cast),
        lambda: proposed(cast, by=cast.place["ada"].person),
        lambda: withdraw(membership=cast.place["scholar"], by=cast.scholar, at=WEEK_SIX),
    )
    assert found.count("done") in (1, 2)
    assert all("has proposed an ending" in words or "removed this" in words for words in found if words != "done")
    assert (the_place(cast).ended_how, Ending.objects.filter(confirmed_at=None, dropped_at=None).count()) == ("left", 0)
    assert Message.objects.filter(kind="place_ended").count() == 1


def test_leaving_while_the_mentor_moves_the_meeting_frees_its_time(cast):
    starts = Meeting.objects.get().starts_at + dt.timedelta(hours=2)
    to = {"starts_at": starts, "ends_at": starts + dt.timedelta(minutes=30)}
    found = all_at_once(
        lambda: move_meeting(meeting=cast.meeting, by=cast.mentor, at=WEEK_SIX, **to),
        lambda: withdraw(membership=cast.place["scholar"], by=cast.scholar, at=WEEK_SIX),
    )
    assert found in (["done", "done"], ["This meeting was called off. Plan another time for it.", "done"])
    assert (the_place(cast).ended_how, Meeting.objects.filter(is_live=True, archived_at=None).count()) == ("left", 0)


def test_person_disabled_in_the_middle_of_a_request_writes_all_of_it_or_nothing_and_then_no_more(cast):
    client, address = client_of(cast.scholar), f"/people/{cast.place['scholar'].pk}/leave/new/"

    def disable() -> None:
        with acting(None, WEEK_SIX):
            Person.objects.filter(pk=cast.scholar.pk).update(is_active=False)
        connection.close()

    def meanwhile(**told) -> None:
        thread = threading.Thread(target=disable)
        thread.start()
        thread.join()

    def sent(day: str):
        return client.post(address, {"_key": str(uuid.uuid4()), "starts_on": day, "ends_on": day})

    post_save.connect(meanwhile, sender=Leave, weak=False)
    try:
        first = sent("2027-03-01")
    finally:
        post_save.disconnect(meanwhile, sender=Leave)
    leaves = Leave.objects.all()
    assert (first.status_code, leaves.count(), leaves.get().events.count()) == (302, 1, 1)
    assert [sent("2027-03-02").status_code, client.get("/me/").status_code] == [401, 302]
    assert leaves.count() == 1
