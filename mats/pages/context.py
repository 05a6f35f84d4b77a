"""What every page's frame needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings

from cohorts.places import places
from mats.identity.requests import Request


def frame(request: Request) -> dict[str, Any]:
    """`places` is called by the frame where it is shown, so that a page without a frame asks nothing."""
    return {"demo": settings.DEMO, "places": partial(places, request)}
