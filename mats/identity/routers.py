"""What lives on the second connection."""

from __future__ import annotations

from typing import Any

OUTSIDE = "outside"


class OutsideRouter:
    """The durable cache is read and written on a connection that no request rolls back."""

    def _alias(self, model: Any) -> str | None:
        return OUTSIDE if model._meta.app_label == "django_cache" else None

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return self._alias(model)

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return self._alias(model)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == OUTSIDE else None
