"""What holds for every form, so that no view has to remember it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mats.forms.sent import sent_key
from mats.forms.submissions import earlier_answer
from mats.identity.requests import Request

FINE, INVALID = 200, 422


class KeptFormMiddleware:
    """Answers a repeated form before its view runs, and gives an invalid one status 422.

    The repeat must not reach the view: what it would act on may be gone by then (a second press
    of "Remove"), and the person would read that nothing is there instead of that it was done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == FINE and getattr(request, "form_was_refused", False):
            response.status_code = INVALID
        return response

    def process_view(self, request: Request, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        key = sent_key(request)
        answer = earlier_answer(request, key) if key else None
        if answer is None:
            return None
        messages.success(request, "This form was sent twice; it was saved once.")
        return redirect(answer)
