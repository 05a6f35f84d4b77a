"""The page of a case for each of its readers, the scholar's forms, and the case on the extension page."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from cohorts.models import Role
from mats.identity.transaction import acting
from mentorship.actions.application import apply_for_extension, change_application
from mentorship.actions.case import move, take_case
from mentorship.models import ExtensionCase, LateEntry, State
from tests.cast import WEEK_SIX, a_milestone, a_pairing, a_place
from tests.mentorship.cases import (
    DAY,
    HOUR,
    MONTHS_FOR,
    PLAN,
    REASON,
    WOULD_CHANGE,
    a_case,
    a_decision,
    a_duty,
    a_letter,
    a_sheet,
    a_term,
    an_approval,
    an_open_round,
)
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import page, statuses

READERS = {
    "scholar": 200, "other_scholar": 404, "mentor": 200, "other_mentor": 404, "coach": 404, "staff": 200,
    "staff_elsewhere": 404, "stranger": 404,
}  # fmt: skip
MINE = {**dict.fromkeys(READERS, 404), "scholar": 200, "mentor": 403, "staff": 403}


def body(cast, client, who: str, case: ExtensionCase, name: str = "case") -> str:
    return page(cast, client, who, name, case).content.decode()


def extension(cast, client, who: str = "scholar", at: dt.datetime = WEEK_SIX) -> str:
    with time_machine.travel(at):
        client.force_login(getattr(cast, who))
        return client.get(reverse("extension", args=[cast.cohort.slug])).content.decode()


def moved(case: ExtensionCase, *states: State, by, why: str = "") -> None:
    for state in states:
        with acting(by, WEEK_SIX):
            move(take_case(case), state, by=by, at=WEEK_SIX, why=why)


def test_case_is_read_by_those_it_concerns(cast, client):
    assert statuses(cast, client, "case", a_case(cast)) == READERS


@pytest.mark.parametrize(("name", "scholar"), [("case_change", 200), ("case_withdraw", 200), ("case_answer", 302),
                         ("case_accept", 302), ("case_decline", 302), ("case_appeal", 302)])  # fmt: skip
def test_what_a_scholar_does_is_theirs_alone(cast, client, name, scholar):
    case = a_case(cast)
    assert statuses(cast, client, name, case) == {**MINE, "scholar": scholar}
    assert page(cast, client, "mentor", name, case, plan="Forged.", appeal="Forged.").status_code == 403


def test_approver_reads_the_case_and_not_what_another_mentor_says(cast, client):
    case = a_case(cast)
    an_approval(case, cast.place["other_mentor"])
    a_pairing(cast.place["scholar"], cast.place["both_as_mentor"], is_lead=False)
    an_approval(case, cast.place["both_as_mentor"], "no", is_lead=False)
    seen = body(cast, client, "other_mentor", case)
    assert (PLAN in seen, MONTHS_FOR in seen, reverse("approval_write", args=[case.approvals.first().pk]) in seen) == (
        True, False, True,
    )  # fmt: skip


# Whose turn it is


@pytest.mark.parametrize(
    ("state", "title", "words"),
    [
        ("mentor", "With your mentor", "Mira Mentor is asked"),
        ("talk", "With your mentor", "Staff and Mira Mentor talk first."),
        ("committee", "With the committee", "Two people decide"),
        ("decided", "With the committee", "Two people decide"),
        ("appealed", "With the committee", "heard again"),
        ("more", "Your turn", "asks for more"),
        ("offered", "Your turn", "Granted: 6 months in total, until 3 July."),
        ("waitlisted", "Answered", "On the waitlist"),
        ("refused", "Answered", "One appeal is heard"),
        ("accepted", "Your turn", "both have agreed to the next-term sheet"),
        ("in_force", "Answered", "In force: 6 months in total, until 3 July. The term begins on 12 April 2027."),
        ("declined", "Answered", "and declined"),
        ("withdrawn", "Answered", "Withdrawn."),
        ("lapsed", "Answered", "Lapsed;"),
        ("ended", "Answered", "ended early"),
    ],
)
def test_scholar_sees_one_of_five_states_on_both_pages(cast, client, state, title, words):
    appeal = {"appeal": "Why.", "appealed_at": WEEK_SIX, "appeal_due_at": WEEK_SIX + DAY} if state == "appealed" else {}
    case = a_case(cast, state, **appeal)
    an_approval(case, cast.place["mentor"], "not_sure" if state == "talk" else "", talk_due_at=WEEK_SIX + DAY)
    outcome = {"more": "more", "refused": "refuse", "appealed": "refuse", "waitlisted": "waitlist"}.get(state, "grant")
    if state not in {"mentor", "talk", "committee"}:
        decision = a_decision(case, outcome, proposed_by=cast.staff, confirmed_by=cast.other_coach)
        if outcome != "more":
            a_letter(decision, **({} if state == "decided" else {"released_by": cast.staff}))
    if state in {"accepted", "in_force"}:
        a_sheet(case, cast.place["mentor"], shared_by=cast.staff)
    for found in (body(cast, client, "scholar", case), extension(cast, client)):
        assert f"<strong>{title}</strong>. " in found
        assert words in found
    pages = (reverse("case", args=[case.pk]), reverse("extension", args=[cast.cohort.slug]))
    assert max(questions(client, address) for address in pages) <= 12
    client.force_login(cast.staff)
    assert max(questions(client, address) for address in pages) <= 12


@pytest.mark.parametrize(
    ("state", "presses"),
    [
        ("mentor", {"case_change", "case_withdraw"}),
        ("committee", {"case_withdraw"}),
        ("more", {"case_answer", "case_withdraw"}),
        ("offered", {"case_accept", "case_decline"}),
        ("refused", {"case_appeal"}),
        ("declined", set()),
    ],
)
def test_scholar_alone_has_the_buttons_of_each_state(cast, client, state, presses):
    case = a_case(cast, state)
    if state in {"offered", "refused"}:
        outcome = "grant" if state == "offered" else "refuse"
        decision = a_decision(case, outcome, proposed_by=cast.staff, confirmed_by=cast.other_coach)
        a_letter(decision, released_by=cast.staff)
    names = ["case_change", "case_withdraw", "case_answer", "case_accept", "case_decline", "case_appeal"]
    for who, there in (("scholar", presses), ("mentor", set())):
        found = body(cast, client, who, case)
        assert {name for name in names if f'href="{reverse(name, args=[case.pk])}"' in found} == there


# What is not told


def test_unreleased_decision_leaves_no_trace_for_scholar_mentor_and_recused_staff(cast, client):
    """Who decided, when, why and that it is decided: all of it is told once the letter is out."""
    case = a_case(cast, "committee")
    decision = a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach, reason="cardamom")
    letter = a_letter(decision, body="saffron")
    a_duty(cast.place["staff"])
    a_place(cast.coach, cast.cohort, Role.STAFF)
    moved(case, State.DECIDED, by=cast.other_coach, why="turmeric")
    secrets = ("cardamom", "saffron", "turmeric", "Decided", "draft until", "Odd Coach")
    inside = body(cast, client, "staff", case)
    assert [word for word in secrets if word in inside] == ["cardamom", "Decided", "draft until", "Odd Coach"]
    for who in ("scholar", "mentor", "coach"):
        found = body(cast, client, who, case)
        assert [word for word in secrets if word in found] == []
    letter.released_at, letter.released_by = WEEK_SIX, cast.staff
    letter.save()
    moved(case, State.OFFERED, by=cast.staff)
    for who in ("scholar", "mentor"):
        found = body(cast, client, who, case)
        assert [word for word in secrets if word in found] == ["cardamom", "Decided", "Odd Coach"]


def test_replaced_decision_is_marked_once_the_later_one_is_out(cast, client):
    case = a_case(cast, "decided")
    first = a_decision(
        case, "waitlist", proposed_by=cast.staff, confirmed_by=cast.other_coach, replaced_at=WEEK_SIX, reason="No room."
    )
    a_letter(first, released_by=cast.staff)
    second = a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach)
    letter = a_letter(second)
    assert "replaced by" not in body(cast, client, "scholar", case)
    letter.released_at, letter.released_by = WEEK_SIX, cast.staff
    letter.save()
    found = body(cast, client, "scholar", case)
    assert found.index(REASON) < found.index("replaced by what stands above") < found.index("No room.")


def test_private_reason_for_another_approver_is_not_in_the_history(cast, client):
    case = a_case(cast, "talk")
    with acting(cast.staff, WEEK_SIX):
        an_approval(case, cast.place["other_mentor"], named_by=cast.staff, named_why="cardamom")
    moved(case, State.MENTOR, by=cast.staff, why="cardamom")
    for who in ("scholar", "mentor", "other_mentor"):
        found = body(cast, client, who, case)
        assert ("cardamom" in found, "Omar Mentor is asked to approve" in found) == (False, True)
        assert "Back with the mentor" in found


def test_refusal_is_read_with_what_would_change_it(cast, client):
    case = a_case(cast, "refused")
    decision = a_decision(case, "refuse", proposed_by=cast.staff, confirmed_by=cast.other_coach)
    a_letter(decision, released_by=cast.staff)
    found = body(cast, client, "scholar", case)
    assert all(words in found for words in ("Refused", REASON, WOULD_CHANGE, "You can appeal until <time"))


# What can't be done now, and what else there is

CHANGE = {"_version": "1", "total_months": "6", "plan": "cardamom"}


@pytest.mark.parametrize(
    ("form", "words", "fields"),
    [
        (("withdrawn", "case_change"), "You have withdrawn this case", CHANGE),
        (("refused", "case_change"), "The committee has answered what stands there", CHANGE),
        (("decided", "case_change"), "Your mentor has answered what stands there", CHANGE),
        (("withdrawn", "case_withdraw"), "nothing to withdraw", {"_form": "extension-withdraw"}),
        (("committee", "case_answer"), "Nothing is asked of you now", {"answer": "cardamom"}),
        (("decided", "case_accept"), "nothing to accept or decline", {"_form": "extension-accept"}),
        (("accepted", "case_decline"), "nothing to accept or decline", {"words": "cardamom"}),
        (("offered", "case_appeal"), "no refusal to appeal against", {"appeal": "cardamom"}),
    ],
)
def test_form_that_can_do_nothing_is_not_drawn_and_keeps_what_is_sent(cast, client, form, words, fields):
    state, name = form
    case = a_case(cast, state)
    answer = page(cast, client, "scholar", name, case)
    assert (answer.status_code, answer.url) == (302, reverse("case", args=[case.pk]))
    assert words in client.get(answer.url).content.decode()
    answer = page(cast, client, "scholar", name, case, **fields)
    found = answer.content.decode()
    assert (answer.status_code, words in found, "cardamom" in found) == (422, True, "cardamom" in fields.values())


def test_staff_see_why_a_case_cannot_lapse_and_scholars_their_open_case(cast, client):
    case = a_case(cast, "in_force")
    answer = page(cast, client, "staff", "case_lapse", case)
    assert (answer.status_code, "it can’t lapse" in client.get(answer.url).content.decode()) == (302, True)
    later = a_case(cast, "committee", number=2)
    client.force_login(cast.scholar)
    answer = client.get(reverse("case_apply", args=[cast.cohort.slug]))
    found = client.get(answer.url).content.decode()
    assert (answer.url, "You have an open case already" in found) == (reverse("case", args=[later.pk]), True)
    assert f'Earlier: <a href="{reverse("case", args=[case.pk])}">case 1</a>, in force' in found
    assert f'Later: <a href="{answer.url}">case 2</a>, with the committee' in body(cast, client, "mentor", case)


@pytest.mark.parametrize(
    ("answer", "presses", "words"),
    [
        (("offered", "grant"), {"case_accept", "case_decline"}, "Accept or decline by <time"),
        (("refused", "refuse"), {"case_appeal"}, "You can appeal until <time"),
    ],
)
def test_extension_page_has_the_answers_to_a_decision(cast, client, answer, presses, words):
    state, outcome = answer
    case = a_case(cast, state)
    a_letter(a_decision(case, outcome, proposed_by=cast.staff, confirmed_by=cast.other_coach), released_by=cast.staff)
    found, names = extension(cast, client), {"case_accept", "case_decline", "case_appeal", "case_withdraw"}
    assert {name for name in names if f'href="{reverse(name, args=[case.pk])}"' in found} == presses
    assert words in found


def test_scholar_alone_is_told_of_words_that_they_may_ask_for(cast, client):
    case = a_case(cast)
    approval = an_approval(case, cast.place["mentor"], "yes")
    kept = "you may ask staff for a copy"
    for name, row in (("case", case), ("approval", approval)):
        assert [kept in body(cast, client, who, row, name) for who in ("scholar", "staff")] == [True, False]


# The history


def test_history_tells_moves_with_their_reasons_and_the_earlier_words(cast, client):
    for total in (6, 12):
        a_term(cast.cohort, total)
    an_open_round(cast.cohort)
    facts = {"by": cast.scholar, "at": WEEK_SIX, "total_months": 6}
    with acting(cast.scholar, WEEK_SIX):
        case = apply_for_extension(scholar=cast.place["scholar"], plan="The first plan.", **facts)
    with acting(cast.scholar, WEEK_SIX):
        change_application(case=case, version=1, plan="The second plan.", **facts)
    moved(case, State.COMMITTEE, by=cast.mentor)
    moved(case, State.DECIDED, State.OFFERED, by=cast.staff)
    moved(case, State.DECLINED, by=cast.scholar, why="A job came first.")
    found = body(cast, client, "mentor", case)
    told = ["Declined", "A job came first.", "Answered: granted", "Decided; the letter", "With the committee <span",
            "Application changed", "The first plan.", "Applied for 6 months in total"]  # fmt: skip
    places = [found.index(words) for words in told]
    assert places == sorted(places)
    assert "Sana Scholar, <time" in found


# Applying


def sent(**more) -> dict:
    return {"_key": str(uuid.uuid4()), "total_months": "6", "plan": PLAN, "if_refused": "", **more}


@pytest.fixture
def opened(cast):
    for total in (6, 12):
        a_term(cast.cohort, total)
    return an_open_round(cast.cohort)


@pytest.fixture
def apply(cast, client):
    address = reverse("case_apply", args=[cast.cohort.slug])

    def send(who: str = "scholar", at: dt.datetime = WEEK_SIX, **fields):
        with time_machine.travel(at):
            client.force_login(getattr(cast, who))
            return client.post(address, fields) if fields else client.get(address)

    return send


def test_scholar_applies_on_one_form_that_shows_totals_with_their_days(cast, opened, apply):
    drawn = apply().content.decode()
    assert "6 months in total, until 3 July" in drawn
    assert "12 months in total, until 3 January 2028" in drawn
    assert "<b>you, your mentors, " in drawn
    answer = apply(**sent())
    case = ExtensionCase.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("case", args=[case.pk]))


def test_double_press_opens_one_case(opened, apply):
    twice = sent()
    assert [apply(**twice).url for _ in range(2)] == [reverse("case", args=[ExtensionCase.objects.get().pk])] * 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"total_months": "13"}, "Choose one of these."),
        ({"total_months": ""}, "Choose one of these."),
        ({"plan": " "}, "This field is required."),
        ({"plan": "a\x00b"}, "NUL character"),
    ],
)
def test_forged_or_half_an_application_comes_back_with_its_text(opened, apply, fields, words):
    answer = apply(**sent(if_refused="cardamom", **fields))
    found = answer.content.decode()
    assert (answer.status_code, words in found, "cardamom" in found) == (422, True, True)
    assert not ExtensionCase.objects.exists()


def test_state_role_and_round_are_not_taken_from_the_form(cast, opened, apply):
    apply(**sent(state="in_force", scholar=str(cast.place["other_scholar"].pk), number="7", applied_at="2020-01-01"))
    case = ExtensionCase.objects.get()
    assert (case.state, case.scholar, case.number, case.applied_at.date()) == (
        "mentor", cast.place["scholar"], 1, WEEK_SIX.date(),
    )  # fmt: skip


def test_before_and_after_the_window_the_page_says_so_and_keeps_what_was_sent(opened, apply):
    before, after = dt.datetime(2027, 1, 20, tzinfo=dt.UTC), dt.datetime(2027, 2, 15, tzinfo=dt.UTC)
    found = apply(at=before).content.decode()
    assert ("You can apply from 1 February 2027 on." in found, 'name="plan"' in found) == (True, False)
    answer = apply(at=after, **sent(if_refused="cardamom"))
    found = answer.content.decode()
    assert (answer.status_code, "The last day to apply was" in found, "cardamom" in found) == (422, True, True)


def test_only_scholars_of_the_cohort_apply(opened, apply):
    found = {who: apply(who).status_code for who in ("scholar", "mentor", "coach", "staff", "stranger")}
    assert found == {"scholar": 200, "mentor": 403, "coach": 403, "staff": 403, "stranger": 404}


def test_extension_page_shows_when_it_opens_and_then_the_button(cast, client, opened):
    a_milestone(cast.cohort, "midpoint", dt.date(2027, 1, 20))
    before = extension(cast, client, at=dt.datetime(2027, 1, 20, tzinfo=dt.UTC))
    assert "<strong>Not open</strong>. You can apply from 1 February 2027 on." in before
    found, address = extension(cast, client), reverse("case_apply", args=[cast.cohort.slug])
    assert (f'href="{address}"' in before, f'href="{address}"' in found) == (False, True)
    assert "6 months in total, until 3 July" in found
    assert "who want to, from this page" in found
    assert questions(client, reverse("extension", args=[cast.cohort.slug])) <= 12


def test_mentor_sees_what_waits_and_every_case_of_their_scholars_in_as_many_questions(cast, client, opened):
    case = a_case(cast)
    row = an_approval(case, cast.place["mentor"])
    address = reverse("extension", args=[cast.cohort.slug])
    found = extension(cast, client, "mentor")
    assert (reverse("approval_write", args=[row.pk]) in found, reverse("case", args=[case.pk]) in found) == (True, True)
    before = questions(client, address)
    a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    an_approval(a_case(cast, scholar="other_scholar"), cast.place["mentor"], "yes")
    assert (questions(client, address), before <= 12) == (before, True)


# The other forms


def test_scholar_withdraws_after_being_asked(cast, client):
    case = a_case(cast, "committee")
    assert "Yes, withdraw" in body(cast, client, "scholar", case, "case_withdraw")
    case.refresh_from_db()
    assert case.state == State.COMMITTEE
    assert page(cast, client, "scholar", "case_withdraw", case, _form="extension-withdraw").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.state_by) == (State.WITHDRAWN, cast.scholar)


def test_scholar_answers_what_is_asked_and_reads_it_above_the_box(cast, client):
    case = a_case(cast, "more")
    a_decision(case, "more", proposed_by=cast.staff, confirmed_by=cast.other_coach, reason="Which dataset?")
    assert "Which dataset?" in body(cast, client, "scholar", case, "case_answer")
    assert page(cast, client, "scholar", "case_answer", case, answer="The small one.").status_code == 302
    found = body(cast, client, "mentor", case)
    assert "The small one." in found


def test_accepting_late_says_so_and_changes_nothing(cast, client):
    case = a_case(cast, "offered")
    a_letter(a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach), released_by=cast.staff)
    with time_machine.travel(dt.datetime(2027, 2, 18, tzinfo=dt.UTC)):
        assert "Accept</a>" not in body(cast, client, "scholar", case)
        answer = page(cast, client, "scholar", "case_accept", case, _form="extension-accept")
    case.refresh_from_db()
    assert (answer.status_code, b"The last day to accept was" in answer.content, case.state) == (422, True, "offered")


def test_change_of_an_older_version_is_a_conflict_with_both_texts(cast, client):
    case = a_case(cast)
    facts = {"total_months": "6", "plan": "Mine."}
    assert page(cast, client, "scholar", "case_change", case, version=1, **facts).status_code == 302
    answer = page(cast, client, "scholar", "case_change", case, version=1, **{**facts, "plan": "From another tab."})
    found = answer.content.decode()
    assert (answer.status_code, "Mine." in found, "From another tab." in found) == (409, True, True)


def test_staff_let_a_scholar_in_late_and_the_scholar_reads_why(cast, client, opened):
    after, place = opened.closes_at + HOUR, cast.place["scholar"]
    with time_machine.travel(after):
        assert b"Let Sana Scholar apply late" in page(cast, client, "staff", "late_entry", place).content
        answer = page(cast, client, "staff", "late_entry", place, until_on="2027-02-20", reason="She was ill.")
    assert (answer.status_code, LateEntry.objects.get().reason) == (302, "She was ill.")
    found = extension(cast, client, at=after)
    assert "Stella Staff lets you apply late: <bdi>She was ill.</bdi>" in found
    assert statuses(cast, client, "late_entry", place)["mentor"] == 403
