"""Is the process alive; does everything it works with answer. For machines, so JSON, and no secrets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from mats.identity.requests import Request
from mats.post.models import Beat, Message

# Connecting and answering each: together half a second.
BROKER_SECONDS = 0.25
# The schedule rings every minute; three missed ones are no hiccup.
BEAT_AGE = dt.timedelta(minutes=3)
DUE_AGE = dt.timedelta(minutes=10)

Check = Callable[[dt.datetime], dict[str, object]]


@require_safe
@never_cache
@login_not_required
@transaction.non_atomic_requests
def healthz(request: Request) -> JsonResponse:
    """The process answers; asks nothing of anybody, so that a database away is no reason to kill it."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
@login_not_required
@transaction.non_atomic_requests
def readyz(request: Request) -> JsonResponse:
    """Everything is there: 200, or 503 with what is not. Each part says `ok` and its figure."""
    parts = {name: _asked(check, request.now) for name, check in CHECKS.items()}
    ok = all(part["ok"] for part in parts.values())
    return JsonResponse({"ok": ok, **parts}, status=200 if ok else 503)


def _asked(check: Check, at: dt.datetime) -> dict[str, object]:
    """Errors name addresses and users; the answer says only that there was one."""
    try:
        return check(at)
    except (DatabaseError, redis.RedisError, OSError, ValueError):
        return {"ok": False, "why": "no answer"}


def database(at: dt.datetime) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def broker(at: dt.datetime) -> dict[str, object]:
    """A stopped or silent broker is told within half a second."""
    line = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    with line:
        return {"ok": bool(line.ping())}


def beat(at: dt.datetime) -> dict[str, object]:
    """Seconds since schedule, broker and worker last showed together that they live; null: never."""
    rang_at = Beat.objects.values_list("rang_at", flat=True).first()
    age = at - rang_at if rang_at else None
    return {"ok": age is not None and age <= BEAT_AGE, "seconds_ago": _seconds(age)}


def outbox(at: dt.datetime) -> dict[str, object]:
    """Seconds that the oldest due message has waited; null: none waits."""
    moment = Message.objects.due(at).order_by("moment").values_list("moment", flat=True).first()
    age = at - moment if moment else None
    return {"ok": age is None or age <= DUE_AGE, "oldest_due_seconds": _seconds(age)}


def migrations(at: dt.datetime) -> dict[str, object]:
    missing = _on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return {"ok": not missing, "unapplied": len(missing)}


def _seconds(age: dt.timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


@lru_cache(maxsize=1)
def _on_disk() -> frozenset[tuple[str, str]]:
    """This release's migrations; they do not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


CHECKS: dict[str, Check] = {
    "database": database,
    "broker": broker,
    "beat": beat,
    "outbox": outbox,
    "migrations": migrations,
}
