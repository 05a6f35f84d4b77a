"""What is grave asks for a sign-in of the last five minutes, and loses nothing that was written meanwhile."""

from __future__ import annotations

import re
import uuid

import pytest
import time_machine
from django.core import mail
from django.test import Client

from cohorts.models import Membership
from cohorts.second_factor import FACTOR
from mats.clock import now
from mats.post.tasks import send_next
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, Cast

pytestmark = [pytest.mark.django_db(databases=["default", "outside"]), pytest.mark.real_sign_in]

CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
WHO = "account_authentication_methods"
DUTY = "/c/winter-2027/duties/new/"


def shown(person, minutes_ago: float) -> Client:
    """Signed in with a second factor, so many minutes ago."""
    client = client_of(person)
    session = client.session
    session[WHO] = [{"method": FACTOR, "at": WEEK_SIX.timestamp() - 60 * minutes_ago}]
    session[f"{WHO}_user"] = str(person.pk)
    session.save()
    return client


def kept(**fields: str) -> dict[str, str]:
    return {"_key": str(uuid.uuid4()), "_version": "1", **fields}


def test_page_asks_to_confirm_and_leads_back(cast: Cast):
    assert shown(cast.staff, 4).get(DUTY).status_code == 200
    there = shown(cast.staff, 6).get(f"{DUTY}?kind=committee").url
    assert there == "/accounts/reauthenticate/?next=%2Fc%2Fwinter-2027%2Fduties%2Fnew%2F%3Fkind%3Dcommittee"


@pytest.mark.parametrize(
    "address",
    [DUTY, "/people/{mentor}/remove/", "/me/address/"],
)
def test_form_of_a_stale_sign_in_comes_back_whole_and_does_nothing(cast: Cast, address):
    before = Membership.objects.filter(archived_at=None).count()
    address = address.format(mentor=cast.place["mentor"].pk)
    answer = shown(cast.staff, 6).post(address, kept(reason="Moved to another lab.", email="a.new@example.org"))
    page = answer.content.decode()
    assert (answer.status_code, "Moved to another lab." in page, f'action="{address}"' in page) == (401, True, True)
    assert Membership.objects.filter(archived_at=None).count() == before


@pytest.mark.parametrize(("role", "status"), [("staff", 401), ("coach", 401), ("scholar", 302), ("nonsense", 422)])
def test_giving_a_role_that_reads_more_asks_for_it(cast: Cast, role, status):
    fields = kept(email="new@example.org", name="Nia New", role=role, time_zone="UTC", hours_per_week="40")
    assert shown(cast.staff, 6).post("/c/winter-2027/people/new/", fields).status_code == status


def test_code_by_mail_confirms_and_leads_back(cast: Cast):
    client = shown(cast.scholar, 6)
    asks = client.get("/me/address/").url
    confirm = client.get(asks).url  # no password, no authenticator: by mail
    assert confirm == "/accounts/reauthenticate/code/?next=%2Fme%2Faddress%2F"
    mail.outbox.clear()
    assert client.post(confirm, kept(_form="ask-for-code-form")).url == confirm
    send_next(now())
    code = CODE.search(mail.outbox[-1].body)[1]
    assert client.post(confirm, kept(_form="own-code-form", code="WRNG-WRNG")).status_code == 422
    assert client.post(confirm, kept(_form="own-code-form", code=code.lower())).url == "/me/address/"
    assert client.get("/me/address/").status_code == 200
    assert client.post(confirm, kept(_form="own-code-form", code=code)).status_code == 422


def test_code_by_mail_ends_after_three_tries_and_after_ten_minutes(cast: Cast):
    confirm = "/accounts/reauthenticate/code/"
    for late, wrong in ((0, 3), (11, 0)):
        client = shown(cast.scholar, 6)
        client.post(confirm, kept(_form="ask-for-code-form"))
        send_next(now())
        code = CODE.search(mail.outbox[-1].body)[1]
        with time_machine.travel(WEEK_SIX.replace(minute=late), tick=True):
            for _ in range(wrong):
                client.post(confirm, kept(_form="own-code-form", code="WRNG-WRNG"))
            assert client.post(confirm, kept(_form="own-code-form", code=code)).status_code == 422
            assert client.get("/me/address/").status_code == 302


def test_codes_are_sent_a_few_times_only(cast: Cast):
    client = shown(cast.scholar, 6)
    sent = [client.post("/accounts/reauthenticate/code/", kept(_form="ask-for-code-form")) for _ in range(6)]
    assert [answer.status_code for answer in sent] == [302] * 5 + [422]


def test_password_confirms(cast: Cast):
    cast.scholar.set_password("correct horse battery")
    cast.scholar.save()
    client = shown(cast.scholar, 6)
    there = client.get("/me/address/").url
    wrong = client.post(there, {"password": "another horse", "next": "/me/address/"})
    assert (wrong.status_code, client.get("/me/address/").status_code) == (200, 302)
    right = client.post(there, {"password": "correct horse battery", "next": "/me/address/"})
    assert (right.url, client.get(right.url).status_code) == ("/me/address/", 200)
