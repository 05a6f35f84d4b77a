"""Following a link of a message: a page that asks, and a button that does it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from mats.forms.base import KeptForm
from mats.identity.requests import Request
from mats.post.links import opened


class GoForm(KeptForm):
    """A button."""


def go(request: Request, token: str) -> HttpResponse:
    """For the person whom the message was to; 404 for everybody and everything else."""
    found = opened(token, request.user, request.now)
    if found is None:
        raise Http404
    purpose, about = found
    form = GoForm(request)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(lambda: purpose.act(about, request.user, request.now), then=lambda path: path)
        if answer:
            return answer
    question = purpose.ask(about, request.user, request.now)
    return render(request, "pages/go.html", {"form": form, "question": question})
