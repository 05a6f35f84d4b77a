"""A mentor, and staff who mentor, try for anything of coaching: nothing there, not even that there is something."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coaching.models import Note
from tests.access.test_matrix import normalised
from tests.access.visitors import client_of
from tests.attack.pages import send
from tests.cast import FIRST_DAY, WEEK_SIX, Cast, a_pairing, a_person, a_place, build_cast, week_start
from tests.coaching.conftest import a_note, a_one_on_one
from tests.coaching.pages_to_walk import addresses
from tests.coaching.test_non_interference import CANARY, MAKE, bytes_of

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

# Words that stand only in an entry, and ways to sort and narrow that there are not.
QUERY = "?q=cinnamon&sort=one_on_one&order=-last&filter=coaching&audience=working&kind=note&format=csv&role=coach"


@pytest.fixture
def cast(db):
    with time_machine.travel(WEEK_SIX, tick=False):
        yield build_cast()


def mentor(cast: Cast) -> Client:
    return client_of(cast.mentor)


def staff_who_mentor(cast: Cast) -> Client:
    a_pairing(cast.place["scholar"], a_place(cast.staff, cast.cohort, "mentor"), is_lead=False)
    return client_of(cast.staff)


def staff_who_mentored(cast: Cast) -> Client:
    """Their weeks together are over; what they may read of 1-1s is still nothing."""
    place = a_place(cast.staff, cast.cohort, "mentor")
    a_pairing(cast.place["scholar"], place, is_lead=False, starts_on=FIRST_DAY, ends_on=week_start(3))
    return client_of(cast.staff)


def staff_who_were_to_mentor(cast: Cast) -> Client:
    """A pairing that was removed again still stands in history."""
    place = a_place(cast.staff, cast.cohort, "mentor")
    a_pairing(cast.place["scholar"], place, is_lead=False, archived_at=WEEK_SIX)
    return client_of(cast.staff)


def mentor_and_coach(cast: Cast) -> Client:
    """Coach of this scholar on paper, and their mentor: the mentor's side wins."""
    a_pairing(cast.place["scholar"], a_place(cast.coach, cast.cohort, "mentor"), is_lead=False)
    return client_of(cast.coach)


def co_mentor(cast: Cast) -> Client:
    """A second mentor, from next week on: the wall stands from the moment that the pairing does."""
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False, starts_on=week_start(7))
    return client_of(cast.other_mentor)


def former_mentor(cast: Cast) -> Client:
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False, ends_on=week_start(3))
    return client_of(cast.other_mentor)


def scholar_here_and_mentor_elsewhere(cast: Cast) -> Client:
    """The scholar is a scholar of another cohort too, where somebody who is one here mentors them."""
    there = a_place(cast.scholar, cast.other_cohort, "scholar")
    a_pairing(there, a_place(cast.other_scholar, cast.other_cohort, "mentor"))
    return client_of(cast.other_scholar)


def coach_here_and_mentor_elsewhere(cast: Cast) -> Client:
    there = a_place(cast.scholar, cast.other_cohort, "scholar")
    a_pairing(there, a_place(cast.other_coach, cast.other_cohort, "mentor"))
    return client_of(cast.other_coach)


def staff_who_mentor_elsewhere(cast: Cast) -> Client:
    there = a_place(cast.scholar, cast.other_cohort, "scholar")
    a_pairing(there, a_place(cast.staff, cast.other_cohort, "mentor"))
    return client_of(cast.staff)


WHO = [
    mentor, staff_who_mentor, staff_who_mentored, staff_who_were_to_mentor, co_mentor, former_mentor,
    scholar_here_and_mentor_elsewhere, coach_here_and_mentor_elsewhere, staff_who_mentor_elsewhere,
]  # fmt: skip


@pytest.mark.parametrize("who", WHO, ids=lambda who: who.__name__)
def test_no_page_tells_that_there_is_coaching(cast, who):
    client = who(cast)
    before = bytes_of(client, cast, QUERY)
    for thing in MAKE:
        MAKE[thing](cast)
    after = bytes_of(client, cast, QUERY)
    assert [address for address in before if before[address] != after[address]] == []
    assert [address for address, (_, _, page) in after.items() if CANARY.encode() in page] == []


def questions_of(client: Client, cast: Cast) -> dict[str, int]:
    found = {}
    for address in addresses(cast, of_accounts=False):
        with CaptureQueriesContext(connection) as asked:
            send(client, address, method="GET")
        found[address] = len(asked)
    return found


@pytest.mark.parametrize(
    "who", [mentor, staff_who_mentor, scholar_here_and_mentor_elsewhere], ids=lambda who: who.__name__
)
def test_no_page_takes_longer_where_there_is_coaching(cast, who):
    client = who(cast)
    questions_of(client, cast)  # what is asked once a process is asked
    before = questions_of(client, cast)
    for thing in MAKE:
        MAKE[thing](cast)
    assert questions_of(client, cast) == before


def test_coach_who_mentors_too_sees_what_a_stranger_to_coaching_sees(cast):
    """What they wrote while they coached is closed to them, with every trace."""
    for thing in ("working", "shared", "1-1", "plan", "line"):
        MAKE[thing](cast)
    client = mentor_and_coach(cast)
    note = Note.__name__.lower()
    pages = bytes_of(client, cast, QUERY)
    assert [address for address, (_, _, page) in pages.items() if CANARY.encode() in page] == []
    place = cast.place["scholar"].pk
    assert client.get(f"/coaching/scholars/{place}/").status_code == 404
    assert client.post("/drafts/", {"_form": note, "_about": str(place), "body": "x"}).status_code == 404


def test_readiness_counts_nothing_of_coaching(cast):
    before = Client().get("/readyz").json().keys()
    for thing in MAKE:
        MAKE[thing](cast)
    after = Client().get("/readyz")
    assert (after.json().keys(), CANARY in after.content.decode()) == (before, False)


FORMS = [
    "note", "note-change", "one-on-one", "one-on-one-plan", "one-on-one-said",
    "one-on-one-back", "coached", "Note", "NOTE", "note\u200b",
]  # fmt: skip


@pytest.mark.parametrize("who", ["mentor", "other_coach", "staff", "other_scholar", "stranger", "scholar"])
def test_drafts_of_coaching_are_like_nonsense(cast, who):
    """With a draft of the coach there and without; on the scholar and on the note."""
    entry = a_note(cast, CANARY, Note.Audience.WITH_SCHOLAR)
    MAKE["draft"](cast)
    client = client_of(getattr(cast, who))
    for form in FORMS:
        for about in (cast.place["scholar"].pk, entry.pk, uuid.uuid4(), ""):
            for more in ({}, {"_throw": "1"}):
                sent = {"_form": form, "_about": str(about), "_key": str(uuid.uuid4()), "body": "x", **more}
                answer = client.post("/drafts/", sent)
                nonsense = client.post("/nonsense/", sent)
                assert answer.status_code == 404
                assert normalised(answer.content) == normalised(nonsense.content)
    assert (
        client_of(cast.coach).get(f"/coaching/scholars/{cast.place['scholar'].pk}/").content.count(CANARY.encode()) >= 2
    )


def test_key_of_somebody_elses_draft_or_form_opens_nothing(cast):
    """The coach's own key, sent by a mentor: neither the coach's answer nor that it was used."""
    key = str(uuid.uuid4())
    place = cast.place["scholar"].pk
    sent = {"_form": "note", "_key": key, "dated": "2027-02-09", "working": CANARY}
    assert client_of(cast.coach).post(f"/coaching/scholars/{place}/", sent).status_code == 302
    client = client_of(cast.mentor)
    answer = client.post(f"/coaching/scholars/{place}/", sent)
    nonsense = client.post("/nonsense/", sent)
    assert (answer.status_code, normalised(answer.content)) == (404, normalised(nonsense.content))


def test_one_on_one_of_another_is_not_told_by_a_refusal(cast):
    """A second 1-1 of the day is refused to the coach in words; to others nothing is there."""
    a_one_on_one(cast)
    for who in ("mentor", "other_coach", "staff", "mentor_and_coach"):
        client = client_of(getattr(cast, who))
        answer = client.post(
            f"/coaching/scholars/{cast.place['scholar'].pk}/one-on-ones/", {"took_place_on": "2027-02-10"}
        )
        assert answer.status_code == 404


def test_former_coach_reads_no_trace_after_the_caseload(cast):
    a_note(cast, CANARY)
    cast.caseload.ends_on = week_start(4)
    cast.caseload.save()
    other = a_person("New Coach")
    a_place(other, cast.cohort, "coach")
    pages = bytes_of(client_of(cast.coach), cast, QUERY) | bytes_of(client_of(other), cast, QUERY)
    assert [address for address, (_, _, page) in pages.items() if CANARY.encode() in page] == []
