"""Answers when something is wrong: our own pages, which give text back where there was text.

They stand in a bare frame: an error page asks the database nothing, says nothing about who is
signed in, and is the same for a row that is not yours and for an address that never was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string

from mats.forms.drafts import scrub
from mats.forms.registry import form_named
from mats.forms.sent import FORM, MACHINE

# A password or a one-time code is never written onto a page again.
SECRET = re.compile(r"password|code|token|secret|credential", re.IGNORECASE)
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A row's key, with its version or figures chosen about it, or without; a choice about a row of a list, or nothing
# said about it.
ROW = re.compile(rf"{UUID}(:[0-9]*){{0,2}}", re.IGNORECASE)
OF_A_ROW, CHOICE = re.compile(rf"[a-z]+-{UUID}", re.IGNORECASE), re.compile(r"([a-z_]+:[a-z_]+)?")
LONGEST_ROWS = 16
CHARACTERS_A_ROW = 70

# What was sent and cannot be read. An error page must not end in another error.
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)


@dataclass(frozen=True)
class SentField:
    """One field of a form as it was sent. What only the machine reads is carried along unseen."""

    name: str
    label: str
    value: str

    @property
    def is_machine(self) -> bool:
        of_a_row = OF_A_ROW.fullmatch(self.name) and CHOICE.fullmatch(self.value)
        return self.name in MACHINE or bool(of_a_row or ROW.fullmatch(self.value))

    @property
    def rows(self) -> int:
        lines = sum(1 + len(line) // CHARACTERS_A_ROW for line in self.value.splitlines())
        return min(max(lines, 1), LONGEST_ROWS)


def sent_fields(request: HttpRequest) -> list[SentField]:
    """What was sent, without tokens, passwords and codes; nothing if it cannot be read any more."""
    try:
        sent = request.POST
    except UNREADABLE:
        return []
    kept = {name: values for name, values in sent.lists() if not SECRET.search(name)}
    labels = {name: _label(sent.get(FORM, ""), name) for name in kept}
    return [SentField(name, labels[name], scrub(value)) for name, values in kept.items() for value in values]


def _label(form_name: str, name: str) -> str:
    """The field's own label if we know the form, else its name made readable."""
    form = form_named(form_name)
    if form and (label := form.label_of(name)):
        return label
    return scrub(name)[:80].replace("_", " ").strip().capitalize() or "Text"


def sent_files(request: HttpRequest) -> list[str]:
    """The names of the files that were sent: a browser has to be asked for them again."""
    try:
        return [upload.name for uploads in request.FILES.lists() for upload in uploads[1] if upload.name]
    except UNREADABLE:
        return []


def _given_back(request: HttpRequest) -> dict[str, object]:
    fields = sent_fields(request) if request.method == "POST" else []
    return {"fields": fields, "has_text": any(not field.is_machine for field in fields)}


def _answer(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """A page that knows what was sent and nothing else: no person, no path, no message of another page."""
    words = {**_given_back(request), **context}
    return _whole_page(HttpResponse(render_to_string(f"errors/{status}.html", words), status=status))


def _whole_page(response: HttpResponse) -> HttpResponse:
    """An error page never lands inside the line of another page that htmx was to replace."""
    response.headers["HX-Reswap"] = "none"
    return response


def _with_form(request: HttpRequest, status: int, template: str) -> HttpResponse:
    """A page whose form sends the same fields to the same address again, with a fresh token."""
    context = {**_given_back(request), "files": sent_files(request), "action": request.get_full_path()}
    return _whole_page(render(request, template, context, status=status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also the answer to a request that is too large (413), which Django counts as a bad one."""
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 413)
    too_many = isinstance(exception, TooManyFieldsSent | TooManyFilesSent)
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return _answer(request, 400, too_many=too_many, reason=reason)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    return _answer(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _with_form(request, 403, "errors/403_csrf.html")


def session_ended(request: HttpRequest) -> HttpResponse:
    return _with_form(request, 401, "errors/401.html")


def confirm_first(request: HttpRequest) -> HttpResponse:
    return _with_form(request, 401, "errors/401_confirm.html")


def second_factor_first(request: HttpRequest) -> HttpResponse:
    return _with_form(request, 401, "errors/401_second_factor.html")
