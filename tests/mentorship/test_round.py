"""The calendar of a round: dates in order, two weeks from the mid-point, promises that are kept or late."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from cohorts.models import Milestone, Phase
from mats.history.record import EditedMeanwhile
from mentorship.actions.round import keep_promise, set_round
from mentorship.deadlines import promised_by, round_moments, usual_round, what_to_move
from mentorship.models import Round
from mentorship.rules.round import midpoint_fits_round
from tests.cast import FIRST_DAY, LAST_DAY, LONG_AGO, WEEK_SIX, a_milestone, a_round
from tests.cohorts.staff import day, refused_at, unlaunched
from tests.mentorship.cases import a_term
from tests.mentorship.counting import questions

MIDPOINT = day(2, 22)
DAYS = {"opens_on": day(2, 23), "closes_on": day(3, 8), "answers_on": day(3, 18), "letters_on": day(3, 18)}
DAY = dt.timedelta(days=1)


@pytest.fixture
def midpoint(cast) -> Milestone:
    return a_milestone(cast.cohort, "midpoint", MIDPOINT)


def facts(cast, version: int = 0, **more) -> dict:
    return {"cohort": cast.cohort, "by": cast.staff, "at": WEEK_SIX, "version": version, **DAYS, **more}


@pytest.fixture
def row(cast, midpoint) -> Round:
    return set_round(**facts(cast))


def page(client, cast, who: str = "scholar", at: dt.datetime = WEEK_SIX) -> str:
    with time_machine.travel(at, tick=False):
        client.force_login(getattr(cast, who))
        return client.get(reverse("extension", args=[cast.cohort.slug])).content.decode()


# Dates and moments


def test_days_become_moments_on_the_cohorts_wall(row):
    assert [row.opens_at, row.closes_at, row.answers_due_at] == [
        dt.datetime(2027, 2, 23, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 8, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 18, 23, 59, 59, tzinfo=dt.UTC),
    ]


@pytest.mark.parametrize(
    ("zone", "ends_at"),
    [
        ("Europe/London", dt.datetime(2027, 3, 28, 22, 59, 59, tzinfo=dt.UTC)),
        ("America/New_York", dt.datetime(2027, 3, 29, 3, 59, 59, tzinfo=dt.UTC)),
        ("Pacific/Kiritimati", dt.datetime(2027, 3, 28, 9, 59, 59, tzinfo=dt.UTC)),
    ],
)
def test_day_ends_where_its_wall_says(row, zone, ends_at):
    """The clocks of London change in the night before."""
    row.letters_on = day(3, 28)
    assert round_moments(row, zone)["letters_due_at"] == ends_at


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("closes_on", {"closes_on": day(2, 22)}),
        ("answers_on", {"answers_on": day(3, 7)}),
        ("letters_on", {"letters_on": day(3, 17)}),
        ("closes_on", {"closes_on": day(3, 7)}),
        ("opens_on", {"opens_on": FIRST_DAY - DAY}),
        ("answers_on", {"answers_on": LAST_DAY + DAY, "letters_on": LAST_DAY + DAY}),
        ("letters_on", {"letters_on": LAST_DAY + DAY}),
    ],
)
def test_dates_that_do_not_fit_are_refused_at_their_field(cast, midpoint, field, more):
    refused_at(field, set_round, **facts(cast, **more))
    assert not Round.objects.exists()


def test_two_weeks_to_the_day_are_enough(row):
    assert row.closes_on - MIDPOINT == dt.timedelta(weeks=2)


@pytest.mark.parametrize("archived_at", [None, LONG_AGO])
def test_round_needs_a_midpoint(cast, archived_at):
    if archived_at:
        a_milestone(cast.cohort, "midpoint", MIDPOINT, archived_at=archived_at)
    assert refused_at("", set_round, **facts(cast)).startswith("Set the mid-point first")


# Dates by default


@pytest.mark.parametrize(
    ("ends_on", "promised"),
    [(LAST_DAY, day(3, 18)), (day(6, 30), day(5, 19)), (day(4, 3), day(3, 12))],
)
def test_promises_are_six_weeks_or_a_quarter_before_the_end(ends_on, promised):
    assert promised_by(Phase(starts_on=FIRST_DAY, ends_on=ends_on)) == promised


def test_window_is_two_weeks_from_the_day_after_the_midpoint(cast):
    usual = usual_round(cast.cohort.main_phase, MIDPOINT)
    assert vars(usual) == DAYS
    assert what_to_move(usual, cast.cohort.main_phase, MIDPOINT) == ""


@pytest.mark.parametrize(
    ("midpoint_on", "words"),
    [
        (day(3, 8), "or promise answers and letters for a day from 22 March 2027 to 11 April 2027."),
        (day(4, 1), "Move the mid-point to 4 March 2027 or earlier."),
    ],
)
def test_what_to_move_is_said_where_the_defaults_do_not_fit(cast, midpoint_on, words):
    phase = cast.cohort.main_phase
    assert what_to_move(usual_round(phase, midpoint_on), phase, midpoint_on).endswith(words)


def test_form_starts_from_the_days_by_default(cast, client, midpoint):
    client.force_login(cast.staff)
    body = client.get(reverse("round_change", args=[cast.cohort.slug])).content.decode()
    assert [f'value="{one.isoformat()}"' in body for one in DAYS.values()] == [True] * 4
    assert 'name="reason"' not in body


def test_form_says_first_that_a_midpoint_is_missing(cast, client):
    client.force_login(cast.staff)
    assert "Set the mid-point first" in client.get(reverse("round_change", args=[cast.cohort.slug])).content.decode()


# Moving


def test_move_has_a_reason_once_launched(cast, row):
    refused_at("reason", set_round, **facts(cast, version=1, letters_on=day(3, 20)))
    moved = set_round(**facts(cast, version=1, letters_on=day(3, 20), reason="The committee meets on Friday."))
    assert (moved.version, moved.letters_due_at) == (2, dt.datetime(2027, 3, 20, 23, 59, 59, tzinfo=dt.UTC))


def test_before_launch_it_moves_without_one(cast, row):
    unlaunched(cast.cohort)
    assert set_round(**facts(cast, version=1, letters_on=day(3, 20))).version == 2


def test_same_days_again_change_nothing(cast, row):
    assert set_round(**facts(cast, version=1)).version == 1


@pytest.mark.parametrize("version", [0, 2])
def test_older_version_is_a_conflict(cast, row, version):
    with pytest.raises(EditedMeanwhile):
        set_round(**facts(cast, version=version))


def test_promise_that_has_gone_by_is_not_moved(cast, row):
    later = {"at": row.answers_due_at, "version": 1, "reason": "Late.", "letters_on": day(3, 25)}
    refused_at("answers_on", set_round, **facts(cast, **{**later, "answers_on": day(3, 25)}))
    refused_at("letters_on", set_round, **facts(cast, **later))


def test_two_who_set_it_at_once_make_one_round(cast, client, row):
    """The second was drawn while there was none: both texts come back, and saving again is a move."""
    client.force_login(cast.staff)
    address = reverse("round_change", args=[cast.cohort.slug])
    fields = {name: value.isoformat() for name, value in {**DAYS, "letters_on": day(3, 20)}.items()}
    assert client.post(address, {**fields, "_version": "0"}).status_code == 409
    assert client.post(address, {**fields, "_version": "1", "reason": "The later day."}).status_code == 302
    assert Round.objects.get().letters_on == day(3, 20)


def test_everybody_reads_when_it_was_moved_and_why(cast, client, row):
    client.force_login(cast.staff)
    fields = {name: value.isoformat() for name, value in {**DAYS, "letters_on": day(3, 20)}.items()}
    moved = {**fields, "_version": "1", "reason": "The committee meets then."}
    client.post(reverse("round_change", args=[cast.cohort.slug]), moved)
    body = page(client, cast)
    assert "letters promised by 18 March 2027 → 20 March 2027." in body
    assert "by Stella Staff" in body
    assert "The committee meets then." in body


def test_midpoint_keeps_two_weeks_before_the_window_closes(cast, row):
    midpoint_fits_round(cast.cohort, MIDPOINT)
    with pytest.raises(ValidationError, match="The latest day is 22 February 2027"):
        midpoint_fits_round(cast.cohort, MIDPOINT + DAY)
    with pytest.raises(ValidationError, match="so it stays"):
        midpoint_fits_round(cast.cohort, None)


def test_midpoint_of_a_cohort_without_a_round_moves_freely(cast, midpoint):
    midpoint_fits_round(cast.cohort, LAST_DAY)
    midpoint_fits_round(cast.cohort, None)


# Promises


def test_promise_is_kept_once(cast, row):
    at = row.closes_at
    kept = keep_promise(row=row, which="answers", by=cast.staff, at=at)
    assert (kept.answers_given_at, kept.answers_given_by, kept.letters_sent_at) == (at, cast.staff, None)
    refused_at("", keep_promise, row=row, which="answers", by=cast.staff, at=at + DAY)
    assert keep_promise(row=row, which="letters", by=cast.staff, at=at).letters_sent_by == cast.staff


def test_nobody_is_answered_before_the_window_closes(cast, row):
    refused_at("", keep_promise, row=row, which="answers", by=cast.staff, at=row.closes_at - DAY)


def test_kept_promise_is_not_moved(cast, row):
    keep_promise(row=row, which="answers", by=cast.staff, at=row.closes_at)
    days = {name: getattr(row, name) for name in ("opens_on", "closes_on", "letters_on")}
    moved = {**days, "answers_on": row.answers_on - DAY, "reason": "Sooner", "version": 2}
    refused_at("answers_on", set_round, cohort=cast.cohort, by=cast.staff, at=row.closes_at, **moved)


@time_machine.travel(dt.datetime(2027, 3, 16, 12, tzinfo=dt.UTC), tick=False)
@pytest.mark.parametrize(
    ("name", "field"), [("round_answers", "answers_given_at"), ("round_letters", "letters_sent_at")]
)
def test_press_asks_first_and_then_stamps(cast, client, row, name, field):
    address = reverse(name, args=[row.pk])
    client.force_login(cast.staff)
    assert client.get(address).status_code == 200
    assert getattr(Round.objects.get(), field) is None
    assert client.post(address).status_code == 302
    assert getattr(Round.objects.get(), field) is not None
    assert client.post(address).status_code == 422


def test_late_promise_is_seen_by_everybody(cast, client, row):
    assert "late: not kept yet" not in page(client, cast, at=row.answers_due_at - DAY)
    body = page(client, cast, at=row.answers_due_at)
    assert body.count("late: not kept yet") == 2
    assert "owed by staff" in body


def test_kept_promise_says_by_whom_and_whether_in_time(cast, client, row):
    keep_promise(row=row, which="answers", by=cast.staff, at=row.answers_due_at - DAY)
    keep_promise(row=row, which="letters", by=cast.staff, at=row.letters_due_at + DAY)
    body = page(client, cast, at=row.letters_due_at + DAY)
    assert body.count(", says Stella Staff") == 2
    assert ("· kept <time" in body, "· kept, late <time" in body) == (True, True)


def test_only_staff_find_the_press(cast, client, row):
    press = reverse("round_answers", args=[row.pk])
    assert [press in page(client, cast, who, row.closes_at) for who in ("staff", "scholar", "mentor")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [(WEEK_SIX, "not open yet"), (dt.datetime(2027, 3, 8, 23, 59, tzinfo=dt.UTC), "open now"),
     (dt.datetime(2027, 3, 9, tzinfo=dt.UTC), "closed")],
)  # fmt: skip
def test_window_says_how_it_stands(cast, client, row, at, words):
    assert f"· {words}" in page(client, cast, at=at)


def test_page_with_everything_asks_at_most_twelve_questions(cast, client, row):
    client.force_login(cast.staff)
    assert questions(client, reverse("extension", args=[cast.cohort.slug])) <= 12


# A term's


def test_days_of_a_terms_round_are_moved_within_the_term(cast, client, row):
    term = a_term(cast.cohort)
    theirs = a_round(
        cast.cohort, day(5, 3), phase=term, closes_on=day(5, 16), answers_on=day(5, 20), letters_on=day(5, 20)
    )
    days = {**DAYS, "opens_on": day(5, 4), "closes_on": day(5, 17), "answers_on": day(5, 21), "letters_on": day(5, 21)}
    client.force_login(cast.staff)
    address = reverse("round_change", args=[cast.cohort.slug]) + f"?round={theirs.pk}"
    sent = {name: str(value) for name, value in days.items()}
    sent |= {"_version": "1", "_key": str(uuid.uuid4()), "reason": "A holiday."}

    assert (client.get(address).status_code, client.post(address, sent).status_code) == (200, 302)

    theirs.refresh_from_db()
    row.refresh_from_db()
    assert (theirs.opens_on, row.opens_on) == (day(5, 4), DAYS["opens_on"])
    beyond = {**days, "answers_on": day(7, 4), "letters_on": day(7, 4), "version": 2, "reason": "Later."}
    assert "The term ends on" in refused_at("answers_on", set_round, **facts(cast, phase=term) | beyond)
