"""History a person can read: of one thing for its staff, of oneself for everybody."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.urls import reverse

from coaching.models import Note
from cohorts.actions.caseload import correct_caseload, hand_over_caseload
from cohorts.models import Ending, Person, Role, Site
from mats.identity.transaction import acting
from mats.pages.history import reading
from mats.pages.history.own import TOLD
from mentorship.actions.action import drop_action
from mentorship.actions.log import submit_log
from mentorship.models import (
    Absence,
    Action,
    AgendaItem,
    Conflict,
    OwnNote,
    PairingWeek,
    SheetMentor,
    StandardLine,
    SubmittedText,
)
from tests.access.test_matrix import normalised
from tests.cast import WEEK_SIX, a_person, a_place, week_start
from tests.coaching.conftest import a_line, a_note, a_one_on_one
from tests.cohorts.staff import by_staff, day
from tests.mentorship.cases import a_case, an_approval
from tests.mentorship.counting import questions

KINDS = ("cohort", "person", "pairing", "log", "meeting")


def sent(**fields: str) -> dict[str, str]:
    return {"_key": str(uuid.uuid4()), "_version": "1", **fields}


def address(cast, kind: str) -> str:
    row = {"cohort": cast.cohort, "person": cast.place["scholar"]}.get(kind) or getattr(cast, kind)
    return reverse("history", args=[kind, row.pk])


def body(client, person, url: str) -> str:
    client.force_login(person)
    page = normalised(client.get(url).content).decode()
    return page.partition('id="content"')[2].partition("</main>")[0]


def end_the_pairing(client, cast) -> None:
    client.force_login(cast.staff)
    answer = client.post(
        reverse("pairing_end", args=[cast.pairing.pk]), sent(last_day="2027-02-14", reason="A new job.")
    )
    assert answer.status_code == 302


def test_history_says_who_as_what_from_where_and_why(client, cast):
    end_the_pairing(client, cast)
    for kind in ("person", "pairing"):
        page = body(client, cast.staff, address(cast, kind))
        assert "last day 11 April 2027 → 14 February 2027" in page
        assert "Stella Staff, as staff member, <time" in page
        assert "</time>, from the pairing’s page" in page
        assert "Why: A new job." in page


def test_what_no_relation_is_known_of_claims_none(client, cast):
    with acting(cast.staff, WEEK_SIX):
        cast.pairing.is_lead = False
        cast.pairing.save_edit("is_lead")
    page = body(client, cast.staff, address(cast, "pairing"))
    assert "lead mentor yes → no" in page
    assert "Stella Staff, <time" in page


def test_times_are_those_of_the_reader(client, cast):
    Person.objects.filter(pk=cast.staff.pk).update(time_zone="America/New_York")
    cast.staff.refresh_from_db()
    assert "time Thu 11 Feb 09:00–09:30" in body(client, cast.staff, address(cast, "meeting"))


def test_texts_of_a_log_stand_folded_before_and_after(client, cast):
    for version, text in enumerate(("Ran the probe.", "Ran the ablation."), start=1):
        with acting(cast.scholar, WEEK_SIX, page=reverse("log_write", args=[cast.log.pk])):
            submit_log(log=cast.log, by=cast.scholar, at=WEEK_SIX, version=version, done=text)
    page = body(client, cast.staff, address(cast, "log"))
    assert "Weekly log of Sana Scholar, week 6 sent" in page
    before = page.index("What I did and learned: before and after")
    assert before < page.index("Ran the probe.", before) < page.index("Ran the ablation.", before)


def test_rows_that_were_added_in_one_act_stand_in_one_line(client, cast):
    with acting(cast.staff, WEEK_SIX):
        PairingWeek.objects.bulk_create(
            PairingWeek(
                pairing=cast.pairing, week_starts_on=week_start(n), number=n, closes_at=WEEK_SIX, created_at=WEEK_SIX
            )
            for n in range(8, 13)
        )
    page = body(client, cast.staff, address(cast, "pairing"))
    assert "5 weeks added" in page
    assert [f"<li>Week {n}</li>" in page for n in range(8, 13)] == [True] * 5


def test_long_history_comes_in_pages(client, cast):
    facts = {"cohort": cast.cohort, "time_zone": "UTC", "created_at": WEEK_SIX}
    Site.objects.bulk_create(Site(name=f"Site {n}", **facts) for n in range(2 * reading.PAGE))
    pages = [body(client, cast.staff, f"{address(cast, 'cohort')}?page={n}") for n in ("1", "2", "99", "nonsense", "٣")]
    assert ['rel="next"' in page for page in pages] == [True, True, False, True, True]
    assert "Cohort Winter 2027 added" not in pages[0]
    assert "Nothing older" in pages[2]


def test_nonsense_has_no_history(client, cast):
    client.force_login(cast.staff)
    for kind in ("caseload", "note", "coached"):
        assert client.get(reverse("history", args=[kind, cast.caseload.pk])).status_code == 404


def test_pages_lead_to_their_history_for_staff_alone(client, cast):
    pages = {
        "cohort": reverse("cohort", args=[cast.cohort.slug]),
        "person": reverse("person", args=[cast.place["scholar"].pk]),
        **{kind: reverse(kind, args=[getattr(cast, kind).pk]) for kind in ("pairing", "log", "meeting")},
    }
    for kind, url in pages.items():
        leads = [f'href="{address(cast, kind)}"' in body(client, who, url) for who in (cast.staff, cast.mentor)]
        assert (kind, leads) == (kind, [True, False])


# --- the wall -------------------------------------------------------------------------------------


@pytest.fixture
def staff_who_mentors(cast):
    """Of staff, and the scholar's mentor: no trace of coaching is for them."""
    a_place(cast.mentor, cast.cohort, Role.STAFF)
    return cast.mentor


def test_coaching_leaves_no_trace_in_any_history(client, cast, staff_who_mentors):
    urls = [*(address(cast, kind) for kind in KINDS), reverse("my_history")]
    before = [body(client, staff_who_mentors, url) for url in urls]
    a_note(cast, audience=Note.Audience.WITH_SCHOLAR)
    a_one_on_one(cast)
    a_line(cast)
    facts = {"starts_on": cast.caseload.starts_on, "ends_on": cast.caseload.ends_on, "cadence_days": 7}
    with acting(cast.staff, WEEK_SIX):
        correct_caseload(caseload=cast.caseload, version=1, **facts, **by_staff(cast))
    assert [body(client, staff_who_mentors, url) for url in urls] == before
    assert "Assignment of Sana Scholar and Cleo Coach added" in before[1]


def test_why_a_coach_was_changed_is_not_for_a_mentor(client, cast, staff_who_mentors):
    with acting(cast.staff, WEEK_SIX):
        hand_over_caseload(
            caseload=cast.caseload, coach=cast.place["other_coach"], version=1, starts_on=day(3, 1),
            reason="She asked for another one.", **by_staff(cast),
        )  # fmt: skip
    pages = [body(client, who, address(cast, "person")) for who in (cast.staff, staff_who_mentors)]
    assert ["She asked for another one." in page for page in pages] == [True, False]
    assert "Assignment of Sana Scholar and Odd Coach added" in pages[1]


def test_agenda_item_that_was_taken_off_has_left_without_a_trace(client, cast):
    item = AgendaItem.objects.create(meeting=cast.meeting, added_by=cast.scholar, text="Sleep", created_at=WEEK_SIX)
    assert "Agenda item “Sleep” added" in body(client, cast.staff, address(cast, "meeting"))
    item.archived_at = WEEK_SIX
    item.save_edit("archived_at")
    assert "Sleep" not in body(client, cast.staff, address(cast, "meeting"))


def test_who_was_missing_is_not_for_staff_of_that_meeting(client, cast, staff_who_mentors):
    with acting(cast.scholar, WEEK_SIX):
        Absence.objects.create(meeting=cast.meeting, said_by=cast.scholar, who="mentor", created_at=WEEK_SIX)
    pages = [body(client, who, address(cast, "meeting")) for who in (cast.staff, staff_who_mentors)]
    assert ["Who was missing" in page for page in pages] == [True, False]


def test_ending_that_is_only_proposed_is_not_for_whom_it_is_about(client, cast):
    colleague = a_place(a_person("Siri Staff"), cast.cohort, Role.STAFF)
    with acting(cast.staff, WEEK_SIX):
        Ending.objects.create(
            cohort=cast.cohort, membership=colleague, how="programme", reason="Said no.", talk_on=day(2, 1),
            letter="Dear Siri", proposed_by=cast.staff, created_at=WEEK_SIX,
        )  # fmt: skip
    url = reverse("history", args=["person", colleague.pk])
    assert ["Ending of" in body(client, who, url) for who in (cast.staff, colleague.person)] == [True, False]


# --- of oneself -----------------------------------------------------------------------------------


def test_everybody_reads_what_others_did_to_their_place(client, cast):
    end_the_pairing(client, cast)
    for who in (cast.scholar, cast.mentor, cast.staff):
        page = body(client, who, reverse("my_history"))
        assert "Pairing of Sana Scholar and Mira Mentor changed" in page
        assert "Stella Staff, as staff, <time" in page
        assert "Why: A new job." in page
    assert "Sana Scholar" not in body(client, cast.other_mentor, reverse("my_history"))


def test_everybody_reads_what_they_did(client, cast):
    action = Action.objects.create(
        pairing=cast.pairing, owner=cast.place["scholar"], added_by=cast.mentor, what="Run it", created_at=WEEK_SIX
    )
    with acting(cast.scholar, WEEK_SIX, page=reverse("home")):
        drop_action(action=action, by=cast.scholar, at=WEEK_SIX, why="Not worth it.")
    page = body(client, cast.scholar, reverse("my_history"))
    assert "Action “Run it” dropped" in page
    assert "</time>, from Home" in page
    assert "Run it" not in body(client, cast.mentor, reverse("my_history"))


def test_private_reasons_stand_in_nobodys_history(client, cast):
    case = a_case(cast)
    with acting(cast.staff, WEEK_SIX):
        an_approval(case, cast.place["other_mentor"], named_by=cast.staff, named_why="They fell out.")
        Conflict.objects.create(
            cohort=cast.cohort, person=cast.other_coach, scholar=cast.place["scholar"], declared_by=cast.staff,
            why="They share a flat.", created_at=WEEK_SIX,
        )  # fmt: skip
        Absence.objects.create(meeting=cast.meeting, said_by=cast.staff, who="mentor", created_at=WEEK_SIX)
    for who in (cast.staff, cast.scholar, cast.other_mentor, cast.other_coach):
        page = body(client, who, reverse("my_history"))
        assert [word in page for word in ("fell out", "share a flat", "missing")] == [False] * 3
        assert ("Approval of Omar Mentor added" in page) is (who == cast.staff)


def test_what_of_each_model_is_told_of_oneself_was_decided():
    """A new model says here whether people read of it in their own history."""
    never = {Absence, OwnNote, Ending, PairingWeek, SubmittedText, StandardLine, SheetMentor}
    tracked = {
        model
        for label in ("cohorts", "mentorship")
        for model in apps.get_app_config(label).get_models()
        if hasattr(model, "pgh_event_model")
    }
    assert tracked == set(TOLD) | never


def test_numbers_of_questions_are_constant(client, cast):
    urls = [*(address(cast, kind) for kind in KINDS), reverse("my_history")]
    client.force_login(cast.staff)

    def more(numbers: range) -> list[int]:
        with acting(cast.staff, WEEK_SIX):
            for number in numbers:
                AgendaItem.objects.create(
                    text=str(number), meeting=cast.meeting, added_by=cast.mentor, created_at=WEEK_SIX
                )
                a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        return [questions(client, url) for url in urls]

    few = more(range(1))
    assert (more(range(1, 30)), max(few) <= 12) == (few, True)
