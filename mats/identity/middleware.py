"""Every request has one moment, one person and one transaction; sign-in is the rule."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.module_loading import import_string

from mats.clock import now
from mats.identity.requests import Request
from mats.identity.transaction import clear_identity, set_identity

Handler = Callable[[Request], HttpResponse]

# These paths are answered without a transaction, so that they tell the truth when the database is away.
WITHOUT_DATABASE = frozenset({"/healthz", "/readyz"})


class IdentityMiddleware:
    """Opens the outer transaction of a request and says in it who is asking, and when.

    ATOMIC_REQUESTS alone would leave template responses, which render after the view, without an
    identity; this alone would keep half-written rows after an error page. Hence both, and the
    rollback below.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = now()
        if request.path in WITHOUT_DATABASE:
            return self.get_response(request)
        with transaction.atomic():
            person_id = request.user.pk if request.user.is_authenticated else None
            set_identity(person_id, request.now, page=request.path)
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
            elif not transaction.get_connection().needs_rollback:
                clear_identity()
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Signed in, or the view says `login_not_required` by name.

    A form that arrives after the session ended is answered with its own text, not with a
    redirect that would throw it away.
    """

    def handle_no_permission(  # type: ignore[override]  # the base class only knows the redirect
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponse:
        if request.method == "POST":
            return import_string(settings.SESSION_ENDED_VIEW)(request)
        return super().handle_no_permission(request, view_func)
