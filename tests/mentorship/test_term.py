"""The one transaction with which a term begins, and how it is taken back or ends early."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from cohorts.access import may, visible
from cohorts.actions.stay import change_stay
from cohorts.models import Caseload, Membership, Phase
from mats.clock import last_day_of_months
from mentorship.actions.application import withdraw
from mentorship.actions.pairing import end_pairing
from mentorship.actions.sheet import TermMentor
from mentorship.actions.term import begin_term, end_early, take_back
from mentorship.actions.weeks import lay_out
from mentorship.models import (
    Decision,
    ExtensionCase,
    Meeting,
    Pairing,
    PairingWeek,
    Round,
    Submission,
    TermSheet,
    WeeklyLog,
)
from tests.cast import (
    FIRST_DAY,
    LAST_DAY,
    LONDON,
    LONG_AGO,
    WEEK_SIX,
    a_caseload,
    a_milestone,
    a_pairing,
    a_person,
    a_place,
    build_cast,
)
from tests.cohorts.staff import refused_at
from tests.mentorship.at_once import all_at_once
from tests.mentorship.cases import a_decision, a_letter, a_term
from tests.mentorship.midpoint import letters, page
from tests.mentorship.sheets import (
    SIX_FROM,
    SIX_UNTIL,
    TUESDAY_AT_TEN,
    TWELVE_UNTIL,
    agreed,
    an_accepted,
    changed,
    dates,
    in_force,
    shared,
)

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
WEEK_ELEVEN = dt.datetime(2027, 3, 17, 12, tzinfo=dt.UTC)
IN_MAY = dt.datetime(2027, 5, 12, 12, tzinfo=dt.UTC)
MAIN = (FIRST_DAY, LAST_DAY)
SIX = (SIX_FROM, SIX_UNTIL)
AS_IT_WAS = {"stays": [MAIN], "pairings": [MAIN], "caseloads": [MAIN]}


@pytest.fixture
def sheet(cast) -> TermSheet:
    Pairing.objects.filter(pk=cast.pairing.pk).update(**TUESDAY_AT_TEN)
    return an_accepted(cast)


def stays(place: Membership) -> list[tuple]:
    return list(place.stays.filter(archived_at=None).values_list("phase__total_months", "starts_on", "ends_on"))


# It begins


def test_second_press_moves_every_date(cast, sheet):
    scholar = cast.place["scholar"]
    review = a_milestone(cast.cohort, "final", dt.date(2027, 6, 25))
    lay_out(cast.cohort, at=WEEK_SIX)
    assert not Submission.objects.filter(milestone=review).exists()
    changed(cast, sheet, weeks_per_log=2)
    case = in_force(cast, sheet, WEEK_ELEVEN)
    assert (case.state, case.state_by, TermSheet.objects.get().in_force_at) == ("in_force", cast.mentor, WEEK_ELEVEN)
    assert dates(scholar) == {
        "stays": [MAIN, SIX],
        "pairings": [MAIN, SIX],
        "caseloads": [(FIRST_DAY, SIX_UNTIL)],
    }
    for who in ("mentor", "coach"):
        assert stays(cast.place[who]) == [(None, *MAIN), (6, *SIX)]
    new = Pairing.objects.get(scholar=scholar, starts_on=SIX_FROM)
    assert (new.mentor, new.is_lead, new.weekday) == (cast.place["mentor"], True, 1)
    weeks = PairingWeek.objects.filter(pairing=new, archived_at=None)
    assert (weeks.count(), weeks.filter(meeting__isnull=False).count()) == (12, 5)
    spans = [m.planned.upper - m.planned.lower for m in Meeting.objects.filter(pairing_weeks__pairing=new)]
    assert spans == [dt.timedelta(minutes=30)] * 5
    logs = WeeklyLog.objects.filter(scholar=scholar, week_starts_on__gte=SIX_FROM, archived_at=None)
    assert list(logs.order_by("number").values_list("number", flat=True)) == [1, 3, 5, 7, 9, 11]
    assert Submission.objects.filter(milestone=review, scholar=scholar, archived_at=None).exists()
    why = new.events.get().pgh_context["why"]
    assert why == "The next-term sheet was agreed: 6 months in total, until 3 July."


def test_everybody_is_told_once_and_the_presser_is_not(cast, sheet):
    changed(cast, sheet, mentors=[TermMentor(cast.place[who]) for who in ("mentor", "other_mentor")])
    case = in_force(cast, sheet, WEEK_ELEVEN)
    agreed(cast, sheet, "mentor", WEEK_ELEVEN + DAY)
    begin_term(TermSheet.objects.get(), by=cast.staff, at=WEEK_ELEVEN + DAY)
    told = [letter.person for letter in letters("case_moved") if case.state_since.isoformat() in letter.occurrence]
    assert told == [cast.coach, cast.other_mentor, cast.scholar]
    assert dates(cast.place["scholar"])["pairings"] == [MAIN, SIX, SIX]


def test_between_the_phases_mentor_and_coach_go_on_reading(cast, sheet, client):
    """The scholar awaits the extension: a week lies between, and nobody's door closes in it."""
    Phase.objects.filter(total_months=6).update(starts_on=SIX_FROM + WEEK)
    changed(cast, sheet, starts_on=SIX_FROM + WEEK)
    in_force(cast, sheet)
    gap = dt.datetime(2027, 4, 14, 12, tzinfo=dt.UTC)
    for who in ("mentor", "coach", "scholar"):
        assert may(getattr(cast, who), "read", "log", cast.log, gap)
    assert not may(cast.other_mentor, "read", "log", cast.log, gap)
    with time_machine.travel(gap):
        assert "awaiting extension" in page(cast, client, "mentor", "person", cast.place["scholar"]).content.decode()
    scholar = cast.place["scholar"]
    stay = scholar.stays.get(phase__kind="main")
    where = {"site": None, "time_zone": LONDON, "hours_per_week": 30}
    days = {"starts_on": stay.starts_on, "ends_on": stay.ends_on}
    assert change_stay(stay=stay, by=cast.staff, at=WEEK_SIX, version=1, **days, **where).hours_per_week == 30


def test_another_coach_begins_when_the_last_one_is_done(cast, sheet):
    Phase.objects.filter(total_months=6).update(starts_on=SIX_FROM + WEEK)
    new, mentor = cast.place["other_coach"], cast.place["other_mentor"]
    changed(cast, sheet, starts_on=SIX_FROM + WEEK, coach=new, mentors=[TermMentor(mentor, **TUESDAY_AT_TEN)])
    in_force(cast, sheet, lead="other_mentor")
    assert dates(cast.place["scholar"]) == {
        "stays": [MAIN, (SIX_FROM + WEEK, SIX_UNTIL)],
        "pairings": [MAIN, (SIX_FROM + WEEK, SIX_UNTIL)],
        "caseloads": [MAIN, SIX],
    }
    assert Caseload.objects.get(coach=new).cadence_days == 14
    assert visible(WeeklyLog, "log", cast.other_mentor, WEEK_SIX).filter(pk=cast.log.pk).exists()


def test_six_months_then_twelve(cast, sheet):
    scholar = cast.place["scholar"]
    in_force(cast, sheet)
    row = Round.objects.get(phase__total_months=6)
    promised = SIX_UNTIL - 20 * DAY
    assert (row.opens_on, row.closes_on) == (promised - 27 * DAY, promised - 14 * DAY)
    assert (row.answers_on, row.letters_on, row.places) == (promised, promised, None)
    next_one = an_accepted(cast, 12, IN_MAY)
    assert (next_one.starts_on, next_one.ends_on, next_one.coach) == (SIX_UNTIL + DAY, TWELVE_UNTIL, sheet.coach)
    in_force(cast, next_one, IN_MAY)
    last = (SIX_UNTIL + DAY, TWELVE_UNTIL)
    assert dates(scholar) == {
        "stays": [MAIN, SIX, last],
        "pairings": [MAIN, SIX, last],
        "caseloads": [(FIRST_DAY, TWELVE_UNTIL)],
    }
    assert stays(cast.place["mentor"]) == [(None, *MAIN), (6, *SIX), (12, *last)]
    logs = WeeklyLog.objects.filter(scholar=scholar, archived_at=None, week_starts_on__gt=SIX_FROM + 10 * WEEK)
    assert list(logs.order_by("week_starts_on").values_list("number", flat=True)) == list(range(12, 40))
    assert Round.objects.count() == 2
    assert refused_at("", end_early, case=sheet.case, by=cast.staff, at=IN_MAY, last_day=IN_MAY.date(), reason="X")


def test_twelve_at_once_beside_a_mentor_of_the_six_month_term(cast):
    """A mentor who is here for six months with somebody else gets the part that follows."""
    mentor, six = cast.place["mentor"], a_term(cast.cohort)
    mentor.stays.create(phase=six, starts_on=SIX_FROM, ends_on=SIX_UNTIL, time_zone=LONDON, created_at=LONG_AGO)
    Pairing.objects.filter(pk=cast.pairing.pk).update(**TUESDAY_AT_TEN)
    in_force(cast, an_accepted(cast, 12))
    assert stays(mentor) == [(None, *MAIN), (6, *SIX), (12, SIX_UNTIL + DAY, TWELVE_UNTIL)]
    assert stays(cast.place["coach"]) == [(None, *MAIN), (12, SIX_FROM, TWELVE_UNTIL)]
    weeks = PairingWeek.objects.filter(pairing__starts_on=SIX_FROM, archived_at=None).order_by("week_starts_on")
    assert list(weeks.values_list("number", flat=True)) == list(range(1, 40))
    assert Round.objects.filter(phase__kind="term").count() == 0


def test_mentor_who_is_here_in_between_only_is_refused_by_name(cast, sheet):
    mentor, six = cast.place["mentor"], a_term(cast.cohort)
    days = {"starts_on": SIX_FROM + WEEK, "ends_on": SIX_UNTIL}
    mentor.stays.create(phase=six, time_zone=LONDON, created_at=LONG_AGO, **days)
    TermSheet.objects.filter(pk=sheet.pk).update(phase=a_term(cast.cohort, 12), ends_on=TWELVE_UNTIL)
    words = refused_at("mentor_1", shared, cast=cast, sheet=sheet)
    assert words.startswith("Mira Mentor is not in the cohort from 12 April 2027 to 18 April 2027 and from 4 July 2027")


# It is refused, and nothing is half done


def _clash(cast, sheet):
    ada = a_place(a_person("Ada"), cast.cohort, "scholar")
    slot = TUESDAY_AT_TEN | {"local_time": dt.time(10, 15)}
    a_pairing(ada, cast.place["mentor"], starts_on=SIX_FROM, ends_on=SIX_UNTIL, **slot)


def _mentor_left(cast, sheet):
    Membership.objects.filter(pk=cast.place["mentor"].pk).update(archived_at=WEEK_SIX)


def _mentor_coaches(cast, sheet):
    elsewhere = Membership.objects.create(
        person=cast.mentor, cohort=cast.cohort, role="coach", accepted_at=LONG_AGO, created_at=LONG_AGO
    )
    a_caseload(cast.place["scholar"], elsewhere, starts_on=SIX_FROM + DAY, ends_on=SIX_UNTIL)


def _condition(cast, sheet):
    due = {"conditions": "A visa.", "conditions_by": SIX_FROM, "conditions_due_at": WEEK_ELEVEN}
    Decision.objects.update(replaced_at=WEEK_SIX)
    a_decision(sheet.case, proposed_by=cast.staff, confirmed_by=cast.staff_elsewhere, **due)


def _term_removed(cast, sheet):
    Phase.objects.filter(pk=sheet.phase_id).update(archived_at=WEEK_SIX)


def _term_shortened(cast, sheet):
    Phase.objects.filter(pk=sheet.phase_id).update(ends_on=SIX_UNTIL - WEEK)


def _stays_longer(cast, sheet):
    Phase.objects.filter(kind="main").update(ends_on=LAST_DAY + DAY)
    cast.place["scholar"].stays.update(ends_on=LAST_DAY + DAY)


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (_clash, "at the same time as the weekly meeting with Ada"),
        (_mentor_left, "Mira Mentor is no longer here"),
        (_mentor_coaches, "Mira Mentor is coach of Sana Scholar until"),
        (_condition, "a condition that is not met yet"),
        (_term_removed, "This term was removed"),
        (_term_shortened, "no day later than that"),
        (_stays_longer, "is here until 12 April 2027"),
    ],
)
def test_what_changed_meanwhile_refuses_the_second_press_and_nothing_is_half_done(cast, sheet, meanwhile, words):
    shared(cast, sheet)
    agreed(cast, sheet)
    meanwhile(cast, sheet)
    before = dates(cast.place["scholar"])
    said = refused_at("", agreed, cast=cast, sheet=sheet, who="mentor")
    assert words in said
    assert said.endswith("your press was not kept: ask staff to mend it.")
    row = TermSheet.objects.select_related("case").get()
    assert (row.mentor_agreed_at, row.in_force_at, row.case.state) == (None, None, "accepted")
    assert dates(cast.place["scholar"]) == before
    assert Round.objects.count() == 1


def test_pairing_that_ended_in_between_stays_ended_and_the_term_begins_as_agreed(cast, sheet):
    shared(cast, sheet)
    agreed(cast, sheet)
    last = dt.date(2027, 3, 5)
    pairing = {"pairing": cast.pairing, "version": 1, "last_day": last, "reason": "On leave."}
    end_pairing(by=cast.staff, at=WEEK_SIX, **pairing)
    agreed(cast, sheet, "mentor")
    assert dates(cast.place["scholar"])["pairings"] == [(FIRST_DAY, last), SIX]


def test_first_day_that_has_gone_by_is_set_anew(cast, sheet):
    shared(cast, sheet)
    agreed(cast, sheet)
    late = dt.datetime(2027, 4, 14, 9, tzinfo=dt.UTC)
    words = refused_at("", agreed, cast=cast, sheet=sheet, who="mentor", at=late)
    assert words.startswith("This day has gone by. Begin on 14 April 2027 or later.")
    changed(cast, sheet, late, starts_on=dt.date(2027, 4, 14))
    agreed(cast, sheet, at=late)
    agreed(cast, sheet, "mentor", late)
    assert dates(cast.place["scholar"])["caseloads"] == [(FIRST_DAY, SIX_UNTIL)]


@pytest.mark.django_db(transaction=True)
def test_both_press_at_once_and_the_term_begins_once(week_six):
    with transaction.atomic():
        cast = build_cast()
        sheet = shared(cast, an_accepted(cast))
    presses = [lambda who=who: agreed(cast, sheet, who, version=2) for who in ("scholar", "mentor", "mentor")]
    assert all_at_once(*presses) == ["done", "done", "done"]
    assert dates(cast.place["scholar"])["stays"] == [MAIN, SIX]
    assert ExtensionCase.objects.get().events.filter(state="in_force").count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_while_the_mentor_presses_has_one_outcome(week_six):
    with transaction.atomic():
        cast = build_cast()
        sheet = shared(cast, an_accepted(cast))
        agreed(cast, sheet)
    found = all_at_once(
        lambda: withdraw(case=sheet.case, by=cast.scholar, at=WEEK_SIX), lambda: agreed(cast, sheet, "mentor")
    )
    assert ExtensionCase.objects.get().state == "withdrawn"
    assert found[-1] == "done"
    assert dates(cast.place["scholar"]) == AS_IT_WAS


# Its days


@pytest.mark.parametrize(
    ("first", "six"),
    [
        (dt.date(2027, 8, 31), dt.date(2028, 2, 28)),
        (dt.date(2028, 2, 29), dt.date(2028, 8, 28)),
        (dt.date(2026, 8, 31), dt.date(2027, 2, 27)),
    ],
)
def test_month_arithmetic_is_clamped_and_shown(cast, client, first, six):
    cast.cohort.phases.update(starts_on=first, ends_on=last_day_of_months(first, 3))
    for model in (Pairing, Caseload):
        model.objects.update(starts_on=first, ends_on=last_day_of_months(first, 3))
    for place in cast.place.values():
        place.stays.update(starts_on=first, ends_on=last_day_of_months(first, 3))
    at = dt.datetime.combine(first + 40 * DAY, dt.time(9), tzinfo=dt.UTC)
    sheet = an_accepted(cast, at=at)
    assert sheet.ends_on == six
    shared(cast, sheet, at)
    body = page(cast, client, "scholar", "sheet", sheet).content.decode()
    assert f"6 months in total, until {six.day} {six:%B %Y}" in body
    agreed(cast, sheet, at=at)
    agreed(cast, sheet, "mentor", at)
    assert stays(cast.place["scholar"])[-1] == (6, last_day_of_months(first, 3) + DAY, six)


# It is taken back, or ends early


def test_withdrawn_before_it_begins_everything_is_as_it_was(cast, sheet):
    """Also the stays that were added for this term alone; the mentor's is needed by another scholar by now."""
    case = in_force(cast, sheet)
    ada = a_place(a_person("Ada"), cast.cohort, "scholar")
    a_pairing(ada, cast.place["mentor"], starts_on=SIX_FROM, ends_on=SIX_UNTIL)
    withdraw(case=case, by=cast.scholar, at=WEEK_ELEVEN)
    assert dates(cast.place["scholar"]) == AS_IT_WAS
    assert stays(cast.place["coach"]) == [(None, *MAIN)]
    assert stays(cast.place["mentor"]) == [(None, *MAIN), (6, *SIX)]
    logs = WeeklyLog.objects.filter(scholar=cast.place["scholar"], archived_at=None)
    assert logs.filter(week_starts_on__gte=SIX_FROM).count() == 0
    assert ExtensionCase.objects.get().state == "withdrawn"


def test_pages_say_what_goes_and_then_that_the_term_does_not_take_place(cast, sheet, client):
    case = in_force(cast, sheet)
    a_letter(Decision.objects.get(), released_by=cast.staff)
    asked = page(cast, client, "scholar", "case_withdraw", case).content.decode()
    for words in ("your stay in the term, 12 April 2027 – 3 July 2027", "with Mira Mentor, and their weekly time",
                  "Cleo Coach’s caseload", "you can’t apply again by yourself"):  # fmt: skip
        assert words in asked
    before = page(cast, client, "mentor", "sheet", sheet).content.decode()
    assert page(cast, client, "scholar", "case_withdraw", case, _form="extension-withdraw").status_code == 302
    for name, row in (("case", case), ("sheet", sheet)):
        assert "the term does not take place" in page(cast, client, "scholar", name, row).content.decode()
    after = page(cast, client, "mentor", "sheet", sheet).content.decode()
    assert ["everything was set" in body for body in (before, after)] == [True, False]


def test_withdrawn_in_between_the_coach_has_had_the_days_that_went_by(cast, sheet):
    Phase.objects.filter(total_months=6).update(starts_on=SIX_FROM + WEEK)
    changed(cast, sheet, starts_on=SIX_FROM + WEEK)
    case = in_force(cast, sheet)
    gap = dt.datetime(2027, 4, 14, 12, tzinfo=dt.UTC)
    withdraw(case=case, by=cast.scholar, at=gap)
    assert dates(cast.place["scholar"])["caseloads"] == [(FIRST_DAY, dt.date(2027, 4, 13))]


def test_begun_it_is_not_taken_back(cast, sheet):
    case = in_force(cast, sheet)
    assert "It can be ended early" in refused_at("", take_back, case=case, by=cast.scholar, at=IN_MAY)


def test_ended_early_it_ends_that_day_and_undoes_nothing(cast, sheet):
    case = in_force(cast, sheet)
    last = dt.date(2027, 5, 21)
    end = {"case": case, "by": cast.staff, "reason": "A job from June on."}
    assert "until then Sana Scholar can withdraw" in refused_at("", end_early, at=WEEK_ELEVEN, last_day=last, **end)
    refused_at("last_day", end_early, at=IN_MAY, last_day=SIX_UNTIL, **end)
    refused_at("reason", end_early, at=IN_MAY, last_day=last, **{**end, "reason": ""})
    assert end_early(at=IN_MAY, last_day=last, **end).state == "ended"
    assert dates(cast.place["scholar"]) == {
        "stays": [MAIN, (SIX_FROM, last)],
        "pairings": [MAIN, (SIX_FROM, last)],
        "caseloads": [(FIRST_DAY, last)],
    }
    assert Pairing.objects.get(starts_on=SIX_FROM).end_reason == "A job from June on."
    logs = WeeklyLog.objects.filter(scholar=cast.place["scholar"], archived_at=None)
    assert logs.filter(week_starts_on__gte=SIX_FROM).count() == 6
    assert logs.filter(week_starts_on__gt=last).count() == 0
    assert [letter.person for letter in letters("case_moved") if letter.moment == IN_MAY] == [
        cast.coach,
        cast.mentor,
        cast.scholar,
    ]
