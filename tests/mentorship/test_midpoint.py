"""The mid-point line: what a mentor thinks, early enough to act."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mats.history.record import EditedMeanwhile
from mentorship.actions.midpoint import give_line, receive_line
from mentorship.models import MidpointLine, Talk
from tests.cast import WEEK_SIX, build_cast
from tests.cohorts.staff import refused_at
from tests.mentorship.at_once import all_at_once
from tests.mentorship.midpoint import (
    BECAUSE,
    DAY,
    DUE,
    MINUTE,
    WOULD_CHANGE,
    a_co_mentor,
    a_line,
    given,
    letters,
    sent_all,
)

OPENS = DUE - 14 * DAY


def received(line: MidpointLine, at: dt.datetime = WEEK_SIX, version: int | None = None) -> MidpointLine:
    version = version or MidpointLine.objects.get(pk=line.pk).version
    return receive_line(line=line, by=line.scholar.person, at=at, version=version)


# Giving it


def test_line_is_given_once_and_changed_later(cast):
    line = a_line(cast)
    given(line, "too_early", because="", would_change="")
    changed = given(line, "on_course", at=DUE + DAY, because="A clean ablation.")
    assert (changed.view, changed.because) == ("on_course", "A clean ablation.")
    assert (changed.given_at, changed.changed_at) == (WEEK_SIX, DUE + DAY)


def test_line_opens_fourteen_days_before_it_is_due(cast):
    line = a_line(cast)
    cast.mentor.time_zone = "Asia/Tokyo"
    line.mentor.person = cast.mentor
    with pytest.raises(ValidationError) as refused:
        given(line, "on_course", at=OPENS - MINUTE)
    assert refused.value.messages == [
        "This line can be given from Sat 6 Feb 03:00 on, fourteen days before it is due. Until then your draft is kept."
    ]
    assert given(line, "on_course", at=OPENS).given_at == OPENS


@pytest.mark.parametrize("text", ["because", "would_change"])
def test_not_as_things_stand_says_why_and_what_would_change_it(cast, text):
    line = a_line(cast)
    refused_at(text, given, line=line, view="not_now", **{text: ""})
    assert given(line, "too_early", **{text: ""}).given_at == WEEK_SIX


@pytest.mark.parametrize("view", ["", "excellent"])
def test_line_is_one_of_three(cast, view):
    refused_at("view", given, line=a_line(cast), view=view)


def test_database_keeps_a_line_without_its_reasons_out(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_line(cast, view="not_now", because="")


def test_same_line_again_changes_nothing(cast):
    line = a_line(cast)
    given(line, "not_now")
    received(line)
    again = given(line, "not_now", at=WEEK_SIX + DAY)
    assert (again.changed_at, again.read_at, again.version) == (None, WEEK_SIX, 2)
    assert len(letters("midpoint_line_given")) == 1


def test_older_version_is_a_conflict(cast):
    line = a_line(cast)
    given(line, "on_course")
    with pytest.raises(EditedMeanwhile):
        given(line, "too_early", version=1)


def test_history_keeps_what_was_said_before(cast):
    line = a_line(cast)
    given(line, "not_now")
    given(line, "on_course", at=WEEK_SIX + DAY)
    views = MidpointLine.objects.get().events.order_by("pgh_id").values_list("view", flat=True)
    assert list(views) == ["", "not_now", "on_course"]


# Reading it


def test_line_is_read_once_at_the_first_moment(cast):
    line = given(a_line(cast), "on_course")
    received(line)
    assert received(line, at=WEEK_SIX + DAY).read_at == WEEK_SIX


def test_changed_line_is_to_be_read_again(cast):
    line = given(a_line(cast), "on_course")
    received(line)
    assert given(line, "too_early", at=WEEK_SIX + DAY).read_at is None


def test_what_was_changed_meanwhile_was_not_read(cast):
    line = given(a_line(cast), "on_course")
    given(line, "too_early", at=WEEK_SIX + MINUTE)
    with pytest.raises(EditedMeanwhile):
        received(line, version=line.version)


def test_mentor_who_writes_is_not_stopped_by_the_reading(cast):
    line = given(a_line(cast), "on_course")
    received(line)
    assert given(line, "too_early", at=WEEK_SIX + DAY, version=line.version).view == "too_early"


def test_line_that_is_not_given_is_not_read(cast):
    assert received(a_line(cast)).read_at is None


# The talk it opens


def test_not_as_things_stand_opens_a_talk_within_five_days(cast):
    line = given(a_line(cast), "not_now")
    (talk,) = Talk.objects.all()
    assert (talk.scholar, talk.line, talk.owner) == (cast.place["scholar"], line, None)
    assert talk.due_at == WEEK_SIX + 5 * DAY


@pytest.mark.parametrize("view", ["on_course", "too_early"])
def test_another_line_opens_none(cast, view):
    given(a_line(cast), view)
    assert Talk.objects.count() == 0


def test_line_that_becomes_not_now_opens_one_from_that_moment(cast):
    line = given(a_line(cast), "on_course")
    given(line, "not_now", at=DUE)
    assert Talk.objects.get().due_at == DUE + 5 * DAY


def test_two_mentors_who_say_so_make_one_talk(cast):
    a_co_mentor(cast)
    first, second = a_line(cast), a_line(cast, "other_mentor")
    given(first, "not_now")
    given(second, "not_now", at=WEEK_SIX + DAY)
    assert [talk.line for talk in Talk.objects.all()] == [first]


def test_talk_stays_owed_when_the_line_changes(cast):
    line = given(a_line(cast), "not_now")
    given(line, "on_course", at=WEEK_SIX + MINUTE)
    assert [talk.done_at for talk in Talk.objects.all()] == [None]


def test_better_words_for_the_same_open_no_second_talk(cast):
    line = given(a_line(cast), "not_now")
    Talk.objects.update(done_at=WEEK_SIX, done_by=cast.staff, talked_on=WEEK_SIX.date())
    given(line, "not_now", at=WEEK_SIX + DAY, because="No result yet.")
    assert Talk.objects.count() == 1
    given(line, "on_course", at=WEEK_SIX + 2 * DAY)
    given(line, "not_now", at=WEEK_SIX + 3 * DAY)
    assert Talk.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_mentors_at_once_make_one_talk(week_six):
    with transaction.atomic():
        cast = build_cast()
        a_co_mentor(cast)
        lines = [a_line(cast), a_line(cast, "other_mentor")]
    facts = {"at": WEEK_SIX, "version": 1, "view": "not_now", "because": BECAUSE, "would_change": WOULD_CHANGE}
    presses = [lambda line=line: give_line(line=line, by=line.mentor.person, **facts) for line in lines]
    assert all_at_once(*presses) == ["done", "done"]
    assert Talk.objects.count() == 1


# Letters


def test_scholar_is_told_of_each_line_and_of_its_change(cast, mailoutbox):
    line = given(a_line(cast), "not_now")
    sent_all(WEEK_SIX)
    given(line, "on_course", at=WEEK_SIX + DAY)
    sent_all(WEEK_SIX + DAY)
    assert [mail.subject for mail in mailoutbox if mail.to == [cast.scholar.email]] == [
        "Mira Mentor has said what they think at mid-point",
        "Mira Mentor has changed what they think at mid-point",
    ]


def test_letter_leads_to_the_line_and_does_not_say_it(cast, mailoutbox):
    line = given(a_line(cast), "too_early")
    sent_all(WEEK_SIX)
    (mail,) = mailoutbox
    assert f"/midpoint/{line.pk}/" in mail.body
    for part in (mail.subject, mail.body, mail.alternatives[0][0]):
        assert not any(words in part for words in ("too early", BECAUSE, WOULD_CHANGE))


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (received, "The line was read."),
        (
            lambda line: given(line, "on_course", at=WEEK_SIX + MINUTE),
            "The line was changed since; a later letter tells of it.",
        ),
        (
            lambda line: MidpointLine.objects.update(archived_at=WEEK_SIX),
            "The line is not the reader’s any more.",
        ),
    ],
    ids=["read", "changed", "removed"],
)
def test_letter_is_dropped_once_it_is_pointless(cast, happens, why):
    line = given(a_line(cast), "too_early")
    happens(line)
    sent_all(WEEK_SIX + 2 * MINUTE)
    first = letters("midpoint_line_given")[0]
    assert (first.sent_at, first.dropped_why) == (None, why)
