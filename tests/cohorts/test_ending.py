"""How a place ends: left, ended by the programme, completed; and what closes with it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from coaching.models import OneOnOne
from cohorts.actions.ending import complete, confirm_end, drop_end, propose_end, withdraw
from cohorts.actions.membership import add_person
from cohorts.ending_letters import PLACE_ENDED
from cohorts.endings import what_is_open
from cohorts.endings_seen import ended_of
from cohorts.models import Caseload, Duty, Ending, Membership, Role
from mats.identity.transaction import acting
from mats.post.models import Message
from mats.post.outbox import claim, deliver
from mentorship.funnel import read_funnel
from mentorship.models import Attendance, ExtensionCase, Meeting, Pairing, WeeklyLog
from tests.access.visitors import a_note, a_planned_one_on_one
from tests.cast import (
    WEEK_SIX,
    a_log,
    a_meeting,
    a_milestone,
    a_pairing,
    a_person,
    a_place,
    a_submission,
    week_start,
)
from tests.cohorts.staff import by_staff, refused_at, unlaunched
from tests.mentorship.cases import a_case, a_duty
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import a_line

TODAY = WEEK_SIX.date()
DAY = dt.timedelta(days=1)
AFTER_ALL = dt.datetime(2027, 4, 13, 9, tzinfo=dt.UTC)
TALKED = {"talk_on": TODAY, "talk_note": "We spoke, Ada was there.", "letter": "We end your place.\n\nAda"}


@pytest.fixture
def ada(cast):
    """A second person of staff."""
    cast.place["ada"] = a_place(a_person("Ada Staff"), cast.cohort, Role.STAFF)
    return cast.place["ada"].person


def proposed(cast, who: str = "scholar", **more) -> Ending:
    facts = {"membership": cast.place[who], "how": "programme", "reason": "No contact.", **TALKED, **by_staff(cast)}
    return propose_end(**{**facts, **more})


def left(cast, who: str = "scholar", **more) -> Membership:
    return withdraw(membership=cast.place[who], by=cast.place[who].person, at=WEEK_SIX, **more)


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("person__name", flat=True))


def sent(client, address: str, **fields):
    return client.post(address, {"_key": str(uuid.uuid4()), **fields})


# --- left -------------------------------------------------------------------------------------------


def test_everything_open_is_listed_and_closed_in_one_step(cast, client):
    """Meetings by themselves and by hand, a team's, a planned 1-1, an open case, what is owed, a duty."""
    place, mentor = cast.place["scholar"], cast.place["mentor"]
    by_hand = a_meeting(cast.pairing, 7, WEEK_SIX + 8 * DAY, planned_by=cast.mentor)
    a_log(place, 7), a_log(place, 3, done="Read.")
    plan = a_planned_one_on_one(cast, "coach", "scholar")
    tomorrow = (WEEK_SIX + DAY, WEEK_SIX + DAY + dt.timedelta(hours=1))
    with acting(cast.coach, WEEK_SIX):
        OneOnOne.objects.filter(pk=plan.pk).update(planned=tomorrow)
    case = a_case(cast)
    with acting(cast.scholar, WEEK_SIX):
        listed = {group.title: len(group.items) for group in what_is_open(place, cast.scholar, WEEK_SIX)}
    assert listed == {
        "Who works with whom": 2,
        "Planned meetings": 2,
        "Extension": 1,
        "Weekly logs that are owed": 2,
        "Planned 1-1s": 1,
    }
    client.force_login(cast.scholar)
    address = reverse("place_withdraw", args=[place.pk])
    first, second = client.get(address).content.decode(), client.get(f"{address}?leave=1").content.decode()
    assert ("Yes, leave" in first, "Yes, leave" in second) == (False, True)
    assert "Planned 1-1s</strong> (1)" in first
    assert sent(client, address).status_code == 422
    assert sent(client, address, is_sure="on").url == "/"
    place.refresh_from_db()
    assert (place.ended_how, place.reads_until - place.ended_at) == ("left", dt.timedelta(days=60))
    assert place.archived_at == place.ended_at
    assert not Meeting.objects.filter(pk__in=[cast.meeting.pk, by_hand.pk], is_live=True, archived_at=None).exists()
    assert ExtensionCase.objects.get(pk=case.pk).state == "withdrawn"
    assert not WeeklyLog.objects.filter(scholar=place, archived_at=None, submitted_at=None).exists()
    ends = [model.objects.get(scholar=place).ends_on for model in (Pairing, Caseload)]
    assert ends == [TODAY - DAY] * 2
    with acting(cast.scholar, WEEK_SIX + DAY):
        assert OneOnOne.objects.get(pk=plan.pk).archived_at
    assert Ending.objects.get().proposed_by == Ending.objects.get().confirmed_by == cast.scholar
    assert [letters(kind) for kind in ("place_ended", "place_left")] == [["Sana Scholar"], ["Stella Staff"]]
    assert letters("place_ended_beside") == ["Cleo Coach", "Mira Mentor"]
    assert mentor.archived_at is None
    client.force_login(cast.staff)
    assert "No longer" not in client.get(reverse("person", args=[place.pk])).content.decode()


def test_teams_meeting_goes_on_without_who_leaves(cast):
    other = a_pairing(cast.place["other_scholar"], cast.place["mentor"], is_lead=False)
    week = other.weeks.create(
        week_starts_on=week_start(6), number=6, closes_at=WEEK_SIX + 4 * DAY, meeting=cast.meeting, created_at=WEEK_SIX
    )
    Attendance.objects.create(meeting=cast.meeting, person=cast.other_scholar, during=cast.meeting.planned)
    left(cast)
    week.refresh_from_db()
    people = cast.meeting.attendances.values_list("person__name", flat=True)
    assert (week.meeting_id, week.meeting.is_live, sorted(people)) == (
        cast.meeting.pk, True, ["Mira Mentor", "Otto Scholar"],
    )  # fmt: skip


def test_who_leaves_takes_duties_and_those_held_for_them_along(cast):
    duties = [
        a_duty(cast.place["mentor"], "concern_recipient"),
        a_duty(cast.place["other_mentor"], "stand_in", for_membership=cast.place["mentor"]),
    ]
    left(cast, "mentor", reason="A new job.")
    assert [Duty.objects.get(pk=duty.pk).ends_on for duty in duties] == [TODAY - DAY] * 2
    assert not Meeting.objects.get(pk=cast.meeting.pk).is_live
    cast.pairing.refresh_from_db()
    assert cast.pairing.end_reason == "The place of one of them has ended."
    assert "A new job." not in str(list(cast.pairing.events.values_list("pgh_context", flat=True)))


def test_nobody_else_leaves_for_somebody(cast, client):
    address = reverse("place_withdraw", args=[cast.place["scholar"].pk])
    for who, status in (("staff", 403), ("mentor", 403), ("staff_elsewhere", 404)):
        client.force_login(getattr(cast, who))
        assert sent(client, address, is_sure="on").status_code == status
    refused_at("", withdraw, membership=cast.place["scholar"], **by_staff(cast))
    refused_at("", left, cast=cast, who="staff")
    assert cast.place["scholar"].ended_at is None


# --- ended by the programme -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("how", {"how": "completed"}),
        ("reason", {"reason": ""}),
        ("talk_on", {"talk_on": None}),
        ("talk_on", {"talk_on": TODAY + DAY}),
        ("talk_note", {"talk_note": ""}),
        ("letter", {"letter": ""}),
        ("", {"who": "staff"}),
    ],
)
def test_ending_is_refused_in_words(cast, field, wrong):
    refused_at(field, proposed, cast=cast, **wrong)
    assert not Ending.objects.exists()


def test_programme_ends_a_place_with_two_people_and_a_letter(cast, ada, client):
    row = proposed(cast)
    refused_at("", proposed, cast=cast, by=ada)
    refused_at("", confirm_end, ending=row, **by_staff(cast))
    place = cast.place["scholar"]
    client.force_login(cast.scholar)
    assert client.get(reverse("ending", args=[row.pk])).status_code == 404
    confirm_end(ending=row, by=ada, at=WEEK_SIX)
    refused_at("", confirm_end, ending=row, by=ada, at=WEEK_SIX)
    refused_at("", drop_end, ending=row, by=ada, at=WEEK_SIX, reason="No.")
    place.refresh_from_db()
    assert (place.ended_how, Ending.objects.get().reason) == ("programme", "No contact.")
    deliver(claim(WEEK_SIX, kind="place_ended"), WEEK_SIX)
    assert "We end your place.\n\nAda" in mail.outbox[0].body
    page = client.get(reverse("ending", args=[row.pk])).content.decode()
    assert "No contact." in page
    assert "Who can read this" in page


def test_database_refuses_one_person_or_no_talk(cast, ada):
    facts = {
        "cohort": cast.cohort,
        "membership": cast.place["scholar"],
        "proposed_by": cast.staff,
        "created_at": WEEK_SIX,
    }
    whole = {"how": "programme", "reason": "Why.", **TALKED}
    for wrong in ({"talk_on": None}, {"reason": ""}, {"letter": ""}, {"confirmed_by": cast.staff}):
        more = {**wrong, **({"confirmed_at": WEEK_SIX} if "confirmed_by" in wrong else {})}
        with pytest.raises(IntegrityError), transaction.atomic():
            Ending.objects.create(**facts, **{**whole, **more})
    row = Ending.objects.create(**facts, **whole)
    with pytest.raises(IntegrityError, match="of_two"), transaction.atomic():
        Ending.objects.filter(pk=row.pk).update(confirmed_by=cast.staff, confirmed_at=WEEK_SIX)
    with pytest.raises(IntegrityError, match="membership_ends_whole"), transaction.atomic():
        Membership.objects.filter(pk=cast.place["scholar"].pk).update(ended_at=WEEK_SIX)


def test_ending_goes_through_its_pages_and_forged_fields_do_nothing(cast, ada, client):
    client.force_login(cast.staff)
    place = cast.place["scholar"]
    address = reverse("place_end", args=[place.pk])
    fields = {"how": "programme", "reason": "No contact.", **TALKED, "talk_on": str(TODAY)}
    forged = {"confirmed_by": str(ada.pk), "confirmed_at": "2027-02-10", "proposed_by": str(ada.pk), "by": str(ada.pk)}
    looked = sent(client, address, **fields, look="1")
    assert (looked.status_code, Ending.objects.count()) == (200, 0)
    assert "as they would get it" in looked.content.decode()
    assert sent(client, address, **{**fields, "talk_on": ""}).status_code == 422
    answer = sent(client, address, **fields, **forged)
    row = Ending.objects.get()
    assert (answer.url, row.proposed_by, row.confirmed_at) == (reverse("ending", args=[row.pk]), cast.staff, None)
    assert client.get(address).url == answer.url
    confirm = reverse("ending_confirm", args=[row.pk])
    assert [client.get(confirm).status_code, sent(client, confirm).status_code] == [302, 422]
    for who, status in (("scholar", 404), ("mentor", 404), ("staff_elsewhere", 404)):
        client.force_login(getattr(cast, who))
        assert sent(client, confirm).status_code == status
    client.force_login(ada)
    assert "Confirm …" in client.get(answer.url).content.decode()
    assert "Planned meetings" in client.get(confirm).content.decode()
    assert sent(client, confirm).status_code == 302
    assert Membership.objects.get(pk=place.pk).ended_how == "programme"
    assert sent(client, reverse("ending_drop", args=[row.pk]), reason="No.").status_code == 422


def test_dropped_ending_changes_nothing_and_another_can_be_proposed(cast, ada):
    row = drop_end(ending=proposed(cast), by=ada, at=WEEK_SIX, reason="They came back.")
    refused_at("", confirm_end, ending=row, by=ada, at=WEEK_SIX)
    assert row.events.latest("pgh_id").pgh_context["why"] == "They came back."
    assert proposed(cast).pk != row.pk
    assert letters("ending_proposed") == ["Ada Staff", "Ada Staff"]
    assert letters("place_ended") == []


def test_one_person_of_staff_records_that_somebody_leaves(cast):
    row = proposed(cast, how="left", reason="They wrote to us.", letter="", talk_on=None, talk_note="")
    assert (row.confirmed_by, Membership.objects.get(pk=row.membership_id).ended_how) == (cast.staff, "left")
    assert letters("place_ended") == ["Sana Scholar"]
    told = Message.objects.get(kind="place_ended")
    assert "Stella Staff has recorded that you leave" in PLACE_ENDED.write(told, WEEK_SIX).text


def test_staff_who_are_concerned_read_it_and_decide_nothing(cast, ada, client):
    row = proposed(cast, "ada")
    client.force_login(ada)
    assert client.get(reverse("ending", args=[row.pk])).status_code == 200
    assert [sent(client, reverse(name, args=[row.pk]), reason="No.").status_code for name in DECIDE] == [403, 403]
    refused_at("", drop_end, ending=row, by=ada, at=WEEK_SIX, reason="No.")


DECIDE = ("ending_confirm", "ending_drop")


def test_place_that_has_not_begun_is_removed_instead(cast):
    Membership.objects.filter(pk=cast.place["scholar"].pk).update(accepted_at=None)
    refused_at("", proposed, cast=cast)
    unlaunched(cast.cohort)
    cast.place["other_scholar"].refresh_from_db()
    refused_at("", proposed, cast=cast, who="other_scholar")


# --- completed --------------------------------------------------------------------------------------


def test_completed_scholars_become_alumni_and_the_others_do_not(cast):
    names = ("scholar", "other_scholar", "mentor", "coach")
    done = complete(cohort=cast.cohort, places=[cast.place[name] for name in names], by=cast.staff, at=AFTER_ALL)
    assert {place.ended_how for place in done} == {"completed"}
    alumni = Membership.objects.filter(role="alum", archived_at=None, accepted_at=AFTER_ALL)
    assert sorted(alumni.values_list("person__name", flat=True)) == ["Otto Scholar", "Sana Scholar"]
    assert len(letters("place_ended")) == 4
    assert Pairing.objects.get(pk=cast.pairing.pk).ends_on == cast.pairing.ends_on


def test_nobody_is_completed_too_early_and_everybody_is_named(cast):
    a_case(cast)
    words = refused_at("places", complete, cohort=cast.cohort, places=[cast.place["scholar"]], **by_staff(cast))
    assert words == "Sana Scholar is here until 11 April 2027."
    found = {
        name: refused_at("places", complete, cohort=cast.cohort, places=[cast.place[name]], by=cast.staff, at=AFTER_ALL)
        for name in ("scholar", "mentor")
    }
    assert found == {
        "scholar": "Sana Scholar: an extension case is still open.",
        "mentor": "2 scholars are still here: their own place ends after that.",
    }
    everybody = list(Membership.objects.filter(cohort=cast.cohort).exclude(role="scholar").select_related("person"))
    ExtensionCase.objects.update(state="withdrawn")
    scholars = [cast.place["scholar"], cast.place["other_scholar"]]
    cohort = cast.cohort
    refused_at("", complete, cohort=cohort, places=[*everybody, *scholars], by=cast.staff, at=AFTER_ALL)
    assert not Membership.objects.filter(ended_at__isnull=False).exists()


def test_completing_has_its_page(cast, client):
    client.force_login(cast.staff)
    address = reverse("places_complete", args=[cast.cohort.slug])
    assert "Sana Scholar</a>" in client.get(address).content.decode()
    with time_machine.travel(AFTER_ALL):
        client.force_login(cast.staff)
        page = client.get(address).content.decode()
        assert page.count(" checked") == 2
        ready = [str(cast.place[name].pk) for name in ("scholar", "other_scholar")]
        foreign = str(cast.place["staff_elsewhere"].pk)
        assert sent(client, address, places=[*ready, foreign]).status_code == 422
        assert sent(client, address, places=ready).url == reverse("people", args=[cast.cohort.slug])
        assert "alumni" in client.get(reverse("people", args=[cast.cohort.slug])).content.decode()


# --- afterwards -------------------------------------------------------------------------------------

# Pages of one's own things, and what would be written there.
READ = (
    "log",
    "log_changes",
    "meeting",
    "submission",
    "submission_changes",
    "midpoint_line",
    "case",
    "standing",
    "person",
)
WRITE = (
    "log_write", "meeting_start", "meeting_notes", "agenda_add", "action_add", "own_note", "meeting_move",
    "meeting_call_off", "submission_write", "midpoint_read", "case_change", "case_withdraw", "leave_add", "output_add",
    "place_withdraw", "first_hour",
)  # fmt: skip


@pytest.fixture
def ended(cast):
    """The scholar has left, and much was there before; the key by the name of each address."""
    place = cast.place["scholar"]
    log = a_log(place, 3, done="Read a paper.")
    submission = a_submission(a_milestone(cast.cohort), place, "A plan.")
    line = a_line(cast, view="on_course")
    case = a_case(cast)
    a_note(cast, "coach", "scholar", "with_scholar", "Sleep by midnight.")
    left(cast)
    keys = {"log": log, "meeting": cast.meeting, "agenda": cast.meeting, "action": cast.meeting, "own": cast.meeting}
    keys |= {"submission": submission, "midpoint": line, "case": case}
    return lambda name: reverse(name, args=[keys.get(name.split("_")[0], place).pk])


def test_who_has_left_reads_their_own_for_sixty_days_and_writes_nothing(cast, ended, client):
    client.force_login(cast.scholar)
    alone = [reverse("my_coaching"), reverse("my_chances")]
    pages = [*map(ended, READ), *alone]
    assert {url: client.get(url).status_code for url in pages} == dict.fromkeys(pages, 200)
    assert "Sleep by midnight." in client.get(alone[0]).content.decode()
    kept = client.get(ended("person")).content.decode()
    assert all(f'href="{url}"' in kept for url in [*map(ended, ("log", "meeting", "submission", "case")), *alone])
    forms = [ended(name) for name in WRITE]
    refused = {url: sent(client, url).status_code for url in forms}
    assert {url: status for url, status in refused.items() if status not in (403, 404)} == {}
    assert {client.get(reverse(name, args=[cast.cohort.slug])).status_code for name in ("cohort", "people")} == {404}
    assert questions(client, ended("person")) <= 12
    with time_machine.travel(WEEK_SIX + 61 * DAY):
        client.force_login(cast.scholar)
        assert {url: client.get(url).status_code for url in pages} == dict.fromkeys(pages, 404)
        assert {url: sent(client, url).status_code for url in forms} == dict.fromkeys(forms, 404)


def test_ended_place_is_seen_with_how_until_when_and_whom_to_ask(cast, django_assert_num_queries):
    left(cast)
    with django_assert_num_queries(1):
        (one,) = ended_of(cast.scholar, WEEK_SIX)
    assert (one.how, one.on, one.until, one.reads, one.staff) == (
        "You have left.", TODAY, "11 April 2027", True, ["Stella Staff"],
    )  # fmt: skip
    assert not ended_of(cast.scholar, one.place.reads_until)[0].reads
    page = render_to_string("cohorts/ended.html", {"ended": [one]})
    assert "Your place as scholar in Winter 2027 ended on 10 February 2027. You have left." in page


def test_place_that_comes_back_is_open_again(cast):
    place = left(cast)
    facts = {"email": cast.scholar.email, "name": "Sana", "role": "scholar", "time_zone": "UTC"}
    add_person(cohort=cast.cohort, **facts, **by_staff(cast))
    place.refresh_from_db()
    assert (place.archived_at, place.ended_at, place.ended_how, ended_of(cast.scholar, WEEK_SIX)) == (
        None,
        None,
        "",
        [],
    )
    deliver(claim(WEEK_SIX, kind="place_ended"), WEEK_SIX)
    assert Message.objects.get(kind="place_ended").dropped_why


def test_staff_learn_of_planned_one_on_ones_as_a_bare_fact_and_who_mentored_nothing(cast, ada, client):
    """In a world with plans and in one without they read the same."""
    mentored = a_place(ada, cast.cohort, Role.MENTOR)
    a_pairing(cast.place["scholar"], mentored, is_lead=False, ends_on=TODAY - DAY)
    address = reverse("place_end", args=[cast.place["scholar"].pk])
    pages = {}
    for world in ("without", "with"):
        if world == "with":
            a_planned_one_on_one(cast, "coach", "scholar")
        for who, person in (("staff", cast.staff), ("ada", ada)):
            client.force_login(person)
            body = client.get(address).content.decode()
            pages[who, world] = ("1-1" in body, "those that are planned are called off" in body)
            assert questions(client, address) <= 12
    assert pages == {
        ("staff", "without"): (True, True), ("staff", "with"): (True, True),
        ("ada", "without"): (False, False), ("ada", "with"): (False, False),
    }  # fmt: skip


def test_figures_of_the_past_keep_who_has_left_and_lists_of_today_do_not(cast, client):
    case = a_case(cast)
    before = [(step.words, step.number) for step in read_funnel(cast.cohort, cast.staff, WEEK_SIX).steps[:3]]
    left(cast)
    after = [(step.words, step.number) for step in read_funnel(cast.cohort, cast.staff, WEEK_SIX).steps[:3]]
    client.force_login(cast.staff)
    health = client.get(reverse("cohort_health", args=[cast.cohort.slug])).content.decode()
    people = client.get(reverse("people", args=[cast.cohort.slug])).content.decode()
    assert (before == after, case.round.cohort, "Sana Scholar" in health + people) == (True, cast.cohort, False)
    assert client.get(reverse("standing", args=[cast.place["scholar"].pk])).status_code == 200
