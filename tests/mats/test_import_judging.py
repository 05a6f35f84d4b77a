"""Every bad row is named with file, line, column and reason."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Cohort
from mats.pages.importing.target import Target
from tests.cast import LAST_DAY, a_caseload, a_cohort, a_pairing, a_person, a_place
from tests.mats.import_files import FOUR, SAM_AND_CAI, SAM_AND_MIA, bad, csv, files, plan, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("week_six")]

SAM = "sam@example.org,Sam Scholar,scholar"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",Sam,scholar", "email: An address is needed here."),
        ("sam at example,Sam,scholar", "email: “sam at example” is not an e-mail address."),
        ("sam@example.org, ,scholar", "name: A name is needed here."),
        ("sam@example.org,\u200b,scholar", "name: A name is needed here."),
        ("sam@example.org,S\0am,scholar", "name: There is a NUL character; take it out."),
        ("sam@example.org,S\u202eam,scholar", "name: There is an invisible direction mark in this; take it out."),
        (f"sam@example.org,{'S' * 121},scholar", "name: This is 121 characters long; at most 120 can be kept here."),
        ("sam@example.org,Sam,boss", "role: “boss” is no role: scholar, mentor, coach or staff."),
        ("sam@example.org,Sam,", "role: “” is no role: scholar, mentor, coach or staff."),
        (
            f"{SAM},Mars/Olympus",
            "time_zone: “Mars/Olympus” is not a time zone. Write it like Europe/London or America/New_York.",
        ),
        (f"{SAM},,,04/01/2027", "starts_on: “04/01/2027” is not written as YYYY-MM-DD, for example 2027-01-31."),
        (f"{SAM},,,2027-02-30", "starts_on: There is no day “2027-02-30”."),
        (f"{SAM},,,2027-01-03", "starts_on: 2027-01-03 is outside the main phase, 2027-01-04 to 2027-04-11."),
        (f"{SAM},,,,2027-04-12", "ends_on: 2027-04-12 is outside the main phase, 2027-01-04 to 2027-04-11."),
        (f"{SAM},,,2027-03-02,2027-03-01", "ends_on: The last day, 2027-03-01, is before the first, 2027-03-02."),
        (f"{SAM},,,,,many", "hours_per_week: “many” is not a number of hours."),
        (f"{SAM},,,,,0", "hours_per_week: Hours a week are more than 0 and at most 80."),
        (f"{SAM},,,,,81", "hours_per_week: Hours a week are more than 0 and at most 80."),
        (f"{SAM},,,,,NaN", "hours_per_week: Hours a week are more than 0 and at most 80."),
        (f'{SAM},,,,,"37,55"', "hours_per_week: Hours a week have at most one decimal."),
    ],
)
def test_person_that_is_not_taken(row, fault):
    assert bad(csv("people", row)) == [f"people.csv:2:{fault}"]


def test_address_twice_in_one_role_names_the_first_line():
    rows = (SAM, "ＳＡＭ@EXAMPLE.org,Sam Scholar,Scholar")
    assert bad(csv("people", *rows)) == ["people.csv:3:email: sam@example.org is a scholar in line 2 already."]


def test_address_with_two_names_is_bad():
    rows = (SAM, "sam@example.org,Samuel,staff")
    assert bad(csv("people", *rows)) == [
        "people.csv:3:name: sam@example.org is called “Sam Scholar” in line 2; one address has one name."
    ]


def test_every_fault_of_every_row_is_named():
    assert [fault.split(": ")[0] for fault in bad(csv("people", "x,,boss", SAM, "y,Y,staff,Nowhere"))] == [
        "people.csv:2:email",
        "people.csv:2:name",
        "people.csv:2:role",
        "people.csv:4:email",
        "people.csv:4:time_zone",
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("sam@example.org,sam@example.org,yes", "mentor: Nobody is their own mentor."),
        (
            "new@example.org,mia@example.org,yes",
            "scholar: new@example.org is no scholar, neither in the people's file nor in the cohort.",
        ),
        ("sam@example.org,cai@example.org,yes", "mentor: cai@example.org is a coach here, not a mentor."),
        ("sam@example.org,mia@example.org,", "lead: Say yes or no."),
        ("sam@example.org,mia@example.org,perhaps", "lead: “perhaps” is neither yes nor no."),
        (
            "sam@example.org,mia@example.org,yes,,,Someday,14:00",
            "weekday: “Someday” is no weekday: Monday or Mon, and so on.",
        ),
        (
            "sam@example.org,mia@example.org,yes,,,Thu,2pm",
            "local_time: “2pm” is not written as HH:MM, for example 14:00.",
        ),
        (
            "sam@example.org,mia@example.org,yes,,,Thu,24:00",
            "local_time: “24:00” is not written as HH:MM, for example 14:00.",
        ),
        (
            "sam@example.org,mia@example.org,yes,,,Thu,",
            "local_time: A weekly meeting has a weekday and a time, or neither.",
        ),
        (
            "sam@example.org,mia@example.org,yes,,,,14:00",
            "weekday: A weekly meeting has a weekday and a time, or neither.",
        ),
        (
            "sam@example.org,mia@example.org,yes,2027-01-04,2027-05-01",
            "ends_on: 2027-05-01 is outside the stay of the scholar sam@example.org, 2027-01-04 to 2027-04-11.",
        ),
    ],
)
def test_pairing_that_is_not_taken(row, fault):
    assert bad(*files(pairings=(row,), caseloads=()))[0] == f"pairings.csv:2:{fault}"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            (SAM_AND_MIA, SAM_AND_MIA),
            "pairings.csv:3:starts_on: sam@example.org has mia@example.org as mentor on these days in line 2.",
        ),
        (
            (SAM_AND_MIA, "sam@example.org,moe@example.org,yes,2027-03-01,2027-04-01"),
            "pairings.csv:3:lead: One lead mentor at a time: sam@example.org has mia@example.org"
            " from 2027-01-04 to 2027-04-11 in line 2.",
        ),
    ],
)
def test_pairings_that_cannot_both_stand(rows, fault):
    people = (*FOUR, "moe@example.org,Moe,mentor")
    assert bad(*files(people, rows, ())) == [fault]


def test_lead_mentors_one_after_the_other_are_good():
    first = "sam@example.org,mia@example.org,yes,2027-01-04,2027-02-28"
    then = "sam@example.org,moe@example.org,YES ,2027-03-01,"
    assert bad(*files((*FOUR, "moe@example.org,Moe,mentor"), (first, then), ())) == []


def test_one_coach_at_a_time():
    rows = (SAM_AND_CAI, "sam@example.org,coe@example.org,2027-04-11,2027-04-11")
    assert bad(*files((*FOUR, "coe@example.org,Coe,coach"), (), rows)) == [
        "caseloads.csv:3:coach: One coach at a time: sam@example.org has cai@example.org"
        " from 2027-01-04 to 2027-04-11 in line 2."
    ]


def test_nobody_is_mentor_and_coach_of_one_scholar_at_a_time():
    people = (*FOUR, "mia@example.org,Mia Mentor,coach")
    assert bad(*files(people, (SAM_AND_MIA,), ("sam@example.org,mia@example.org",))) == [
        "caseloads.csv:2:coach: Nobody is mentor and coach of one scholar at a time:"
        " mia@example.org is a mentor of sam@example.org (pairings.csv, line 2)."
    ]


def test_bad_person_does_not_make_their_pairing_bad_too():
    people = ("sam@example.org,Sam,boss", *FOUR[1:])
    assert bad(*files(people)) == ["people.csv:2:role: “boss” is no role: scholar, mentor, coach or staff."]


def test_pairing_with_somebody_of_another_cohort_is_bad():
    a_place(a_person("Xia Mentor", email="xia@example.org"), a_cohort(), "mentor")
    row = "sam@example.org,xia@example.org,no"
    assert bad(*files(pairings=(row,))) == [
        "pairings.csv:2:mentor: xia@example.org is no mentor, neither in the people's file nor in the cohort."
    ]


def test_shorter_stay_must_hold_what_stands():
    store(files())
    people = (f"{SAM},,London,,2027-03-31", *FOUR[1:])
    assert bad(csv("people", *people)) == [
        "people.csv:2:ends_on: sam@example.org has mia@example.org as mentor from 2027-01-04 to 2027-04-11"
        " in the cohort; this stay would not hold it.",
        "people.csv:2:ends_on: sam@example.org has cai@example.org as coach from 2027-01-04 to 2027-04-11"
        " in the cohort; this stay would not hold it.",
    ]


# --- times that clash -------------------------------------------------------------------------------

TOM = "tom@example.org,Tom,scholar"
IN_NEW_YORK = "tom@example.org,mia@example.org,yes,,,thu,10:00,America/New_York"


def clash(*rows: str) -> list[str]:
    return bad(*files((*FOUR, TOM, "moe@example.org,Moe,mentor"), rows, ()))


def test_mentor_in_two_meetings_at_once_is_bad():
    assert clash(SAM_AND_MIA, "tom@example.org,mia@example.org,yes,,, THURSDAY ,14:15,Europe/London") == [
        "pairings.csv:3:local_time: Thursday 14:15 Europe/London clashes for mia@example.org with line 2,"
        " sam@example.org with mia@example.org, Thursday 14:00 Europe/London."
    ]


def test_scholar_in_two_meetings_at_once_is_bad():
    assert clash(SAM_AND_MIA, "sam@example.org,moe@example.org,no,,,Thu,9:00,America/New_York") == [
        "pairings.csv:3:local_time: Thursday 09:00 America/New_York clashes for sam@example.org with line 2,"
        " sam@example.org with mia@example.org, Thursday 14:00 Europe/London, in weeks 1 to 10 and 13 to 14 only:"
        " the clocks of America/New_York and Europe/London are not always the same hours apart."
    ]


def test_weeks_are_named_where_only_the_clocks_of_two_zones_differ():
    assert clash(SAM_AND_MIA, IN_NEW_YORK) == [
        "pairings.csv:3:local_time: Thursday 10:00 America/New_York clashes for mia@example.org with line 2,"
        " sam@example.org with mia@example.org, Thursday 14:00 Europe/London,"
        " in weeks 11 (Thu 18 Mar) and 12 (Thu 25 Mar) only:"
        " the clocks of America/New_York and Europe/London are not always the same hours apart."
    ]


def test_meetings_side_by_side_and_one_after_the_other_are_good():
    rows = (
        SAM_AND_MIA,
        "tom@example.org,mia@example.org,yes,,,Thursday,14:30,Europe/London",
    )
    assert clash(*rows) == []


def test_same_time_on_other_days_of_the_season_is_good():
    early = SAM_AND_MIA.replace("yes,,", "yes,2027-01-04,2027-02-14")
    late = "tom@example.org,mia@example.org,yes,2027-02-15,,Thursday,14:00,Europe/London"
    assert clash(early, late) == []


def test_meeting_in_another_cohort_clashes_without_its_names():
    other = a_cohort()
    mia = a_person("Mia Mentor", email="mia@example.org")
    pair = (a_place(a_person("Una"), other, "scholar"), a_place(mia, other, "mentor"))
    a_pairing(*pair, weekday=3, local_time="14:00", time_zone="Europe/London")
    assert clash(SAM_AND_MIA) == [
        "pairings.csv:2:local_time: Thursday 14:00 Europe/London clashes for mia@example.org"
        " with a weekly meeting in another cohort."
    ]


def test_team_that_stands_with_one_time_is_not_called_a_clash():
    store(files((*FOUR, TOM), (SAM_AND_MIA,), ()))
    cohort = Cohort.objects.get(slug="spring")
    places = {place.person.email[:3]: place for place in cohort.memberships.select_related("person")}
    a_pairing(places["tom"], places["mia"], weekday=3, local_time="14:00", time_zone="Europe/London")
    both = (SAM_AND_MIA, SAM_AND_MIA.replace("sam@", "tom@"))
    assert bad(*files((*FOUR, TOM), both, ())) == []


@pytest.mark.parametrize("rows", [400])
def test_many_meetings_at_one_time_are_judged_in_one_sweep(rows):
    people = [f"s{number}@example.org,S,scholar" for number in range(rows)]
    pairings = [f"s{number}@example.org,mia@example.org,yes,,,Mon,9:00,Europe/London" for number in range(rows)]
    assert len(bad(*files((*FOUR, *people), pairings, ()))) == rows - 1


def test_main_phase_one_day_too_short_names_the_first_long_enough_day():
    with pytest.raises(ValidationError) as refusal:
        Target(plan=plan(ends_on=LAST_DAY.replace(day=2))).frame()
    assert refusal.value.message_dict == {
        "ends_on": [
            "A main phase lasts at least three calendar months. The first last day that is long enough is 3 April 2027."
        ]
    }


def test_disabled_account_gets_no_new_place():
    a_person("Sam Scholar", email="sam@example.org", is_active=False)
    assert bad(csv("people", SAM)) == ["people.csv:2:email: The account with this address is disabled."]


def test_coach_of_the_scholar_in_another_cohort_is_not_their_mentor():
    other = a_cohort()
    sam, mia = a_person("Sam Scholar", email="sam@example.org"), a_person("Mia Mentor", email="mia@example.org")
    a_caseload(a_place(sam, other, "scholar"), a_place(mia, other, "coach"))
    assert bad(*files()) == [
        "pairings.csv:2:mentor: Nobody is mentor and coach of one scholar at a time:"
        " mia@example.org is the coach of sam@example.org."
    ]
