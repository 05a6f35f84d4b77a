"""Django's admin: there for superusers only, to look, and to close an account with a reason."""

from __future__ import annotations

import re

import pytest
from django.urls import URLResolver, get_resolver, reverse

from cohorts.models import Person
from mats.pages.admin import site
from mats.post import outbox
from mats.post.models import Message
from tests.access.visitors import VISITORS, client_of
from tests.cast import WEEK_SIX, Cast
from tests.mats.test_assets import INLINE
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

NAMES = [
    "index",
    *(f"{model}_{what}" for model in ("cohorts_person", "cohorts_cohort", "cohorts_membership", "post_message")
      for what in ("changelist", "change")),
]  # fmt: skip
SECRET = "a code of the mail"


@pytest.fixture
def boss(cast: Cast) -> Person:
    cast.stranger.is_superuser = True
    cast.stranger.save()
    return cast.stranger


@pytest.fixture
def addresses(cast: Cast) -> list[str]:
    put = {"kind": "account_mail", "policy": Message.Policy.LETTER, "person": cast.scholar, "at": WEEK_SIX}
    message = outbox.put(occurrence="one", secret=SECRET, **put)
    rows = [cast.scholar, cast.cohort, cast.place["scholar"], message]
    models = ["cohorts_person", "cohorts_cohort", "cohorts_membership", "post_message"]
    pages = [reverse(f"admin:{model}_change", args=[row.pk]) for model, row in zip(models, rows, strict=True)]
    return [reverse("admin:index"), *(reverse(f"admin:{model}_changelist") for model in models), *pages]


def test_there_is_nothing_else_in_it():
    admin = next(one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.namespace)
    assert (admin.namespace, sorted(one.name for one in admin.url_patterns)) == ("admin", sorted(NAMES))
    assert [model._meta.app_label for model in site._registry if model._meta.app_label == "coaching"] == []


def test_everybody_else_finds_nothing_there(cast: Cast, addresses):
    for visitor, who in VISITORS.items():
        client = client_of(getattr(cast, who) if who else None)
        closed = visitor in {"out", "disabled"}
        nonsense = client.get("/admin/no/such/thing/").content
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == (302 if closed else 404), (visitor, address)
            assert closed or answer.content == nonsense
            assert client.post(address).status_code == (401 if closed else 404)


def test_superuser_reads_no_secret_and_no_inline_thing(cast: Cast, boss, addresses):
    client = client_of(boss)
    sealed = Message.objects.get().sealed
    for address in addresses:
        answer = client.get(address)
        page = answer.content.decode()
        assert (answer.status_code, INLINE.findall(page)) == (200, []), address
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert (sealed in page, cast.scholar.password in page) == (False, False)
        assert questions(client, address) <= 12
    assert client.get("/admin/person/?q=sana&is_active__exact=1").status_code == 200
    for odd in ("?q=%00", "?p=99", "?nothing=1", "?person__password__startswith=a", "?password__startswith=a"):
        assert client.get(f"/admin/person/{odd}").status_code in {200, 302, 400}
    assert client.get("/admin/person/nonsense/").status_code == 302


def test_account_is_closed_with_a_reason_and_is_out_at_once(cast: Cast, boss):
    theirs, client = client_of(cast.scholar), client_of(boss)
    address = reverse("admin:cohorts_person_change", args=[cast.scholar.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    more = {"reason": "Their mailbox was taken.", "email": "x@example.org", "is_superuser": "on", "name": "X"}
    assert client.post(address, more).status_code == 302
    person = Person.objects.get(pk=cast.scholar.pk)
    assert (person.is_active, person.email, person.name) == (False, cast.scholar.email, cast.scholar.name)
    assert theirs.get("/me/").status_code == 302
    page = re.sub("<[^>]+>", " ", client.get(address).content.decode())
    assert "Their mailbox was taken." in page
    assert client.post(address, {"reason": "It is theirs again.", "is_active": "on"}).status_code == 302
    assert theirs.get("/me/").status_code == 302 or Person.objects.get(pk=person.pk).is_active


def test_own_account_stays_open(boss):
    address = reverse("admin:cohorts_person_change", args=[boss.pk])
    assert client_of(boss).post(address, {"reason": "Why not."}).status_code == 200
    assert Person.objects.get(pk=boss.pk).is_active


@pytest.mark.real_sign_in
def test_it_stands_behind_the_second_factor_and_a_fresh_sign_in(cast: Cast, boss):
    client = client_of(boss)
    assert client.get("/admin/").url == "/accounts/second-factor/"
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": WEEK_SIX.timestamp() - 301}]
    session["account_authentication_methods_user"] = str(boss.pk)
    session.save()
    address = reverse("admin:cohorts_person_change", args=[cast.scholar.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"reason": "Because of this."})
    assert (answer.status_code, "Because of this." in answer.content.decode()) == (401, True)
    assert Person.objects.get(pk=cast.scholar.pk).is_active
