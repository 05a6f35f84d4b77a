"""Forms pressed at the same moment: real threads, real transactions, through the product's own pages."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter

import pytest
from django.db import connections, transaction
from django.test import Client

from coaching.models import OneOnOne
from cohorts.models import Cohort, Leave, Membership, Person
from mats.history.record import EditedMeanwhile
from mats.identity.transaction import acting
from mentorship.models import Meeting, WeeklyLog
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, a_caseload, a_pairing, a_person, a_place, build_cast
from tests.cohorts.staff import unlaunched
from tests.mentorship.test_booking import a_week

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

THREADS = 8


@pytest.fixture
def cast(week_six):
    with transaction.atomic():
        return build_cast()


def pressed_at_once(client: Client, *presses: tuple[str, dict[str, str]]) -> list[int]:
    """Each form in a thread of its own, with the same session; the answers' statuses."""
    together, answers = threading.Barrier(len(presses)), []
    cookies = client.cookies

    def press(address: str, sent: dict[str, str]) -> None:
        browser = Client(raise_request_exception=False)
        browser.cookies = cookies.copy()
        together.wait()
        try:
            answers.append(browser.post(address, {"_key": str(uuid.uuid4()), **sent}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=one) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_cohort_is_launched_once_by_many(cast):
    unlaunched(cast.cohort)
    press = (f"/c/{cast.cohort.slug}/launch/", {"_version": "1"})
    answers = Counter(pressed_at_once(client_of(cast.staff), *[press] * THREADS))
    assert (answers[302], answers[500]) == (1, 0)
    assert Cohort.objects.get(pk=cast.cohort.pk).version == 2
    logs = WeeklyLog.objects.filter(scholar=cast.place["scholar"]).values_list("week_starts_on", flat=True)
    assert len(logs) == len(set(logs))
    assert len(logs) > 5


def test_one_form_sent_by_many_at_once_is_one_act(cast):
    """The same key: everybody gets the answer of the first."""
    sent = {"_key": str(uuid.uuid4()), "email": "new@example.org", "name": "New", "role": "mentor"}
    sent |= {"time_zone": "Europe/London", "hours_per_week": "40"}
    press = (f"/c/{cast.cohort.slug}/people/new/", sent)
    assert pressed_at_once(client_of(cast.staff), *[press] * THREADS) == [302] * THREADS
    assert Membership.objects.filter(person__email="new@example.org").count() == 1


def test_one_address_added_by_many_forms_is_one_account(cast):
    roles = ["scholar", "mentor", "coach", "staff"] * 2
    rest = {"name": "New", "time_zone": "Europe/London", "hours_per_week": "40"}
    spellings = ["new@example.org", "NEW@example.org", "ｎｅｗ@example.org", "New@Example.org"] * 2
    presses = [
        (f"/c/{cast.cohort.slug}/people/new/", {"role": role, "email": email, **rest})
        for role, email in zip(roles, spellings, strict=True)
    ]
    answers = Counter(pressed_at_once(client_of(cast.staff), *presses))
    assert (answers[302], answers[422]) == (4, 4)
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_one_slug_started_by_many_is_one_cohort(cast):
    sent = {
        "name": "Spring", "slug": "spring-2028", "time_zone": "Europe/London", "week_start": "0",
        "starts_on": "2028-01-03", "ends_on": "2028-04-09", "log_weekday": "2", "log_time": "18:00",
    }  # fmt: skip
    answers = Counter(pressed_at_once(client_of(cast.staff), *[("/cohorts/new/", sent)] * THREADS))
    assert (answers[302], answers[422]) == (1, THREADS - 1)
    assert Cohort.objects.filter(slug="spring-2028").count() == 1


def test_leave_and_stay_changed_at_once_end_whole(cast):
    """Whatever comes first, the other is done or is told of it."""
    place, stay = cast.place["scholar"].pk, cast.place["scholar"].stays.get()
    leave = {"starts_on": "2027-03-01", "ends_on": "2027-03-05"}
    shorter = {
        "_version": "1", "starts_on": "2027-01-04", "ends_on": "2027-04-11", "time_zone": "Europe/Berlin",
        "hours_per_week": "20", "reason": "Part time.",
    }  # fmt: skip
    presses = [(f"/people/{place}/leave/new/", leave), (f"/stays/{stay.pk}/change/", shorter)] * 4
    answers = Counter(pressed_at_once(client_of(cast.staff), *presses))
    assert answers[500] == 0
    assert Leave.objects.filter(membership=place).count() == 1
    stay.refresh_from_db()
    assert (stay.version, stay.time_zone) == (2, "Europe/Berlin")


def test_start_and_end_pressed_at_once_are_one_meeting(cast):
    start = WEEK_SIX.replace(minute=5)
    with transaction.atomic():
        Meeting.objects.update(planned=(start, start.replace(minute=35)))
    address = f"/meetings/{cast.meeting.pk}"
    answers = pressed_at_once(client_of(cast.mentor), *[(f"{address}/start/", {}), (f"{address}/end/", {})] * 4)
    assert max(answers) < 500
    held = Meeting.objects.get(pk=cast.meeting.pk)
    assert held.held is not None
    assert held.ended_at in {None, held.held.upper}


def test_one_text_changed_by_many_loses_none(cast):
    """One is saved; to the others it is a conflict that shows both texts."""
    sent = [{"_version": "1", "name": f"Sana {number}", "time_zone": "Europe/London"} for number in range(THREADS)]
    answers = Counter(pressed_at_once(client_of(cast.scholar), *[("/me/", one) for one in sent]))
    assert (answers[302], answers[409]) == (1, THREADS - 1)
    with pytest.raises(EditedMeanwhile), transaction.atomic():
        Person.locked(cast.scholar.pk, version=1)


SLOT = {"day": "2027-02-12", "starts": "11:00", "ends": "11:45"}
FIFTY = 50
WORDS = ["took_place", "missed"]


def planned_one_on_ones(cast) -> list[tuple[dt.datetime | None, dt.datetime | None]]:
    with acting(cast.coach, WEEK_SIX):
        ahead = OneOnOne.objects.filter(archived_at=None, planned__isnull=False).order_by("planned")
        return [(one.starts_at, one.ends_at) for one in ahead]


def test_one_slot_planned_by_many_is_one_one_on_one(cast):
    """Fifty presses on the slots of ten scholars of one coach, each half over the one before."""
    scholars = [a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar") for number in range(10)]
    for scholar in scholars:
        a_caseload(scholar, cast.place["coach"])
    minutes = [f"11:{15 * (number % 3):02}" for number in range(FIFTY)]
    presses = [
        (f"/coaching/scholars/{scholars[number % 10].pk}/plan/", SLOT | {"starts": starts, "ends": ""})
        for number, starts in enumerate(minutes)
    ]
    answers = Counter(pressed_at_once(client_of(cast.coach), *presses))
    assert (answers[302], answers[422]) == (1, FIFTY - 1)
    assert len(planned_one_on_ones(cast)) == 1


def test_one_on_one_and_mentor_meeting_booked_at_once_leave_the_meeting_standing(cast):
    """A mentor is never refused because of a 1-1; the coach either came first or is told."""
    week = a_week(a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False))
    meeting = (f"/weeks/{week.pk}/meeting/", SLOT | {"ends": "11:30"})
    one_on_one = (f"/coaching/scholars/{cast.place['scholar'].pk}/plan/", SLOT)
    together, answers = threading.Barrier(2), {}

    def press(who: Person, address: str, sent: dict[str, str]) -> None:
        client = client_of(who)
        together.wait()
        try:
            answers[who.name] = client.post(address, {"_key": str(uuid.uuid4()), **sent}).status_code
        finally:
            connections.close_all()

    people = [(cast.other_mentor, *meeting), (cast.coach, *one_on_one)]
    threads = [threading.Thread(target=press, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[cast.other_mentor.name] == 302
    assert answers[cast.coach.name] in {302, 422}


def test_took_place_and_did_not_pressed_at_once_are_one_word(cast):
    begins = WEEK_SIX - dt.timedelta(hours=1)
    with acting(cast.coach, WEEK_SIX):
        one = OneOnOne.objects.create(
            coach=cast.place["coach"], about=cast.place["scholar"], created_at=WEEK_SIX,
            planned=(begins, begins + dt.timedelta(minutes=45)),
        )  # fmt: skip
    presses = [(f"/coaching/one-on-ones/{one.pk}/said/", {"_version": "1", "said": word}) for word in WORDS * 4]
    answers = Counter(pressed_at_once(client_of(cast.coach), *presses))
    assert (answers[302], answers[409]) == (1, THREADS - 1)
