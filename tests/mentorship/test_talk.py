"""The talk that staff owe a scholar after "not as things stand"."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mats.history.record import EditedMeanwhile
from mentorship.actions.support import record_talk, take_talk
from mentorship.models import SupportPlan, Talk
from tests.cast import WEEK_SIX, a_person, a_place
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import (
    DAY,
    MINUTE,
    PLAN,
    a_line,
    a_support_plan,
    a_talk,
    given,
    letters,
    page,
    sent_all,
    statuses,
)

TODAY = WEEK_SIX.date()
AGREED = {"talked_on": "2027-02-10", "words": "Another task, smaller."}
PLANNED = {
    "what": "One ablation.",
    "by_when": "2027-03-05",
    "help_given": "Mira pairs on Tuesdays.",
    "review_on": "2027-03-08",
}


@pytest.fixture
def talk(cast) -> Talk:
    return a_talk(a_line(cast, view="not_now"))


@pytest.fixture
def colleague(cast):
    """Another of the cohort's staff."""
    return a_place(a_person("Noor Staff"), cast.cohort, "staff")


def recorded(cast, talk: Talk, **more) -> Talk:
    facts = {"version": 1, "talked_on": TODAY, "words": "Another task.", **by_staff(cast), **more}
    return record_talk(talk=talk, **facts)


# Who has it


def test_member_of_staff_takes_it_without_a_reason(cast, talk):
    assert take_talk(talk=talk, version=1, **by_staff(cast)).owner == cast.place["staff"]


def test_it_is_handed_on_with_a_reason_that_history_keeps(cast, talk, colleague):
    words = refused_at("reason", take_talk, talk=talk, version=1, owner=colleague, **by_staff(cast))
    assert words == "Say why Noor Staff is to have it; staff can read it in the history."
    row = take_talk(talk=talk, version=1, owner=colleague, reason="Noor knows the topic.", **by_staff(cast))
    assert row.owner == colleague
    event = row.events.order_by("-pgh_id").first()
    assert event.pgh_context["why"] == "Noor knows the topic."


def test_what_somebody_has_is_taken_from_them_with_a_reason(cast, talk, colleague):
    take_talk(talk=talk, version=1, by=colleague.person, at=WEEK_SIX)
    words = refused_at("reason", take_talk, talk=talk, version=1, **by_staff(cast))
    assert words == "Noor Staff has this talk already: say why it changes hands."


def test_taken_twice_it_is_taken_once(cast, talk):
    for _ in range(2):
        row = take_talk(talk=talk, version=1, **by_staff(cast))
    assert row.events.count() == 2  # opened, taken


@pytest.mark.parametrize("who", ["mentor", "scholar", "coach", "staff_elsewhere"])
def test_only_staff_of_the_cohort_have_it(cast, talk, who):
    facts = {"talk": talk, "version": 1, "owner": cast.place[who], "reason": "Why not.", **by_staff(cast)}
    assert refused_at("owner", take_talk, **facts) == "Choose somebody of this cohort’s staff."


def test_nobody_has_it_with_themselves(cast, talk):
    as_staff = a_place(cast.scholar, cast.cohort, "staff")
    refused_at("owner", take_talk, talk=talk, version=1, owner=as_staff, reason="Why not.", **by_staff(cast))
    with pytest.raises(ValidationError, match="Somebody else of staff"):
        recorded(cast, talk, by=cast.scholar)


def test_taking_it_stops_nobody_who_writes_the_record(cast, talk, colleague):
    take_talk(talk=talk, version=1, by=colleague.person, at=WEEK_SIX)
    assert recorded(cast, talk).done_by == cast.staff


# The record


def test_recorded_talk_is_done(cast, talk):
    row = recorded(cast, talk)
    assert (row.talked_on, row.words, row.done_at, row.done_by) == (TODAY, "Another task.", WEEK_SIX, cast.staff)


@pytest.mark.parametrize("days", [-1, 1])
def test_day_of_the_talk_lies_between_the_line_and_today(cast, talk, days):
    refused_at("talked_on", recorded, cast=cast, talk=talk, talked_on=TODAY + days * DAY)


def test_days_are_those_of_the_cohorts_wall(cast, talk):
    Talk.objects.update(created_at=dt.datetime(2027, 2, 9, 23, 30, tzinfo=dt.UTC))
    cast.cohort.time_zone = "Asia/Tokyo"
    cast.cohort.save()
    refused_at("talked_on", recorded, cast=cast, talk=talk, talked_on=TODAY - DAY)
    assert recorded(cast, talk, at=WEEK_SIX + 4 * 60 * MINUTE, talked_on=TODAY + DAY).done_at


def test_record_says_what_was_agreed(cast, talk):
    refused_at("words", recorded, cast=cast, talk=talk, words="")


def test_what_was_recorded_stays(cast, talk):
    row = recorded(cast, talk)
    with pytest.raises(EditedMeanwhile):
        recorded(cast, talk)
    with pytest.raises(ValidationError, match="recorded meanwhile"):
        recorded(cast, talk, version=row.version)
    with pytest.raises(ValidationError, match="recorded meanwhile"):
        take_talk(talk=talk, version=row.version, **by_staff(cast))


def test_plan_is_made_with_the_record(cast, talk):
    recorded(cast, talk, **PLAN)
    plan = SupportPlan.objects.get()
    assert (plan.talk, plan.scholar, plan.opened_by) == (talk, cast.place["scholar"], cast.staff)


@pytest.mark.parametrize("missing", PLAN)
def test_half_a_plan_leaves_the_talk_unrecorded(cast, talk, missing):
    words = refused_at(missing, recorded, cast=cast, talk=talk, **{**PLAN, missing: None})
    talk.refresh_from_db()
    assert (words, talk.done_at) == ("A support plan needs this.", None)


def test_next_line_opens_another_talk_once_this_one_is_done(cast, talk):
    recorded(cast, talk)
    given(a_line(cast, "other_mentor"), "not_now", at=WEEK_SIX + DAY)
    assert Talk.objects.filter(done_at=None).count() == 1


# Its page


def test_talk_is_read_by_the_scholar_and_staff(cast, client, talk):
    recorded(cast, talk, words="Another task, smaller.")
    found = statuses(cast, client, "talk", talk)
    assert {who: status for who, status in found.items() if status != 404} == {"scholar": 200, "staff": 200}
    body = page(cast, client, "scholar", "talk", talk).content.decode()
    assert "Another task, smaller." in body
    assert "Who can read this: <b>the scholar and the cohort’s staff</b>" in body


@pytest.mark.parametrize("name", ["talk", "talk_take"])
def test_only_staff_of_the_cohort_write(cast, client, talk, name):
    found = statuses(cast, client, name, talk, owner=cast.place["staff"].pk, **AGREED)
    expected = dict.fromkeys(found, 404) | {"scholar": 403, "staff": 302}
    assert found == expected


def test_record_and_plan_are_one_form(cast, client, talk):
    body = page(cast, client, "staff", "talk", talk).content.decode()
    assert "Who can read this: <b>the scholar and the cohort’s staff</b>" in body
    assert "Who can read this: <b>the scholar, the scholar’s mentors and the cohort’s staff</b>" in body
    assert page(cast, client, "staff", "talk", talk, **AGREED, **PLANNED).status_code == 302
    talk.refresh_from_db()
    assert (talk.words, SupportPlan.objects.get().what) == ("Another task, smaller.", "One ablation.")


def test_half_a_plan_comes_back_with_its_fold_open(cast, client, talk):
    answer = page(cast, client, "staff", "talk", talk, **AGREED, what="One ablation.")
    body = answer.content.decode()
    assert (answer.status_code, '<details class="fold" open>' in body, "One ablation." in body) == (422, True, True)


def test_open_plan_is_linked_instead_of_made_twice(cast, client, talk):
    plan = a_support_plan(talk.scholar, cast)
    body = page(cast, client, "staff", "talk", talk).content.decode()
    assert (reverse("support_plan", args=[plan.pk]) in body, "Make a support plan with it" in body) == (True, False)
    answer = page(cast, client, "staff", "talk", talk, **AGREED, **PLANNED)
    assert (answer.status_code, b"has an open support plan already" in answer.content) == (422, True)


def test_one_press_takes_it(cast, client, talk):
    body = page(cast, client, "staff", "talk", talk).content.decode()
    assert f'name="owner" value="{cast.place["staff"].pk}"' in body
    assert page(cast, client, "staff", "talk_take", talk, owner=cast.place["staff"].pk).status_code == 302
    assert "Stella Staff has it." in page(cast, client, "scholar", "talk", talk).content.decode()


def test_page_of_a_talk_whose_line_changed_says_so(cast, client, talk):
    given(talk.line, "on_course", at=WEEK_SIX + MINUTE)
    body = page(cast, client, "scholar", "talk", talk).content.decode()
    assert "changed to “on course” since; the talk is owed all the same" in body


def test_two_records_at_once_show_both_texts(cast, client, talk):
    recorded(cast, talk, words="Said first.")
    answer = page(cast, client, "staff", "talk", talk, version=1, **AGREED)
    body = answer.content.decode()
    assert (answer.status_code, "Said first." in body, AGREED["words"] in body) == (409, True, True)


def test_talk_pages_ask_few_questions(cast, client, talk):
    client.force_login(cast.staff)
    assert questions(client, reverse("talk", args=[talk.pk])) <= 12
    assert questions(client, reverse("talk_take", args=[talk.pk])) <= 12
    recorded(cast, talk, **PLAN)
    assert questions(client, reverse("talk", args=[talk.pk])) <= 12


# Letters


def test_staff_are_nudged_when_a_talk_is_opened(cast, colleague, mailoutbox):
    given(a_line(cast), "not_now")
    told = {(message.person, message.policy) for message in letters("talk_owed")}
    assert told == {(cast.staff, "nudge"), (colleague.person, "nudge")}
    sent_all(WEEK_SIX)
    mail = next(mail for mail in mailoutbox if mail.to == [cast.staff.email])
    assert mail.subject == "A talk with Sana Scholar, promised by Mon 15 Feb 12:00"
    assert f"/talks/{Talk.objects.get().pk}/" in mail.body
    assert "Nobody has it yet" in mail.body


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda cast, talk, colleague: recorded(cast, talk), "The talk was recorded."),
        (
            lambda cast, talk, colleague: take_talk(talk=talk, version=1, by=colleague.person, at=WEEK_SIX),
            "Somebody else has taken the talk.",
        ),
        (
            lambda cast, talk, colleague: talk.cohort.memberships.filter(person=cast.staff).update(
                archived_at=WEEK_SIX
            ),
            "The talk is not the reader’s to have any more.",
        ),
    ],
    ids=["recorded", "taken", "left the staff"],
)
def test_nudge_is_dropped_once_it_is_pointless(cast, colleague, happens, why):
    given(a_line(cast), "not_now")
    happens(cast, Talk.objects.get(), colleague)
    sent_all(WEEK_SIX + MINUTE)
    mine = next(message for message in letters("talk_owed") if message.person == cast.staff)
    assert (mine.sent_at, mine.dropped_why) == (None, why)


def test_new_owner_is_told_that_it_is_theirs(cast, talk, colleague, mailoutbox):
    take_talk(talk=talk, version=1, owner=colleague, reason="Noor knows the topic.", **by_staff(cast))
    sent_all(WEEK_SIX)
    (mail,) = mailoutbox
    assert (mail.to, "It was handed on to you." in mail.body) == ([colleague.person.email], True)
