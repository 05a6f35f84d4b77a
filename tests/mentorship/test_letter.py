"""The letter of a committee's decision: drafted, talked about, released once, and what follows from it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Role
from mats.history.record import EditedMeanwhile
from mats.post.models import Message
from mentorship.actions.application import withdraw
from mentorship.actions.letter import (
    change_letter,
    draft_letter,
    let_lapse,
    meet_condition,
    move_accept_date,
    release_letters,
    say_talked,
)
from mentorship.actions.owed import lay_out_owed
from mentorship.actions.round import keep_promise
from mentorship.models import Decision, DecisionLetter, ExtensionCase, Round, State
from mentorship.reminders import letter as told
from tests.cast import WEEK_SIX, Cast, a_person, a_place, build_cast
from tests.cohorts.staff import refused_at
from tests.mentorship.at_once import all_at_once
from tests.mentorship.cases import DAY, HOUR, REASON, WOULD_CHANGE, a_case, a_decision, a_letter, an_approval
from tests.mentorship.midpoint import sent_all

ACCEPT_BY = dt.date(2027, 2, 17)
CLOSED = dt.datetime(2027, 2, 16, 12, tzinfo=dt.UTC)  # the day after the window closed


def decided(cast: Cast, outcome: str = "grant", scholar: str = "scholar", **fields) -> Decision:
    """Confirmed just now; the letter is not drafted yet."""
    case = a_case(cast, State.DECIDED, scholar=scholar)
    return a_decision(case, outcome, proposed_by=cast.coach, confirmed_by=cast.staff, **fields)


def a_draft(cast: Cast, outcome: str = "grant", scholar: str = "scholar", **fields) -> DecisionLetter:
    return draft_letter(decided(cast, outcome, scholar, **fields), at=WEEK_SIX)


def by_staff(cast: Cast, at: dt.datetime = WEEK_SIX, **more) -> dict:
    return {"by": cast.staff, "at": at, **more}


def release(cast: Cast, *letters: DecisionLetter, at: dt.datetime = WEEK_SIX, by=None):
    return release_letters(letters=letters, by=by or cast.staff, at=at)


def state(letter: DecisionLetter) -> str:
    return ExtensionCase.objects.get(pk=letter.case_id).state


# The draft


@pytest.mark.parametrize(
    ("outcome", "fields", "words"),
    [
        ("grant", {}, ["extends your place: 6 months in total, until 3 July.", REASON]),
        (
            "grant",
            {
                "conditions": "funding",
                "conditions_by": dt.date(2027, 3, 1),
                "conditions_due_at": dt.datetime(2027, 3, 2, tzinfo=dt.UTC),
            },
            ["**On condition of** funding – to be met by 1 March 2027"],
        ),
        ("waitlist", {}, ["on the waitlist (6 months in total, until 3 July)"]),
        ("refuse", {}, ["does not grant your request", f"**What would change it.** {WOULD_CHANGE}"]),
    ],
)
def test_draft_says_in_plain_words_what_was_decided(cast, outcome, fields, words):
    letter = a_draft(cast, outcome, **fields)
    assert letter.body.startswith("Dear Sana Scholar,\n")
    assert [part in letter.body for part in words] == [True] * len(words)
    assert letter.accept_by == (ACCEPT_BY if outcome == "grant" else None)
    assert state(letter) == State.DECIDED


def test_draft_of_a_replaced_decision_is_archived(cast):
    letter = a_draft(cast, "refuse")
    Decision.objects.filter(pk=letter.decision_id).update(replaced_at=WEEK_SIX)
    other = a_decision(letter.case, proposed_by=cast.coach, confirmed_by=cast.staff)
    draft_letter(other, at=WEEK_SIX)
    assert [row.outcome for row in DecisionLetter.objects.filter(archived_at=None)] == ["grant"]
    assert DecisionLetter.objects.get(pk=letter.pk).archived_at == WEEK_SIX


def test_draft_is_changed_by_version_until_it_is_out(cast):
    letter = a_draft(cast)
    facts = {"letter": letter, "body": "Dear Sana, yes.", "accept_by": dt.date(2027, 2, 20)}
    changed = change_letter(**by_staff(cast, version=1, **facts))
    assert (changed.body, changed.accept_due_at) == (
        "Dear Sana, yes.",
        dt.datetime(2027, 2, 20, 23, 59, 59, tzinfo=dt.UTC),
    )
    with pytest.raises(EditedMeanwhile):
        change_letter(**by_staff(cast, version=1, **facts))
    refused_at("accept_by", change_letter, **by_staff(cast, version=2, **{**facts, "accept_by": WEEK_SIX.date()}))
    refused_at("body", change_letter, **by_staff(cast, version=2, **{**facts, "body": " "}))
    release(cast, changed)
    assert "released already" in refused_at("", change_letter, **by_staff(cast, version=None, **facts))


# A no goes out after a talk


def test_no_without_a_talk_is_refused_by_action_form_and_database(cast, client):
    letter = a_draft(cast, "refuse")
    with pytest.raises(ValidationError, match="Sana Scholar: A no goes out after a talk"):
        release(cast, letter)
    client.force_login(cast.staff)
    answer = client.post(reverse("letters_release", args=[cast.cohort.slug]), {"letters": f"{letter.pk}.1"})
    assert (answer.status_code, "A no goes out after a talk" in answer.content.decode()) == (422, True)
    with transaction.atomic(), pytest.raises(IntegrityError, match="letter_of_a_no_follows_a_talk"):
        DecisionLetter.objects.filter(pk=letter.pk).update(released_at=WEEK_SIX, released_by=cast.staff)
    assert state(letter) == State.DECIDED


def test_talk_is_ticked_by_somebody_and_can_be_taken_back(cast):
    letter = a_draft(cast, "refuse")
    ticked = say_talked(letter=letter, **by_staff(cast, version=1))
    assert (ticked.talked_at, ticked.talked_by) == (WEEK_SIX, cast.staff)
    assert say_talked(letter=letter, has_talked=False, **by_staff(cast, version=2)).talked_at is None
    ticked = say_talked(letter=letter, **by_staff(cast, version=3))
    release(cast, ticked)
    assert state(letter) == State.REFUSED


def test_only_a_no_waits_for_a_talk(cast):
    assert "Only a no" in refused_at("", say_talked, letter=a_draft(cast), **by_staff(cast, version=1))


# The release


def test_release_moves_the_case_and_tells_scholar_mentor_and_approver(cast):
    letter = a_draft(cast)
    an_approval(letter.case, cast.place["other_mentor"], "yes")
    found = release(cast, letter)
    assert ([one.pk for one in found.out], found.kept, state(letter)) == ([letter.pk], [], State.OFFERED)
    rows = Message.objects.order_by("kind", "person__email").values_list("kind", "person__name")
    assert list(rows) == [
        ("case_moved", "Mira Mentor"),
        ("case_moved", "Omar Mentor"),
        ("decision_letter", "Sana Scholar"),
    ]


def test_second_release_sends_nothing(cast):
    letter = a_draft(cast)
    release(cast, letter)
    number = Message.objects.count()
    with pytest.raises(ValidationError, match="released already"):
        release(cast, letter)
    assert Message.objects.count() == number


def test_each_is_released_for_itself(cast):
    """One waits for a talk, one was changed after the preview, one scholar withdrew, one goes out."""
    scholars = ["scholar", "other_scholar", "third", "fourth"]
    for name in scholars[2:]:
        cast.place[name] = a_place(a_person(f"{name.title()} Scholar"), cast.cohort, Role.SCHOLAR)
    letters = [a_draft(cast, "refuse" if name == "scholar" else "grant", name) for name in scholars]
    change_letter(letter=letters[1], body="Other words.", accept_by=ACCEPT_BY, **by_staff(cast, version=1))
    withdraw(case=letters[2].case, by=letters[2].case.scholar.person, at=WEEK_SIX)
    found = release(cast, *letters)
    assert [one.pk for one in found.out] == [letters[3].pk]
    assert {one.case.scholar.person.name: words.split(".")[0] for one, words in found.kept} == {
        "Sana Scholar": "A no goes out after a talk",
        "Otto Scholar": "Somebody changed this letter meanwhile",
        "Third Scholar": "This case was withdrawn",
    }


def test_whoever_is_recused_releases_nothing_of_the_case(cast):
    letter = a_draft(cast)
    an_approval(letter.case, a_place(cast.staff, cast.cohort, Role.MENTOR))
    with pytest.raises(ValidationError, match="You keep out of this case"):
        release(cast, letter)


@pytest.mark.parametrize(("days", "accept_by"), [(4, ACCEPT_BY), (5, dt.date(2027, 2, 22))])
def test_day_to_accept_moves_forward_where_it_came_too_near(cast, days, accept_by):
    letter = a_draft(cast)
    release(cast, letter, at=WEEK_SIX + days * DAY)
    assert DecisionLetter.objects.get(pk=letter.pk).accept_by == accept_by


def test_forty_letters_cost_the_same_each_and_are_due_at_once(cast):
    for number in range(4, 44):
        cast.place[f"{number}"] = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
    letters = [a_draft(cast, scholar=f"{number}") for number in range(4, 44)]
    costs = []
    for some in (letters[:1], letters[1:3], letters[3:40]):
        with CaptureQueriesContext(connection) as asked:
            release(cast, *some)
        costs.append(len(asked))
    each = costs[1] - costs[0]
    assert costs == [costs[0], costs[0] + each, costs[0] + 36 * each]
    waiting = Message.objects.filter(kind="decision_letter")
    assert (waiting.count(), waiting.filter(moment=WEEK_SIX).count()) == (40, 40)


@pytest.mark.django_db(transaction=True)
def test_release_at_once_with_a_withdrawal_or_another_release_has_one_outcome(week_six):
    with transaction.atomic():
        cast = build_cast()
    letter, other = a_draft(cast), a_draft(cast, scholar="other_scholar")
    case = letter.case
    all_at_once(
        lambda: release(cast, letter, other),
        lambda: release(cast, other, letter),
        lambda: withdraw(case=case, by=cast.scholar, at=WEEK_SIX),
    )
    rows = {row.pk: row for row in DecisionLetter.objects.all()}
    assert (state(letter), state(other)) == (State.WITHDRAWN, State.OFFERED)
    assert rows[other.pk].released_at == WEEK_SIX
    told_of = set(Message.objects.filter(kind="decision_letter").values_list("about_id", flat=True))
    assert told_of == {row.pk for row in rows.values() if row.released_at}


def test_message_names_the_day_and_is_dropped_once_answered(cast):
    letter = release(cast, a_draft(cast)).out[0]
    message = Message.objects.get(kind="decision_letter")
    text = told.write(message, WEEK_SIX).text
    assert ("17 February 2027" in text, f"/letters/{letter.pk}/" in text, REASON in text) == (True, True, False)
    assert told.drop_why(message, WEEK_SIX) == ""
    ExtensionCase.objects.filter(pk=letter.case_id).update(state=State.ACCEPTED)
    assert told.drop_why(message, WEEK_SIX) == "The letter was answered."


# Promises of the round


def test_last_answer_and_last_letter_keep_the_promises(cast):
    """By whom and when is the last of the acts, whoever looks, and whenever; nobody presses for it."""
    first, last = a_draft(cast), decided(cast, "waitlist", "other_scholar", confirmed_at=CLOSED)
    release(cast, first)
    assert Round.objects.get().answers_given_at is None
    letter = draft_letter(last, at=CLOSED)
    row = Round.objects.get()
    assert (row.answers_given_at, row.answers_given_by, row.letters_sent_at) == (CLOSED, cast.staff, None)
    release(cast, letter, at=CLOSED + HOUR)
    row = Round.objects.get()
    assert (row.letters_sent_at, row.letters_sent_by) == (CLOSED + HOUR, cast.staff)


def test_daily_look_keeps_what_a_withdrawal_completed(cast):
    release(cast, a_draft(cast))
    other = a_case(cast, scholar="other_scholar")
    lay_out_owed(cast.cohort, at=CLOSED)
    assert Round.objects.get().answers_given_at is None
    withdraw(case=other, by=cast.other_scholar, at=CLOSED)
    lay_out_owed(cast.cohort, at=CLOSED + DAY)
    row = Round.objects.get()
    assert (row.answers_given_at, row.letters_sent_at) == (WEEK_SIX, WEEK_SIX)


def test_where_somebody_has_applied_nobody_presses_for_a_promise(cast, client):
    row = a_case(cast).round
    assert "kept by itself" in refused_at("", keep_promise, row=row, which="answers", by=cast.staff, at=CLOSED)
    client.force_login(cast.staff)
    with time_machine.travel(CLOSED, tick=False):
        body = client.get(reverse("extension", args=[cast.cohort.slug])).content.decode()
    assert ("Say that it is kept" in body, "promised by" in body) == (False, True)
    ExtensionCase.objects.update(state=State.WITHDRAWN)
    assert keep_promise(row=row, which="answers", by=cast.staff, at=CLOSED).answers_given_at == CLOSED


# Afterwards


def test_day_to_accept_moves_later_with_a_reason_and_is_told(cast):
    letter = release(cast, a_draft(cast)).out[0]
    sent_all(WEEK_SIX)
    facts = {"letter": letter, "accept_by": dt.date(2027, 2, 24), "reason": "Her visa takes longer."}
    refused_at("accept_by", move_accept_date, **by_staff(cast, version=None, **{**facts, "accept_by": ACCEPT_BY}))
    refused_at("reason", move_accept_date, **by_staff(cast, version=None, **{**facts, "reason": ""}))
    moved = move_accept_date(**by_staff(cast, version=letter.version, **facts))
    assert moved.accept_due_at == dt.datetime(2027, 2, 24, 23, 59, 59, tzinfo=dt.UTC)
    latest = Message.objects.filter(kind="decision_letter").get(sent_at=None)
    assert told.write(latest, WEEK_SIX).subject == "You have until 24 February 2027 to accept"


def test_day_to_accept_moves_only_while_it_waits(cast):
    letter = release(cast, a_draft(cast)).out[0]
    withdraw(case=letter.case, by=cast.scholar, at=WEEK_SIX)
    facts = {"letter": letter, "accept_by": dt.date(2027, 2, 24), "reason": "Longer."}
    assert "withdrawn" in refused_at("", move_accept_date, **by_staff(cast, version=None, **facts))


CONDITIONS = {
    "conditions": "a visa",
    "conditions_by": dt.date(2027, 3, 1),
    "conditions_due_at": dt.datetime(2027, 3, 2, tzinfo=dt.UTC),
}
AFTER_THE_DAY = dt.datetime(2027, 2, 18, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("state_", "fields", "at", "words"),
    [
        (State.OFFERED, {}, AFTER_THE_DAY - HOUR, "It can be accepted until 17 February 2027"),
        (State.OFFERED, {}, AFTER_THE_DAY, ""),
        (State.ACCEPTED, {}, AFTER_THE_DAY, "has no condition"),
        (State.ACCEPTED, CONDITIONS, AFTER_THE_DAY, "may be met until 1 March 2027"),
        (State.ACCEPTED, CONDITIONS, CONDITIONS["conditions_due_at"], ""),
        (State.IN_FORCE, CONDITIONS, CONDITIONS["conditions_due_at"], "it can’t lapse"),
    ],
)
def test_what_may_lapse_and_when(cast, state_, fields, at, words):
    case = a_case(cast, state_)
    decision = a_decision(case, proposed_by=cast.coach, confirmed_by=cast.staff, **fields)
    a_letter(decision, released_by=cast.staff)
    facts = by_staff(cast, at, case=case, reason="It ran out.")
    if words:
        assert words in refused_at("", let_lapse, **facts)
    else:
        refused_at("reason", let_lapse, **{**facts, "reason": ""})
        assert let_lapse(**facts).state == State.LAPSED
        people = Message.objects.filter(kind="case_moved").values_list("person__name", flat=True)
        assert set(people) == {"Sana Scholar", "Mira Mentor"}


def test_waitlist_lapses_at_any_time(cast):
    case = a_case(cast, State.WAITLISTED)
    assert let_lapse(case=case, reason="No place came free.", **by_staff(cast)).state == State.LAPSED


def test_condition_is_met_once_and_then_nothing_lapses(cast):
    case = a_case(cast, State.ACCEPTED)
    decision = a_decision(case, proposed_by=cast.coach, confirmed_by=cast.staff, **CONDITIONS)
    met = meet_condition(decision=decision, **by_staff(cast, version=1))
    assert (met.conditions_met_at, met.conditions_met_by) == (WEEK_SIX, cast.staff)
    refused_at("", meet_condition, decision=decision, **by_staff(cast, version=2))
    late = by_staff(cast, CONDITIONS["conditions_due_at"], case=case, reason="Late.")
    assert "are met" in refused_at("", let_lapse, **late)


# Pages


def test_letter_is_read_by_those_it_touches_once_it_is_out(cast, client):
    letter = a_draft(cast)
    address = reverse("letter", args=[letter.pk])
    who = ("scholar", "mentor", "other_scholar", "coach", "staff", "staff_elsewhere")

    def statuses() -> list[int]:
        found = []
        for name in who:
            client.force_login(getattr(cast, name))
            found.append(client.get(address).status_code)
        return found

    assert statuses() == [404, 404, 404, 404, 200, 404]
    release(cast, letter)
    assert statuses() == [200, 200, 404, 404, 200, 404]
    client.force_login(cast.scholar)
    page = client.get(address).content.decode()
    assert ("Accept or decline by the end of" in page, "What was changed" in page) == (True, False)


def test_preview_comes_before_the_press(cast, client):
    letter, no = a_draft(cast), a_draft(cast, "refuse", "other_scholar")
    client.force_login(cast.staff)
    page = client.get(reverse("letters", args=[cast.cohort.slug])).content.decode()
    assert [f'value="{one.pk}" checked' in page for one in (letter, no)] == [True, False]
    address = reverse("letters_release", args=[cast.cohort.slug])
    preview = client.post(address, {"_form": "letters-choose", "letters": [letter.pk]})
    assert preview.status_code == 200
    assert f'name="letters" value="{letter.pk}.1"' in preview.content.decode()
    assert state(letter) == State.DECIDED
    answer = client.post(address, {"letters": [f"{letter.pk}.1"]}, follow=True)
    assert ("1 letter is out." in answer.content.decode(), state(letter)) == (True, State.OFFERED)


@pytest.mark.parametrize("sent", ["", "x", "00000000-0000-0000-0000-000000000000.1", "1.1"])
def test_forged_letters_are_refused(cast, client, sent):
    a_draft(cast)
    client.force_login(cast.staff)
    assert client.post(reverse("letters_release", args=[cast.cohort.slug]), {"letters": sent}).status_code == 422


def test_day_and_talk_are_not_taken_from_forms_that_do_not_offer_them(cast, client):
    letter = a_draft(cast, "refuse")
    client.force_login(cast.staff)
    sent = {"_version": "1", "body": "No.", "accept_by": "2027-05-01", "talked_at": "2027-02-01", "outcome": "grant"}
    assert client.post(reverse("letter_change", args=[letter.pk]), sent).status_code == 302
    row = DecisionLetter.objects.get(pk=letter.pk)
    assert (row.body, row.accept_by, row.talked_at, row.outcome) == ("No.", None, None, "refuse")
