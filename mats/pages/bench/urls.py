"""The product's addresses and one more: the bare view that every page is measured against."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import include, path

from cohorts.models import Cohort
from mats.identity.requests import Request


def bare(request: Request) -> HttpResponse:
    """Signed in, through the same middleware, one question of its own, no template."""
    return HttpResponse(f"{Cohort.objects.count()} {request.user.name}")


urlpatterns = [path("bench/bare/", bare, name="bench_bare"), path("", include("mats.urls"))]
