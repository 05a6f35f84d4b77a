"""Headers that every answer carries, whatever its status."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FIXED = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class HeadersMiddleware:
    """Adds what Django's and django-csp's middleware leave out; stands outermost.

    Every page is somebody's own, so nothing but static files may be kept by a browser or proxy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response
