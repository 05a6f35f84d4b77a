"""Extension cases for tests. The main phase ends on 11 April 2027; the six-month term on 3 July, the
twelve-month term on 3 January 2028. People may apply from 1 to 14 February: the round is open in week six."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Cohort, Duty, Membership, Person, Phase
from mats import clock
from mentorship.models import (
    Approval,
    Decision,
    DecisionLetter,
    ExtensionCase,
    Opinion,
    Round,
    SheetMentor,
    TermSheet,
)
from tests.cast import LONDON, LONG_AGO, WEEK_SIX, Cast, a_round

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OPENS_ON = dt.date(2027, 2, 1)
PLAN = "Finish the probe, and write it up."
SEEN_DONE, MONTHS_FOR = "Built the probe alone.", "The second result."
REASON, WOULD_CHANGE = "The plan follows from the result.", "One result of your own."


def a_term(cohort: Cohort, total_months: int = 6, **days) -> Phase:
    """A term from the day after the main phase to the day its total is reached."""
    main = cohort.main_phase
    days = {
        "starts_on": main.ends_on + DAY,
        "ends_on": clock.last_day_of_months(main.starts_on, total_months),
        **days,
    }
    kind = {"kind": Phase.Kind.TERM, "total_months": total_months}
    found = Phase.objects.filter(cohort=cohort, archived_at=None, **kind).first()
    return found or Phase.objects.create(cohort=cohort, created_at=LONG_AGO, **kind, **days)


def an_open_round(cohort: Cohort, **days) -> Round:
    found = Round.objects.filter(cohort=cohort, phase=cohort.main_phase, archived_at=None).first()
    return found or a_round(cohort, OPENS_ON, **days)


def a_duty(place: Membership, kind: str = "committee", **days) -> Duty:
    days = {"starts_on": dt.date(2027, 1, 4), **days}
    return Duty.objects.create(cohort=place.cohort, membership=place, kind=kind, created_at=LONG_AGO, **days)


def a_case(cast: Cast, state: str = "mentor", scholar: str = "scholar", **fields) -> ExtensionCase:
    """As it stands in the database; acts are done by the actions. Both terms are there."""
    for total in (6, 12):
        a_term(cast.cohort, total)
    place = cast.place[scholar]
    fields = {
        "round": fields.get("round") or an_open_round(cast.cohort),
        "number": ExtensionCase.objects.filter(scholar=place).count() + 1,
        "total_months": 6,
        "plan": PLAN,
        "applied_at": WEEK_SIX - 2 * DAY,
        "created_at": WEEK_SIX - 2 * DAY,
        "state_since": WEEK_SIX - 2 * DAY,
        "state_by": place.person,
        **fields,
    }
    return ExtensionCase.objects.create(cohort=cast.cohort, scholar=place, state=state, **fields)


def an_approval(case: ExtensionCase, mentor: Membership, answer: str = "", **fields) -> Approval:
    """Owed by the mentor; with an `answer` it was given a day ago."""
    if answer:
        given = {"given_at": WEEK_SIX - DAY, "seen_done": SEEN_DONE, "months_for": MONTHS_FOR, "can_mentor": "yes"}
        fields = {**given, "answer": answer, **fields}
    fields = {"due_at": WEEK_SIX + 3 * DAY, "created_at": WEEK_SIX - 2 * DAY, **fields}
    return Approval.objects.create(cohort=case.cohort, case=case, mentor=mentor, **fields)


def an_opinion(case: ExtensionCase, author: Person, band: str = "yes", **fields) -> Opinion:
    fields = {"reasons": "The result holds.", "given_at": WEEK_SIX, "created_at": WEEK_SIX, **fields}
    return Opinion.objects.create(cohort=case.cohort, case=case, author=author, band=band, **fields)


def a_decision(case: ExtensionCase, outcome: str = "grant", **fields) -> Decision:
    """A proposal; with `confirmed_by` it holds."""
    if fields.get("confirmed_by"):
        fields = {"confirmed_at": WEEK_SIX, **fields}
    fields = {
        "number": Decision.objects.filter(case=case).count() + 1,
        "total_months": case.total_months if outcome == "grant" else None,
        "would_change": WOULD_CHANGE if outcome == "refuse" else "",
        "reason": REASON,
        "proposed_at": WEEK_SIX - 3 * DAY,
        "opens_at": WEEK_SIX - DAY,
        "created_at": WEEK_SIX - 3 * DAY,
        **fields,
    }
    return Decision.objects.create(cohort=case.cohort, case=case, outcome=outcome, **fields)


def a_letter(decision: Decision, **fields) -> DecisionLetter:
    """A draft; with `released_by` it was released an hour ago."""
    if fields.get("released_by"):
        fields = {"released_at": WEEK_SIX - HOUR, **fields}
        if decision.outcome == "refuse":
            fields = {"talked_at": WEEK_SIX - DAY, "talked_by": fields["released_by"], **fields}
    if decision.outcome == "grant":
        accept = {"accept_by": dt.date(2027, 2, 17), "accept_due_at": dt.datetime(2027, 2, 18, tzinfo=dt.UTC)}
        fields = {**accept, **fields}
    fields = {"body": "We are glad to offer you a place.", "created_at": WEEK_SIX, **fields}
    return DecisionLetter.objects.create(
        cohort=decision.cohort, case=decision.case, decision=decision, outcome=decision.outcome, **fields
    )


def a_sheet(case: ExtensionCase, mentor: Membership, coach: Membership | None = None, **fields) -> TermSheet:
    """Prepared; with `shared_by` it was shared an hour ago. Its lead mentor has no weekly time yet."""
    if fields.get("shared_by"):
        fields = {"shared_at": WEEK_SIX - HOUR, "agree_due_at": WEEK_SIX + 7 * DAY, **fields}
    term = a_term(case.cohort, case.total_months)
    fields = {
        "phase": term,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "time_zone": LONDON,
        "hours_per_week": 40,
        "coach": coach,
        "due_at": WEEK_SIX + 7 * DAY,
        "created_at": WEEK_SIX,
        **fields,
    }
    sheet = TermSheet.objects.create(cohort=case.cohort, case=case, **fields)
    SheetMentor.objects.create(cohort=case.cohort, sheet=sheet, mentor=mentor, is_lead=True, created_at=WEEK_SIX)
    return sheet
