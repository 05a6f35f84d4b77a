"""The second factor: staff and coaches see nothing of the product before they have shown one.

Others may have one too; who has one is asked for it at every sign-in (allauth's stages see to that).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string

from cohorts.models import Role
from cohorts.places import places
from mats.identity.requests import Request

ROLES = frozenset({Role.STAFF, Role.COACH})
FACTOR = "mfa"  # as allauth records it
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
AFTER = "second_factor_then"

# What somebody who owes a second factor can open: its set-up, showing one they have, and the way out.
SET_UP = frozenset(
    {
        "second_factor",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "confirm_by_code",
        "account_logout",
    }
)


def needs_one(request: Request) -> bool:
    """Who works as staff or coach in any cohort, may start cohorts, or runs the installation, has to show one."""
    person = request.user
    return person.is_superuser or person.starts_cohorts or any(place.role in ROLES for place in places(request))


def has_shown_one(request: HttpRequest) -> bool:
    """Whether this session carries one."""
    return any(record.get("method") == FACTOR for record in get_authentication_records(request, request.user))


def record_shown(request: HttpRequest, kind: str, **facts: Any) -> None:
    """Note in the session that its person has just shown a second factor; it is a fresh sign-in too."""
    record_authentication(request, request.user, FACTOR, type=kind, reauthenticated=True, **facts)


def has_one(person: Any) -> bool:
    """Whether there is an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=person, type__in=KINDS).exists()


class SecondFactorMiddleware:
    """Leads whoever owes a second factor to its set-up, before any view of the product runs.

    A form that arrives meanwhile is answered with its own text. A session that carries the factor
    costs no query; for the others the places are asked for, which the frame of a page asks anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if has_shown_one(request) or not needs_one(request):
            return None
        request.second_factor_is_missing = True
        if request.resolver_match and request.resolver_match.view_name in SET_UP:
            return None
        if request.method == "POST":
            return import_string(settings.SECOND_FACTOR_VIEW)(request)
        if "HX-Request" not in request.headers:  # a piece of a page is nowhere to go back to
            request.session[AFTER] = request.get_full_path()
        return redirect(reverse("second_factor"))
