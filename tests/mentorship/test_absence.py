"""Who was missing: asked of both, read by its author and staff, never noticed by the other."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from cohorts.access import visible
from mats.pages.cohort_health import read_health
from mats.pages.timeline.reading import read_timeline
from mentorship.actions.meeting import answer_meeting, say_who_was_missing
from mentorship.models import Absence, Meeting
from tests.access.test_matrix import normalised
from tests.cast import a_place
from tests.mentorship.test_meeting import DAY, PLANNED, opened, sent

LATER = PLANNED + DAY


@pytest.fixture
def missed(cast):
    return answer_meeting(meeting=cast.meeting, by=cast.scholar, at=LATER, outcome="did_not_meet")


def said(cast, who: str, by) -> Absence:
    return say_who_was_missing(meeting=cast.meeting, by=by, at=LATER, who=who)


def test_each_says_it_for_themselves_and_may_change_it(cast, missed):
    said(cast, "mentor", cast.scholar)
    said(cast, "scholar", cast.mentor)
    assert said(cast, "both", cast.scholar).version == 2
    assert set(Absence.objects.values_list("said_by", "who")) == {
        (cast.scholar.pk, "both"),
        (cast.mentor.pk, "scholar"),
    }


@pytest.mark.parametrize("outcome", ["met", "another_day"])
def test_it_is_asked_only_where_they_did_not_meet(cast, outcome):
    answer_meeting(meeting=cast.meeting, by=cast.scholar, at=LATER, outcome=outcome)
    with pytest.raises(ValidationError, match="did not take place"):
        said(cast, "mentor", cast.scholar)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("scholar", 1), ("mentor", 0), ("staff", 1), ("coach", 0), ("other_scholar", 0), ("staff_elsewhere", 0)],
)
def test_it_is_read_by_its_author_and_staff(cast, missed, who, seen):
    said(cast, "mentor", cast.scholar)
    assert visible(Absence, "absence", getattr(cast, who), LATER).count() == seen


def test_staff_who_mentor_are_the_other_at_their_own_meeting(cast, missed):
    a_place(cast.mentor, cast.cohort, "staff")
    said(cast, "mentor", cast.scholar)
    assert not visible(Absence, "absence", cast.mentor, LATER).exists()


@pytest.mark.parametrize("name", ["meeting", "meeting_now", "home"])
@pytest.mark.parametrize("who", ["mentor", "coach"])
def test_others_pages_are_the_same_with_and_without(cast, client, missed, who, name):
    def page() -> bytes:
        client.force_login(getattr(cast, who))
        with time_machine.travel(LATER, tick=False):
            address = reverse(name, args=[] if name == "home" else [cast.meeting.pk])
            return normalised(client.get(address, headers={"hx-request": "true"}).content)

    without = page()
    said(cast, "mentor", cast.scholar)
    assert page() == without
    assert Meeting.objects.get().version == 1


def test_it_is_said_on_the_page_and_changed_there(cast, client, missed):
    assert sent(cast, client, "scholar", LATER, "meeting_absence", {"who": "mentor"}).status_code == 302
    body = opened(cast, client, "scholar", LATER).content.decode()
    assert "You said: the mentor. You can change it." in body
    assert "you and the cohort’s staff" in body


def test_staff_read_who_said_what(cast, client, missed):
    said(cast, "mentor", cast.scholar)
    assert b"The mentor, says Sana Scholar" in opened(cast, client, "staff", LATER).content


def test_nobody_is_asked_before_they_say_that_they_did_not_meet(cast, client):
    assert b"Who was missing" not in opened(cast, client, "scholar", LATER).content


@pytest.mark.parametrize("who", ["", "coach", "the mentor"])
def test_other_answers_come_back(cast, client, missed, who):
    assert sent(cast, client, "scholar", LATER, "meeting_absence", {"who": who}).status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize(("who", "is_told"), [("staff", True), ("mentor", False), ("scholar", False)])
def test_staff_pages_tell_nobody_what_the_other_said_of_their_meeting(cast, missed, who, is_told):
    """Whoever is of the meeting and staff too: in cohort health (page and file) and on both timelines."""
    reader = getattr(cast, who)
    if not is_told:
        a_place(reader, cast.cohort, "staff")
    said(cast, "scholar", cast.scholar if who == "mentor" else cast.mentor)
    line = next(one for one in read_health(cast.cohort, reader, LATER).lines if one.name == cast.scholar.name)
    timelines = [read_timeline(cast.place[name], reader, LATER).body for name in ("scholar", "mentor")]
    assert [line.meetings[0].why == "scholar", *("was missing" in body for body in timelines)] == [is_told] * 3


def test_staff_pages_tell_people_what_they_said_themselves(cast, missed):
    a_place(cast.mentor, cast.cohort, "staff")
    said(cast, "scholar", cast.mentor)
    said(cast, "mentor", cast.scholar)
    assert "the scholar was missing" in read_timeline(cast.place["scholar"], cast.mentor, LATER).body
