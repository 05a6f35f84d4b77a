"""The 1-1 took place; and taking that back."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from coaching.actions.one_on_one import record_one_on_one
from coaching.models import OneOnOne
from cohorts.models import Caseload
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, a_caseload
from tests.coaching.conftest import FRIDAY, a_one_on_one, a_plan
from tests.coaching.test_note import OUTSIDERS, as_, page_of, unassign


def add(cast) -> str:
    return reverse("one_on_one_add", args=[cast.place["scholar"].pk])


def sent(day: str = "2027-02-10", **fields) -> dict:
    return {"_form": "one-on-one", "_key": str(uuid.uuid4()), "took_place_on": day, **fields}


def back(one_on_one, **fields) -> dict:
    return {"_form": "one-on-one-back", "_key": str(uuid.uuid4()), "_version": str(one_on_one.version), **fields}


def held(cast) -> list[dt.date]:
    with acting(cast.coach, WEEK_SIX):
        return list(OneOnOne.objects.filter(archived_at=None).values_list("took_place_on", flat=True))


def test_coach_records_a_one_on_one(client, cast):
    answer = as_(client, cast.coach).post(add(cast), sent())
    assert (answer.status_code, answer["Location"], held(cast)) == (302, page_of(cast), [dt.date(2027, 2, 10)])


def test_coach_and_scholar_never_come_from_the_form(client, cast):
    as_(client, cast.coach).post(
        add(cast), sent(coach=cast.place["other_coach"].pk, about=cast.place["other_scholar"].pk)
    )
    with acting(cast.coach, WEEK_SIX):
        one = OneOnOne.objects.get()
    assert (one.coach_id, one.about_id) == (cast.place["coach"].pk, cast.place["scholar"].pk)


def test_second_one_on_one_of_a_day_is_refused_in_words(client, cast):
    a_one_on_one(cast)
    answer = as_(client, cast.coach).post(add(cast), sent())
    assert answer.status_code == 422
    assert "The 1-1 on Wed 10 Feb is recorded already." in answer.content.decode()
    assert len(held(cast)) == 1


@pytest.mark.parametrize(
    ("day", "words"), [("2027-02-11", "has not come yet"), ("2027-01-01", "this is earlier"), ("0001-01-01", "earlier")]
)
def test_day_that_cannot_be_is_refused(client, cast, day, words):
    answer = as_(client, cast.coach).post(add(cast), sent(day))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_coach_ahead_of_the_cohort_may_record_their_own_today(client, cast):
    type(cast.coach).objects.filter(pk=cast.coach.pk).update(time_zone="Pacific/Kiritimati")
    assert as_(client, cast.coach).post(add(cast), sent("2027-02-11")).status_code == 302


def test_one_on_one_is_taken_back_and_stays_in_history(client, cast):
    one = a_one_on_one(cast)
    answer = as_(client, cast.coach).post(reverse("one_on_one_back", args=[one.pk]), back(one))
    with acting(cast.coach, WEEK_SIX):
        labels = [event.pgh_label for event in one.events.order_by("pgh_id")]
    assert (answer["Location"], held(cast), labels) == (page_of(cast), [], ["insert", "update"])


def test_day_is_free_again_after_taking_back(client, cast):
    one = a_one_on_one(cast)
    as_(client, cast.coach).post(reverse("one_on_one_back", args=[one.pk]), back(one))
    assert client.post(add(cast), sent()).status_code == 302


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_taking_back_is_not_found_by_anyone_else(client, cast, who, method):
    one = a_one_on_one(cast)
    ask = getattr(as_(client, getattr(cast, who)), method)
    found = ask(reverse("one_on_one_back", args=[one.pk]), back(one))
    nonsense = ask(reverse("one_on_one_back", args=[uuid.uuid4()]), back(one))
    assert (found.status_code, found.content, held(cast)) == (404, nonsense.content, [WEEK_SIX.date()])


@pytest.mark.parametrize("who", OUTSIDERS)
def test_recording_is_not_found_by_anyone_else(client, cast, who):
    assert as_(client, getattr(cast, who)).post(add(cast), sent()).status_code == 404


def test_new_coach_sees_but_does_not_take_back_what_the_one_before_recorded(client, cast):
    one = a_one_on_one(cast, dt.date(2027, 2, 5))
    unassign(cast)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=dt.date(2027, 2, 10))
    page = as_(client, cast.other_coach).get(page_of(cast)).content.decode()
    assert "with Cleo Coach" in page
    assert client.post(reverse("one_on_one_back", args=[one.pk]), back(one)).status_code == 404


def test_caseload_without_launch_gives_no_page(client, cast):
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    assert Caseload.objects.filter(coach=cast.place["coach"]).exists()
    assert as_(client, cast.coach).get(page_of(cast)).status_code == 404


def said(one, word: str) -> dict:
    fields = {"_form": "one-on-one-said", "_version": str(one.version), "_place": str(one.about_id), "said": word}
    return {"_key": str(uuid.uuid4()), **fields}


def say(client, cast, one, word: str, at: dt.datetime = FRIDAY):
    """The coach's press, at the start of the planned 1-1 unless told otherwise."""
    with time_machine.travel(at, tick=False):
        return as_(client, cast.coach).post(reverse("one_on_one_said", args=[one.pk]), said(one, word))


def test_planned_one_took_place_and_staff_may_know(client, cast):
    one = a_plan(cast)
    answer = say(client, cast, one, "took_place")
    assert (answer["Location"], held(cast)) == (page_of(cast), [FRIDAY.date()])
    with acting(cast.staff, WEEK_SIX):
        assert OneOnOne.objects.get().took_place_on == FRIDAY.date()


def test_planned_one_did_not_take_place_and_staff_do_not_see_it(client, cast):
    one = a_plan(cast)
    say(client, cast, one, "missed")
    with acting(cast.staff, WEEK_SIX):
        assert OneOnOne.objects.count() == 0
    with acting(cast.coach, WEEK_SIX):
        assert OneOnOne.objects.get().missed_at == FRIDAY


def test_word_before_the_start_is_refused(client, cast):
    answer = say(client, cast, a_plan(cast), "took_place", FRIDAY - dt.timedelta(minutes=1))
    assert answer.status_code == 422
    assert "This can be said from Fri 12 Feb 11:00 on." in answer.content.decode()


@pytest.mark.parametrize("word", ["", "maybe"])
def test_answer_is_one_of_two(client, cast, word):
    answer = say(client, cast, a_plan(cast), word)
    assert (answer.status_code, "Choose one of the two answers." in answer.content.decode()) == (422, True)


def test_second_word_is_a_conflict(client, cast):
    one = a_plan(cast)
    say(client, cast, one, "took_place")
    assert (say(client, cast, one, "missed").status_code, held(cast)) == (409, [FRIDAY.date()])


@pytest.mark.parametrize("word", ["took_place", "missed"])
def test_planned_one_is_asked_about_again_after_taking_back(client, cast, word):
    one = a_plan(cast)
    say(client, cast, one, word)
    one.version = 2
    with time_machine.travel(FRIDAY + dt.timedelta(hours=1), tick=False):
        client.post(reverse("one_on_one_back", args=[one.pk]), back(one))
        page = client.get(page_of(cast)).content.decode()
    assert "Did it take place?" in page
    assert held(cast) == [None]


def test_nothing_is_taken_back_of_what_nobody_said(client, cast):
    one = a_plan(cast)
    answer = as_(client, cast.coach).post(reverse("one_on_one_back", args=[one.pk]), back(one))
    assert (answer.status_code, "Nothing was said" in answer.content.decode()) == (422, True)


def test_planned_one_on_a_day_that_is_recorded_already_says_so(client, cast):
    one = a_plan(cast)
    with acting(cast.coach, FRIDAY):
        record_one_on_one(about=cast.place["scholar"], by=cast.coach, at=FRIDAY, took_place_on=FRIDAY.date())
    answer = say(client, cast, one, "took_place")
    assert (answer.status_code, "is recorded already" in answer.content.decode()) == (422, True)


def test_one_that_is_over_is_asked_about_on_both_pages_of_the_coach(client, cast):
    a_plan(cast)
    with time_machine.travel(FRIDAY + dt.timedelta(hours=1), tick=False):
        pages = [as_(client, cast.coach).get(page).content.decode() for page in (page_of(cast), reverse("coaching"))]
    assert ["Did it take place?" in page for page in pages] == [True, True]


def test_sending_addresses_lead_to_a_page_when_opened(client, cast):
    one = a_plan(cast)
    opened = [
        as_(client, cast.coach).get(reverse(f"one_on_one_{name}", args=[one.pk])) for name in ("said", "call_off")
    ]
    assert [answer["Location"] for answer in opened] == [page_of(cast), reverse("one_on_one_move", args=[one.pk])]
