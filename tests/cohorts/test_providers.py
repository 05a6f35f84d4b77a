"""Google and GitHub, where an installation has keys for them: a way in for who has an account, and no more."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import RequestFactory

from cohorts.models import Person
from tests.cast import WEEK_SIX, Cast

pytestmark = [pytest.mark.django_db(databases=["default", "outside"]), pytest.mark.real_sign_in]
KEYS = {"google": {"APPS": [{"client_id": "an-id", "secret": "a-secret"}], "SCOPE": ["email"]}}
ADDRESSES = ["/accounts/google/", "/accounts/google/back/", "/accounts/github/", "/accounts/github/back/"]


def come_back(email: str, *, verified: bool = True, process: str = "login"):
    """What happens once a provider has said whose address it is; the network ends before this."""
    request = RequestFactory().get("/accounts/google/back/")
    request.user, request.now = AnonymousUser(), WEEK_SIX
    for middleware in (SessionMiddleware, MessageMiddleware):
        middleware(lambda _: None).process_request(request)
    login = SocialLogin(
        user=Person(email=email, name="From Google"),
        account=SocialAccount(provider="google", uid="42"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )
    login.state = {"process": process}
    with context.request_context(request):
        login.provider = get_adapter().get_provider(request, "google")
        return request, complete_social_login(request, login)


def is_in(request) -> bool:
    return "_auth_user_id" in request.session


@pytest.fixture
def keys(settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = KEYS


def test_without_keys_there_is_nothing(client, db):
    assert [client.get(address).status_code for address in ADDRESSES] == [404] * 4
    assert "Google" not in client.get("/accounts/login/").content.decode()


def test_with_keys_it_stands_on_the_sign_in_page(client, db, keys):
    assert 'href="/accounts/google/"' in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/google/").status_code == 200
    there = client.post("/accounts/google/").url
    assert there.startswith("https://accounts.google.com/o/oauth2/")
    assert "client_id=an-id" in there
    assert client.get("/accounts/google/back/?state=x&code=y").url == "/accounts/login/"


def test_verified_address_of_an_account_signs_in_and_connects_nothing(cast: Cast, keys):
    cast.scholar.set_password("correct horse battery")
    cast.scholar.save()
    request, answer = come_back(cast.scholar.email.upper())
    assert (request.session["_auth_user_id"], answer.status_code) == (str(cast.scholar.pk), 302)
    assert SocialAccount.objects.count() == 0
    assert Person.objects.get(pk=cast.scholar.pk).has_usable_password()


@pytest.mark.parametrize("how", [{"verified": False}, {"process": "connect"}, {"process": "redirect"}])
def test_unverified_address_or_another_purpose_signs_nobody_in(cast: Cast, keys, how):
    assert not is_in(come_back(cast.scholar.email, **how)[0])


def test_unknown_and_closed_addresses_make_no_account(cast: Cast, keys):
    before = Person.objects.count()
    for email in ("who.knows@example.org", cast.disabled.email):
        request, answer = come_back(email)
        assert (is_in(request), "Accounts are made by staff" in answer.content.decode()) == (False, True)
    assert Person.objects.count() == before


def test_second_factor_is_asked_for_as_ever(cast: Cast, keys):
    TOTP.activate(cast.coach, "JBSWY3DPEHPK3PXP")
    request, answer = come_back(cast.coach.email)
    assert (is_in(request), answer.url) == (False, "/accounts/login/second-factor/")
