"""The next-term sheet: prepared from now, changed, shared, agreed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from cohorts.models import Membership, Phase, Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.sheet import TermMentor, prepare_sheet
from mentorship.models import MentorSearch, Pairing, TermSheet
from mentorship.sheets import before, lines, mentors_of, what_mentors_said
from tests.cast import LAST_DAY, LONDON, WEEK_SIX, a_pairing, a_person, a_place
from tests.cohorts.staff import refused_at
from tests.mentorship.cases import a_case, a_sheet, an_approval
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import letters, page, sent_all, statuses
from tests.mentorship.sheets import (
    SIX_FROM,
    SIX_UNTIL,
    TUESDAY_AT_TEN,
    agreed,
    an_accepted,
    an_accepted_case,
    changed,
    shared,
)

DAY = dt.timedelta(days=1)
AN_EARLIER_DAY = {"ends_on": dt.date(2027, 6, 18), "own_end_reason": "A job from then on."}


@pytest.fixture
def sheet(cast) -> TermSheet:
    Pairing.objects.filter(pk=cast.pairing.pk).update(**TUESDAY_AT_TEN)
    return an_accepted(cast)


def mentors(sheet) -> list[tuple]:
    return [(one.mentor.person.name, one.is_lead, one.weekday) for one in mentors_of(sheet)]


# Preparing it


def test_sheet_is_prepared_from_what_is_now(cast, sheet):
    cast.place["scholar"].stays.update(weeks_per_log=2)
    assert (sheet.starts_on, sheet.ends_on, sheet.phase.total_months) == (SIX_FROM, SIX_UNTIL, 6)
    assert (sheet.time_zone, sheet.hours_per_week, sheet.site, sheet.coach) == (LONDON, 40, None, cast.place["coach"])
    assert sheet.due_at == dt.datetime(2027, 2, 17, 23, 59, 59, tzinfo=dt.UTC)
    assert mentors(sheet) == [("Mira Mentor", True, 1)]
    was = before(cast.place["scholar"], WEEK_SIX.date(), term_from=sheet.starts_on)
    said = [line.what for line in lines(sheet, mentors_of(sheet), was) if line.is_changed]
    assert said == ["First day", "Last day", "Weekly log"]


def test_a_mentor_who_cannot_is_left_out_and_the_one_who_was_found_leads(cast):
    a_pairing(cast.place["scholar"], cast.place["both_as_mentor"], is_lead=False)
    case = an_accepted_case(cast)
    until = {"can_mentor": "until", "mentor_until": dt.date(2027, 5, 1)}
    an_approval(case, cast.place["mentor"], "yes", can_mentor="no")
    an_approval(case, cast.place["both_as_mentor"], "yes", is_lead=False, **until)
    closed = {"found": cast.place["other_mentor"], "closed_at": WEEK_SIX, "closed_by": cast.staff, "words": "Omar."}
    MentorSearch.objects.create(cohort=cast.cohort, case=case, due_at=WEEK_SIX, created_at=WEEK_SIX, **closed)
    sheet = prepare_sheet(case, by=cast.scholar, at=WEEK_SIX)
    assert mentors(sheet) == [("Omar Mentor", True, None), ("Bo Both", False, None)]
    assert what_mentors_said(sheet, mentors_of(sheet)) == [
        "Mira Mentor said that they can’t mentor the term, and is left out.",
        "Bo Both can mentor until 1 May 2027; the term lasts longer.",
    ]


def test_sheet_of_a_term_that_runs_already_begins_today(cast):
    sheet = an_accepted(cast, at=dt.datetime(2027, 4, 20, 9, tzinfo=dt.UTC))
    assert (sheet.starts_on, mentors(sheet)) == (dt.date(2027, 4, 20), [("Mira Mentor", True, None)])


def test_sheet_needs_a_term_that_is_not_over(cast):
    case = an_accepted_case(cast)
    late = dt.datetime(2027, 7, 5, tzinfo=dt.UTC)
    assert "that day has gone by" in refused_at("", prepare_sheet, case=case, by=cast.scholar, at=late)
    Phase.objects.filter(kind="term").update(archived_at=WEEK_SIX)
    assert "There is no term of 6" in refused_at("", prepare_sheet, case=case, by=cast.scholar, at=WEEK_SIX)


# Changing and sharing it


def test_change_takes_back_what_was_agreed_and_the_same_again_does_not(cast, sheet):
    shared(cast, sheet)
    agreed(cast, sheet)
    row = changed(cast, sheet, reason="")
    assert (row.version, row.scholar_agreed_at) == (2, WEEK_SIX)
    row = changed(cast, sheet, WEEK_SIX + DAY, hours_per_week=Decimal(20))
    assert (row.version, row.scholar_agreed_at, row.hours_per_week) == (3, None, 20)
    assert row.agree_due_at == dt.datetime(2027, 2, 18, 23, 59, 59, tzinfo=dt.UTC)
    assert row.events.order_by("pgh_id").last().pgh_context["why"] == "It was agreed by phone."
    with pytest.raises(EditedMeanwhile):
        changed(cast, sheet, version=2)


def test_mentors_are_exchanged_and_there_is_one_lead(cast, sheet):
    omar, mira = cast.place["other_mentor"], cast.place["mentor"]
    changed(cast, sheet, mentors=[TermMentor(omar), TermMentor(mira, **TUESDAY_AT_TEN)])
    assert mentors(sheet) == [("Omar Mentor", True, None), ("Mira Mentor", False, 1)]
    changed(cast, sheet, mentors=[TermMentor(omar, **TUESDAY_AT_TEN)])
    assert mentors(sheet) == [("Omar Mentor", True, 1)]


@pytest.mark.parametrize(
    ("field", "facts", "words"),
    [
        ("ends_on", {"ends_on": SIX_UNTIL + 30 * DAY}, "6 months in total, until 3 July 2027: no day later"),
        ("own_end_reason", {"ends_on": dt.date(2027, 6, 18)}, "Say why this one ends before it."),
        ("ends_on", {**AN_EARLIER_DAY, "ends_on": SIX_FROM - DAY}, "comes before the first"),
        ("starts_on", {"starts_on": LAST_DAY}, "begins on 12 April 2027"),
        ("hours_per_week", {"hours_per_week": Decimal("80.5")}, "at most 80"),
        ("weeks_per_log", {"weeks_per_log": 5}, "1 to 4 weeks"),
        ("time_zone", {"time_zone": "Moon/Base"}, "is not a time zone"),
        ("mentor_1", {"mentors": []}, "one lead mentor"),
    ],
)
def test_impossible_facts_are_refused_at_their_field(cast, sheet, field, facts, words):
    assert words in refused_at(field, changed, cast=cast, sheet=sheet, **facts)


@pytest.mark.parametrize(
    ("field", "coach_and_mentor", "words"),
    [
        ("coach", ("both_as_coach", "both_as_mentor"), "Bo Both can’t be mentor and coach of one person."),
        ("mentor_1", ("coach", "other_coach"), "Choose a mentor of this cohort."),
        ("coach", ("mentor", "other_mentor"), "Choose a coach of this cohort."),
    ],
)
def test_people_of_a_sheet_are_who_they_have_to_be(cast, sheet, field, coach_and_mentor, words):
    coach, mentor = (cast.place[who] for who in coach_and_mentor)
    assert words == refused_at(field, changed, cast=cast, sheet=sheet, coach=coach, mentors=[TermMentor(mentor)])


def test_somebody_who_left_or_is_the_scholar_stands_on_no_sheet(cast, sheet):
    own = Membership.objects.create(
        person=cast.scholar, cohort=cast.cohort, role=Role.MENTOR, accepted_at=WEEK_SIX, created_at=WEEK_SIX
    )
    assert "their own mentor" in refused_at("mentor_1", changed, cast=cast, sheet=sheet, mentors=[TermMentor(own)])
    Membership.objects.filter(pk=cast.place["mentor"].pk).update(archived_at=WEEK_SIX)
    words = refused_at("mentor_1", shared, cast=cast, sheet=sheet)
    assert words == "Mira Mentor is no longer here as mentor. Choose somebody else."


def test_weekly_time_that_clashes_is_told(cast, sheet):
    """With another scholar of the mentor in that term, and with the other mentor of the sheet."""
    omar, days = cast.place["other_mentor"], {"starts_on": SIX_FROM, "ends_on": SIX_UNTIL}
    quarter_past = TUESDAY_AT_TEN | {"local_time": dt.time(10, 15)}
    a_pairing(a_place(a_person("Ada"), cast.cohort, "scholar"), omar, **days, **quarter_past)
    two = [TermMentor(cast.place["mentor"]), TermMentor(omar, **TUESDAY_AT_TEN)]
    words = refused_at("local_time_2", changed, cast=cast, sheet=sheet, mentors=two)
    assert words.startswith("For Omar Mentor this is at the same time as the weekly meeting with Ada")
    two = [TermMentor(cast.place["mentor"], **TUESDAY_AT_TEN), TermMentor(cast.place["both_as_mentor"], **quarter_past)]
    words = refused_at("local_time_2", changed, cast=cast, sheet=sheet, mentors=two)
    assert words == "For Sana Scholar this is at the same time as with Mira Mentor, Tuesday 10:00 Europe/London."


def test_sharing_is_done_once_and_told(cast, sheet):
    row = shared(cast, sheet)
    assert (row.shared_by, row.agree_due_at) == (cast.staff, dt.datetime(2027, 2, 17, 23, 59, 59, tzinfo=dt.UTC))
    assert [letter.person for letter in letters("sheet_shared")] == [cast.mentor, cast.scholar]
    refused_at("", shared, cast=cast, sheet=sheet)
    assert refused_at("reason", changed, cast=cast, sheet=sheet, money="Half.", reason="").startswith("Say why")


def test_letter_of_a_sheet_is_dropped_once_it_was_changed_or_agreed_to(cast, sheet):
    shared(cast, sheet)
    changed(cast, sheet, money="Half.")
    agreed(cast, sheet)
    sent_all(WEEK_SIX + DAY)
    told = [(letter.person.name, letter.dropped_why) for letter in letters("sheet_shared")]
    late = "The sheet was changed since; a later letter tells of it."
    assert sorted(told) == [
        ("Mira Mentor", ""),
        ("Mira Mentor", late),
        ("Sana Scholar", "The reader has agreed."),
        ("Sana Scholar", late),
    ]


# Agreeing


def test_each_agrees_to_the_version_they_have_read(cast, sheet):
    refused_at("", agreed, cast=cast, sheet=sheet)
    shared(cast, sheet)
    with pytest.raises(EditedMeanwhile):
        agreed(cast, sheet, version=1)
    agreed(cast, sheet)
    row = agreed(cast, sheet, at=WEEK_SIX + DAY)
    assert (row.scholar_agreed_at, row.mentor_agreed_at, row.version) == (WEEK_SIX, None, 2)


def test_nobody_else_agrees(cast, sheet):
    omar = TermMentor(cast.place["other_mentor"])
    changed(cast, sheet, mentors=[TermMentor(cast.place["mentor"]), omar])
    shared(cast, sheet)
    for who in ("other_mentor", "coach", "staff"):
        words = refused_at("", agreed, cast=cast, sheet=sheet, who=who)
        assert words == "Sana Scholar and Mira Mentor, the lead mentor, agree to this sheet."


# Its pages


def test_sheet_is_read_by_those_it_is_about_once_it_is_shared(cast, sheet, client):
    readers = dict.fromkeys(("scholar", "mentor", "coach"), 404) | {"staff": 200}
    others = dict.fromkeys(("other_scholar", "other_mentor", "staff_elsewhere", "stranger"), 404)
    assert statuses(cast, client, "sheet", sheet) == readers | others
    shared(cast, sheet)
    assert statuses(cast, client, "sheet", sheet) == dict.fromkeys(readers, 200) | others
    body = page(cast, client, "scholar", "sheet", sheet).content.decode()
    assert "6 months in total, until 3 July 2027" in body
    assert body.count('<td class="quiet">changed</td>') == 2
    assert "I agree to this sheet" in body
    assert "Something is not right? Tell staff; nothing is set until" in body
    assert reverse("case", args=[sheet.case_id]) in page(cast, client, "mentor", "sheet", sheet).content.decode()
    seen = page(cast, client, "coach", "sheet", sheet).content.decode()
    assert [words in seen for words in ("I agree", "not right?", reverse("case", args=[sheet.case_id]))] == [False] * 3


def test_a_press_on_an_older_version_is_answered_in_words_with_the_sheet_as_it_is(cast, sheet, client):
    shared(cast, sheet)
    changed(cast, sheet, money="Half of the stipend.")
    answer = page(cast, client, "scholar", "sheet_agree", sheet, version=2)
    body = answer.content.decode()
    assert (answer.status_code, "It was changed while you were reading" in body) == (422, True)
    assert "Half of the stipend." in body
    assert 'name="_version" value="3"' in body
    assert page(cast, client, "scholar", "sheet_agree", sheet, version=3).status_code == 302
    assert TermSheet.objects.get().scholar_agreed_at is not None


def test_form_changes_all_of_it_at_once(cast, sheet, client):
    said = page(cast, client, "staff", "sheet_change", sheet).context["form"]
    fields = {name: said[name].value() for name in said.fields if not name.startswith("_")}
    fields = {name: getattr(value, "pk", value) for name, value in fields.items() if value is not None}
    fields |= {"mentor_2": cast.place["other_mentor"].pk, "weekday_3": "4", "money": "Half.", "weeks_per_log": "2"}
    answer = page(cast, client, "staff", "sheet_change", sheet, **fields)
    assert answer.context["form"].errors == {
        "mentor_3": ["Choose whose time this is, or leave the time blank."],
    }
    del fields["weekday_3"]
    assert page(cast, client, "staff", "sheet_change", sheet, **fields).status_code == 302
    row = TermSheet.objects.get()
    assert (row.money, row.weeks_per_log, row.version) == ("Half.", 2, 2)
    assert mentors(row) == [("Mira Mentor", True, 1), ("Omar Mentor", False, None)]


def test_export_is_for_staff_and_holds_no_formula(cast, sheet, client):
    changed(cast, sheet, money="=2+2")
    address = reverse("sheets_csv", args=[cast.cohort.slug])
    client.force_login(cast.staff)
    rows = client.get(address).content.decode().splitlines()
    assert rows == [
        "scholar,months in total,first day,last day,hours a week,site,stipend and compute,stands",
        'Sana Scholar,6,2027-04-12,2027-07-03,40,remote,\'=2+2,"accepted, the next-term sheet is open"',
    ]
    asked = questions(client, address)
    for number in range(30):
        cast.place["one"] = a_place(a_person(f"Ada {number}"), cast.cohort, "scholar")
        a_sheet(a_case(cast, "accepted", "one"), cast.place["mentor"])
    assert (len(client.get(address).content.splitlines()), questions(client, address)) == (32, asked)
    client.force_login(cast.mentor)
    assert client.get(address).status_code == 403


def test_pages_ask_few_questions(cast, sheet, client):
    shared(cast, sheet)
    client.force_login(cast.staff)
    pages = ("sheet", "sheet_change", "sheet_share")
    asked = {name: questions(client, reverse(name, args=[sheet.pk])) for name in pages}
    asked["sheets_csv"] = questions(client, reverse("sheets_csv", args=[cast.cohort.slug]))
    client.force_login(cast.scholar)
    asked["sheet_agree"] = questions(client, reverse("sheet_agree", args=[sheet.pk]))
    assert {name: number for name, number in asked.items() if number > 12} == {}, asked
