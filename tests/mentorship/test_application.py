"""Applying for an extension, and what a scholar does with their case: the acts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.models import Cohort, Membership, Phase, Stay
from cohorts.rules.phase import term_end
from mats.history.record import EditedMeanwhile
from mats.post.models import Message
from mentorship.actions.application import (
    accept,
    answer_more,
    appeal_refusal,
    apply_for_extension,
    change_application,
    decline,
    open_late_entry,
    withdraw,
)
from mentorship.actions.letter import let_lapse
from mentorship.cases import in_total
from mentorship.deadlines import end_of_day
from mentorship.models import Approval, ExtensionCase, LateEntry, Round, State, TermSheet
from tests.cast import LAST_DAY, LONDON, WEEK_SIX, build_cast
from tests.mentorship.at_once import all_at_once
from tests.mentorship.cases import (
    DAY,
    HOUR,
    PLAN,
    a_case,
    a_decision,
    a_letter,
    a_sheet,
    a_term,
    an_approval,
    an_open_round,
)

CLOSES_AT = end_of_day(dt.date(2027, 2, 14), LONDON)
LATE = dt.datetime(2027, 2, 16, 12, tzinfo=dt.UTC)
ACCEPT_UNTIL = dt.datetime(2027, 2, 18, tzinfo=dt.UTC)


@pytest.fixture
def opened(cast) -> Round:
    for total in (6, 12):
        a_term(cast.cohort, total)
    return an_open_round(cast.cohort)


def applied(cast, at: dt.datetime = WEEK_SIX, scholar: str = "scholar", **more) -> ExtensionCase:
    place = Membership.objects.get(pk=cast.place[scholar].pk)
    facts = {"total_months": 6, "plan": PLAN, "if_refused": "Look for a job.", **more}
    return apply_for_extension(scholar=place, by=place.person, at=at, **facts)


def refusal(act, **facts) -> str:
    with pytest.raises(ValidationError) as refused:
        act(**facts)
    return refused.value.messages[0]


def told() -> set[str]:
    return set(Message.objects.filter(kind="case_moved").values_list("person__name", flat=True))


# Applying


def test_application_opens_a_case_and_asks_the_lead_mentor(cast, opened):
    case = applied(cast)
    assert (case.state, case.number, case.round, case.late_entry, case.state_by) == (
        "mentor", 1, opened, None, cast.scholar,
    )  # fmt: skip
    assert list(Approval.objects.filter(case=case).values_list("mentor", "given_at")) == [
        (cast.place["mentor"].pk, None)
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2027, 1, 31, 23, 59, tzinfo=dt.UTC), "You can apply from 1 February 2027 on."),
        (dt.datetime(2027, 2, 1, tzinfo=dt.UTC), ""),
        (CLOSES_AT - dt.timedelta(microseconds=1), ""),
        (CLOSES_AT, "The last day to apply was 14 February 2027. Ask staff to let you in late."),
    ],
)
def test_window_opens_and_closes_at_one_moment_for_everybody(cast, opened, at, words):
    """Kiritimati's 15 February began ten hours ago when it closes, Honolulu's begins ten hours later."""
    for zone in ("Pacific/Kiritimati", "Pacific/Honolulu"):
        type(cast.scholar).objects.filter(pk=cast.scholar.pk).update(time_zone=zone)
        if words:
            assert refusal(applied, cast=cast, at=at) == words
        else:
            ExtensionCase.objects.filter(pk=applied(cast, at).pk).update(state="withdrawn")


def test_window_of_a_cohort_far_away_is_on_its_own_clock(cast, opened):
    Cohort.objects.filter(pk=cast.cohort.pk).update(time_zone="Pacific/Honolulu")
    cast.cohort.refresh_from_db()
    opened.delete()
    an_open_round(cast.cohort)
    cast.place["scholar"].refresh_from_db()
    assert applied(cast, CLOSES_AT + 9 * HOUR).state == State.MENTOR
    assert "You have an open case" in refusal(applied, cast=cast, at=CLOSES_AT + 9 * HOUR)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "last"),
    [
        (dt.date(2027, 8, 31), dt.date(2027, 11, 30), "28 February 2028"),  # 29 February would begin a month more
        (dt.date(2028, 2, 29), dt.date(2028, 6, 30), "28 August"),
    ],
)
def test_months_are_counted_to_the_months_end(starts_on, ends_on, last):
    main = Phase(starts_on=starts_on, ends_on=ends_on)
    term = Phase(kind="term", total_months=6, starts_on=ends_on + DAY)
    term.ends_on = term_end(main, 6)
    assert in_total(term) == f"6 months in total, until {last}"


@pytest.mark.parametrize("total", [13, 0, 3])
def test_other_totals_than_those_of_the_terms_are_refused(cast, opened, total):
    assert refusal(applied, cast=cast, total_months=total) == "Choose 6 or 12 months in total."


def test_total_without_its_term_is_refused(cast, opened):
    Phase.objects.filter(total_months=12).update(archived_at=WEEK_SIX)
    assert refusal(applied, cast=cast, total_months=12) == "Choose 6 months in total."
    Phase.objects.filter(kind="term").update(archived_at=WEEK_SIX)
    assert "has no extension term" in refusal(applied, cast=cast)


def test_second_open_case_is_refused_in_words(cast, opened):
    applied(cast)
    assert refusal(applied, cast=cast) == "You have an open case already: change or withdraw that one."


def test_without_days_to_apply_or_a_plan_nobody_applies(cast):
    a_term(cast.cohort)
    assert "are not set yet" in refusal(applied, cast=cast)
    an_open_round(cast.cohort)
    assert refusal(applied, cast=cast, plan="") == "Say what the months are for."


def test_whoever_is_not_here_does_not_apply(cast, opened):
    Stay.objects.filter(membership=cast.place["scholar"]).update(ends_on=WEEK_SIX.date() - DAY)
    assert refusal(applied, cast=cast) == "Your days here are over, so there is nothing to extend."
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(archived_at=WEEK_SIX)
    assert "removed this meanwhile" in refusal(applied, cast=cast)


@pytest.mark.parametrize(
    ("state", "has_letter", "words"),
    [
        ("refused", True, "An appeal is made on your case."),
        ("declined", True, "Ask staff: they can let you apply again."),
        ("lapsed", True, "Ask staff: they can let you apply again."),
        ("withdrawn", True, "Ask staff: they can let you apply again."),
        ("withdrawn", False, ""),
    ],
)
def test_round_answers_once(cast, opened, state, has_letter, words):
    case = a_case(cast, state)
    if has_letter:
        decision = a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach)
        a_letter(decision, released_by=cast.staff)
    if words:
        assert refusal(applied, cast=cast).endswith(words)
    else:
        assert applied(cast).number == 2


def test_second_case_is_in_the_round_of_the_term_and_for_twelve_months(cast, opened):
    """In the six-month term there is its own round, and only more than six can be asked for."""
    term = a_term(cast.cohort)
    Stay.objects.create(
        membership=cast.place["scholar"], phase=term, starts_on=term.starts_on, ends_on=term.ends_on,
        time_zone="Europe/London", created_at=WEEK_SIX,
    )  # fmt: skip
    a_case(cast, "in_force")
    in_may = dt.datetime(2027, 5, 10, 12, tzinfo=dt.UTC)
    assert "are not set yet" in refusal(applied, cast=cast, at=in_may)
    days = {name: getattr(opened, name) + 90 * DAY for name in ("opens_on", "closes_on", "answers_on", "letters_on")}
    moments = {
        name: getattr(opened, name) + 90 * DAY for name in ("opens_at", "closes_at", "answers_due_at", "letters_due_at")
    }
    second = Round.objects.create(cohort=cast.cohort, phase=term, created_at=WEEK_SIX, **days, **moments)
    assert refusal(applied, cast=cast, at=in_may) == "Choose 12 months in total."
    case = applied(cast, in_may, total_months=12)
    assert (case.number, case.round) == (2, second)


# Changing, withdrawing


def test_change_keeps_the_earlier_words_in_the_history(cast, opened):
    case = applied(cast)
    facts = {"case": case, "by": cast.scholar, "at": WEEK_SIX + HOUR, "plan": "Another plan.", "total_months": 12}
    changed = change_application(**facts, version=1)
    assert (changed.plan, changed.total_months, changed.edited_at) == ("Another plan.", 12, WEEK_SIX + HOUR)
    plans = ExtensionCase.pgh_event_model.objects.filter(pgh_obj=case.pk).order_by("pgh_id").values_list("plan")
    assert [plan for (plan,) in plans] == [PLAN, "Another plan."]
    with pytest.raises(EditedMeanwhile):
        change_application(**facts, version=1)
    assert refusal(change_application, **{**facts, "total_months": 13, "version": 2}).startswith("Choose 6 or 12")


@pytest.mark.parametrize("state", ["mentor", "committee"])
def test_what_a_mentor_has_answered_stays(cast, state):
    case = a_case(cast, state)
    an_approval(case, cast.place["mentor"], "yes")
    facts = {"case": case, "by": cast.scholar, "at": WEEK_SIX, "version": 1, "plan": "Other.", "total_months": 6}
    assert "has answered what stands there" in refusal(change_application, **facts)


@pytest.mark.parametrize("state", ["mentor", "talk", "committee", "more", "decided", "offered", "waitlisted",
                                   "appealed", "accepted"])  # fmt: skip
def test_withdrawal_takes_the_proposal_off_and_tells_whoever_it_concerns(cast, state):
    case = a_case(cast, state)
    an_approval(case, cast.place["mentor"], "yes")
    proposal = a_decision(case, proposed_by=cast.staff)
    assert withdraw(case=case, by=cast.scholar, at=WEEK_SIX).state == State.WITHDRAWN
    proposal.refresh_from_db()
    assert (proposal.archived_at, told()) == (WEEK_SIX, {"Mira Mentor", "Stella Staff"})
    assert "nothing to withdraw" in refusal(withdraw, case=case, by=cast.scholar, at=WEEK_SIX)


@pytest.mark.parametrize("state", ["refused", "declined", "withdrawn", "lapsed", "ended"])
def test_what_is_over_is_not_withdrawn(cast, state):
    case = a_case(cast, state)
    assert "nothing to withdraw" in refusal(withdraw, case=case, by=cast.scholar, at=WEEK_SIX)


def test_term_that_began_is_not_withdrawn(cast):
    case = a_case(cast, "in_force")
    a_sheet(case, cast.place["mentor"])
    at = dt.datetime.combine(LAST_DAY + DAY, dt.time(1), tzinfo=dt.UTC)
    words = refusal(withdraw, case=case, by=cast.scholar, at=at)
    assert words == "Your term began on 12 April 2027. Ask staff to end it early."


# Answers


def test_answer_to_the_committee_sends_the_case_back_to_it(cast):
    case = a_case(cast, "more")
    question = a_decision(case, "more", proposed_by=cast.staff, confirmed_by=cast.other_coach)
    facts = {"case": case, "by": cast.scholar, "at": WEEK_SIX + HOUR}
    assert refusal(answer_more, **facts, answer="") == "Write your answer."
    assert answer_more(**facts, answer="By May.").state == State.COMMITTEE
    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("By May.", WEEK_SIX + HOUR)
    assert told() == {"Stella Staff", "Odd Coach"}
    assert "Nothing is asked of you now" in refusal(answer_more, **facts, answer="Again.")


def offered(cast) -> ExtensionCase:
    case = a_case(cast, "offered")
    an_approval(case, cast.place["mentor"], "yes")
    a_letter(a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach), released_by=cast.staff)
    return case


def test_grant_is_accepted_and_its_sheet_prepared(cast):
    case = accept(case=offered(cast), by=cast.scholar, at=ACCEPT_UNTIL - HOUR)
    sheet = TermSheet.objects.get(case=case)
    assert (case.state, sheet.phase.total_months, told()) == (
        State.ACCEPTED, 6, {"Mira Mentor", "Stella Staff", "Odd Coach"},
    )  # fmt: skip
    assert "nothing to accept or decline" in refusal(accept, case=case, by=cast.scholar, at=WEEK_SIX)


def test_grant_is_not_accepted_after_its_day(cast):
    case = offered(cast)
    words = refusal(accept, case=case, by=cast.scholar, at=ACCEPT_UNTIL)
    assert words.startswith("The last day to accept was 17 February 2027.")
    case.refresh_from_db()
    assert (case.state, TermSheet.objects.count()) == (State.OFFERED, 0)


def test_grant_is_declined_with_or_without_words(cast):
    case = decline(case=offered(cast), by=cast.scholar, at=WEEK_SIX, words="A job came first.")
    event = ExtensionCase.pgh_event_model.objects.filter(pgh_obj=case.pk).latest("pgh_id")
    assert (case.state, event.pgh_context["why"]) == (State.DECLINED, "A job came first.")


def test_a_decision_that_is_not_released_is_not_told_by_a_refusal(cast):
    case = a_case(cast, "decided")
    a_letter(a_decision(case, proposed_by=cast.staff, confirmed_by=cast.other_coach))
    words = refusal(accept, case=case, by=cast.scholar, at=WEEK_SIX)
    assert words == "There is nothing to accept or decline here now. Nothing was changed."


def refused(cast) -> ExtensionCase:
    case = a_case(cast, "refused")
    decision = a_decision(case, "refuse", proposed_by=cast.staff, confirmed_by=cast.other_coach)
    a_letter(decision, released_by=cast.staff)
    return case


def test_refusal_is_appealed_against_once(cast):
    """Within fourteen days, each until its end on the cohort's clock; answered within fourteen days."""
    case = refused(cast)
    until = end_of_day(dt.date(2027, 2, 24), LONDON)  # the letter went out on 10 February
    facts = {"case": case, "by": cast.scholar, "appeal": "The second result was left out."}
    assert refusal(appeal_refusal, **facts, at=until).startswith("An appeal is made within fourteen days")
    row = appeal_refusal(**facts, at=until - HOUR)
    assert (row.state, row.appealed_at, row.appeal_due_at) == (
        State.APPEALED, until - HOUR, end_of_day(dt.date(2027, 3, 10), LONDON),
    )  # fmt: skip
    for state in ("decided", "refused"):
        ExtensionCase.objects.filter(pk=case.pk).update(state=state)
    assert refusal(appeal_refusal, **facts, at=WEEK_SIX) == "You have appealed already: there is one appeal in a case."


def test_only_a_refusal_is_appealed_against_and_with_words(cast):
    facts = {"by": cast.scholar, "at": WEEK_SIX}
    assert "no refusal" in refusal(appeal_refusal, case=offered(cast), appeal="Why?", **facts)
    ExtensionCase.objects.update(state="declined")
    assert "Say what" in refusal(appeal_refusal, case=refused(cast), appeal="", **facts)


# Applying late


def let_in(cast, at=LATE, until_on=dt.date(2027, 2, 19), by=None, reason="She was ill.") -> LateEntry:
    place = Membership.objects.get(pk=cast.place["scholar"].pk)
    return open_late_entry(scholar=place, by=by or cast.staff, at=at, until_on=until_on, reason=reason)


def test_late_scholar_applies_until_the_end_of_a_day(cast, opened):
    entry = let_in(cast)
    assert entry.closes_at == end_of_day(dt.date(2027, 2, 19), LONDON)
    assert "The last day" in refusal(applied, cast=cast, at=entry.closes_at)
    assert "The last day" in refusal(applied, cast=cast, at=entry.closes_at - HOUR, scholar="other_scholar")
    assert applied(cast, entry.closes_at - HOUR).late_entry == entry


def test_late_entry_opened_after_an_answer_lets_a_scholar_apply_again(cast, opened):
    first = let_in(cast)
    a_case(cast, "declined", state_since=CLOSES_AT + 2 * DAY)
    assert "answered you once" in refusal(applied, cast=cast, at=CLOSES_AT + 2 * DAY)
    second = let_in(cast, at=CLOSES_AT + 3 * DAY)
    first.refresh_from_db()
    assert first.archived_at == CLOSES_AT + 3 * DAY
    assert applied(cast, CLOSES_AT + 3 * DAY).late_entry == second


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"at": WEEK_SIX}, "Everybody can apply until 14 February 2027"),
        ({"until_on": dt.date(2027, 2, 15)}, "Choose a day from today, 16 February 2027"),
        ({"until_on": LAST_DAY + DAY}, "to the end of the phase, 11 April 2027"),
        ({"reason": ""}, "Say why"),
        ({"by": "scholar"}, "Somebody else opens this for you"),
    ],
)
def test_late_entry_is_after_the_window_within_the_phase_by_somebody_else_with_a_reason(cast, opened, facts, words):
    if "by" in facts:
        facts = {"by": cast.scholar}
    assert words in refusal(let_in, cast=cast, **facts)


@pytest.mark.parametrize(("state", "words"), [("refused", "an appeal is heard instead"), ("committee", "an open case")])
def test_nobody_with_an_open_case_or_a_refusal_is_let_in(cast, opened, state, words):
    a_case(cast, state)
    assert words in refusal(let_in, cast=cast)


def test_nobody_unlaunched_or_elsewhere_applies(cast, opened):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    assert "with a place in this cohort" in refusal(applied, cast=cast)
    assert "with a place in this cohort" in refusal(applied, cast=cast, scholar="mentor")


# At once


@pytest.fixture
def live(week_six):
    with transaction.atomic():
        cast = build_cast()
        for total in (6, 12):
            a_term(cast.cohort, total)
        an_open_round(cast.cohort)
    return cast


@pytest.mark.django_db(transaction=True)
def test_applications_at_once_open_one_case(live):
    found = all_at_once(*[lambda: applied(live)] * 4)
    assert found == ["You have an open case already: change or withdraw that one."] * 3 + ["done"]
    assert (ExtensionCase.objects.count(), Approval.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_accepting_and_lapsing_at_once_has_one_outcome_and_tells_the_other(live):
    """The scholar presses in the last second, staff in the first one after it."""
    with transaction.atomic():
        case = a_case(live, "offered")
        decision = a_decision(case, proposed_by=live.staff, confirmed_by=live.other_coach)
        a_letter(decision, released_by=live.staff)
    found = all_at_once(
        lambda: accept(case=case, by=live.scholar, at=ACCEPT_UNTIL - dt.timedelta(seconds=1)),
        lambda: let_lapse(case=case, by=live.staff, at=ACCEPT_UNTIL, reason="The day has passed."),
    )
    case.refresh_from_db()
    was_accepted = case.state == State.ACCEPTED
    other = "This grant was accepted and has no condition" if was_accepted else "There is nothing to accept or decline"
    assert (found[1], found[0].startswith(other), TermSheet.objects.count()) == ("done", True, int(was_accepted))
    assert ("Stella Staff" if was_accepted else "Sana Scholar") in told()
