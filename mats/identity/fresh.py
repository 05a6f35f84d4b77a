"""A fresh sign-in: whoever does something grave has shown within five minutes that it is them.

What counts is the latest record of the session: a sign-in, or its confirmation by password,
authenticator, passkey or (for those who have no authenticator) a code by mail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string

from mats.identity.requests import Request

View = Callable[..., Any]


def is_fresh(request: Request) -> bool:
    """Whether this session was signed in, or confirmed, within the last five minutes."""
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    return request.now.timestamp() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def confirm_url(there: str) -> str:
    """The page that asks to confirm a sign-in, and then leads there."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': there})}"


def stale_answer(request: Request) -> HttpResponse | None:
    """None for a fresh sign-in. Else to the page that confirms it, and back; a form gets its text back (401)."""
    if is_fresh(request):
        return None
    if request.method == "POST":
        return import_string(settings.CONFIRM_VIEW)(request)
    return redirect(confirm_url(request.get_full_path()))


def needs_fresh_sign_in(view: View) -> View:
    """The view is reached only with a fresh sign-in. Nothing that was sent meanwhile is lost."""

    @wraps(view)
    def confirmed(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return stale_answer(request) or view(request, *args, **kwargs)

    return confirmed


def asks_again(view: View) -> View:
    """As `needs_fresh_sign_in`, for forms that hold no text of anybody's: they are drawn anew after it."""

    @wraps(view)
    def confirmed(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else redirect(confirm_url(request.get_full_path()))

    return confirmed
