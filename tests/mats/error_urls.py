"""Addresses that go wrong on purpose, among those of the product."""

from __future__ import annotations

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

handler400 = "mats.pages.errors.bad_request"
handler403 = "mats.pages.errors.forbidden"
handler404 = "mats.pages.errors.not_found"
handler500 = "mats.pages.errors.server_error"


def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken: " + request.POST.get("text", ""))


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("This is for the cohort's staff.")


def misread(request: HttpRequest) -> HttpResponse:
    raise BadRequest("The week is not a number.")


def break_down(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return HttpResponse()


urlpatterns = [
    path("take/", take),
    path("refuse/", refuse),
    path("misread/", misread),
    path("break/", break_down),
    path("", include("mats.urls")),
]
