"""Text comes as UTF-8; no header of a request chooses another way to read it.

Django takes the codec from the content type, and reads the query string with it while it makes the
request, outside of everything that could answer. Some codecs of Python read no text at all, and
some bring lone surrogates in, which no UTF-8 can.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

NOT_UTF8 = "The text was not sent as UTF-8. Pages of this product send it so; other programs have to as well."


class Utf8Request(WSGIRequest):
    """A request that is read as UTF-8. A content type that can't be read is none."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {}


class Utf8Handler(WSGIHandler):
    request_class = Utf8Request


class Utf8Middleware:
    """Refuses (400) a form that says it is not UTF-8: read as such, its text would be garbled."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if request.method == "POST" and not is_utf8((request.content_params or {}).get("charset", "")):
            raise BadRequest(NOT_UTF8)


def is_utf8(charset: str) -> bool:
    """Whether text under this name is UTF-8. Without a name it is; one that nobody knows says nothing."""
    try:
        return not charset or codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return True
