"""Setting up a cohort in one sitting: steps, preview, promises, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from cohorts.models import Cohort, Invitation, Leave, Membership, Person, Role
from mats.pages.actions.removal import remove_cohort
from mats.pages.set_up import promises
from mats.pages.set_up.facts import Facts, Row
from mats.pages.set_up.page import read_set_up
from mentorship.actions.launch import launch_cohort
from tests.attack.pages import rows
from tests.cast import (
    FIRST_DAY,
    LAST_DAY,
    LONDON,
    LONG_AGO,
    Cast,
    a_caseload,
    a_cohort,
    a_milestone,
    a_pairing,
    a_person,
    a_place,
    a_round,
    a_submission,
)
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.counting import questions

BEFORE = dt.datetime(2026, 12, 15, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def third(cast: Cast) -> Cohort:
    """Not launched: two scholars with one mentor, a coach and one of staff; only staff have come in."""
    cohort = a_cohort("Third", "third", launched_at=None)
    a_place(cast.staff, cohort, Role.STAFF)
    mentor, coach = a_place(cast.mentor, cohort, Role.MENTOR), a_place(cast.coach, cohort, Role.COACH)
    for person, hour in ((cast.scholar, 14), (cast.other_scholar, 15)):
        scholar = a_place(person, cohort, Role.SCHOLAR)
        a_pairing(scholar, mentor, weekday=3, local_time=dt.time(hour), time_zone=LONDON)
        a_caseload(scholar, coach)
    Membership.objects.filter(cohort=cohort).exclude(role=Role.STAFF).update(accepted_at=None)
    return cohort


def body(client, cast: Cast) -> str:
    client.force_login(cast.staff)
    page = client.get(reverse("set_up", args=["third"])).content.decode()
    return " ".join(page.partition("<main")[2].partition("</main>")[0].split())


def test_steps_say_what_is_done_and_what_is_missing(client, cast, third):
    assert body(client, cast).count("<strong>Done.</strong>") == 4
    a_place(a_person("Nina New"), third, Role.SCHOLAR)
    page = body(client, cast)
    assert "1 scholar is not paired with a mentor yet; this can wait until after launch." in page
    assert "1 scholar is without a coach; this can wait until after launch." in page
    assert page.count("<strong>Done.</strong>") == 2


def test_empty_cohort_misses_its_scholars(client, cast):
    a_place(cast.staff, a_cohort("Third", "third", launched_at=None), Role.STAFF)
    page = body(client, cast)
    assert "Without a scholar there is no launch." in page
    assert (page.count("<strong>Missing.</strong>"), reverse("cohort_launch", args=["third"]) in page) == (4, False)


def test_preview_foresees_what_the_launch_plans(cast, third):
    """Mira has a meeting of another cohort in week six, and Otto is away in week two."""
    away = Membership.objects.get(cohort=third, person=cast.other_scholar)
    second = FIRST_DAY + dt.timedelta(weeks=1)
    Leave.objects.create(membership=away, starts_on=second, ends_on=second + dt.timedelta(days=6), created_at=BEFORE)
    before = rows()
    page = read_set_up(third, cast.staff, BEFORE)
    assert rows() == before
    assert sorted((one.who, one.weeks, one.why) for one in page.unplanned) == [
        ("Otto Scholar and Mira Mentor", "week 2", "one of them is away"),
        ("Sana Scholar and Mira Mentor", "week 6", "one of them has another meeting then"),
    ]
    done = launch_cohort(cohort=third, by=cast.staff, at=BEFORE, version=1)
    foreseen = {(one.pairing.pk, one.week.number, one.why) for one in page.plan.left_out}
    assert {(one.pairing.pk, one.week.number, one.why) for one in done.left_out} == foreseen
    assert (done.logs, page.plan.logs) == (28, 28)
    planned = sum(one.meetings for one in page.plan.weeks if one.week.number <= 6)
    assert (done.meetings, planned, page.plan.meetings) == (10, 10, 26)


def test_first_messages_come_in_the_order_of_time(cast, third):
    page = read_set_up(third, cast.staff, BEFORE)
    assert [(one.at and one.at.isoformat(), one.words.split(":")[0]) for one in page.sendings] == [
        (None, "4 invitations, one for each place but your own."),
        ("2027-01-05T18:00:00+00:00", "To scholars who have not sent their weekly log"),
        ("2027-01-06T18:00:00+00:00", "To scholars whose weekly log is overdue."),
        ("2027-01-07T15:00:00+00:00", "To a scholar whose meeting nobody started"),
    ]
    assert [role for role, _ in page.letters] == ["scholar", "mentor", "coach"]
    assert "Third" in page.letters[0][1].subject


def test_launch_sends_the_invitations(client, cast, third):
    client.force_login(cast.staff)
    assert "The invitations are sent at once" in client.get(reverse("cohort_launch", args=["third"])).content.decode()
    assert client.post(reverse("cohort_launch", args=["third"]), sent()).status_code == 302
    invited = Invitation.objects.filter(cohort=third).values_list("membership__person", flat=True)
    assert set(invited) == {cast.scholar.pk, cast.other_scholar.pk, cast.mentor.pk, cast.coach.pk}
    assert "Third was launched" in body(client, cast)


def test_home_of_staff_leads_to_the_set_up_until_launch(client, cast):
    first = a_person("Fay First", starts_cohorts=True)
    a_place(first, a_cohort("Third", "third", launched_at=None), Role.STAFF)
    client.force_login(first)
    assert client.get("/")["Location"] == reverse("set_up", args=["third"])
    assert (
        f'href="{reverse("set_up", args=["third"])}"' in client.get(reverse("people", args=["third"])).content.decode()
    )


def test_number_of_questions_is_constant(client, cast, third):
    client.force_login(cast.staff)
    url, mentor = reverse("set_up", args=["third"]), Membership.objects.get(cohort=third, role=Role.MENTOR)
    few = questions(client, url)
    for number in range(20):
        scholar = a_place(a_person(f"Scholar {number}"), third, Role.SCHOLAR)
        a_pairing(scholar, mentor, weekday=number % 7, local_time=dt.time(9), time_zone=LONDON)
    assert (questions(client, url), few <= 12) == (few, True)


# --- promises -------------------------------------------------------------------------------------

ANA, BEN, DAN, EVE, SAM, TOM = (uuid.UUID(int=number) for number in range(1, 7))
NAMES = {ANA: "Ana", BEN: "Ben", DAN: "Dan", EVE: "Eve", SAM: "Sam", TOM: "Tom"}


def facts(places: dict, *, duties=(), mentors=None, coaches=(), milestone: bool = False) -> Facts:
    """`places` are people by role; `duties` kind, person and role; `coaches` scholar and coach."""
    rows_there = [
        Row("place", role, uuid.uuid4(), person, NAMES[person], None, None)
        for role, people in places.items()
        for person in people
    ]
    rows_there += [Row("duty", kind, person, None, role, FIRST_DAY, None) for kind, person, role in duties]
    rows_there += [Row("caseload", "", scholar, coach, "", FIRST_DAY, LAST_DAY) for scholar, coach in coaches]
    rows_there += [Row("milestone", "plan", uuid.uuid4(), None, "", FIRST_DAY, FIRST_DAY)] * milestone
    return Facts(Cohort(name="Small", slug="small"), rows_there, mentors or {})


def broken(**more) -> list[str]:
    return [one.promise.split(".")[0] for one in promises.broken_promises(facts(**more))]


WHOLE = {
    "places": {"scholar": [SAM], "mentor": [ANA], "coach": [BEN, EVE], "staff": [DAN, TOM], "outside": [EVE]},
    "duties": [
        ("committee", DAN, "staff"), ("committee", TOM, "staff"), ("duty_lead", DAN, "staff"),
        ("concern_recipient", TOM, "staff"), ("concern_recipient", EVE, "outside"),
    ],
    "mentors": {SAM: {ANA}},
    "coaches": [(SAM, BEN)],
    "milestone": True,
}  # fmt: skip


def test_whole_programme_keeps_every_promise():
    assert broken(**WHOLE) == []


def test_one_person_as_director_mentor_and_coach_breaks_those_that_need_two():
    alone = {"scholar": [SAM], "mentor": [DAN], "coach": [DAN], "staff": [DAN]}
    assert broken(places=alone, mentors={SAM: {DAN}}, milestone=True) == [
        "Two people decide on each extension",
        "Nobody is mentor and coach of the same scholar",
        "Whoever wants another coach gets one, and two coaches can consult each other",
        "In danger to life one duty lead acts at once, and a second person reviews it within a day",
        "A concern reaches at least two people, one of them outside the programme, and never the one it is about",
        "Somebody of staff notices when 1-1s stop, without reading any",
        "The programme ends nobody’s place on one person’s word",
        "Each research plan is read by somebody who does not mentor its author",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mentors": {SAM: {ANA, DAN}}}, "Two people decide on each extension"),
        ({"duties": WHOLE["duties"][:3]}, "A concern reaches"),
        ({"duties": [*WHOLE["duties"][:4], ("concern_recipient", DAN, "staff")]}, "A concern reaches"),
        ({"duties": [one for one in WHOLE["duties"] if one[0] != "duty_lead"]}, "In danger to life"),
        ({"places": {**WHOLE["places"], "coach": [BEN]}}, "Whoever wants another coach"),
        ({"places": {**WHOLE["places"], "coach": []}}, "Every scholar has a coach"),
    ],
)
def test_what_breaks_one_promise_is_named(change, expected):
    [promise] = broken(**{**WHOLE, **change})
    assert promise.startswith(expected)


def test_broken_promise_says_what_to_do(client, cast, third):
    page = body(client, cast)
    assert "One person is on the committee." not in page
    assert "Nobody is on the committee." in page
    assert "Ask an outside member" in page
    assert f'href="{reverse("duties", args=["third"])}"' in page


# --- taken back -----------------------------------------------------------------------------------


def sent(**fields: str) -> dict[str, str]:
    return {"_key": str(uuid.uuid4()), "_version": "1", **fields}


def removal(client, who, **fields: str):
    client.force_login(who)
    return client.post(reverse("cohort_remove", args=["third"]), sent(**fields))


def of_no_act(tables: dict) -> dict:
    """Without what says that somebody did something."""
    quiet = {"forms_submission", "cohorts_person"}
    return {name: rows for name, rows in tables.items() if name not in quiet and not name.endswith("event")}


def test_removal_takes_all_of_it_and_nothing_else(client, cast):
    before = of_no_act(rows())
    third = a_cohort("Third", "third", launched_at=None)
    a_place(cast.staff, third, Role.STAFF)
    newcomer, elsewhere = a_person("Nina New"), a_place(cast.mentor, third, Role.MENTOR)
    scholar = a_place(newcomer, third, Role.SCHOLAR)
    a_pairing(scholar, elsewhere)
    a_caseload(scholar, a_place(cast.coach, third, Role.COACH))
    Leave.objects.create(membership=scholar, starts_on=FIRST_DAY, ends_on=FIRST_DAY, created_at=LONG_AGO)
    a_submission(a_milestone(third), scholar)
    a_round(third)
    answer = removal(client, cast.staff, name="Third")
    assert (answer.status_code, answer["Location"]) == (302, reverse("cohort_list"))
    assert of_no_act(rows()) == before
    assert not Person.objects.filter(pk=newcomer.pk).exists()
    assert Person.objects.filter(pk=cast.mentor.pk).exists()


def test_removal_asks_for_the_name(client, cast, third):
    assert removal(client, cast.staff, name="Thrid").status_code == 422
    assert removal(client, cast.staff).status_code == 422
    assert Cohort.objects.filter(pk=third.pk).exists()


def test_launched_cohort_is_never_removed(client, cast, third):
    launch_cohort(cohort=third, version=1, **by_staff(cast))
    answer = removal(client, cast.staff, name="Third", _version="2")
    assert (answer.status_code, Cohort.objects.filter(pk=third.pk).exists()) == (403, True)
    third.refresh_from_db()
    words = refused_at("", remove_cohort, cohort=third, version=2, name="Third", **by_staff(cast))
    assert words == "This cohort is launched: nothing of it is deleted any more."


def test_removal_is_for_staff(client, cast, third):
    assert [removal(client, who, name="Third").status_code for who in (cast.mentor, cast.stranger)] == [404, 404]


def test_account_that_was_used_stays(client, cast, third):
    used = a_person("Uma Used", last_login=LONG_AGO)
    a_place(used, third, Role.SCHOLAR)
    assert removal(client, cast.staff, name="Third").status_code == 302
    assert Person.objects.filter(pk=used.pk).exists()
