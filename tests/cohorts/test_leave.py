"""Days away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from cohorts.actions.leave import add_leave, change_leave, remove_leave
from cohorts.models import Leave
from tests.cast import a_meeting
from tests.cohorts.staff import by_staff, day, refused_at


def away(cast, who: str = "scholar", first=(3, 1), last=(3, 7)) -> dict:
    return {**by_staff(cast), "membership": cast.place[who], "starts_on": day(*first), "ends_on": day(*last)}


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_anybody_can_be_away(cast, who):
    assert add_leave(**away(cast, who)).membership == cast.place[who]


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [("ends_on", (3, 7), (3, 1)), ("starts_on", (5, 1), (5, 7)), ("starts_on", (3, 7), (3, 9))],
)
def test_impossible_leave_is_refused_at_its_field(cast, field, first, last):
    add_leave(**away(cast))
    refused_at(field, add_leave, **away(cast, first=first, last=last))


def test_leave_can_be_moved_onto_its_own_days(cast):
    leave = add_leave(**away(cast))
    moved = change_leave(leave=leave, version=1, starts_on=day(3, 2), ends_on=day(3, 9), **by_staff(cast))
    assert (moved.starts_on, moved.ends_on) == (day(3, 2), day(3, 9))


def test_removed_leave_is_archived_after_launch(cast):
    leave = add_leave(**away(cast))
    remove_leave(leave=leave, version=1, **by_staff(cast))
    assert Leave.objects.get(pk=leave.pk).archived_at is not None
    assert add_leave(**away(cast)).pk != leave.pk


def test_meeting_on_a_day_away_is_freed(cast):
    cast.pairing.weekday, cast.pairing.local_time, cast.pairing.time_zone = 3, "14:00", "Europe/London"
    cast.pairing.save()
    add_leave(**away(cast, first=(2, 11), last=(2, 11)))
    cast.meeting.refresh_from_db()
    assert not cast.meeting.is_live


# Through the pages: one's own, and anybody's for staff


def sent(first=(2, 11), last=(2, 12), **more) -> dict:
    return {"starts_on": day(*first).isoformat(), "ends_on": day(*last).isoformat(), **more}


def note(client, cast, who: str = "scholar", by: str | None = None, **fields):
    """Days away sent through the page, and the page that follows."""
    client.force_login(getattr(cast, by or who))
    address = reverse("leave_add", args=[cast.place[who].pk])
    return client.post(address, sent(**fields), follow=True)


def by_the_week(cast) -> None:
    """The cast's meeting of Thursday comes from the pairing's weekly time."""
    cast.pairing.weekday, cast.pairing.local_time, cast.pairing.time_zone = 3, dt.time(14), "Europe/London"
    cast.pairing.save()


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach", "staff"])
def test_everybody_notes_their_own_days(client, cast, who):
    assert note(client, cast, who).redirect_chain == [(reverse("person", args=[cast.place[who].pk]), 302)]
    leave = Leave.objects.get(membership=cast.place[who])
    assert (leave.starts_on, leave.ends_on) == (day(2, 11), day(2, 12))


def test_own_days_are_changed_and_removed(client, cast):
    note(client, cast)
    leave = Leave.objects.get()
    client.post(reverse("leave_change", args=[leave.pk]), sent(last=(2, 19), _version="1"))
    leave.refresh_from_db()
    assert leave.ends_on == day(2, 19)
    client.post(reverse("leave_remove", args=[leave.pk]), {"_version": "2"})
    leave.refresh_from_db()
    assert leave.archived_at is not None


@pytest.mark.parametrize(("by", "status"), [("other_scholar", 403), ("mentor", 403), ("coach", 403), ("stranger", 404)])
def test_nobody_but_staff_notes_anothers_days(client, cast, by, status):
    answer = note(client, cast, by=by)
    assert (answer.status_code, Leave.objects.count()) == (status, 0)
    assert ("This is for the person themselves" in answer.content.decode()) == (status == 403)


def test_no_reason_is_asked_of_ones_own(client, cast):
    client.force_login(cast.scholar)
    page = client.get(reverse("leave_add", args=[cast.place["scholar"].pk])).content.decode()
    assert ("You need give no reason." in page, 'name="reason"' in page) == (True, False)


def test_past_days_may_be_noted_and_stand_in_history(client, cast):
    note(client, cast, first=(1, 18), last=(1, 22))
    client.force_login(cast.staff)
    page = client.get(reverse("person", args=[cast.place["scholar"].pk])).content.decode()
    assert page.count("18 January") > 0
    assert Leave.objects.get().events.get().pgh_context["person"] == str(cast.scholar.pk)


def test_meeting_that_is_freed_is_named(client, cast):
    by_the_week(cast)
    page = note(client, cast).content.decode()
    assert "Freed: Thu 11 Feb 14:00–14:30 with Mira Mentor." in page
    cast.meeting.refresh_from_db()
    assert not cast.meeting.is_live


def test_meeting_that_somebody_chose_stays_and_is_linked(client, cast):
    by_the_week(cast)
    cast.meeting.planned_by = cast.mentor
    cast.meeting.save()
    page = note(client, cast).content.decode()
    assert f'<a href="/meetings/{cast.meeting.pk}/">Thu 11 Feb 14:00–14:30 with Mira Mentor</a>. Move it' in page
    cast.meeting.refresh_from_db()
    assert cast.meeting.is_live


def test_meeting_between_old_and_new_days_is_not_called_in_the_way(client, cast):
    cast.meeting.planned_by = cast.mentor
    cast.meeting.save()
    note(client, cast, first=(2, 8), last=(2, 9))
    client.post(reverse("leave_change", args=[Leave.objects.get().pk]), sent((2, 15), (2, 16), _version="1"))
    page = client.get(reverse("person", args=[cast.place["scholar"].pk])).content.decode()
    assert "Still planned" not in page


def test_removed_days_plan_their_meeting_again(client, cast):
    by_the_week(cast)
    note(client, cast)
    address = reverse("leave_remove", args=[Leave.objects.get().pk])
    page = client.post(address, {"_version": "1"}, follow=True).content.decode()
    assert "Planned again:" in page
    assert "Thu 11 Feb 14:00–14:30 with Mira Mentor" in page


def test_meeting_of_another_day_is_not_named(client, cast):
    a_meeting(cast.pairing, 8, dt.datetime(2027, 2, 25, 14, tzinfo=dt.UTC))
    assert "25 Feb" not in note(client, cast).content.decode()


def test_days_away_noted_on_home_lead_back_there(client, cast):
    client.force_login(cast.scholar)
    address = reverse("leave_add", args=[cast.place["scholar"].pk])
    home = client.post(f"{address}?back=/", sent((2, 11), (2, 11)))
    elsewhere = client.post(f"{address}?back=//evil.example", sent((2, 12), (2, 12)))
    assert (home.url, elsewhere.url) == ("/", reverse("person", args=[cast.place["scholar"].pk]))


def test_days_away_before_launch_are_staffs_to_note(client, cast):
    cast.cohort.launched_at = None
    cast.cohort.save()
    assert [note(client, cast, by=by).status_code for by in ("scholar", "staff")] == [404, 200]


def test_overlap_is_refused_in_words_with_the_days_still_there(client, cast):
    note(client, cast)
    page = note(client, cast, first=(2, 12), last=(2, 15))
    assert "Away from 11 February 2027 to 12 February 2027 already" in page.content.decode()
    assert 'value="2027-02-15"' in page.content.decode()
