"""Who was refused a page of coaching. A refusal takes the view's own savepoint back; this is written after
that, in the transaction of the request, so it stays."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpResponse

from coaching.models import Refusal
from mats.identity.requests import Request

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
LONGEST = 200


class RefusalMiddleware:
    """Notes who asked for a page of coaching and did not get it, once a day for each address. The same is
    done for an address that never was: how long the answer takes tells nothing."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSED and request.user.is_authenticated and _is_of_coaching(request):
            refusal = Refusal(
                person=request.user, path=request.path[:LONGEST], status=response.status_code,
                day=request.now.date(), refused_at=request.now,
            )  # fmt: skip
            Refusal.objects.bulk_create([refusal], ignore_conflicts=True)
        return response


def _is_of_coaching(request: Request) -> bool:
    match = request.resolver_match
    return match is not None and match.func.__module__.startswith("coaching.")
