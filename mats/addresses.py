"""Addresses of services, as the environment gives them and as Django and Celery want them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import environ


def database(url: str) -> dict[str, Any]:
    """Django's parts of a database address; a socket folder stands percent-encoded as the host."""
    parts = environ.Env.db_url_config(url)
    return {**parts, "HOST": unquote(str(parts.get("HOST") or "")), "ENGINE": "django.db.backends.postgresql"}


def broker(url: str) -> str:
    """Celery's spelling of a Redis address: a socket is unix:// for redis-py, redis+socket:// here."""
    return url.replace("unix://", "redis+socket://", 1)
