"""Ways in and back again: disguised addresses, forged hosts, old tokens, scanned links, somebody put out meanwhile."""

from __future__ import annotations

import uuid
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from mats.clock import now
from mentorship.models import WeeklyLog
from tests.access.asking import missing_headers
from tests.access.things import build_things
from tests.access.visitors import add_visitors, client_of, named_patterns
from tests.attack.pages import address_of, rows
from tests.attack.test_sessions import ELSEWHERE
from tests.cast import build_cast
from tests.mats.test_sign_in import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

TEXT = "A long reason about the ablation."


def leads_elsewhere(answer: HttpResponse) -> bool:
    there = answer.headers.get("Location", "/")
    return urlsplit(urljoin("http://testserver/accounts/", there)).netloc != "testserver" or there[:2] in {"/\\", "/\t"}


def made_stale(client: Client) -> None:
    """As six minutes after the sign-in."""
    session = client.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**record, "at": now().timestamp() - 360} for record in records]
    session.save()


@pytest.mark.parametrize("page", ["account_reauthenticate", "confirm_by_code"])
def test_confirmed_sign_in_leads_nowhere_else(cast, page):
    """Drawn for each disguise, and confirmed by password for every third: ten a minute are looked at."""
    cast.scholar.set_password(PASSWORD)
    cast.scholar.save()
    client = client_of(cast.scholar)
    made_stale(client)
    drawn = [client.get(reverse(page), {"next": disguise}) for disguise in ELSEWHERE]
    assert [(leads_elsewhere(answer), answer.status_code) for answer in drawn] == [(False, 200)] * len(ELSEWHERE)
    for disguise in ELSEWHERE[::3]:
        made_stale(client)
        sent = client.post(reverse(page), {"password": PASSWORD, "next": disguise, "_key": str(uuid.uuid4())})
        assert (leads_elsewhere(sent), sent.status_code < 500) == (False, True), disguise


def test_demo_and_invitation_lead_nowhere_else(cast, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.mats.demo_urls"
    cast.staff.email = "staff@demo.example"
    cast.staff.save()
    add_visitors(cast)
    join = address_of("join", "join", cast, build_things(cast))
    for disguise in ELSEWHERE:
        demo = Client().post("/demo/sign-in/", {"person": cast.staff.pk, "next": disguise})
        with transaction.atomic():
            joined = client_of(cast.invited).post(join, {"next": disguise, "back": disguise})
            transaction.set_rollback(True)
        assert (demo.status_code, joined.status_code) == (302, 302), disguise
        assert (leads_elsewhere(demo), leads_elsewhere(joined)) == (False, False), disguise


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded", "X-Host"])
def test_forged_host_is_refused_or_not_heard(cast, name):
    """No page, way back or letter of ours names it; a refusal carries our headers too."""
    client = client_of(cast.scholar)
    client.raise_request_exception = False
    forged = {name: "host=evil.example" if name == "Forwarded" else "evil.example"}
    pages = [client.get(page, headers=forged) for page in ("/", "/me", "/me/security/", "/nonsense/", "/static/x")]
    pages += [Client().get(page, headers=forged) for page in ("/me/", "/accounts/login/?next=/me/")]
    pages.append(Client().post("/accounts/login/code/", {"email": cast.scholar.email}, headers=forged))
    statuses = [page.status_code for page in pages]
    assert [page for page in pages if "evil" in str(page.headers) or b"evil.example" in page.content] == []
    assert [missing for page in pages for missing in missing_headers(page)] == []
    assert statuses == ([400] * len(pages) if name == "Host" else [200, 301, 200, 404, 404, 302, 200, 302])


FORMS = {
    "invite": ("staff", "cohort", "lines"),
    "place_end": ("staff", "place", "letter"),
    "agreement_change": ("staff", "cohort", "text"),
    "place_withdraw": ("scholar", "place", "reason"),
    "first_hour": ("scholar", "place", "emergency_name"),
    "address_change": ("scholar", "-", "email"),
    "erasure": ("staff", "erasure", "reason"),
    "invitation_revoke": ("staff", "invitation", "reason"),
}


def test_form_with_an_old_token_gives_its_text_back(cast):
    things, clients = build_things(cast), {who: Client(enforce_csrf_checks=True) for who in ("scholar", "staff")}
    for who, client in clients.items():
        client.force_login(getattr(cast, who))
    before = rows("usersessions_usersession")
    for name, (who, thing, field) in FORMS.items():
        sent = {field: TEXT, "csrfmiddlewaretoken": "x" * 64}
        answer = clients[who].post(address_of(name, thing, cast, things), sent)
        assert (answer.status_code, TEXT in answer.content.decode()) == (403, True), name
    assert rows("usersessions_usersession") == before


def test_link_that_is_only_looked_at_changes_nothing(cast):
    """Every address with a token in it, by every kind of reader of mail: scanners open what they see, some ask for
    its head alone."""
    add_visitors(cast)
    things = build_things(cast)
    tokened = {pattern.name for pattern in named_patterns() if "token" in pattern.pattern.converters}
    thing_of = {"go": "token", "join": "join"}
    assert tokened == set(thing_of)
    clients = [Client(), *(client_of(person) for person in (cast.invited, cast.scholar, cast.staff))]
    before = rows()
    for name in sorted(tokened):
        for client in clients:
            address = address_of(name, thing_of[name], cast, things)
            seen = {getattr(client, method)(address).status_code for method in ("get", "head", "options")}
            assert seen <= {200, 302, 404, 405}
    assert rows() == before


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_somebody_put_out_in_the_middle_of_a_request(week_six):
    """The account is closed, elsewhere, between the moment that a form is let in and the moment that it is stored:
    what was sent is stored whole, and the next page is the sign-in."""
    with transaction.atomic():
        cast = build_cast()
    client, closed = client_of(cast.scholar), []

    def close(execute, sql, params, many, context):
        if not closed and "mentorship_weeklylog" in sql and sql.startswith("UPDATE"):
            closed.append(sql)
            with connections["outside"].cursor() as cursor:
                cursor.execute("UPDATE cohorts_person SET is_active = false WHERE id = %s", [cast.scholar.pk])
        return execute(sql, params, many, context)

    sent = {"_version": "1", "_key": str(uuid.uuid4()), "_form": "weekly-log", "done": TEXT, "next": "More of it."}
    with connection.execute_wrapper(close):
        answer = client.post(f"/logs/{cast.log.pk}/write/", sent)
    log = WeeklyLog.objects.get(pk=cast.log.pk)
    assert (len(closed), answer.status_code, log.done, log.submitted_at is not None) == (1, 302, TEXT, True)
    assert (client.get("/").status_code, client.get("/me/").status_code) == (302, 302)
    assert client.post("/me/", {"name": TEXT}).status_code == 401
