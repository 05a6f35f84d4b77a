"""Template words of the house; in every template without `load`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.conf import settings

from mats.pages.frame import frame_of

register = template.Library()


@register.inclusion_tag("components/masthead.html", takes_context=True)
def masthead(context: template.Context) -> dict[str, Any]:
    """The head of every page: product, cohort, ways to go, the person."""
    request = context.get("request")
    around = frame_of(request, context.get("cohort")) if request and request.user.is_authenticated else {}
    return {**around, "request": request, "user": getattr(request, "user", None), "demo": settings.DEMO}


@register.filter
def zone_name(zone: str) -> str:
    """A zone's name as people say it: `Europe/London` → `London (Europe)`."""
    region, _, place = zone.partition("/")
    return f"{place.replace('_', ' ')} ({region})" if place else zone
