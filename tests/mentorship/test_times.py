"""Whoever keeps a mentor's times, and whoever stands in: what they see, and what they do there."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from cohorts.models import Duty
from mentorship.models import Action, AgendaItem, Meeting, PairingWeek
from tests.access.visitors import a_note
from tests.cast import WEEK_SIX, a_log, a_person, a_place
from tests.mentorship.cases import a_duty
from tests.mentorship.counting import questions

DAY = dt.timedelta(days=1)
MOVED = {"day": "2027-02-11", "starts": "16:00", "ends": "16:30", "why": "She is on a train."}


@pytest.fixture
def helper(cast):
    """Somebody from outside with a duty for the mentor."""
    cast.place["helper"] = a_place(a_person("Hal Helper"), cast.cohort, "outside")
    return cast.place["helper"]


@pytest.fixture
def secrets(cast):
    """What stands at the meeting and is for those who read it."""
    AgendaItem.objects.create(meeting=cast.meeting, added_by=cast.scholar, text="Quartz", created_at=WEEK_SIX)
    cast.meeting.notes = "Feldspar"
    cast.meeting.save()
    Action.objects.create(
        pairing=cast.pairing, meeting=cast.meeting, owner=cast.place["scholar"], what="Basalt", created_at=WEEK_SIX,
        added_by=cast.scholar,
    )  # fmt: skip
    a_log(cast.place["scholar"], 5, done="Granite")
    cast.log.done, cast.log.submitted_at = "Granite", WEEK_SIX
    cast.log.save()
    return {"Quartz", "Feldspar", "Basalt", "Granite"}


def found(words: set[str], body: bytes) -> set[str]:
    return {word for word in words if word in body.decode()}


def sent(client, name: str, pk, **fields):
    return client.post(reverse(name, args=[pk]), {"_key": str(uuid.uuid4()), **fields})


def test_delegate_sees_when_and_with_whom_moves_and_calls_off_and_nothing_else(cast, helper, secrets, client):
    a_duty(helper, "delegate", for_membership=cast.place["mentor"])
    client.force_login(helper.person)
    times = reverse("times", args=[cast.cohort.slug])
    page = client.get(times).content
    assert "Sana Scholar" in page.decode()
    assert "14:00" in page.decode()
    assert f'href="{reverse("meeting", args=[cast.meeting.pk])}"' not in page.decode()
    pages = [page, *(client.get(reverse(name, args=[cast.meeting.pk])).content for name in PLANS)]
    assert [found(secrets, one) for one in pages] == [set()] * 3
    assert all(times.encode() in one for one in pages[1:])
    assert sent(client, "meeting_move", cast.meeting.pk, **{**MOVED, "why": ""}).status_code == 422
    assert sent(client, "meeting_move", cast.meeting.pk, **MOVED).url == times
    assert sent(client, "meeting_call_off", cast.meeting.pk, why="Ill.").url == times
    assert not Meeting.objects.get(pk=cast.meeting.pk).is_live
    week = PairingWeek.objects.get(meeting=cast.meeting)
    assert reverse("meeting_plan", args=[week.pk]) in client.get(times).content.decode()
    again = {name: value for name, value in MOVED.items() if name != "why"}
    assert sent(client, "meeting_plan", week.pk, **again).url == times
    cast.meeting.refresh_from_db()
    assert cast.meeting.events.latest("pgh_id").pgh_context["as"] == "delegate"
    closed = {name: client.get(reverse(name, args=[key])).status_code for name, key in closed_pages(cast)}
    assert closed == dict.fromkeys(closed, 404)
    posts = {name: sent(client, name, cast.meeting.pk, text="x").status_code for name in WRITES}
    assert posts == dict.fromkeys(WRITES, 404)
    assert questions(client, times) <= 12


PLANS = ("meeting_move", "meeting_call_off")
WRITES = ("meeting_start", "meeting_outcome", "meeting_notes", "agenda_add", "action_add", "own_note")


def closed_pages(cast):
    return [
        ("meeting", cast.meeting.pk), ("meeting_now", cast.meeting.pk), ("log", cast.log.pk),
        ("standing", cast.place["scholar"].pk), ("pairing", cast.pairing.pk), ("coached", cast.place["scholar"].pk),
    ]  # fmt: skip


def test_stand_in_reads_holds_and_writes_and_opens_nothing_of_coaching(cast, secrets, client):
    a_duty(cast.place["other_mentor"], "stand_in", for_membership=cast.place["mentor"])
    note = a_note(cast, "coach", "scholar", "with_scholar")
    client.force_login(cast.other_mentor)
    there = reverse("meeting", args=[cast.meeting.pk])
    assert f'href="{there}"' in client.get(reverse("times", args=[cast.cohort.slug])).content.decode()
    assert found(secrets, client.get(there).content) == secrets
    assert client.get(reverse("log", args=[cast.log.pk])).status_code == 200
    assert sent(client, "agenda_add", cast.meeting.pk, text="Marble").status_code == 302
    assert AgendaItem.objects.latest("created_at").events.get().pgh_context["as"] == "stand_in"
    nonsense = client.get("/nonsense/")
    for name, key in (("coached", cast.place["scholar"].pk), ("note_change", note.pk)):
        assert client.get(reverse(name, args=[key])).status_code == nonsense.status_code == 404
    Duty.objects.update(ends_on=WEEK_SIX.date() - DAY)
    assert [client.get(url).status_code for url in (there, reverse("times", args=[cast.cohort.slug]))] == [404, 403]


def test_times_are_for_whoever_keeps_them(cast, helper, client):
    a_duty(helper, "delegate", for_membership=cast.place["mentor"], starts_on=WEEK_SIX.date() + DAY)
    address = reverse("times", args=[cast.cohort.slug])
    statuses = {}
    for person in (helper.person, cast.mentor, cast.scholar, cast.staff, cast.staff_elsewhere):
        client.force_login(person)
        statuses[person.name] = client.get(address).status_code
    assert statuses == {
        "Hal Helper": 404, "Mira Mentor": 403, "Sana Scholar": 403, "Stella Staff": 403, "Elsa Staff": 404,
    }  # fmt: skip
