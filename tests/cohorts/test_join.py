"""The link of an invitation: it opens for one address, once, and changes nothing by being opened."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from cohorts.actions.invitation import accept, revoke
from cohorts.actions.membership import remove_person
from cohorts.invitations import LIFE, open_for
from cohorts.models import Membership, Person
from mats.identity.fresh import is_fresh
from tests.access.asking import normalised
from tests.access.visitors import client_of
from tests.attack.pages import rows
from tests.cast import LONG_AGO, WEEK_SIX
from tests.cohorts.joining import IS_IN, WAITS, an_invited, letter_of, link_of, standing
from tests.cohorts.staff import by_staff

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

AFTER = WEEK_SIX + LIFE


def test_opening_the_link_changes_nothing(cast):
    link, person = link_of(an_invited(cast)), client_of(cast.scholar)
    before = rows()
    answers = [getattr(client, method)(link) for client in (Client(), person) for method in ("get", "head")]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert rows() == before
    page = answers[0].content.decode()
    said = ["You are invited to Winter 2027", "as scholar, by Stella Staff", "ida@example.org", ">Accept<"]
    assert [words for words in said if words not in page] == []
    assert answers[0].headers["Referrer-Policy"] == "same-origin"


@pytest.mark.real_sign_in
def test_press_comes_in_signs_in_and_leads_to_the_first_hour(cast):
    row, client = an_invited(cast), Client()
    client.get("/accounts/login/")
    client.session["kept"] = "before"
    before, link = client.session.session_key, link_of(row)
    answer = client.post(link)
    assert answer.url == reverse("first_hour", args=[row.membership_id])
    assert (standing(row), client.session["_auth_user_id"]) == (IS_IN, str(row.membership.person_id))
    assert client.session.session_key != before
    page = client.get(answer.url)
    assert (page.status_code, is_fresh(page.wsgi_request)) == (200, True)
    event = row.membership.events.last().pgh_context
    assert (event["person"], event["as"], event["page"]) == (str(row.membership.person_id), "invited", "/join/-/")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cohorts_membershipevent WHERE pgh_context::text LIKE %s", [f"%{link[6:-1]}%"]
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.real_sign_in
def test_staff_and_coaches_set_up_a_second_factor_first(cast):
    row, client = an_invited(cast, role="coach"), Client()
    there = client.post(link_of(row)).url
    assert client.get(there).url == reverse("second_factor")
    assert client.get(reverse("people", args=[cast.cohort.slug])).url == reverse("second_factor")


def test_what_is_added_to_the_press_changes_nothing(cast):
    row = an_invited(cast)
    forged = {
        "role": "staff",
        "cohort": str(cast.other_cohort.pk),
        "email": "x@evil.example",
        "person": str(cast.staff.pk),
    }
    Client().post(link_of(row), forged)
    place = Membership.objects.get(pk=row.membership_id)
    assert (place.role, place.cohort_id, place.person.email) == ("scholar", cast.cohort.pk, "ida@example.org")
    assert Membership.objects.filter(accepted_at__gt=LONG_AGO).count() == 1


def used(cast, row):
    accept(invitation=row, by=row.membership.person, at=WEEK_SIX)


def taken_back(cast, row):
    revoke(invitation=row, version=1, reason="No.", **by_staff(cast))


def closed(cast, row):
    Person.objects.filter(pk=row.membership.person_id).update(is_active=False)


def removed(cast, row):
    remove_person(membership=row.membership, version=1, reason="A mistake.", **by_staff(cast))


def of_another_address(cast, row):
    Person.objects.filter(pk=row.membership.person_id).update(email="moved@example.org")


def run_out(cast, row):
    row.expires_at = WEEK_SIX
    row.save()


GONE = [used, taken_back, closed, removed, of_another_address, run_out]


@pytest.mark.parametrize("becomes", GONE)
def test_link_that_works_no_more_is_byte_for_byte_nonsense(cast, becomes):
    row = an_invited(cast)
    link = link_of(row)
    becomes(cast, row)
    for client in (Client(), client_of(cast.scholar)):
        for method in ("get", "post"):
            answers = [getattr(client, method)(address) for address in (link, f"/join/{'x' * 43}/", "/nonsense/")]
            assert {answer.status_code for answer in answers} == {404}
            assert len({normalised(answer.content) for answer in answers}) == 1
    assert b"ask whoever sent it" in answers[0].content
    assert Client().head(link).status_code == 404


def test_link_works_until_its_last_second(cast):
    link = link_of(an_invited(cast))
    answers = []
    for moment in (AFTER - dt.timedelta(seconds=1), AFTER):
        with time_machine.travel(moment, tick=False):
            answers.append(Client().get(link).status_code)
    assert answers == [200, 404]


def test_somebody_else_signed_in_has_a_choice_and_no_mixture(cast):
    row = an_invited(cast)
    link, client = link_of(row), client_of(cast.scholar)
    for answer in (client.get(link), client.post(link)):
        page = answer.content.decode()
        assert ("i…@example.org" in page, "ida@example.org" in page, "Sana Scholar" in page) == (True, False, True)
    assert (answer.status_code, standing(row)) == (409, WAITS)
    out = client.post(reverse("account_logout"), {"next": link})
    assert (out.url, "_auth_user_id" in client.session) == (link, False)
    assert client.post(link).status_code == 302
    assert (standing(row), client.session["_auth_user_id"]) == (IS_IN, str(row.membership.person_id))


def test_somebody_with_an_account_signs_in_first_and_comes_back(cast):
    Person.objects.filter(pk=cast.stranger.pk).update(last_login=WEEK_SIX)
    row = an_invited(cast, cast.stranger.email, "mentor")
    link = link_of(row)
    sign_in = f"/accounts/login/?next={link.replace('/', '%2F')}"
    assert f'href="{sign_in}"' in Client().get(link).content.decode()
    assert (Client().post(link).url, standing(row)) == (sign_in, WAITS)
    assert client_of(cast.stranger).post(link).url == reverse("first_hour", args=[row.membership_id])
    assert standing(row) == IS_IN


def test_invitation_is_accepted_from_home_by_its_person_alone(cast):
    row, late = an_invited(cast, cast.stranger.email), an_invited(cast, "late@example.org")
    address = reverse("invitation_accept", args=[row.pk])
    for somebody in (cast.scholar, cast.staff, cast.staff_elsewhere, late.membership.person):
        assert client_of(somebody).post(address).status_code == 404
    assert ([one.url for one in open_for(cast.stranger, WEEK_SIX)], standing(row)) == ([address], WAITS)
    assert (client_of(cast.stranger).get(address).status_code, Client().post(address).status_code) == (405, 401)
    client = client_of(cast.stranger)
    answers = [client.post(address, {"_key": "8c7ff2a6-3a43-4ef1-8fd5-6d2ee0f9a7f1"}).url for _ in range(2)]
    assert answers == [reverse("first_hour", args=[row.membership_id])] * 2
    assert (standing(row), open_for(cast.stranger, WEEK_SIX)) == (IS_IN, [])
    run_out(cast, late)
    late_address = reverse("invitation_accept", args=[late.pk])
    assert client_of(late.membership.person).post(late_address).status_code == 404


def test_forged_host_never_reaches_the_letter(cast, settings):
    sent = {"email": "x@example.org", "name": "X", "role": "mentor", "time_zone": "UTC", "hours_per_week": "40"}
    evil = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_HOST": "localhost"}
    client_of(cast.staff).post(reverse("person_add", args=[cast.cohort.slug]), sent, **evil)
    letter = letter_of(Person.objects.get(email="x@example.org").memberships.get().invitations.get())
    assert letter.text.count("http") == letter.text.count(f"{settings.PUBLIC_ORIGIN}/join/") == 1
    assert "evil" not in letter.html + letter.text
    assert client_of(cast.staff).get("/", HTTP_HOST="evil.example").status_code == 400


def test_many_tries_from_one_address_are_told_to_wait(cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "join": "2/m/ip"}
    assert [Client().get("/join/x/").status_code for _ in range(3)] == [404, 404, 429]
