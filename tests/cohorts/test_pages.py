"""The pages of people and programme: who opens what, and what a forged form can do."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Cohort, Membership, Person
from mentorship.models import Pairing
from tests.cast import FIRST_DAY, LAST_DAY, LONDON, a_caseload, a_cohort, a_pairing, a_person, a_place, not_accepted
from tests.cohorts.staff import OF_ONESELF_TOO, STAFF_ONLY, by_staff, events

OPEN = ["cohort", "people", "pairings", "person", "pairing"]
QUERIES = 12


def sent(**fields) -> dict:
    return {"_key": str(uuid.uuid4()), "_version": "1", **fields}


def status(client, person, url: str, method: str = "get", **fields) -> int:
    client.force_login(person)
    return getattr(client, method)(url, sent(**fields) if method == "post" else None).status_code


@pytest.mark.parametrize("name", OPEN)
def test_everybody_in_the_cohort_opens(client, cast, address, name):
    visitors = ("scholar", "mentor", "coach", "staff", "stranger", "staff_elsewhere")
    answers = [status(client, getattr(cast, who), address(name)) for who in visitors]
    assert answers == [200, 200, 200, 200, 404, 404]


@pytest.mark.parametrize("name", STAFF_ONLY)
def test_page_of_staff_is_for_staff(client, cast, address, name):
    visitors = ("staff", "scholar", "mentor", "coach", "stranger", "staff_elsewhere")
    answers = {who: status(client, getattr(cast, who), address(name)) for who in visitors}
    assert answers == {
        "staff": 200, "scholar": 403, "mentor": 403, "coach": 403, "stranger": 404, "staff_elsewhere": 404,
    }  # fmt: skip


@pytest.mark.parametrize("name", STAFF_ONLY)
def test_forged_post_of_others_changes_nothing(client, cast, address, name):
    fields = {
        "name": "Forged", "time_zone": "UTC", "starts_on": "2027-01-05", "ends_on": "2027-04-01", "reason": "Forged.",
        "last_day": "2027-02-20", "total_months": "6", "scholar": str(cast.place["scholar"].pk),
        "mentor": str(cast.place["other_mentor"].pk), "coach": str(cast.place["other_coach"].pk),
        "hours_per_week": "1", "cadence_days": "1", "email": "forged@example.org", "role": "staff",
    }  # fmt: skip
    before = events()
    answers = [
        status(client, getattr(cast, who), address(name), "post", **fields)
        for who in ("scholar", "mentor", "coach", "stranger", "staff_elsewhere")
    ]
    assert (answers, events()) == ([403, 403, 403, 404, 404], before)


@pytest.mark.parametrize("name", [*OPEN, *STAFF_ONLY, *OF_ONESELF_TOO])
def test_signed_out_is_led_to_sign_in(client, cast, address, name):
    answer = client.get(address(name))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", ["cohort", "people", "pairings", "person", "pairing"])
def test_cohort_is_nobodys_but_staffs_before_launch(client, cast, address, name):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)
    answers = [status(client, getattr(cast, who), address(name)) for who in ("scholar", "mentor", "coach", "staff")]
    assert answers == [404, 404, 404, 200]


def test_addresses_and_history_are_for_staff(client, cast, address):
    for name in ("people", "person"):
        client.force_login(cast.mentor)
        assert cast.scholar.email not in client.get(address(name)).content.decode()
        client.force_login(cast.staff)
        assert cast.scholar.email in client.get(address(name)).content.decode()
    client.force_login(cast.mentor)
    pages = [client.get(address(name)).content.decode() for name in ("cohort", "person", "pairing")]
    assert ["What was changed" in page for page in pages] == [False] * 3


# Numbers of queries


def queries(client, person, url: str) -> int:
    client.force_login(person)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    ours = (q["sql"] for q in captured.captured_queries)
    return len(
        [one for one in ours if not one.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config"))]
    )


@pytest.mark.parametrize("name", ["cohort_list", *OPEN, *STAFF_ONLY, *OF_ONESELF_TOO])
def test_page_asks_at_most_twelve_questions(client, cast, address, name):
    url = reverse("cohort_list") if name == "cohort_list" else address(name)
    assert queries(client, cast.staff, url) <= QUERIES


@pytest.mark.parametrize("name", ["people", "pairings", "cohort", "person"])
def test_number_of_questions_does_not_grow_with_people(client, cast, address, name):
    few = queries(client, cast.staff, address(name))
    for number in range(30):
        scholar = a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")
        a_pairing(scholar, cast.place["mentor"])
        a_caseload(scholar, cast.place["coach"])
    assert queries(client, cast.staff, address(name)) == few


def test_long_list_comes_in_pages(client, cast, address):
    people = [a_person(f"Scholar {number:03}") for number in range(60)]
    for person in people:
        a_place(person, cast.cohort, "scholar")
    client.force_login(cast.staff)
    pages = [client.get(f"{address('people')}?role=scholar&page={n}").content.decode() for n in (1, 2)]
    assert [page.count('<th scope="row">') for page in pages] == [50, 12]


@pytest.mark.parametrize(
    "query", ["role=nonsense", "site=nonsense", "page=nonsense", "role=%00", "page=99", "site=%00"]
)
def test_nonsense_in_the_query_string_shows_everybody(client, cast, address, query):
    client.force_login(cast.staff)
    assert client.get(f"{address('people')}?{query}").status_code == 200
    assert client.get(f"{address('pairings')}?show={query}").status_code == 200


def test_filters_are_links_that_narrow_the_list(client, cast, address):
    client.force_login(cast.scholar)
    site = cast.cohort.sites.get()
    cast.place["mentor"].stays.update(site=site)
    page = client.get(f"{address('people')}?site={site.pk}&role=mentor").content.decode()
    assert ("Mira Mentor" in page, "Omar Mentor" in page) == (True, False)


# Labels


def test_the_cohorts_own_words_stand_everywhere(client, cast, address):
    words = {"scholar_label": "fellow", "scholar_label_plural": "fellows", "coach_label": "research manager"}
    Cohort.objects.filter(pk=cast.cohort.pk).update(
        coach_label_plural="research managers", staff_label="organiser", staff_label_plural="organisers", **words
    )
    client.force_login(cast.staff)
    pages = ["cohort", "people", "pairings", "person", "pairing_new", "caseload_new", "person_add"]
    for name in pages:
        page = client.get(address(name)).content.decode().split("<main")[1]
        assert "fellow" in page.lower(), name
        assert ">Scholar<" not in page, name
        assert ">Coach<" not in page, name


# Forms


def pair_fields(cast, **more) -> dict:
    newcomer = a_place(cast.stranger, cast.cohort, "scholar")
    return {"scholar": str(newcomer.pk), "mentor": str(cast.place["mentor"].pk), "is_lead": "on", **more}


def test_staff_pair_two_people(client, cast, address):
    client.force_login(cast.staff)
    fields = pair_fields(cast, weekday="3", local_time="15:00", time_zone=LONDON)
    answer = client.post(address("pairing_new"), sent(**fields))
    made = Pairing.objects.get(scholar=fields["scholar"])
    assert (answer["Location"], made.weekday) == (f"/pairings/{made.pk}/", 3)


def test_keys_of_another_cohort_are_not_among_the_choices(client, cast, address):
    elsewhere = a_place(cast.mentor, cast.other_cohort, "mentor")
    client.force_login(cast.staff)
    answer = client.post(address("pairing_new"), sent(**pair_fields(cast, mentor=str(elsewhere.pk))))
    assert answer.status_code == 422
    assert "That choice is not one of the available choices." in answer.content.decode()


@pytest.mark.parametrize("value", ["nonsense", "\x00", "", "9264c6fa-08b8-4385-ba6e-e91d4cf5f1fa", "x" * 1000])
def test_nonsense_as_a_key_is_refused_at_its_field(client, cast, address, value):
    client.force_login(cast.staff)
    assert client.post(address("pairing_new"), sent(**pair_fields(cast, mentor=value))).status_code == 422


def test_added_fields_change_nothing(client, cast, address):
    client.force_login(cast.staff)
    extra = {"cohort": str(cast.other_cohort.pk), "launched_at": "", "archived_at": "2027-01-01", "by": "x", "at": "x"}
    extra |= {"is_staff": "on", "author": str(cast.mentor.pk), "starts_cohorts": "on", "person": str(cast.staff.pk)}
    fields = {"email": "new@example.org", "name": "New", "role": "scholar", "time_zone": LONDON, "hours_per_week": "40"}
    client.post(address("person_add"), sent(**fields, **extra))
    person = Person.objects.get(email="new@example.org")
    place = person.memberships.get()
    assert (place.cohort, place.role, place.archived_at, person.starts_cohorts) == (cast.cohort, "scholar", None, False)


def test_fixed_fields_are_not_read_after_launch(client, cast, address):
    client.force_login(cast.staff)
    labels = {f"{role}_label{many}": "word" for role in ("scholar", "coach", "staff") for many in ("", "_plural")}
    fields = {"name": "Renamed", "log_weekday": "2", "log_time": "18:00", **labels}
    client.post(address("cohort_change"), sent(**fields, slug="moved", time_zone="UTC", week_start="6"))
    cohort = Cohort.objects.get(pk=cast.cohort.pk)
    assert (cohort.name, cohort.slug, cohort.time_zone, cohort.week_start) == ("Renamed", "winter-2027", LONDON, 0)


def test_refusal_stands_at_its_field_and_loses_nothing(client, cast, address):
    client.force_login(cast.staff)
    fields = {"starts_on": str(FIRST_DAY), "ends_on": "2027-04-12", "time_zone": LONDON, "hours_per_week": "35"}
    answer = client.post(address("stay_change"), sent(**fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The phase ends on 11 April 2027." in page
    assert 'value="35"' in page


def test_main_phase_one_day_too_short_is_said_in_the_browser(client, cast):
    client.force_login(cast.staff)
    fields = {"name": "S", "slug": "s", "time_zone": LONDON, "week_start": "0", "log_weekday": "2", "log_time": "18:00"}
    answer = client.post("/cohorts/new/", sent(**fields, starts_on="2027-01-31", ends_on="2027-04-28"))
    assert answer.status_code == 422
    assert "The first last day that is long enough is 29 April 2027." in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "expected"), [("staff", 200), ("staff_elsewhere", 200), ("mentor", 403), ("stranger", 403)]
)
def test_new_cohort_is_for_those_who_may_start_one(client, cast, who, expected):
    assert status(client, getattr(cast, who), "/cohorts/new/") == expected


def test_removal_lists_what_ends_and_asks_why(client, cast):
    client.force_login(cast.staff)
    url = reverse("person_remove", args=[not_accepted(cast.place["mentor"]).pk])
    assert "Mira Mentor, mentor of Sana Scholar" in client.get(url).content.decode()
    assert client.post(url, sent()).status_code == 422
    answer = client.post(url, sent(reason="Moved away."))
    gone = Membership.objects.get(pk=cast.place["mentor"].pk)
    assert (answer["Location"], gone.archived_at is not None) == ("/c/winter-2027/people/", True)


def test_person_page_tells_staff_who_changed_what_and_why(client, cast):
    client.force_login(cast.staff)
    client.post(reverse("pairing_end", args=[cast.pairing.pk]), sent(last_day="2027-02-14", reason="A new job."))
    page = client.get(reverse("person", args=[cast.place["scholar"].pk])).content.decode()
    assert "Pairing of Sana Scholar and Mira Mentor changed" in page
    assert "last day 11 April 2027 → 14 February 2027" in page
    assert "Stella Staff, as staff member, <time" in page
    assert "</time>, from the pairing’s page" in page
    assert "Why: A new job." in page


def test_removed_person_is_found_by_staff_only(client, cast):
    Membership.objects.filter(pk=cast.place["coach"].pk).update(archived_at=by_staff(cast)["at"])
    url = reverse("person", args=[cast.place["coach"].pk])
    assert [status(client, person, url) for person in (cast.staff, cast.scholar)] == [200, 404]


def test_pairing_page_shows_the_time_on_both_walls(client, cast):
    Person.objects.filter(pk=cast.scholar.pk).update(time_zone="America/New_York")
    Pairing.objects.filter(pk=cast.pairing.pk).update(weekday=3, local_time="14:00", time_zone=LONDON)
    client.force_login(cast.scholar)
    page = client.get(reverse("pairing", args=[cast.pairing.pk])).content.decode()
    assert (
        "Thursday 09:00 New York; from 18 March Thursday 10:00 New York; from 1 April Thursday 09:00 New York" in page
    )


def test_whole_set_up_through_the_browser(client, cast):
    """Start a cohort, add people, pair them, launch: each step leads to the next."""
    client.force_login(cast.staff)
    start = {"name": "Spring", "slug": "spring", "time_zone": LONDON, "week_start": "0", "log_weekday": "2"}
    days = {"starts_on": "2027-05-03", "ends_on": "2027-08-08"}
    assert client.post("/cohorts/new/", sent(**start, **days, log_time="18:00"))["Location"] == "/c/spring/set-up/"
    for role in ("scholar", "mentor", "coach"):
        fields = {"email": f"{role}@example.com", "name": role.title(), "role": role, "time_zone": LONDON}
        client.post("/c/spring/people/new/", sent(**fields, hours_per_week="40"))
    place = {one.role: str(one.pk) for one in Membership.objects.filter(cohort__slug="spring")}
    client.post("/c/spring/pairings/new/", sent(scholar=place["scholar"], mentor=place["mentor"], is_lead="on"))
    client.post("/c/spring/caseloads/new/", sent(scholar=place["scholar"], coach=place["coach"], cadence_days="14"))
    assert client.post("/c/spring/launch/", sent())["Location"] == "/c/spring/"
    assert Pairing.objects.get(cohort__slug="spring").weeks.count() == 14
    assert Cohort.objects.get(slug="spring").main_phase.ends_on > LAST_DAY


def test_double_click_adds_one_person(client, cast, address):
    client.force_login(cast.staff)
    fields = sent(email="new@example.org", name="New", role="scholar", time_zone=LONDON, hours_per_week="40")
    answers = {client.post(address("person_add"), fields)["Location"] for _ in range(2)}
    assert (len(answers), Membership.objects.filter(person__email="new@example.org").count()) == (1, 1)


def test_older_version_is_a_conflict_with_both_texts(client, cast, address):
    client.force_login(cast.staff)
    fields = {"starts_on": str(FIRST_DAY), "ends_on": str(LAST_DAY), "time_zone": LONDON}
    client.post(address("stay_change"), sent(**fields, hours_per_week="20"))
    answer = client.post(address("stay_change"), sent(**fields, hours_per_week="30"))
    assert answer.status_code == 409
    assert cast.place["scholar"].stays.get().hours_per_week == 20


def test_third_cohort_does_not_show(client, cast):
    a_cohort("Hidden", "hidden")
    client.force_login(cast.staff)
    page = client.get("/cohorts/").content.decode()
    assert ("Winter 2027" in page, "Hidden" in page) == (True, False)
