"""A support plan: what, by when, which help, and when it is looked at again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from mats.history.record import EditedMeanwhile
from mentorship.actions.support import change_plan, open_plan, review_plan
from mentorship.models import SupportPlan
from tests.cast import LAST_DAY, WEEK_SIX, build_cast
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.at_once import all_at_once
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import (
    DAY,
    MINUTE,
    PLAN,
    a_co_mentor,
    a_line,
    a_support_plan,
    a_talk,
    letters,
    page,
    sent_all,
    statuses,
)

TODAY = WEEK_SIX.date()
SENT = {name: str(value) for name, value in PLAN.items()}


@pytest.fixture
def plan(cast) -> SupportPlan:
    return a_support_plan(cast.place["scholar"], cast)


def opened(cast, **more) -> SupportPlan:
    return open_plan(scholar=cast.place["scholar"], **{**PLAN, **by_staff(cast), **more})


def changed(cast, plan: SupportPlan, **more) -> SupportPlan:
    facts = {"version": 1, "reason": "It was agreed.", **PLAN, **by_staff(cast), **more}
    return change_plan(plan=plan, **facts)


def reviewed(cast, plan: SupportPlan, **more) -> SupportPlan:
    return review_plan(plan=plan, **{"version": 1, "review_words": "The ablation holds.", **by_staff(cast), **more})


def test_plan_is_due_at_the_cohorts_time_on_its_wall(cast):
    cast.cohort.time_zone, cast.cohort.log_time = "America/New_York", dt.time(17)
    cast.cohort.save()
    cast.place["scholar"].refresh_from_db()
    assert opened(cast).review_due_at == dt.datetime(2027, 3, 8, 22, tzinfo=dt.UTC)
    # New York's clock goes forward on 14 March.
    row = changed(cast, SupportPlan.objects.get(), review_on=dt.date(2027, 3, 15))
    assert row.review_due_at == dt.datetime(2027, 3, 15, 21, tzinfo=dt.UTC)


@pytest.mark.parametrize("field", ["by_when", "review_on"])
@pytest.mark.parametrize("day", [TODAY, TODAY - DAY, LAST_DAY + DAY, dt.date.min, dt.date.max])
def test_days_lie_ahead_and_within_the_stay(cast, field, day):
    refused_at(field, opened, cast=cast, **{field: day})


@pytest.mark.parametrize("day", [TODAY + DAY, LAST_DAY])
def test_first_and_last_day_possible(cast, day):
    assert opened(cast, by_when=day, review_on=day).review_on == day


@pytest.mark.parametrize("field", PLAN)
def test_plan_is_whole(cast, field):
    refused_at(field, opened, cast=cast, **{field: None if field in {"by_when", "review_on"} else ""})


def test_scholar_has_one_open_plan(cast, plan):
    with pytest.raises(ValidationError, match="Sana Scholar has an open support plan already"):
        opened(cast)
    reviewed(cast, plan)
    assert opened(cast).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        a_support_plan(cast.place["scholar"], cast)


@pytest.mark.django_db(transaction=True)
def test_two_plans_at_once_are_one(week_six):
    with transaction.atomic():
        cast = build_cast()
    found = all_at_once(*[lambda: opened(cast)] * 2)
    assert [words.split(" has")[0] for words in found] == ["Sana Scholar", "done"]
    assert SupportPlan.objects.count() == 1


# Changing it


def test_change_has_a_reason_that_history_keeps(cast, plan):
    refused_at("reason", changed, cast=cast, plan=plan, what="Two ablations.", reason="")
    row = changed(cast, plan, what="Two ablations.", reason="One was quick.")
    event = row.events.order_by("-pgh_id").first()
    assert (row.what, event.pgh_context["why"]) == ("Two ablations.", "One was quick.")


def test_same_plan_again_is_no_change(cast, plan):
    assert changed(cast, plan, reason="").version == 1


def test_day_that_has_passed_may_stay_and_not_be_chosen(cast, plan):
    later = dt.datetime(2027, 3, 6, 12, tzinfo=dt.UTC)
    assert changed(cast, plan, what="Two ablations.", at=later).what == "Two ablations."
    refused_at("by_when", changed, cast=cast, plan=plan, version=2, by_when=TODAY + DAY, at=later)


def test_older_version_is_a_conflict(cast, plan):
    changed(cast, plan, what="Two ablations.")
    with pytest.raises(EditedMeanwhile):
        changed(cast, plan, what="Three.")


# Looking at it again


def test_review_closes_it_with_words(cast, plan):
    refused_at("review_words", reviewed, cast=cast, plan=plan, review_words="")
    row = reviewed(cast, plan)
    assert (row.reviewed_at, row.reviewed_by, row.review_words) == (WEEK_SIX, cast.staff, "The ablation holds.")


def test_closed_plan_stays_as_it_is(cast, plan):
    row = reviewed(cast, plan)
    for act in (changed, reviewed):
        with pytest.raises(ValidationError, match="This plan is closed"):
            act(cast, plan, version=row.version, **({"what": "Else."} if act is changed else {}))


# Its pages


def test_plan_is_read_by_scholar_mentors_and_staff(cast, client, plan):
    assert statuses(cast, client, "support_plan", plan) == {
        "scholar": 200, "other_scholar": 404, "mentor": 200, "other_mentor": 404, "coach": 404, "staff": 200,
        "staff_elsewhere": 404, "stranger": 404,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["support_plan_change", "support_plan_review"])
def test_plan_is_written_by_staff(cast, client, plan, name):
    sent = {**SENT, "reason": "It was agreed.", "review_words": "The ablation holds."}
    found = statuses(cast, client, name, plan, **sent)
    assert found == dict.fromkeys(found, 404) | {"scholar": 403, "mentor": 403, "staff": 302}


def test_plan_is_made_by_staff_for_a_scholar(cast, client):
    found = statuses(cast, client, "support_plan_add", cast.place["scholar"], **SENT)
    assert found == dict.fromkeys(found, 404) | {"scholar": 403, "mentor": 403, "staff": 302}
    assert SupportPlan.objects.get().talk is None


@pytest.mark.parametrize("who", ["mentor", "coach", "staff"])
def test_plan_is_for_scholars_alone(cast, client, who):
    assert page(cast, client, "staff", "support_plan_add", cast.place[who], **SENT).status_code == 404


def test_forged_key_of_another_scholar_is_not_read(cast, client):
    other = cast.place["other_scholar"]
    page(cast, client, "staff", "support_plan_add", cast.place["scholar"], scholar=str(other.pk), **SENT)
    assert SupportPlan.objects.get().scholar == cast.place["scholar"]


@pytest.mark.parametrize(("who", "is_linked"), [("scholar", True), ("staff", True), ("mentor", False)])
def test_talk_before_it_is_linked_for_whoever_reads_it(cast, client, who, is_linked):
    talk = a_talk(a_line(cast, view="not_now"))
    plan = a_support_plan(cast.place["scholar"], cast, talk=talk)
    body = page(cast, client, who, "support_plan", plan).content.decode()
    assert (reverse("talk", args=[talk.pk]) in body) is is_linked
    assert ("What was changed" in body) is (who == "staff")


def test_box_says_who_reads_it(cast, client, plan):
    for name, row in (
        ("support_plan_add", cast.place["scholar"]), ("support_plan_change", plan), ("support_plan_review", plan),
    ):  # fmt: skip
        body = page(cast, client, "staff", name, row).content.decode()
        assert "Who can read this: <b>the scholar, the scholar’s mentors and the cohort’s staff</b>" in body


def test_plan_pages_ask_few_questions(cast, client, plan):
    client.force_login(cast.staff)
    for name in ("support_plan", "support_plan_change", "support_plan_review"):
        assert questions(client, reverse(name, args=[plan.pk])) <= 12, name
    assert questions(client, reverse("support_plan_add", args=[cast.place["scholar"].pk])) <= 12


# Letters


def test_scholar_and_mentors_of_today_are_told(cast, mailoutbox):
    a_co_mentor(cast, ends_on=TODAY - DAY)
    opened(cast)
    sent_all(WEEK_SIX)
    assert {mail.to[0]: mail.subject for mail in mailoutbox} == {
        cast.scholar.email: "Your support plan",
        cast.mentor.email: "A support plan for Sana Scholar",
    }
    assert all(PLAN["what"] not in mail.body for mail in mailoutbox)


def test_whoever_makes_it_is_not_told(cast):
    opened(cast, by=cast.mentor)
    assert [message.person for message in letters("support_plan_opened")] == [cast.scholar]


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (reviewed, "The plan was looked at again already."),
        (
            lambda cast, plan: SupportPlan.objects.update(archived_at=WEEK_SIX),
            "The plan is not the reader’s to read any more.",
        ),
    ],
    ids=["closed", "removed"],
)
def test_letter_is_dropped_once_it_is_pointless(cast, happens, why):
    happens(cast, opened(cast))
    sent_all(WEEK_SIX + MINUTE)
    assert {message.dropped_why for message in letters("support_plan_opened")} == {why}
