"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from mats.identity.requests import Request


def frame(request: Request) -> dict[str, Any]:
    """No query: what the frame asks about the person, it asks where it is drawn (`mats.pages.frame`)."""
    return {"demo": settings.DEMO}
