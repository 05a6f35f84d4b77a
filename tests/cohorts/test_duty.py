"""Duties: who decides extensions, and who leads on duty, by date."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.access import visible
from cohorts.actions.caseload import assign, end_caseload
from cohorts.actions.duty import end_duty, give_duty
from cohorts.actions.membership import add_person, remove_person
from cohorts.duties import helped_by_me
from cohorts.models import Duty
from cohorts.relations import cohorts_on_duty
from mentorship.actions.pairing import pair
from tests.cast import WEEK_SIX, a_pairing, a_person, a_place, not_accepted
from tests.cohorts.staff import by_staff, refused_at, unlaunched
from tests.mentorship.cases import DAY, a_duty
from tests.mentorship.counting import questions

TODAY = WEEK_SIX.date()
LACKS = (
    "today nobody is named.",
    "today one is named, none of them from outside the programme.",
    "today 2 are named, none of them from outside the programme.",
)


def given(cast, **more) -> Duty:
    facts = {"membership": cast.place["staff"], "kind": "committee", "reason": "She knows the field."}
    return give_duty(**{**facts, **by_staff(cast), **more})


def ended(cast, duty: Duty, last_day: dt.date, **more) -> Duty | None:
    facts = {"version": duty.version, "reason": "Away.", **by_staff(cast), **more}
    return end_duty(duty=duty, last_day=last_day, **facts)


def on_duty(cast, at: dt.datetime = WEEK_SIX, kind: str = "committee") -> bool:
    return cohorts_on_duty(cast.staff, kind, at).exists()


def test_duty_holds_from_today_until_further_notice(cast):
    duty = given(cast)
    event = duty.events.get()
    assert (duty.starts_on, duty.ends_on, event.pgh_context["why"]) == (TODAY, None, "She knows the field.")
    assert [on_duty(cast, WEEK_SIX + days) for days in (-DAY, 0 * DAY, 400 * DAY)] == [False, True, True]
    assert not on_duty(cast, kind="duty_lead")


def test_duty_holds_on_its_last_day_on_the_cohorts_wall(cast):
    cast.cohort.time_zone = "America/New_York"
    cast.cohort.save()
    given(cast, ends_on=TODAY)
    midnight = dt.datetime(2027, 2, 11, 5, tzinfo=dt.UTC)
    assert [on_duty(cast, midnight - dt.timedelta(minutes=1)), on_duty(cast, midnight)] == [True, False]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("membership", "scholar"),
        ("membership", "coach"),
        ("membership", "disabled"),
        ("membership", {"kind": "outside_member"}),
        ("kind", {"kind": "director"}),
        ("kind", {"kind": ""}),
        ("for_membership", {"kind": "delegate"}),
        ("starts_on", {"starts_on": TODAY - DAY}),
        ("starts_on", {"starts_on": dt.date.max}),
        ("ends_on", {"ends_on": TODAY - DAY}),
        ("reason", {"reason": ""}),
    ],
)
def test_duty_is_refused_in_words(cast, field, wrong):
    more = wrong if isinstance(wrong, dict) else {"membership": cast.place[wrong]}
    refused_at(field, given, cast=cast, **more)


def test_duty_is_held_once_at_a_time(cast):
    given(cast, ends_on=TODAY + 3 * DAY)
    refused_at("starts_on", given, cast=cast, starts_on=TODAY + 3 * DAY)
    assert given(cast, starts_on=TODAY + 4 * DAY).pk
    refused_at("starts_on", given, cast=cast, starts_on=TODAY + 9 * DAY)
    assert given(cast, kind="duty_lead").pk
    with pytest.raises(IntegrityError, match="duty_once_at_a_time"), transaction.atomic():
        a_duty(cast.place["staff"], starts_on=TODAY + 20 * DAY)


def test_before_launch_nobody_asks_why(cast):
    unlaunched(cast.cohort)
    cast.place["staff"].refresh_from_db()
    duty = given(cast, reason="", starts_on=TODAY - 30 * DAY)
    assert ended(cast, duty, duty.starts_on - DAY, reason="") is None
    assert not Duty.objects.exists()


def test_duty_ends_on_a_day_and_one_to_come_is_taken_away(cast):
    duty, later = a_duty(cast.place["staff"]), given(cast, kind="duty_lead", starts_on=TODAY + DAY)
    refused_at("reason", ended, cast=cast, duty=duty, last_day=TODAY, reason="")
    refused_at("last_day", ended, cast=cast, duty=duty, last_day=TODAY - 2 * DAY)
    duty = ended(cast, duty, TODAY - DAY)
    assert (duty.ends_on, on_duty(cast)) == (TODAY - DAY, False)
    refused_at("last_day", ended, cast=cast, duty=duty, last_day=TODAY - DAY)
    assert ended(cast, later, TODAY) is None
    later.refresh_from_db()
    assert later.archived_at == WEEK_SIX


def test_duty_ends_with_the_place_and_does_not_come_back_with_it(cast):
    other = a_place(a_person("Ada Staff"), cast.cohort, "staff")
    a_duty(other)
    remove_person(membership=not_accepted(other), version=1, reason="Left.", **by_staff(cast))
    facts = {"email": other.person.email, "name": "Ada Staff", "role": "staff", "time_zone": "UTC"}
    add_person(cohort=cast.cohort, **facts, **by_staff(cast))
    assert not cohorts_on_duty(other.person, "committee", WEEK_SIX).exists()


def test_place_with_a_duty_can_be_taken_away_before_launch(cast):
    other = a_place(a_person("Ada Staff"), cast.cohort, "staff")
    a_duty(other)
    unlaunched(cast.cohort)
    other.refresh_from_db()
    assert remove_person(membership=not_accepted(other), version=1, **by_staff(cast)) is None


# For a mentor


def for_mentor(cast, who: str, kind: str = "stand_in", mentor: str = "mentor") -> Duty:
    return given(cast, membership=cast.place[who], kind=kind, for_membership=cast.place[mentor])


@pytest.mark.parametrize(
    ("field", "who", "kind", "mentor"),
    [
        ("membership", "coach", "stand_in", "mentor"),
        ("membership", "scholar", "delegate", "mentor"),
        ("for_membership", "mentor", "stand_in", "mentor"),
        ("for_membership", "staff", "stand_in", "coach"),
        ("for_membership", "staff", "committee", "mentor"),
    ],
)
def test_duty_for_a_mentor_is_refused_in_words(cast, field, who, kind, mentor):
    refused_at(field, for_mentor, cast=cast, who=who, kind=kind, mentor=mentor)


def test_somebody_stands_in_for_two_mentors_but_for_each_once(cast):
    for_mentor(cast, "other_mentor")
    for_mentor(cast, "other_mentor", mentor="both_as_mentor")
    refused_at("starts_on", for_mentor, cast=cast, who="other_mentor")
    helped = [duty.for_membership for duty in helped_by_me(cast.other_mentor, WEEK_SIX)]
    assert helped == [cast.place["both_as_mentor"], cast.place["mentor"]]


def test_nobody_coaches_a_scholar_for_whose_mentor_they_stand_in(cast):
    """Whichever of the three comes last is refused: the caseload, the pairing, the duty."""
    as_coach = a_place(cast.staff, cast.cohort, "coach")
    for_mentor(cast, "staff")
    end_caseload(caseload=cast.caseload, version=1, last_day=TODAY, reason="Away.", **by_staff(cast))
    facts = {"coach": as_coach, "starts_on": TODAY + DAY, "ends_on": TODAY + 9 * DAY, **by_staff(cast)}
    words = refused_at("coach", assign, scholar=cast.place["scholar"], **facts)
    assert words.startswith("Stella Staff stands in for Mira Mentor. Nobody coaches a scholar for whose mentor")
    coached = a_place(a_person("Cass Coached"), cast.cohort, "scholar")
    assert assign(scholar=coached, **facts).pk
    words = refused_at("mentor", pair, scholar=coached, mentor=cast.place["mentor"], **by_staff(cast))
    assert words.startswith("Stella Staff stands in for Mira Mentor.")
    a_pairing(coached, cast.place["other_mentor"])
    words = refused_at("membership", for_mentor, cast=cast, who="staff", mentor="other_mentor")
    assert words.startswith("Stella Staff is coach of Cass Coached, whom Omar Mentor mentors.")


# Its pages


def test_everybody_in_the_cohort_reads_who_has_which_duty(cast, client):
    a_duty(cast.place["staff"])
    a_duty(cast.place["staff"], "duty_lead", starts_on=TODAY + DAY)
    address = reverse("duties", args=[cast.cohort.slug])
    for who in ("scholar", "mentor", "coach", "staff"):
        client.force_login(getattr(cast, who))
        body = client.get(address).content.decode()
        assert body.count(f'href="{reverse("person", args=[cast.place["staff"].pk])}">Stella Staff</a>') == 2, who
        assert ("Give a duty" in body, "What was changed" in body) == (who == "staff",) * 2
    for stranger in (a_place(a_person("Oda Outside"), cast.cohort, "outside").person, cast.staff_elsewhere):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    assert not visible(Duty, "duty", cast.staff_elsewhere, WEEK_SIX).exists()


def test_page_says_where_fewer_than_two_could_decide(cast, client):
    client.force_login(cast.staff)
    address = reverse("duties", args=[cast.cohort.slug])
    a_duty(cast.place["staff"])
    a_duty(cast.place["disabled"])
    assert "Two people decide each case, and fewer are" in client.get(address).content.decode()
    a_duty(a_place(a_person("Ada Staff"), cast.cohort, "staff"))
    assert "Two people decide each case, and fewer are" not in client.get(address).content.decode()


def test_page_says_where_concerns_lack_a_second_person_or_one_from_outside(cast, client):
    client.force_login(cast.staff)
    address = reverse("duties", args=[cast.cohort.slug])
    said = []
    for place in (cast.place["staff"], cast.place["coach"], a_place(a_person("Oda"), cast.cohort, "outside")):
        page = client.get(address).content.decode()
        said.append(next((words for words in LACKS if words in page), ""))
        a_duty(place, "concern_recipient")
    assert (said, "A concern goes to" in client.get(address).content.decode()) == (list(LACKS), False)


def test_duty_is_given_and_ended_on_its_pages_by_staff_alone(cast, client):
    sent = {"membership": str(cast.place["staff"].pk), "kind": "committee", "reason": "She knows the field."}
    there = reverse("duty_new", args=[cast.cohort.slug])
    for who, status in (("scholar", 403), ("staff_elsewhere", 404), ("staff", 302)):
        client.force_login(getattr(cast, who))
        assert client.post(there, {"_key": str(uuid.uuid4()), **sent}).status_code == status
    duty = Duty.objects.get()
    sent = {"_version": "1", "last_day": str(TODAY), "reason": "Away."}
    for who, status in (("scholar", 403), ("staff_elsewhere", 404), ("staff", 302)):
        client.force_login(getattr(cast, who))
        answer = client.post(reverse("duty_end", args=[duty.pk]), {"_key": str(uuid.uuid4()), **sent})
        assert answer.status_code == status
    assert "Duty of Stella Staff changed" in client.get(answer.url).content.decode()


def test_duty_page_asks_few_questions(cast, client):
    client.force_login(cast.staff)
    address = reverse("duties", args=[cast.cohort.slug])
    a_duty(cast.place["staff"])
    few = questions(client, address)
    for number in range(30):
        a_duty(a_place(a_person(f"Ada {number}"), cast.cohort, "staff"))
    assert questions(client, address) == few <= 12
