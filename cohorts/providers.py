"""Google and GitHub: a further way in, for people who have an account here and for nobody else.

A provider is trusted for one thing, that somebody reads the mail of an address; the account is found
by that address each time, and nothing is kept of the provider. A second factor is asked for as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cohorts.models import Person
from mats.text import normalise_email

NAMES = {"google": "Google", "github": "GitHub"}
NOT_DONE = "That way of signing in did not work. Nothing was changed; try again, or take another way."


@dataclass(frozen=True)
class Way:
    """A provider on the sign-in page."""

    name: str
    url: str


def ways() -> list[Way]:
    """The providers that this installation has keys for."""
    return [Way(NAMES[key], reverse(f"{key}_login")) for key in NAMES if key in settings.SOCIALACCOUNT_PROVIDERS]


def if_set(provider: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """The view of a provider; there is nothing at its address where the installation has no keys for it."""

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if provider not in settings.SOCIALACCOUNT_PROVIDERS:
            raise Http404
        return view(request, *args, **kwargs)

    return known


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Nobody signs up through a provider, and nothing is connected to one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Ours is below: allauth's own would take the password away from whoever comes this way."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person whose address the provider has verified."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            self._turn_back(request)
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        person = _person_with(verified)
        if person is not None:
            sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:
        self._turn_back(request)

    def _turn_back(self, request: HttpRequest) -> None:
        messages.error(request, NOT_DONE)
        raise ImmediateHttpResponse(redirect("account_login"))


def _person_with(addresses: list[str]) -> Person | None:
    for address in addresses:
        try:
            found = Person.objects.filter(email=normalise_email(address), is_active=True, archived_at=None).first()
        except ValidationError:
            continue
        if found is not None:
            return found
    return None
