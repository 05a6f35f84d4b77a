"""`flush`, as the owner of the tables: the app's role may not TRUNCATE."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as DjangoFlush

from mats.identity.roles import as_owner


class Command(DjangoFlush):
    def handle(self, **options: Any) -> None:
        with as_owner(options["database"], purpose="erase"):
            super().handle(**options)
